// SPDX-License-Identifier: ISC
/**
   A patch as Ingen itself loads it, which is also an LV2 plugin.

   Ingen's root graph has two ports before ours, `control` and `notify`; it knows values
   only of ports that their block lists; and values are numbers, without units.
*/

#ifndef BUNDLE_H
#define BUNDLE_H

#include "host/patch.h"

#include <stdbool.h>
#include <stdio.h>

/// Write the graph of an ordered patch; `name` stands in for a label that is missing
void
bundle_write_graph(FILE* out, const Patch* patch, const char* name);

/// Write the manifest of a bundle with this graph
void
bundle_write_manifest(FILE* out);

/// Report what Ingen can't have of a patch
void
bundle_warn(const Patch* patch);

#endif // BUNDLE_H
