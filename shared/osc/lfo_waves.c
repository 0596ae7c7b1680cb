// SPDX-License-Identifier: ISC

#include "osc/lfo_waves.h"

#include "math/clamp.h"
#include "math/random.h"
#include "osc/shape.h"
#include "signal/block.h"

#define MAX_SHIFT 524288.0 ///< Cycles, up to which they can be rounded at once
#define FULL_CYCLE 0x1p32  ///< In the unit of phases

/// Return a shift in the unit of phases
static inline int64_t
shift_of(const float cycles)
{
  return phasor_round(clamp((double)cycles, -MAX_SHIFT, MAX_SHIFT) * FULL_CYCLE);
}

void
lfo_shift(LfoFrames* const   frames,
          const float* const cycles,
          const bool         is_constant,
          const bool         counts,
          const uint32_t     n_frames)
{
  int64_t sum[BLOCK_FRAMES];
  if (is_constant) {
    const int64_t shift = shift_of(cycles[0]);
    for (uint32_t i = 0; i < n_frames; ++i) {
      sum[i] = (int64_t)frames->phase[i] + shift;
    }
  } else {
    for (uint32_t i = 0; i < n_frames; ++i) {
      sum[i] = (int64_t)frames->phase[i] + shift_of(cycles[i]);
    }
  }

  for (uint32_t i = 0; i < n_frames; ++i) {
    frames->phase[i] = (uint32_t)sum[i];
  }
  for (uint32_t i = 0; counts && i < n_frames; ++i) {
    frames->number[i] += sum[i] >> 32;
  }
}

float
lfo_random(const uint32_t seed, const int64_t number)
{
  return random_bipolar((uint32_t)(random_at(seed, number) >> 32U));
}

/// Return the end of the frames from `start` on that are in the same cycle
static uint32_t
cycle_end(const LfoFrames* const frames, const uint32_t start, const uint32_t n_frames)
{
  uint32_t end = start + 1U;
  while (end < n_frames && frames->number[end] == frames->number[start]) {
    ++end;
  }
  return end;
}

/// Return the weight of a frame
static inline float
weight_at(const LfoSound* const sound, const uint32_t i)
{
  return sound->weight[sound->is_constant ? 0U : i];
}

/// Add random numbers, each with its way to the next, or held if there is to be none
static inline void
add_random(const LfoFrames* const frames,
           const LfoSound* const  sound,
           const bool             moves,
           const float* const     base,
           float* const           out,
           const uint32_t         n_frames)
{
  uint32_t end = 0;
  for (uint32_t start = 0; start < n_frames; start = end) {
    const int64_t number = frames->number[start];
    const float   from   = lfo_random(sound->seed, number);
    const float   way    = moves ? lfo_random(sound->seed, number + 1) - from : 0.0f;
    end                  = cycle_end(frames, start, n_frames);
    for (uint32_t i = start; i < end; ++i) {
      const float over = (float)(int32_t)(frames->phase[i] >> 8U) * 0x1p-24f;
      const float part = over * over * (3.0f - 2.0f * over);
      out[i]           = base[i] + weight_at(sound, i) * (from + way * part);
    }
  }
}

static void
add_stepped(const LfoFrames* const frames,
            const LfoSound* const  sound,
            const float* const     base,
            float* const           out,
            const uint32_t         n_frames)
{
  add_random(frames, sound, false, base, out, n_frames);
}

static void
add_smooth(const LfoFrames* const frames,
           const LfoSound* const  sound,
           const float* const     base,
           float* const           out,
           const uint32_t         n_frames)
{
  add_random(frames, sound, true, base, out, n_frames);
}

static void
add_shape(const Shape            shape,
          const LfoFrames* const frames,
          const LfoSound* const  sound,
          const float* const     base,
          float* const           out,
          const uint32_t         n_frames)
{
  static const int32_t any_width = 0;

  const ShapeInputs in = {.phase              = frames->phase,
                          .width              = &any_width,
                          .weight             = sound->weight,
                          .width_is_constant  = true,
                          .weight_is_constant = sound->is_constant};
  shape_add(shape, &in, base, out, n_frames);
}

static void
add_sine(const LfoFrames* const frames,
         const LfoSound* const  sound,
         const float* const     base,
         float* const           out,
         const uint32_t         n_frames)
{
  add_shape(SHAPE_SINE, frames, sound, base, out, n_frames);
}

static void
add_triangle(const LfoFrames* const frames,
             const LfoSound* const  sound,
             const float* const     base,
             float* const           out,
             const uint32_t         n_frames)
{
  add_shape(SHAPE_TRIANGLE, frames, sound, base, out, n_frames);
}

static void
add_saw_up(const LfoFrames* const frames,
           const LfoSound* const  sound,
           const float* const     base,
           float* const           out,
           const uint32_t         n_frames)
{
  add_shape(SHAPE_SAW, frames, sound, base, out, n_frames);
}

static void
add_saw_down(const LfoFrames* const frames,
             const LfoSound* const  sound,
             const float* const     base,
             float* const           out,
             const uint32_t         n_frames)
{
  float down[BLOCK_FRAMES];
  for (uint32_t i = 0; i < (sound->is_constant ? 1U : n_frames); ++i) {
    down[i] = -sound->weight[i];
  }

  const LfoSound turned = {.weight = down, .is_constant = sound->is_constant};
  add_shape(SHAPE_SAW, frames, &turned, base, out, n_frames);
}

static void
add_pulse(const LfoFrames* const frames,
          const LfoSound* const  sound,
          const float* const     base,
          float* const           out,
          const uint32_t         n_frames)
{
  int32_t width[BLOCK_FRAMES];
  for (uint32_t i = 0; i < (sound->is_constant ? 1U : n_frames); ++i) {
    width[i] = (int32_t)(sound->width[i] * (float)SHAPE_FULL_WIDTH);
  }

  const ShapeInputs in = {.phase              = frames->phase,
                          .width              = width,
                          .weight             = sound->weight,
                          .width_is_constant  = sound->is_constant,
                          .weight_is_constant = sound->is_constant};
  shape_add(SHAPE_RAW_PULSE, &in, base, out, n_frames);
}

void
lfo_add(const LfoWave          wave,
        const LfoFrames* const frames,
        const LfoSound* const  sound,
        const float* const     base,
        float* const           out,
        const uint32_t         n_frames)
{
  static void (*const adds[N_LFO_WAVES])(
    const LfoFrames*, const LfoSound*, const float*, float*, uint32_t) = {
    [LFO_SINE]     = add_sine,
    [LFO_TRIANGLE] = add_triangle,
    [LFO_SAW_UP]   = add_saw_up,
    [LFO_SAW_DOWN] = add_saw_down,
    [LFO_PULSE]    = add_pulse,
    [LFO_STEPPED]  = add_stepped,
    [LFO_SMOOTH]   = add_smooth};

  adds[wave](frames, sound, base, out, n_frames);
}
