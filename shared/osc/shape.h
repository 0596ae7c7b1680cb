// SPDX-License-Identifier: ISC
/**
   Waveforms as functions of the phase, with no thought of aliases.

     phase     0      1/4     1/2     3/4      1
     sine      0       1       0      -1       0
     triangle  0       1       0      -1       0
     saw      -1     -1/2      0      1/2      1, then -1
     pulse     2 (1 - w) up to the pulse width w, then -2 w

   So the pulse steps by 2, as the saw does, and has no mean at any width that stays; it
   is the difference of two saws.  At widths of none and all it is 0.  At the width of
   half a cycle it goes from -1 to 1, at others to one side up to 2.
*/

#ifndef SHAPE_H
#define SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#define SHAPE_FULL_WIDTH 1073741824           ///< A pulse width of a whole cycle
#define SHAPE_LEAST_WIDTH (-SHAPE_FULL_WIDTH) ///< Below 0 and above the whole cycle
#define SHAPE_MOST_WIDTH 2147483647           ///< nothing changes any more
#define SHAPE_N_ORDERS 6U                     ///< Derivatives that shape_jet() tells

/// As scale points number them
typedef enum {
  SHAPE_SINE,
  SHAPE_TRIANGLE,
  SHAPE_SAW,
  SHAPE_PULSE,
  N_SHAPES, ///< Not a shape, but their number
  SHAPE_RAW_PULSE =
    N_SHAPES ///< A pulse from -1 to 1, for voltages: its mean is 2 w - 1
} Shape;

/// A value and its derivatives
typedef struct {
  double order[SHAPE_N_ORDERS];
} Jet;

/// Return the nearest width from 0 to SHAPE_FULL_WIDTH
static inline int32_t
shape_clip_width(const int32_t width)
{
  const int32_t above = width > 0 ? width : 0;

  return above < SHAPE_FULL_WIDTH ? above : SHAPE_FULL_WIDTH;
}

/// Return true where a pulse is high; `phase` is in 2^-32 cycles
static inline bool
shape_is_high(const uint32_t phase, const int32_t width)
{
  return (int32_t)(phase >> 2U) < width;
}

/// Where shapes are in some frames, and how loud
typedef struct {
  const uint32_t* phase;  ///< In 2^-32 cycles
  const int32_t*  width;  ///< Of the pulse, SHAPE_LEAST_WIDTH to SHAPE_MOST_WIDTH
  const float*    weight; ///< Amplitude
  bool            width_is_constant; ///< Whether the first of `width` counts for all
  bool            weight_is_constant;
} ShapeInputs;

/// Write `base` and a shape to `out`, which may be `base`
void
shape_add(Shape              shape,
          const ShapeInputs* in,
          const float*       base,
          float*             out,
          uint32_t           n_frames);

/// Return a shape and its derivatives by `phase`, in cycles; `high` is whether a pulse
/// is, which counts from where it is low
Jet
shape_jet(Shape shape, double phase, bool high);

#endif // SHAPE_H
