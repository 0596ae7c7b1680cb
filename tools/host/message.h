// SPDX-License-Identifier: ISC
// How programs tell of trouble: "render: FILE: SUBJECT: what is wrong" on stderr

#ifndef MESSAGE_H
#define MESSAGE_H

/// Say which program it is, for as long as it runs
void
message_program(const char* program);

/// Return which program it is
const char*
message_program_name(void);

/// Tell of what stops the program; `subject` is what in the file it is, or NULL
void
message_error(const char* file, const char* subject, const char* fmt, ...);

/// Tell of what looks wrong, but stops nothing
void
message_warning(const char* file, const char* subject, const char* fmt, ...);

#endif // MESSAGE_H
