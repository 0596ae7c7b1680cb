// SPDX-License-Identifier: ISC
/// The manifest of a bundle

#ifndef MANIFEST_H
#define MANIFEST_H

#include <stdio.h>

/// Files of a bundle, and with what the names of its libraries end
typedef struct {
  char**      names;
  int         n_names;
  const char* suffix;
  const char* guis; ///< Folder of what MOD shows of the plugins, or NULL
} Files;

/// Complain of what no manifest can list
void
manifest_check(Files* files);

/// Print the manifest of some files, which are `data`
void
manifest_print(FILE* out, void* data);

#endif // MANIFEST_H
