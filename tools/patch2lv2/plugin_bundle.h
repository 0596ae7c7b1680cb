// SPDX-License-Identifier: ISC
/**
   A bundle with a patch as one LV2 plugin: audio, MIDI, and the knobs that the patch
   has turned away from their defaults.
*/

#ifndef PLUGIN_BUNDLE_H
#define PLUGIN_BUNDLE_H

#include "host/patch.h"

#include <stdbool.h>
#include <stdio.h>

/// Return true if a track can have the patch's ports; reports if not
bool
plugin_bundle_check(const Patch* patch);

/// Write what describes the plugin
void
plugin_bundle_write(FILE* out, const Patch* patch, const char* uri, const char* name);

void
plugin_bundle_write_manifest(FILE* out, const char* uri);

/// Write the names of the knobs, a line each
void
plugin_bundle_write_knobs(FILE* out, const Patch* patch);

#endif // PLUGIN_BUNDLE_H
