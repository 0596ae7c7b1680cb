// SPDX-License-Identifier: ISC
/// The steps of a slew limiter, which its times and their CV lead to

#ifndef SLEW_STEPS_H
#define SLEW_STEPS_H

#include "modulation/slew.h"
#include "signal/block.h"
#include "signal/signal.h"

#include <stdint.h>

#define SLEW_ANY_REACH 1e30 ///< Farther than any way

/// The steps of a direction, for a run of frames
typedef struct {
  const double* part;
  const double* factor;
  const double* reach;
  uint32_t      mask; ///< 0 if all frames are the same
} SlewSteps;

/// Room for steps that differ
typedef struct {
  double part[BLOCK_FRAMES];
  double factor[BLOCK_FRAMES];
  double reach[BLOCK_FRAMES];
} SlewStepFrames;

/// Find the step of a direction for a CV
void
slew_find_step(SlewWay* way, double sample_rate, float cv_v);

/// Return the steps of a direction, which are written to `frames` if they differ
SlewSteps
slew_steps_of(SlewWay*        way,
              double          sample_rate,
              Signal          cv_v,
              uint32_t        n_frames,
              SlewStepFrames* frames);

#endif // SLEW_STEPS_H
