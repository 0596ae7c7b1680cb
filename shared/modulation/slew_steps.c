// SPDX-License-Identifier: ISC

#include "modulation/slew_steps.h"

#include "math/fast_math.h"
#include "modulation/time_curve.h"

/// A way is over if this part of a frame is left, which sums of roundings are not
#define MARGIN 0x1p-6

static inline double
step_part(const double n_frames)
{
  return 1.0 / (n_frames > 1.0 ? n_frames : 1.0);
}

/// Return the reach of a straight step, without end if it takes no frame
static inline double
straight_reach(const double n_frames, const double part)
{
  return n_frames < 1.0 ? SLEW_ANY_REACH : part * (1.0 + MARGIN);
}

static inline double
bent_reach(const double n_frames, const double height, const double factor)
{
  const double reach = height * ((1.0 + (1.0 - factor) * MARGIN) / factor - 1.0);

  return n_frames < 1.0 ? SLEW_ANY_REACH : reach;
}

/// Return the frames of a way, under a voltage
static inline double
way_frames(const double n_frames, const double amount, const float cv_v)
{
  return time_curve_frames(n_frames, amount * (double)cv_v);
}

/// Find the steps of a direction for each frame of its CV
static void
find_steps(const SlewWay* const  way,
           const double          sample_rate,
           const float* const    cv_v,
           const uint32_t        n_frames,
           SlewStepFrames* const steps)
{
  const double n_still = way->knobs.time_s * sample_rate;
  const double amount  = way->knobs.cv_amount;
  const double bend    = way->bend;
  const double height  = way->height;

  if (time_curve_is_straight(bend)) {
    for (uint32_t i = 0; i < n_frames; ++i) {
      const double n   = way_frames(n_still, amount, cv_v[i]);
      steps->part[i]   = step_part(n);
      steps->factor[i] = 1.0;
      steps->reach[i]  = straight_reach(n, steps->part[i]);
    }
  } else {
    for (uint32_t i = 0; i < n_frames; ++i) {
      const double n   = way_frames(n_still, amount, cv_v[i]);
      steps->part[i]   = step_part(n);
      steps->factor[i] = fast_exp2(-bend * steps->part[i]);
      steps->reach[i]  = bent_reach(n, height, steps->factor[i]);
    }
  }
}

void
slew_find_step(SlewWay* const way, const double sample_rate, const float cv_v)
{
  SlewStepFrames one;
  find_steps(way, sample_rate, &cv_v, 1, &one);
  way->cv_v = cv_v;
  way->step = (SlewStep){one.part[0], one.factor[0], one.reach[0]};
}

SlewSteps
slew_steps_of(SlewWay* const        way,
              const double          sample_rate,
              const Signal          cv_v,
              const uint32_t        n_frames,
              SlewStepFrames* const frames)
{
  if (!signal_is_constant(cv_v)) {
    find_steps(way, sample_rate, cv_v.frame, n_frames, frames);
    return (SlewSteps){frames->part, frames->factor, frames->reach, UINT32_MAX};
  }

  const float cv = signal_at(cv_v, 0);
  if (cv != way->cv_v) {
    slew_find_step(way, sample_rate, cv);
  }
  return (SlewSteps){&way->step.part, &way->step.factor, &way->step.reach, 0};
}
