// SPDX-License-Identifier: ISC

#include "host/engine_buffers.h"

#include "host/engine_impl.h"
#include "host/xalloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 64U ///< Of every buffer: a cache line

void*
engine_new_buffer(Engine* const engine, const size_t size)
{
  const size_t n_lines = (size + ALIGNMENT - 1U) / ALIGNMENT;
  void* const  buffer  = xalloc(aligned_alloc(ALIGNMENT, n_lines * ALIGNMENT));

  memset(buffer, 0, n_lines * ALIGNMENT);
  engine->buffers = (void**)xgrow(engine->buffers, engine->n_buffers, sizeof(void*));
  engine->spare   = (float**)xgrow(engine->spare, engine->n_buffers, sizeof(float*));
  engine->buffers[engine->n_buffers++] = buffer;
  return buffer;
}

float*
engine_new_signal(Engine* const engine, const float value)
{
  float* const signal =
    (float*)engine_new_buffer(engine, engine->max_frames * sizeof(float));
  ++engine->n_signals;
  for (uint32_t i = 0; i < engine->max_frames; ++i) {
    signal[i] = value;
  }
  return signal;
}

float*
engine_take_signal(Engine* const engine)
{
  return engine->n_spare ? engine->spare[--engine->n_spare]
                         : engine_new_signal(engine, 0.0f);
}

void
engine_give_signal(Engine* const engine, float* const signal)
{
  if (signal) {
    engine->spare[engine->n_spare++] = signal;
  }
}

LV2_Atom_Sequence*
engine_new_events(Engine* const engine, const size_t size)
{
  LV2_Atom_Sequence* const events =
    (LV2_Atom_Sequence*)engine_new_buffer(engine, sizeof(LV2_Atom_Sequence) + size);

  events->atom.type = engine->sequence_type;
  events->atom.size = sizeof(LV2_Atom_Sequence_Body);
  return events;
}
