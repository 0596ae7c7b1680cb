// SPDX-License-Identifier: ISC
/// Knobs that a patch has turned, as those of a plugin

#ifndef PLUGIN_KNOBS_H
#define PLUGIN_KNOBS_H

#include "host/patch.h"

#include <stdint.h>
#include <stdio.h>

/// Return how many they are
uint32_t
plugin_knobs_count(const Patch* patch);

/// Write their names, one a line
void
plugin_knobs_write_names(FILE* out, const Patch* patch);

/// Write a group for every block that has some
void
plugin_knobs_write_groups(FILE* out, const Patch* patch, const char* uri);

/// Write them as ports, from index `first` on
void
plugin_knobs_write(FILE* out, const Patch* patch, const char* uri, uint32_t first);

#endif // PLUGIN_KNOBS_H
