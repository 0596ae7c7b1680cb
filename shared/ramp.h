// SPDX-License-Identifier: ISC
/**
   A way from one level to another, in a given time and with a bend.

     y = goal + (start - goal) g,  g = (e^(c q) - 1) / (e^c - 1)

   where q falls from 1 to 0 in equal steps and c = RAMP_STEEPEST * curve:

     |      __--- curve > 0: quick at first
     |   .-   .'
     |  /   .'    curve = 0: straight, g = q
     | /  .'    /
     |/ .'   _-
     |.___---     curve < 0: slow at first

   It takes as many frames as its time rounds to, and its last frame is exactly the
   goal.  Time, curve and goal may change at any frame: the ramp then goes on from
   where it is, at the new pace.
*/

#ifndef RAMP_H
#define RAMP_H

#include <stdbool.h>
#include <stdint.h>

#define RAMP_STEEPEST 8.0 ///< Time constants in a ramp whose curve is 1

/// How often a ramp is calculated anew instead of being continued, in frames
#define RAMP_STRIDE 64U

/// How a ramp goes
typedef struct {
  double       time_s;
  double       scale_oct; ///< What the time is multiplied by
  const float* cv_oct;    ///< Added to the scale at every frame, or NULL
  double       curve;     ///< -1..1
  bool         may_skip;  ///< Take no frame if the time rounds to none, instead of one
} RampPace;

/// Where a ramp leads to: a signal, or one level if that is NULL
typedef struct {
  double       level;
  const float* signal;
} RampGoal;

typedef struct {
  double  sample_rate;
  double  start; ///< Level to start from
  int64_t left;  ///< Part that is left to go

  // The present pace
  double  time_s;
  double  scale_oct;
  float   cv_oct;
  double  n_frames; ///< Of the whole ramp
  int64_t step;     ///< Part that a frame takes
  double  bend;     ///< The exponent c, as one of 2
  double  height;   ///< 1 / (2^bend - 1)

  // g = first + slope * table[since]
  uint32_t since; ///< Frames since g was calculated anew
  double   first;
  double   slope;
  double   table[RAMP_STRIDE];
  double   table_bend; ///< What the table was made for
  int64_t  table_step;
  uint32_t table_frames; ///< How much of it was made, a power of 2
  double   table_factor; ///< Part that so many frames leave
} Ramp;

void
ramp_init(Ramp* self, double sample_rate);

/// Forget everything
void
ramp_reset(Ramp* self);

/// Start from `level`, with the whole way to go
void
ramp_begin(Ramp* self, double level);

/// Return true if the goal is reached
static inline bool
ramp_is_over(const Ramp* const self)
{
  return self->left <= 0;
}

/**
   Write the next frames of the ramp, up to its end.

   Returns how many, which is none if the ramp is skipped, and may be fewer than
   `n_frames` before the end.
*/
uint32_t
ramp_process(Ramp*           self,
             const RampPace* pace,
             RampGoal        goal,
             float*          out,
             uint32_t        n_frames);

#endif // RAMP_H
