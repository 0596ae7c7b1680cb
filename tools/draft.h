// SPDX-License-Identifier: ISC
/**
   A file that is there in full or not at all.

   It is written beside its place under another name, and only put there once it is
   complete, so that nothing ever finds half a file, nor loses the one that was there.
   What is no regular file (/dev/null, a pipe) is written directly.
*/

#ifndef DRAFT_H
#define DRAFT_H

#include <stdbool.h>

typedef struct DraftImpl Draft;

/// Return true unless there is something else than a file at `path`
bool
draft_is_regular(const char* path);

/// Begin a file; returns NULL after a report if it can't be written
Draft*
draft_open(const char* path);

/// Return the descriptor to write to, which stays the draft's
int
draft_fd(const Draft* draft);

/// Report why the file can't be written, and return false
bool
draft_refuse(const Draft* draft, const char* why);

/// Complete the file and put it in place, or report and return false
bool
draft_finish(Draft* draft);

/// Leave no trace of the file
void
draft_abandon(Draft* draft);

#endif // DRAFT_H
