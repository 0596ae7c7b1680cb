// SPDX-License-Identifier: ISC

#include "shape.h"

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

void
shape_write(const Shape           shape,
            const uint32_t* const phase,
            const int32_t* const  width,
            const float* const    weight,
            float* const          out,
            const uint32_t        n_frames)
{
  switch (shape) {
  case SHAPE_SINE:
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = weight[i] * sine(phase[i]);
    }
    break;
  case SHAPE_TRIANGLE:
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = weight[i] * triangle(phase[i]);
    }
    break;
  case SHAPE_SAW:
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = weight[i] * saw(phase[i]);
    }
    break;
  case SHAPE_PULSE:
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = shape_is_high(phase[i], width[i]) ? weight[i] : -weight[i];
    }
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
  const Jet    pulse    = {{high ? 1.0 : -1.0}};

  return shape == SHAPE_SINE    ? sine_jet(phase)
         : shape == SHAPE_SAW   ? saw_jet
         : shape == SHAPE_PULSE ? pulse
         : from_top < 0.5       ? falling
                                : rising;
}
