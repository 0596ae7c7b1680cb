// SPDX-License-Identifier: ISC

#include "osc/osc_breaks.h"

#include "math/lagrange.h"
#include "osc/discontinuity.h"
#include "osc/phase_path.h"

// ---- Motion

void
osc_find_phase(const Osc* const self, const uint32_t at, PhasePath* const path)
{
  const OscLines* const lines = &self->lines;
  phase_path_set_phases(path,
                        lines->motion + at + 1U - LAGRANGE_N_FRAMES,
                        (int64_t)lines->phase[at - 1U],
                        osc_direction(self));
}

void
osc_find_width(const OscRun* const run, const uint32_t at, PhasePath* const path)
{
  static const int64_t unit = 4;

  const Osc* const self = run->osc;
  if (run->width_is_constant) {
    phase_path_set_straight(path, unit * shape_clip_width(self->rest.width), 0);
  } else {
    phase_path_set_places(path, self->lines.width + at + 1U - LAGRANGE_N_FRAMES);
  }
}

// ---- Breaks

/// Find where breaks are added that come before a frame
static void
find_frame(const OscRun* const run, const uint32_t at, DiscontinuityFrame* const frame)
{
  Osc* const      self  = run->osc;
  OscLines* const lines = &self->lines;

  frame->n_taps   = self->n_taps;
  frame->residual = lines->residual + at;
  frame->start    = lines->start + at + self->n_taps / 2U;
  for (uint32_t s = 0; s < N_SHAPES; ++s) {
    frame->weight[s] =
      (double)(run->weight_is_constant ? self->rest.weight[s]
                                       : lines->weight[s][at - OSC_LOOKAHEAD]);
  }
}

/// Add what happens at the frame where the path of the pulse width to `at` starts
static void
add_bend(const OscRun* const             run,
         const uint32_t                  at,
         const DiscontinuityFrame* const frame,
         PhasePath* const                width)
{
  if (!run->width_is_constant && osc_has_shape(run, SHAPE_PULSE)) {
    PhasePath before;
    osc_find_width(run, at - 1U, &before);
    discontinuity_add_bend(frame, &before, width);
  }
}

void
osc_add_breaks(const OscRun* const run,
               const uint32_t      at,
               PhasePath* const    phase,
               const bool          bends)
{
  DiscontinuityFrame frame;
  PhasePath          width;
  find_frame(run, at, &frame);
  if (osc_has_shape(run, SHAPE_PULSE)) {
    osc_find_width(run, at, &width);
  } else {
    phase_path_set_straight(&width, 0, 0);
  }
  if (bends) {
    add_bend(run, at, &frame, &width);
  }
  discontinuity_add(&frame, phase, &width);
}

// ---- Sync

/// Return the time of the sync event, from 0 to 1
static double
sync_time(const float* const sync)
{
  const double start = (double)sync[LAGRANGE_START];
  const double end   = (double)sync[LAGRANGE_END];
  if (start == 0.0 && sync[LAGRANGE_START - 1U] >= 0.0f && end <= 1.0) {
    return 1.0 - end; // From a sync output
  }

  double y[LAGRANGE_N_FRAMES];
  for (uint32_t f = 0; f < LAGRANGE_N_FRAMES; ++f) {
    y[f] = (double)sync[f];
  }
  Lagrange8 curve;
  lagrange_set_through(&curve, y);
  return lagrange_time(&curve, 0.0, true, start / (start - end), 0.0, 1.0);
}

/// Go on from `phase` in the frame `at`, forwards or backwards
static void
set_phase(Osc* const     self,
          const uint32_t at,
          const uint32_t phase,
          const int32_t  new_direction)
{
  OscLines* const lines = &self->lines;

  self->flip       = new_direction < 0 ? UINT32_MAX : 0;
  self->offset     = phase - (lines->motion[at - OSC_LOOKAHEAD] ^ self->flip);
  lines->phase[at] = phase;
}

/// Return the nearest place that the end of a pulse can have
static int64_t
clip_width(const int64_t place)
{
  static const int64_t cycle = (int64_t)1 << 32;

  return place < 0 ? 0 : place > cycle ? cycle : place;
}

void
osc_run_sync(const OscRun* const run, const uint32_t at)
{
  Osc* const    self = run->osc;
  const double  time = sync_time(self->lines.sync + at + 1U - LAGRANGE_N_FRAMES);
  const int32_t turn = run->is_hard ? osc_direction(self) : -1;

  DiscontinuityFrame frame;
  find_frame(run, at, &frame);

  PhasePath phase;
  osc_find_phase(self, at, &phase);
  const int64_t cut    = phase_path_at(&phase, time);
  PhasePath     before = phase_path_until(&phase, time, cut);
  PhasePath after = phase_path_onwards(&phase, time, cut, run->is_hard ? 0 : cut, turn);

  PhasePath width;
  osc_find_width(run, at, &width);
  add_bend(run, at, &frame, &width);
  const int64_t cut_width    = phase_path_at(&width, time);
  PhasePath     width_before = phase_path_until(&width, time, cut_width);
  PhasePath     width_after  = phase_path_since(&width, time, cut_width);

  discontinuity_add(&frame, &before, &width_before);
  discontinuity_add_cut(&frame, &before, &after, clip_width(cut_width));
  if (run->is_hard) {
    discontinuity_add_start(&frame, time);
  }
  discontinuity_add(&frame, &after, &width_after);
  set_phase(self, at, (uint32_t)after.end, turn * osc_direction(self));
}
