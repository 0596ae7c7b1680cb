// SPDX-License-Identifier: ISC
/**
   A second instance of a module, which is run for its picture.

   It stands as the first one's knobs do, but starts anew, at a sample rate that suits
   the picture, and gets test signals.  Memory grows when it is started, and is kept.
*/

#ifndef MODEL_H
#define MODEL_H

#include "display/drawing.h"
#include "plugin.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  const Plugin* plugin;
  const float*  values; ///< Of all ports, which the other instance has had last
  void*         memory; ///< With room for the state within it, at any alignment
  size_t        size;   ///< Of the memory
  void*         state;
  float*        lines; ///< BLOCK_FRAMES for each port
  double        sample_rate;
  uint32_t      frame; ///< How many it has run
  Ports         ports;
} Model;

/// Outputs that are recorded
typedef struct {
  const uint8_t* outs;
  uint32_t       n_outs;
  float*         frames; ///< Where the first goes
  uint32_t       stride; ///< From the first frame of one to that of the next
} ModelTake;

/// Set up without any memory yet
void
model_init(Model* self, const Plugin* plugin, const float* values);

void
model_free(Model* self);

/**
   Start anew at a sample rate; return false if there is no memory.

   All inputs are constant, at the values; of the outputs, those of `outs` are
   connected.
*/
bool
model_start(Model* self, double sample_rate, const uint8_t* outs, uint32_t n_outs);

/// Run the next frames, with test signals at some inputs, and record outputs
void
model_run(Model*            self,
          const DrawSignal* signals,
          uint32_t          n_signals,
          const ModelTake*  take,
          uint32_t          n_frames);

#endif // MODEL_H
