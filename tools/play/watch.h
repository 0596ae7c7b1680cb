// SPDX-License-Identifier: ISC
/// Whether the files of a rig have changed: its patch, and the bundles of its plugins

#ifndef WATCH_H
#define WATCH_H

#include "live/rig.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

typedef struct {
  char*       path;
  struct stat known; ///< When it was read
  struct stat last;  ///< At the last look
} WatchedFile;

typedef struct {
  WatchedFile* files;
  uint32_t     n_files;
  uint32_t     n_quiet; ///< Looks in turn that have found nothing new
} Watch;

/// Watch the files of a rig instead of those before; `path` is its patch
void
watch_begin(Watch* watch, const char* path, const Rig* rig);

/**
   Return true once after a change, as soon as some looks have found the same.

   So a file is not read while it is written, if looks are further apart than writes.
*/
bool
watch_look(Watch* watch);

void
watch_end(Watch* watch);

#endif // WATCH_H
