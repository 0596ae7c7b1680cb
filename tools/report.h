// SPDX-License-Identifier: ISC
// How programs tell of trouble: "render: FILE: SUBJECT: what is wrong" on stderr

#ifndef REPORT_H
#define REPORT_H

/// Say which program it is, for as long as it runs
void
report_as(const char* program);

/// Tell of what stops the program; `subject` is what in the file it is, or NULL
void
report_error(const char* file, const char* subject, const char* fmt, ...);

/// Tell of what looks wrong, but stops nothing
void
report_warning(const char* file, const char* subject, const char* fmt, ...);

#endif // REPORT_H
