// SPDX-License-Identifier: ISC

#include "osc/discontinuity.h"

#include "osc/blep.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

#define QUARTER 0x40000000
#define CYCLE ((int64_t)1 << 32)

/// The age of a start just now, because 0 would be none
#define SMALLEST_AGE 0x1p-24

static_assert(SHAPE_N_ORDERS == BLEP_MAX_ORDER + 1, "a residual for each derivative");

static void
add_break(const DiscontinuityFrame* const frame,
          const uint32_t                  order,
          const double                    amount,
          const double                    time)
{
  if (amount != 0.0) {
    blep_add(frame->n_taps, order, amount, 1.0 - time, frame->residual);
  }
}

void
discontinuity_add_start(const DiscontinuityFrame* const frame, const double time)
{
  const double age = 1.0 - time;

  *frame->start = (float)(age < SMALLEST_AGE ? SMALLEST_AGE : age);
}

/// Add what happens at phase 0: a saw falls, a pulse rises
static void
add_wraps(const DiscontinuityFrame* const frame, PhasePath* const phase)
{
  const double step = 2.0 * (frame->weight[SHAPE_PULSE] - frame->weight[SHAPE_SAW]);

  PhaseCrossing  at[PHASE_PATH_MAX_CROSSINGS];
  const uint32_t n = phase_path_crossings(phase, 0, 32U, at);
  for (uint32_t c = 0; c < n; ++c) {
    add_break(frame, 0, at[c].direction * step, at[c].time);
    discontinuity_add_start(frame, at[c].time);
  }
}

/// Add what happens at the pulse width: a pulse falls
static void
add_falls(const DiscontinuityFrame* const frame,
          PhasePath* const                phase,
          PhasePath* const                width)
{
  const double step = -2.0 * frame->weight[SHAPE_PULSE];

  PhaseCrossing at[PHASE_PATH_MAX_CROSSINGS];
  PhasePath     from_width;
  phase_path_set_difference(&from_width, phase, width);
  const uint32_t n = phase_path_crossings(&from_width, 0, 32U, at);
  for (uint32_t c = 0; c < n; ++c) {
    add_break(frame, 0, at[c].direction * step, at[c].time);
  }
}

/// Add what happens at phases 1/4 and 3/4: a triangle turns
static void
add_corners(const DiscontinuityFrame* const frame, PhasePath* const phase)
{
  const double corner = 8.0 * frame->weight[SHAPE_TRIANGLE];

  PhaseCrossing  at[PHASE_PATH_MAX_CROSSINGS];
  const uint32_t n = phase_path_crossings(phase, QUARTER, 31U, at);
  for (uint32_t c = 0; c < n; ++c) {
    const bool   is_top = (uint32_t)at[c].line == QUARTER;
    const double change = at[c].direction * (is_top ? -corner : corner);
    const double time   = at[c].time;
    add_break(frame, 1, change * lagrange_slope(phase_path_curve(phase), time), time);
    add_break(frame, 2, change * lagrange_d2(phase_path_curve(phase), time), time);
    add_break(frame, 3, change * lagrange_d3(phase_path_curve(phase), time), time);
  }
}

/// Return a part of the path of a width, kept between none and all of a cycle, `cycle`
/// cycles off that
static PhasePath
clip(const PhasePath* const width, const int64_t cycle)
{
  PhasePath path = *width;
  if (cycle != 0) {
    phase_path_set_straight(&path, cycle < 0 ? 0 : CYCLE, 0);
  }
  return path;
}

/// Add what happens where a width comes to none or all of a cycle, or back from there:
/// the middle of a pulse bends
static void
add_limit(const DiscontinuityFrame* const frame,
          PhasePath* const                width,
          const PhaseCrossing* const      at)
{
  const bool   is_back = (at->line == 0) == (at->direction > 0.0);
  const double change  = (is_back ? -2.0 : 2.0) * frame->weight[SHAPE_PULSE];
  if (at->line == 0 || at->line == CYCLE) {
    const Lagrange8* const curve = phase_path_curve(width);
    add_break(frame, 1, change * lagrange_slope(curve, at->time), at->time);
    add_break(frame, 2, change * lagrange_d2(curve, at->time), at->time);
    add_break(frame, 3, change * lagrange_d3(curve, at->time), at->time);
  }
}

/// Add the falls of a pulse whose width comes to limits
static void
add_limited_falls(const DiscontinuityFrame* const frame,
                  PhasePath* const                phase,
                  PhasePath* const                width,
                  const PhaseCrossing* const      limit,
                  const uint32_t                  n_limits)
{
  PhasePath phase_left = *phase;
  PhasePath width_left = *width;
  int64_t   cycle      = width->start >> 32;
  for (uint32_t c = 0; c < n_limits; ++c) {
    const double  time = limit[c].time;
    const int64_t cut  = phase_path_at(phase, time);
    PhasePath     now  = phase_path_until(&phase_left, time, cut);
    PhasePath     part = phase_path_until(&width_left, time, limit[c].line);
    part               = clip(&part, cycle);
    add_falls(frame, &now, &part);
    add_limit(frame, width, &limit[c]);
    phase_left = phase_path_since(&phase_left, time, cut);
    width_left = phase_path_since(&width_left, time, limit[c].line);
    cycle += limit[c].direction > 0.0 ? 1 : -1;
  }
  width_left = clip(&width_left, cycle);
  add_falls(frame, &phase_left, &width_left);
}

/// Add the falls of a pulse whose width may leave what a pulse can have
static void
add_pulse(const DiscontinuityFrame* const frame,
          PhasePath* const                phase,
          PhasePath* const                width)
{
  const bool is_inside = (width->start | width->end) >> 32 == 0;
  if (is_inside && width->is_straight) {
    add_falls(frame, phase, width);
    return;
  }

  PhaseCrossing  limit[PHASE_PATH_MAX_CROSSINGS];
  const uint32_t n = phase_path_crossings(width, 0, 32U, limit);
  if (is_inside && n == 0) {
    add_falls(frame, phase, width);
  } else {
    add_limited_falls(frame, phase, width, limit, n);
  }
}

void
discontinuity_add(const DiscontinuityFrame* const frame,
                  PhasePath* const                phase,
                  PhasePath* const                width)
{
  add_wraps(frame, phase);
  if (frame->weight[SHAPE_PULSE] != 0.0) {
    add_pulse(frame, phase, width);
  }
  if (frame->weight[SHAPE_TRIANGLE] != 0.0) {
    add_corners(frame, phase);
  }
}

void
discontinuity_add_bend(const DiscontinuityFrame* const frame,
                       PhasePath* const                width_before,
                       PhasePath* const                width)
{
  const double weight     = -2.0 * frame->weight[SHAPE_PULSE];
  const bool   is_clipped = width->start >> 32 != 0;
  if (weight == 0.0 || is_clipped ||
      !(width_before->is_straight || width->is_straight)) {
    return;
  }

  const Lagrange8* const from = phase_path_curve(width_before);
  const Lagrange8* const to   = phase_path_curve(width);
  add_break(
    frame, 1, weight * (lagrange_slope(to, 0.0) - lagrange_slope(from, 1.0)), 0.0);
  add_break(frame, 2, weight * (lagrange_d2(to, 0.0) - lagrange_d2(from, 1.0)), 0.0);
}

// ---- Cuts

/// Return how far bends of a shape count that passes so many cycles a frame: those of a
/// sine near half the sample rate would add up to far more than the sine
static double
bend_share(const double slope)
{
  static const double all  = 0.26; // Share of the sample rate
  static const double none = 0.40;

  const double share = (none - fabs(slope)) / (none - all);
  return share < 0.0 ? 0.0 : share > 1.0 ? 1.0 : share;
}

/// Return the derivatives by time of a shape on a curve (Faa di Bruno's formula)
static Jet
curve_jet(const Jet* const shape, const Lagrange8* const curve, const double time)
{
  const double* const s = shape->order;
  const double        a = lagrange_slope(curve, time);
  const double        b = lagrange_d2(curve, time);
  const double        c = lagrange_d3(curve, time);
  const double        w = bend_share(a);

  // Faster bends of the phase count for nothing at the orders above
  const Jet jet = {{s[0],
                    s[1] * a,
                    w * (s[2] * a * a + s[1] * b),
                    w * (s[3] * a * a * a + 3.0 * s[2] * a * b + s[1] * c),
                    w * (s[4] * a * a * a * a + 6.0 * s[3] * a * a * b),
                    w * (s[5] * a * a * a * a * a)}};
  return jet;
}

/// Return the derivatives of a shape where a path starts or ends
static Jet
place_jet(const Shape      shape,
          PhasePath* const path,
          const int64_t    place,
          const int64_t    width,
          const double     time)
{
  const bool high  = (place >> 32) > ((place - width) >> 32);
  const Jet  still = shape_jet(shape, (double)place / PHASE_PATH_CYCLE, high);
  return curve_jet(&still, phase_path_curve(path), time);
}

void
discontinuity_add_cut(const DiscontinuityFrame* const frame,
                      PhasePath* const                before,
                      PhasePath* const                after,
                      const int64_t                   width)
{
  const double time = after->start_time;

  double jump[SHAPE_N_ORDERS] = {0.0};
  for (uint32_t s = 0; s < N_SHAPES; ++s) {
    const double weight = frame->weight[s];
    if (weight != 0.0) {
      const Jet from = place_jet((Shape)s, before, before->end, width, time);
      const Jet to   = place_jet((Shape)s, after, after->start, width, time);
      for (uint32_t n = 0; n < SHAPE_N_ORDERS; ++n) {
        jump[n] += weight * (to.order[n] - from.order[n]);
      }
    }
  }
  for (uint32_t n = 0; n < SHAPE_N_ORDERS; ++n) {
    add_break(frame, n, jump[n], time);
  }
}
