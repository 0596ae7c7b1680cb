// SPDX-License-Identifier: ISC
/**
   A patch as an LV2 plugin: its ports, those of its knobs that it has turned, and one
   for the host's song if it follows that and has no input for MIDI.
*/

#ifndef PLUGIN_BUNDLE_H
#define PLUGIN_BUNDLE_H

#include "host/patch.h"

#include <stdbool.h>
#include <stdio.h>

/// Return false after a report if a port of the patch is neither audio nor MIDI
bool
plugin_bundle_check(const Patch* patch);

/// Write the plugin; `name` stands in for a label that is missing
void
plugin_bundle_write(FILE* out, const Patch* patch, const char* uri, const char* name);

/// Write the prefixes of a manifest
void
plugin_bundle_begin_manifest(FILE* out);

/// Write what a manifest says of a plugin, which is described in `folder`
void
plugin_bundle_write_manifest(FILE* out, const char* uri, const char* folder);

#endif // PLUGIN_BUNDLE_H
