// SPDX-License-Identifier: ISC

#include "timing/tempo_meter.h"

#include "signal/steady.h"

#define N_FRAMES (TEMPO_METER_MAX_TICKS + 1U) ///< That are remembered

void
tempo_meter_init(TempoMeter* const self, const double sample_rate)
{
  self->sample_rate = sample_rate;
  tempo_meter_reset(self);
}

void
tempo_meter_reset(TempoMeter* const self)
{
  *self = (TempoMeter){.sample_rate = self->sample_rate};
}

/// Return the frame of the rise that came `n` before the last one
static uint64_t
rise_before(const TempoMeter* const self, const uint32_t n)
{
  return self->rise_frame[(self->n_rises - 1U - n) % N_FRAMES];
}

/// Return true if there is no more to expect of a clock that last rose so long ago
static bool
has_paused(const TempoMeter* const self, const uint64_t n_frames)
{
  const double pause = TEMPO_METER_PAUSE_S * self->sample_rate;
  const double period =
    self->n_rises > 1U ? (double)(rise_before(self, 0) - rise_before(self, 1)) : 0.0;
  const double longest = 4.0 * period > pause ? 4.0 * period : pause;

  return (double)n_frames > longest;
}

static void
add_rise(TempoMeter* const self, const uint64_t frame)
{
  if (self->n_rises && has_paused(self, frame - rise_before(self, 0))) {
    self->n_rises = 0;
  }
  if (self->n_rises == 2U * N_FRAMES) {
    self->n_rises = N_FRAMES; // The same place, without end
  }
  self->rise_frame[self->n_rises % N_FRAMES] = frame;
  ++self->n_rises;
}

void
tempo_meter_process(TempoMeter* const self, const Signal clock, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames;) {
    i += steady_gate_frames_from(&self->gate, clock, i, n_frames - i);
    if (i < n_frames) {
      if (gate_next(&self->gate, clock.frame[i])) {
        add_rise(self, self->n_frames + i);
      } else {
        self->fall_frame = self->n_frames + i;
      }
      ++i;
    }
  }
  self->n_frames += n_frames;
}

double
tempo_meter_read(const TempoMeter* const self, const uint32_t n_ticks)
{
  if (self->n_rises < 2U || has_paused(self, self->n_frames - rise_before(self, 0))) {
    return 0.0;
  }

  const uint32_t n_known =
    self->n_rises - 1U < N_FRAMES - 1U ? self->n_rises - 1U : N_FRAMES - 1U;
  const uint32_t n      = n_ticks < n_known ? n_ticks : n_known;
  const double   frames = (double)(rise_before(self, 0) - rise_before(self, n));
  return 60.0 * self->sample_rate * n / (n_ticks * frames);
}

bool
tempo_meter_was_high(const TempoMeter* const self, const uint64_t n_frames)
{
  return self->gate.high ||
         (self->fall_frame && self->n_frames - self->fall_frame < n_frames);
}
