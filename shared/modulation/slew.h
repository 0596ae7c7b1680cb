// SPDX-License-Identifier: ISC
/**
   A voltage that follows another no faster than it may.

   At a constant rate, a way of SLEW_WAY_V takes the time, and others their share of it:

     in   ____________          in   ____________         in   ______
         |      /     \             |   .---     |            |  /\  \__
     out |   /         \        out | .'         |.       out | /   \   \__
         |/             \__         |/           | '--_       |/      \
          curve 0: straight          above 0: quick at first    what is slow passes

   At a constant time, each way takes the whole time, near or far, from where the input
   last moved.  What is left of a way that is bent is that of a ramp (pace.h).  Beyond
   SLEW_WAY_V, ways at a constant rate are straight.

   A way takes as many frames as its time rounds to, and the last is exactly the
   input.  What moves less in a frame than it may passes as it is.
*/

#ifndef SLEW_H
#define SLEW_H

#include "signal/signal.h"

#include <stdbool.h>
#include <stdint.h>

#define SLEW_WAY_V 10.0 ///< How far a constant rate goes in its time

/// Way that takes the time of a knob, as scale points number it
typedef enum {
  SLEW_CONSTANT_RATE, ///< SLEW_WAY_V
  SLEW_CONSTANT_TIME  ///< Any way
} SlewMode;

/// Knobs of one direction
typedef struct {
  double time_s;    ///< 0 is at once
  double curve;     ///< -1..1
  double cv_amount; ///< Octaves that the time is longer by for a volt
} SlewKnobs;

typedef enum { SLEW_UP, SLEW_DOWN, N_SLEW_WAYS } SlewDirection;

typedef struct {
  Signal in; ///< Patched
  Signal time_cv_v[N_SLEW_WAYS];
} SlewSignals;

typedef struct {
  float* out;
  float* moves[N_SLEW_WAYS]; ///< Gates, high while `out` is behind `in`; or NULL
} SlewOutputs;

/// Step of one frame on a way
typedef struct {
  double part;   ///< Of the whole way, on a straight one
  double factor; ///< What is left of an exponential
  double reach;  ///< The part that is left of the whole way in its last frame
} SlewStep;

/// One direction
typedef struct {
  SlewKnobs knobs;
  double    bend;
  double    height; ///< What time_curve_height() is
  float     cv_v;   ///< What `step` is for
  SlewStep  step;
} SlewWay;

typedef struct {
  double        sample_rate;
  SlewMode      mode;
  SlewWay       way[N_SLEW_WAYS];
  bool          has_started; ///< Whether there has been an input since the reset
  bool          moves;       ///< Whether it is behind the input
  SlewDirection direction;   ///< If so, where it goes
  double        level_v;     ///< Of the last frame
  float         in_v;        ///< The same, of the input
  double        way_v;       ///< What takes the time
  bool          is_bent;     ///< Whether it is on an exponential
  double        bent_v;      ///< If so, how far that is from where it leads to
} Slew;

/// Set up with all knobs at 0
void
slew_init(Slew* self, double sample_rate);

/// Forget the level: the next input will be reached at once
void
slew_reset(Slew* self);

/// Turn the knobs: ways go on from where they are
void
slew_set_knobs(Slew* self, SlewMode mode, const SlewKnobs knobs[N_SLEW_WAYS]);

/// Write the next `n_frames`; no input may overlap an output
void
slew_process(Slew*              self,
             const SlewSignals* in,
             const SlewOutputs* out,
             uint32_t           n_frames);

#endif // SLEW_H
