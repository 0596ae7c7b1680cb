// SPDX-License-Identifier: ISC

#include "measure/meter_quality.h"

#include "measure/waves.h"

#include <math.h>
#include <stdlib.h>

#define GROUP "meter"
#define LISTEN_S 2.0
#define N_READINGS 10
#define READING_FRAMES 997U ///< From a reading to the next

/// Return the worst reading of a tone, in cents
static double
tone_cents(const Study* const self, const double freq_hz, const bool is_saw)
{
  const double   freq     = freq_hz / self->sample_rate;
  const uint32_t n_listen = (uint32_t)(LISTEN_S * self->sample_rate);
  const uint32_t n_frames = n_listen + N_READINGS * READING_FRAMES;
  Probe* const   probe    = study_probe(self);
  double* const  in       = (double*)calloc(n_frames, sizeof(double));
  double         worst    = (double)NAN;
  if (is_saw) {
    wave_band_limited_saw(in, n_frames, freq);
  } else {
    wave_sine(in, n_frames, freq, 0.5);
  }
  probe_feed(probe, ROLE_IN, in, n_listen);
  probe_render(probe, ROLE_OUT, NULL, n_listen, PROBE_BLOCK_FRAMES);
  for (uint32_t i = 0; i < N_READINGS; ++i) {
    probe_feed(probe, ROLE_IN, in + n_listen + i * READING_FRAMES, READING_FRAMES);
    probe_render(probe, ROLE_OUT, NULL, READING_FRAMES, PROBE_BLOCK_FRAMES);
    const double found_hz = probe_shown(probe, ROLE_FOUND_HZ);
    worst                 = study_worse(worst, 1200.0 * fabs(log2(found_hz / freq_hz)));
  }

  free(in);
  probe_free(probe);
  return worst;
}

static double
worst_cents(const Study* const self, const bool is_saw)
{
  static const double freqs_hz[] = {20.0, 55.3, 440.7, 1244.5, 3333.3, 10000.0};

  double worst = (double)NAN;
  for (int i = 0; i < 6; ++i) {
    worst = study_worse(worst, tone_cents(self, freqs_hz[i], is_saw));
  }
  return worst;
}

/// Return the worst reading of a steady voltage
static double
volts_off(const Study* const self)
{
  static const double volts[] = {-10.0, -1.23456, 0.0, 0.1, 5.0, 10.0};

  Probe* const probe = study_probe(self);
  double       worst = (double)NAN;
  for (int i = 0; i < 6; ++i) {
    const double set = probe_set(probe, ROLE_VOLTS, volts[i]);
    probe_settle(probe, LISTEN_S);
    worst = study_worse(worst, fabs(probe_shown(probe, ROLE_FOUND_VOLTS) - set));
  }

  probe_free(probe);
  return worst;
}

void
meter_quality(const Study* const study)
{
  study_add(study, GROUP, "sine, cent", worst_cents(study, false));
  study_add(study, GROUP, "saw, cent", worst_cents(study, true));
  study_add(study, GROUP, "volts off", volts_off(study));
}
