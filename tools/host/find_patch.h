// SPDX-License-Identifier: ISC
/**
   Patches by their names.

   A name such as "first-voice", with neither slash nor dot, is that of a patch which is
   installed: in the folder chronus/patches of XDG_DATA_HOME, of where this program was
   installed, or of XDG_DATA_DIRS.  A file of that name comes first.
*/

#ifndef FIND_PATCH_H
#define FIND_PATCH_H

#include <stddef.h>

/// Return the path of a patch, to be freed, or NULL after a report
char*
find_patch(const char* name);

/// The names of all installed patches, by the alphabet
typedef struct {
  char** names;
  size_t n;
} PatchNames;

PatchNames
find_patch_names(void);

void
find_patch_names_free(const PatchNames* names);

#endif // FIND_PATCH_H
