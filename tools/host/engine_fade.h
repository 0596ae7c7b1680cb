// SPDX-License-Identifier: ISC
/**
   The plugin that a block had before, which plays on until its sound has faded.

   CV that is discrete changes over at the end.
*/

#ifndef ENGINE_FADE_H
#define ENGINE_FADE_H

#include "host/engine.h"
#include "host/host.h"

#include <lilv/lilv.h>

#include <stdint.h>

#define ENGINE_FADE_S 0.01 ///< Length of a crossfade

typedef struct {
  const HostPlugin* plugin;
  LilvInstance*     instance; ///< NULL before it begins
  float**           outputs;  ///< By port: where it writes signals and controls
  uint32_t          n_frames; ///< Of the crossfade
  uint32_t          n_left;   ///< And what is left of it
} Fade;

/**
   Cross over from one signal to another in a straight line.

   `n_left` of its `n_fade` frames are left, these among them.  Frames that are the same
   in both stay so, to the sign of 0.  `out` may be `to`.
*/
void
fade_mix(const float* from,
         const float* to,
         float*       out,
         uint32_t     n_left,
         uint32_t     n_fade,
         uint32_t     n_frames);

/// Have memory for a plugin that is to fade in blocks of up to `max_frames`
void
fade_open(Fade*             fade,
          const HostPlugin* plugin,
          uint32_t          max_frames,
          double            sample_rate);

void
fade_close(Fade* fade);

/// Begin with the plugin that a block has; its ports of events stay where they are
void
fade_begin(Fade* fade, LilvInstance* instance);

/// Run the next frames, before the plugin that goes on
void
fade_run(Fade* fade, uint32_t n_frames);

/// Cross over to what is in the buffers of the plugin that goes on, by port
void
fade_cross(Fade* fade, void* const* buffers, uint32_t n_frames);

#endif // ENGINE_FADE_H
