// SPDX-License-Identifier: ISC
/// Complaints about Turtle; after a single one, nothing is written

#ifndef COMPLAINT_H
#define COMPLAINT_H

#include <stdbool.h>

/// Go to a file, which further complaints name
void
complaint_enter(const char* file);

/// Go to a thing in that file, or to none if `name` is NULL
void
complaint_about(const char* name);

/// Return the file where complaint_enter() went
const char*
complaint_file(void);

/// Print why what is looked at is refused
void
complain(const char* fmt, ...);

/// Return true if there was a complaint
bool
has_complained(void);

/// Forget all complaints
void
complaint_reset(void);

#endif // COMPLAINT_H
