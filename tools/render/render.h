// SPDX-License-Identifier: ISC
/// A patch that is rendered

#ifndef RENDER_H
#define RENDER_H

#include "host/engine.h"
#include "host/engine_swap.h"
#include "host/host.h"
#include "host/input_file.h"
#include "host/patch.h"
#include "host/position.h"
#include "host/render_options.h"
#include "host/sound_writer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Plugins that are to go on instead of others
typedef struct {
  uint64_t    frame; ///< When
  Host*       host;  ///< Whose they are
  EngineSwap* swap;
} RenderSwap;

/// Inputs and outputs of a patch, and how loud it is
typedef struct {
  const RenderOptions* options;
  const Patch*         patch;
  InputFile**          sources;  ///< By port of the patch, NULL where there is none
  void**               inputs;   ///< Buffers, by port of the patch
  uint32_t*            channels; ///< Outputs of the patch
  uint32_t             n_channels;
  Engine*              engine;
  SoundWriter*         writer;
  float*               frames; ///< A block of all channels in turn
  uint64_t             n_frames;
  RenderSwap*          swaps; ///< By time
  uint32_t             n_swaps;
  uint32_t             next_swap;
  Position*            song; ///< Changes of a MIDI file's tempo and time signature
  size_t               n_positions;
  float                audio_peak;
  float                cv_peak;
  uint64_t             n_wrong;  ///< Samples that are no finite number
  bool                 is_float; ///< Whether the output holds what is above full scale
} Render;

#endif // RENDER_H
