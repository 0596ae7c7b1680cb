// SPDX-License-Identifier: ISC

#include "osc/osc_steady.h"

#include "osc/osc_breaks.h"
#include "osc/phase_path.h"

#include <stdbool.h>
#include <string.h>

typedef uint64_t Pair __attribute__((vector_size(16)));
typedef uint32_t Four __attribute__((vector_size(16)));
typedef uint32_t Eight __attribute__((vector_size(32)));

/// Return the upper halves of two pairs in a row
static inline Four
upper_halves(const Pair first, const Pair second)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  return __builtin_shufflevector((Four)first, (Four)second, 1, 3, 5, 7);
#else
  return __builtin_shufflevector((Four)first, (Four)second, 0, 2, 4, 6);
#endif
}

OscSteady
osc_find_steady(const Osc* const self)
{
  static const unsigned shift = 64U - OSC_CYCLE_BITS;

  const uint64_t  step   = self->rest.step << shift;
  const uint64_t  motion = (self->motion << shift) - OSC_LOOKAHEAD * step;
  const uint64_t  offset = (uint64_t)self->offset << 32U;
  const bool      back   = self->flip;
  const OscSteady steady = {(back ? ~motion : motion) + offset, back ? -step : step};
  return steady;
}

/// Return in how many frames a phase crosses one of the lines 2^`spacing` apart
static uint64_t
frames_to_line(const uint64_t from_line, const uint64_t step, const unsigned spacing)
{
  const uint64_t gap   = UINT64_MAX >> (64U - spacing);
  const uint64_t above = from_line & gap;
  const bool     rises = (int64_t)step > 0;

  return step == 0 ? UINT64_MAX : (rises ? (gap - above) / step : above / -step) + 1U;
}

static uint64_t
earlier(const uint64_t a, const uint64_t b)
{
  return a < b ? a : b;
}

uint64_t
osc_frames_to_break(const OscRun* const run, const uint64_t phase, const uint64_t step)
{
  const uint64_t quarter = (uint64_t)OSC_QUARTER << 32U;
  const uint64_t width   = (uint64_t)shape_clip_width(run->osc->rest.width) << 34U;

  uint64_t first = frames_to_line(phase, step, 64U);
  if (osc_has_shape(run, SHAPE_PULSE)) {
    first = earlier(first, frames_to_line(phase - width, step, 64U));
  }
  if (osc_has_shape(run, SHAPE_TRIANGLE)) {
    first = earlier(first, frames_to_line(phase - quarter, step, 63U));
  }
  return first;
}

void
osc_write_steady_phases(const Osc* const       self,
                        const OscSteady* const steady,
                        uint32_t* const        phase,
                        const uint32_t         n)
{
  const uint64_t step   = steady->step;
  const uint64_t now    = steady->now - step * (self->n_taps / 2U);
  const Pair     two    = {2U * step, 2U * step};
  const Pair     eight  = {8U * step, 8U * step};
  Pair           first  = {now + step, now + 2U * step};
  Pair           second = first + two;
  Pair           third  = second + two;
  Pair           fourth = third + two;
  for (uint32_t i = 0; i < n; i += 8U) {
    const Four  before = upper_halves(first, second);
    const Four  after  = upper_halves(third, fourth);
    const Eight all    = __builtin_shufflevector(before, after, 0, 1, 2, 3, 4, 5, 6, 7);
    memcpy(phase + i, &all, sizeof(all));
    first += eight;
    second += eight;
    third += eight;
    fourth += eight;
  }
}

/// Add the breaks before a frame in which the phase has come to `now`
static void
add_steady_breaks(const OscRun* const run,
                  const uint32_t      at,
                  const uint64_t      now,
                  const uint64_t      step)
{
  const uint32_t end   = (uint32_t)(now >> 32U);
  const uint32_t start = (uint32_t)((now - step) >> 32U);
  PhasePath      phase;
  phase_path_set_straight(&phase, (int64_t)start, (int32_t)(end - start));
  osc_add_breaks(run, at, &phase, false);
}

void
osc_run_steady(const OscRun* const run, const OscSteady* const steady)
{
  Osc* const     self = run->osc;
  const uint64_t step = steady->step;

  uint64_t i = self->to_break;
  while (i < run->n_frames) {
    const uint64_t now = steady->now + (i + 1U) * step;
    add_steady_breaks(run, self->at + (uint32_t)i, now, step);
    i += osc_frames_to_break(run, now, step);
  }
  self->to_break = i - run->n_frames;
}
