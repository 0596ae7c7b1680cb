// SPDX-License-Identifier: ISC

#include "measure/ticks.h"

#include <math.h>

void
ticks_init(Ticks* const ticks, const double frames_per_tick)
{
  *ticks = (Ticks){.frames_per_tick = frames_per_tick};
}

/// Return the frame in which tick `n` is due
static double
due(const Ticks* const ticks, const uint64_t n)
{
  // A tick that is due in a frame exactly may be computed a little later
  const double exact = (double)n * ticks->frames_per_tick;

  return (double)ticks->first + ceil(exact - 1e-6);
}

static void
count_rise(Ticks* const ticks)
{
  if (ticks->n_ticks == 0) {
    ticks->first = ticks->n_frames;
  }
  ticks->n_off =
    fmax(ticks->n_off, fabs((double)ticks->n_frames - due(ticks, ticks->n_ticks)));
  ++ticks->n_ticks;
}

void
ticks_count(Ticks* const ticks, const float* const gate, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const bool is_high = (double)gate[i] > TICKS_HIGH;
    if (is_high && !ticks->is_high) {
      count_rise(ticks);
    }
    ticks->is_high = is_high;
    ++ticks->n_frames;
  }
}

double
ticks_off(const Ticks* const ticks)
{
  const bool has_all = ticks->n_ticks > 0 &&
                       due(ticks, ticks->n_ticks) >= (double)ticks->n_frames &&
                       due(ticks, ticks->n_ticks - 1U) < (double)ticks->n_frames;

  return has_all ? ticks->n_off : (double)INFINITY;
}

// ---- Two gates

/// Return the frame of the next rise after frame `i`, or `n_frames`
static uint32_t
next_rise_of_out(const float* const out, uint32_t i, const uint32_t n_frames)
{
  for (++i; i < n_frames; ++i) {
    if ((double)out[i] > TICKS_HIGH && (double)out[i - 1U] <= TICKS_HIGH) {
      break;
    }
  }
  return i < n_frames ? i : n_frames;
}

static uint32_t
next_rise_of_gate(const double* const gate, uint32_t i, const uint32_t n_frames)
{
  for (++i; i < n_frames; ++i) {
    if (gate[i] > TICKS_HIGH && gate[i - 1U] <= TICKS_HIGH) {
      break;
    }
  }
  return i < n_frames ? i : n_frames;
}

double
ticks_late(const float* const out, const double* const gate, const uint32_t n_frames)
{
  uint32_t g     = next_rise_of_gate(gate, 0, n_frames);
  uint32_t o     = next_rise_of_out(out, 0, n_frames);
  double   worst = 0.0;
  while (g < n_frames && o < n_frames) {
    worst = fmax(worst, fabs((double)o - (double)g));
    g     = next_rise_of_gate(gate, g, n_frames);
    o     = next_rise_of_out(out, o, n_frames);
  }

  return g == n_frames && o == n_frames ? worst : (double)INFINITY;
}
