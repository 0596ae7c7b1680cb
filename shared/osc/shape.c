// SPDX-License-Identifier: ISC

#include "osc/shape.h"

#include <math.h>

#define PI 3.14159265358979323846

#define QUARTER 0x40000000U
#define HALF 0x80000000U

/// Return 0 at phases 0 and 1/2, 2^30 at 1/4 and -2^30 at 3/4
static inline int32_t
fold(const uint32_t phase)
{
  const int32_t from_top = (int32_t)(phase - QUARTER);

  return (int32_t)QUARTER - (from_top ^ (from_top >> 31));
}

static inline float
triangle(const uint32_t phase)
{
  return (float)fold(phase) * 0x1p-30f;
}

/// Minimax polynomial by Remez exchange, within 3.4e-9
static inline float
sine(const uint32_t phase)
{
  const float x      = triangle(phase);
  const float square = x * x;

  float sum = 1.508205646e-4f;
  sum       = sum * square - 4.6722279233e-3f;
  sum       = sum * square + 7.96884805404e-2f;
  sum       = sum * square - 6.459633598659e-1f;
  sum       = sum * square + 1.5707962900224f;
  return sum * x;
}

static inline float
saw(const uint32_t phase)
{
  return (float)(int32_t)(phase - HALF) * 0x1p-31f;
}

static inline float
pulse(const uint32_t phase, const int32_t width)
{
  const int32_t clipped = shape_clip_width(width);
  const float   high    = (float)(SHAPE_FULL_WIDTH - clipped) * 0x1p-29f;
  const float   low     = (float)-clipped * 0x1p-29f;

  return shape_is_high(phase, width) ? high : low;
}

static inline float
raw_pulse(const uint32_t phase, const int32_t width)
{
  return shape_is_high(phase, width) ? 1.0f : -1.0f;
}

static inline float
value(const Shape shape, const uint32_t phase, const int32_t width)
{
  return shape == SHAPE_SINE       ? sine(phase)
         : shape == SHAPE_TRIANGLE ? triangle(phase)
         : shape == SHAPE_SAW      ? saw(phase)
         : shape == SHAPE_PULSE    ? pulse(phase, width)
                                   : raw_pulse(phase, width);
}

/// shape_add(), inlined where compilers know `shape` and the inputs at rest
static inline void
add(const Shape              shape,
    const bool               width_is_constant,
    const bool               weight_is_constant,
    const ShapeInputs* const in,
    const float* const       base,
    float* const             out,
    const uint32_t           n_frames)
{
  const uint32_t* const phase  = in->phase;
  const int32_t* const  width  = in->width;
  const float* const    weight = in->weight;

  const bool    has_width      = shape == SHAPE_PULSE || shape == SHAPE_RAW_PULSE;
  const int32_t width_at_rest  = has_width && width_is_constant ? width[0] : 0;
  const float   weight_at_rest = weight_is_constant ? weight[0] : 0.0f;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const int32_t width_now  = width_is_constant ? width_at_rest : width[i];
    const float   weight_now = weight_is_constant ? weight_at_rest : weight[i];
    out[i]                   = base[i] + weight_now * value(shape, phase[i], width_now);
  }
}

/// Shapes whose width never moves
static inline void
add_plain(const Shape              shape,
          const ShapeInputs* const in,
          const float* const       base,
          float* const             out,
          const uint32_t           n_frames)
{
  if (in->weight_is_constant) {
    add(shape, true, true, in, base, out, n_frames);
  } else {
    add(shape, true, false, in, base, out, n_frames);
  }
}

static inline void
add_pulse(const Shape              shape,
          const ShapeInputs* const in,
          const float* const       base,
          float* const             out,
          const uint32_t           n_frames)
{
  if (in->width_is_constant) {
    add_plain(shape, in, base, out, n_frames);
  } else if (in->weight_is_constant) {
    add(shape, false, true, in, base, out, n_frames);
  } else {
    add(shape, false, false, in, base, out, n_frames);
  }
}

void
shape_add(const Shape              shape,
          const ShapeInputs* const in,
          const float* const       base,
          float* const             out,
          const uint32_t           n_frames)
{
  switch (shape) {
  case SHAPE_SINE:
    add_plain(SHAPE_SINE, in, base, out, n_frames);
    break;
  case SHAPE_TRIANGLE:
    add_plain(SHAPE_TRIANGLE, in, base, out, n_frames);
    break;
  case SHAPE_SAW:
    add_plain(SHAPE_SAW, in, base, out, n_frames);
    break;
  case SHAPE_PULSE:
    add_pulse(SHAPE_PULSE, in, base, out, n_frames);
    break;
  case SHAPE_RAW_PULSE:
    add_pulse(SHAPE_RAW_PULSE, in, base, out, n_frames);
    break;
  default:
    break;
  }
}

static Jet
sine_jet(const double phase)
{
  const double angle  = 2.0 * PI * phase;
  const double turn[] = {sin(angle), cos(angle), -sin(angle), -cos(angle)};

  Jet    jet    = {{0.0}};
  double factor = 1.0;
  for (uint32_t n = 0; n < SHAPE_N_ORDERS; ++n) {
    jet.order[n] = factor * turn[n % 4U];
    factor *= 2.0 * PI;
  }
  return jet;
}

Jet
shape_jet(const Shape shape, const double phase, const bool high)
{
  const double in_cycle = phase - floor(phase);
  const double from_top = phase - 0.25 - floor(phase - 0.25);
  const Jet    falling  = {{1.0 - 4.0 * from_top, -4.0}};
  const Jet    rising   = {{4.0 * from_top - 3.0, 4.0}};
  const Jet    saw_jet  = {{2.0 * in_cycle - 1.0, 2.0}};
  const Jet    pulse    = {{high ? 2.0 : 0.0}}; // Above its floor, whatever that is

  return shape == SHAPE_SINE    ? sine_jet(phase)
         : shape == SHAPE_SAW   ? saw_jet
         : shape == SHAPE_PULSE ? pulse
         : from_top < 0.5       ? falling
                                : rising;
}
