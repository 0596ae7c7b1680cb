// SPDX-License-Identifier: ISC
/**
   The breaks of a sum of shapes, while the phase and the pulse width are on their way
   from one frame to the next.

     a saw falls and a pulse rises at phase 0    a pulse falls at its width
     a triangle turns at phases 1/4 and 3/4      all of them jump where a path is cut
     a pulse bends where its width does, as it keeps its mean at 0
*/

#ifndef DISCONTINUITY_H
#define DISCONTINUITY_H

#include "osc/phase_path.h"
#include "osc/shape.h"

#include <stdint.h>

/// A frame that breaks come before
typedef struct {
  double   weight[N_SHAPES]; ///< Amplitudes of shapes
  uint32_t n_taps;           ///< Frames that a break lasts
  float*   residual;         ///< What breaks add to this frame and those after it
  float*   start;            ///< Time since a cycle started, in frames
} DiscontinuityFrame;

/// Add the breaks on the way of the phase
void
discontinuity_add(const DiscontinuityFrame* frame, PhasePath* phase, PhasePath* width);

/// Add the break where a path of the phase is left for another, while pulses end at
/// `width`
void
discontinuity_add_cut(const DiscontinuityFrame* frame,
                      PhasePath*                before,
                      PhasePath*                after,
                      int64_t                   width);

/// Add what happens at the frame between two paths of the width, if these are not the
/// same curve: the middle of a pulse bends
void
discontinuity_add_bend(const DiscontinuityFrame* frame,
                       PhasePath*                width_before,
                       PhasePath*                width);

/// Say that a cycle has started
void
discontinuity_add_start(const DiscontinuityFrame* frame, double time);

#endif // DISCONTINUITY_H
