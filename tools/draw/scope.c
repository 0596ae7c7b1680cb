// SPDX-License-Identifier: ISC

#include "draw/scope.h"

#include "host/engine.h"
#include "host/message.h"
#include "host/xalloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_END 256 ///< Longest name of a cable's end
#define PI 3.14159265358979323846

/// Draw a cable between a port of the block and one of the patch's own
static bool
plug(Patch* const patch, const char* const symbol, const bool is_output)
{
  const PatchBlock* const block = &patch->blocks[0];
  const HostPort* const   port  = host_port(block->plugin, symbol);
  if (!port || !host_is_signal(port) || port->is_output != is_output) {
    message_error(patch->path,
                  symbol,
                  "is no %s for audio or CV; see chronus-plot --help",
                  is_output ? "output" : "input");
    return false;
  }

  char end[MAX_END];
  snprintf(end, sizeof(end), "%s/%s", block->name, symbol);
  const char* const own = is_output ? "out" : "in";
  return patch_add_port(patch, own, port->kind, is_output) &&
         patch_connect(patch, is_output ? end : own, is_output ? own : end);
}

/// Run the engine, block by block
static void
record(Engine* const      engine,
       const uint32_t     out_port,
       float* const       input,
       const float* const signal,
       float* const       recorded,
       const uint32_t     n_frames)
{
  for (uint32_t at = 0; at < n_frames; at += SCOPE_BLOCK_FRAMES) {
    const uint32_t left = n_frames - at;
    const uint32_t n    = left < SCOPE_BLOCK_FRAMES ? left : SCOPE_BLOCK_FRAMES;
    if (signal) {
      memcpy(input, signal + at, n * sizeof(float));
    }
    engine_run(engine, n);
    memcpy(recorded + at, engine_output(engine, out_port), n * sizeof(float));
  }
}

float*
scope_record(Patch* const       patch,
             const char* const  out,
             const char* const  in,
             const float* const signal,
             const uint32_t     n_frames)
{
  if (!plug(patch, out, true) || (in && !plug(patch, in, false)) ||
      !patch_order(patch)) {
    return NULL;
  }

  float         input[SCOPE_BLOCK_FRAMES] = {0.0f};
  void* const   inputs[]                  = {NULL, input}; // By port of the patch
  Engine* const engine = engine_new(patch, inputs, SCOPE_BLOCK_FRAMES);
  if (!engine) {
    return NULL;
  }

  float* const recorded = (float*)xalloc(calloc(n_frames + 1U, sizeof(float)));
  record(engine, 0, input, in ? signal : NULL, recorded, n_frames);
  engine_free(engine);
  return recorded;
}

double
scope_level_db(const float* const frames, const uint32_t n_frames, const double freq)
{
  // A turning pointer instead of a sine for every frame
  const double turn_re = cos(2.0 * PI * freq);
  const double turn_im = -sin(2.0 * PI * freq);

  double re     = 1.0;
  double im     = 0.0;
  double sum_re = 0.0;
  double sum_im = 0.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    sum_re += re * (double)frames[i];
    sum_im += im * (double)frames[i];
    const double next_re = re * turn_re - im * turn_im;
    im                   = re * turn_im + im * turn_re;
    re                   = next_re;
  }

  return 10.0 * log10(fmax(sum_re * sum_re + sum_im * sum_im, 1e-30));
}
