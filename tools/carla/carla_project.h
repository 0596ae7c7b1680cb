// SPDX-License-Identifier: ISC
/**
   Writes a patch as a project of Carla, for its process mode Patchbay.

   Every block becomes a plugin of that name with all its knobs set.  Inputs and outputs
   of the patch become Carla's own ones: audio in order, and a single output goes to
   both sides.  What Carla would lose without a word is refused here:

   - cables to or from ports that share their name with another one of the plugin,
     because Carla knows cables by name;
   - a cable between two plugins that another kind of cable connects already by ports of
     the same numbers, because Carla takes them for the same;
   - CV into and out of the patch, and more audio and MIDI than Carla has;
   - plugins with more than one MIDI input or output.

   Its meaning was found in Carla 2.5.10 and 2.6.0-alpha1.
*/

#ifndef CARLA_PROJECT_H
#define CARLA_PROJECT_H

#include "host/patch.h"

#include <stdbool.h>

/// Write an ordered patch to a file; returns false after a report, without a file
bool
carla_project_write(const Patch* patch, const char* path);

#endif // CARLA_PROJECT_H
