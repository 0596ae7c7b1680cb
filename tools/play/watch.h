// SPDX-License-Identifier: ISC
/// Whether a file has changed

#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>
#include <sys/stat.h>

typedef struct {
  const char* path;
  struct stat known; ///< When it was read
  struct stat last;  ///< At the last look
} Watch;

void
watch_begin(Watch* watch, const char* path);

/**
   Return true once after a change, as soon as two looks have found the same.

   So a file is not read while it is written, if looks are further apart than writes.
*/
bool
watch_look(Watch* watch);

#endif // WATCH_H
