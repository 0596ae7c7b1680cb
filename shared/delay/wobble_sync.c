// SPDX-License-Identifier: ISC

#include "delay/wobble_sync.h"

void
wobble_sync_init(WobbleSync* const self, const double sample_rate)
{
  *self = (WobbleSync){.sample_rate = sample_rate};
  tempo_sync_init(&self->song, sample_rate);
}

void
wobble_sync_reset(WobbleSync* const self)
{
  tempo_sync_reset(&self->song);
  self->n_left = 0;
}

/// Start on the way from where the wobble is to where the song is
static void
find_way(WobbleSync* const self, const Wobble* const wobble)
{
  self->n_left = 0;
  if (!self->is_on || !tempo_sync_leads(&self->song)) {
    return;
  }

  const PhasorPosition place = tempo_sync_place(&self->song, self->note);
  const double cycles        = (double)(int64_t)(place.phase - wobble->phase) * 0x1p-64;
  self->n_left               = (uint32_t)(WOBBLE_SYNC_S * self->sample_rate) + 1U;
  self->more_hz              = cycles * self->sample_rate / self->n_left;
}

void
wobble_sync_set(WobbleSync* const   self,
                const bool          is_on,
                const uint32_t      note,
                const Wobble* const wobble)
{
  if (is_on != self->is_on || note != self->note) {
    self->is_on = is_on;
    self->note  = note;
    find_way(self, wobble);
  }
}

void
wobble_sync_set_transport(WobbleSync* const      self,
                          const Transport* const transport,
                          const Wobble* const    wobble)
{
  tempo_sync_set_transport(&self->song, transport);
  find_way(self, wobble);
}

/// Return the rate that the song sets, or 0
static double
pace_hz(const WobbleSync* const self)
{
  const double length = tempo_sync_length(&self->song, self->note);

  return self->is_on ? self->sample_rate * tempo_sync_pace(&self->song, length) : 0.0;
}

bool
wobble_sync_leads(const WobbleSync* const self)
{
  return pace_hz(self) > 0.0;
}

bool
wobble_sync_process(WobbleSync* const self,
                    float* const      rate_hz,
                    const uint32_t    n_frames)
{
  const double   pace   = pace_hz(self);
  const uint32_t n_left = self->n_left < n_frames ? self->n_left : n_frames;
  tempo_sync_pass(&self->song, n_frames);
  if (pace <= 0.0) {
    return false;
  }

  for (uint32_t i = 0; i < n_frames; ++i) {
    rate_hz[i] = (float)(i < n_left ? pace + self->more_hz : pace);
  }
  self->n_left -= n_left;
  return n_left == 0 || n_left == n_frames;
}
