// SPDX-License-Identifier: ISC

#include "shaper/waveshape.h"

#include <math.h>
#include <stdbool.h>

/// Return `x` from -`bound` to `bound`
static inline float
clamp(const float x, const float bound)
{
  const float below = x < bound ? x : bound;

  return below > -bound ? below : -bound;
}

static inline float
tanh_like(const float x)
{
  // From here on it is 1, and further on s^2 would be infinite
  const float u = clamp(x, 20.0f);
  const float q = u * u;
  const float s =
    u * (1.0f + q * (0.16681425f + q * (0.0081532746f + q * 0.000246305997f)));

  return s / sqrtf(1.0f + s * s);
}

static inline float
asymmetric(const float x)
{
  const float u = clamp(x, 1e6f);

  return tanh_like(u) - 0.25f * (1.0f - 1.0f / (1.0f + u * u));
}

/// A hard clip on the straight way between two frames, with time from 0 to 1 on it
typedef struct {
  float rising;  ///< Its mean weighted by the time
  float falling; ///< By what is left of it
} ClippedWay;

/**
   Return the weighted means of a hard clip along the way from `a` to `b`.

   It is clamp(a) until the time t1, clamp(b) from t2 on, and linear in between: a form
   without the difference of two large numbers.
*/
static inline ClippedWay
clip_way(const float a, const float b)
{
  const float from     = clamp(a, 1.0f);
  const float to       = clamp(b, 1.0f);
  const float distance = fabsf(b - a);
  const bool  is_flat  = from == to || distance < 1e-6f;
  const float scale    = 1.0f / (is_flat ? 1.0f : distance);
  const float t1       = is_flat ? 0.0f : fabsf(a - from) * scale;
  const float t2       = is_flat ? 1.0f : 1.0f - fabsf(b - to) * scale;
  const float between  = (t2 - t1) * (1.0f / 6.0f);

  const float mean   = from * t1 + to * (1.0f - t2) + 3.0f * between * (from + to);
  const float rising = 0.5f * (from * (t1 * t1) + to * (1.0f - t2 * t2)) +
                       between * (from * (2.0f * t1 + t2) + to * (t1 + 2.0f * t2));
  return (ClippedWay){rising, mean - rising};
}

static inline float
hard(const float* const x)
{
  return clip_way(x[-2], x[-1]).rising + clip_way(x[-1], x[0]).falling;
}

/// Return sin(pi/2 x), within 3e-7
static inline float
sine(const float x)
{
  static const float rounder = 0x1.8p23f; // Leaves no bits for a fraction

  const float turns = clamp(x, 65536.0f) * 0.25f;
  const float y     = 2.0f * (turns - ((turns + rounder) - rounder));
  const float q     = y * y;
  return y * (1.0f - q) *
         (3.1415913f +
          q * (-2.02608378f +
               q * (0.523780454f + q * (-0.0744593707f + q * 0.00597329286f))));
}

/// Return 0.86 sin a - 0.1 sin 3a + 0.036 sin 5a, from s = sin a
static inline float
triangle(const float s)
{
  static const float third = 0.1f;
  static const float fifth = 0.036f;

  const float q = s * s;
  return s * ((0.86f - 3.0f * third + 5.0f * fifth) +
              q * ((4.0f * third - 20.0f * fifth) + q * (16.0f * fifth)));
}

void
waveshape_process(const Waveshape    shape,
                  const float* const in,
                  float* const       out,
                  const uint32_t     n_frames)
{
  const float* const past = in - 1;

  switch (shape) {
  case WAVESHAPE_TANH:
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = tanh_like(past[i]);
    }
    break;
  case WAVESHAPE_ASYMMETRIC:
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = asymmetric(past[i]);
    }
    break;
  case WAVESHAPE_HARD:
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = hard(in + i);
    }
    break;
  case WAVESHAPE_SINE:
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = sine(past[i]);
    }
    break;
  case WAVESHAPE_TRIANGLE:
  default:
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = triangle(sine(past[i]));
    }
    break;
  }
}
