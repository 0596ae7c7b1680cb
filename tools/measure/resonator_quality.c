// SPDX-License-Identifier: ISC

#include "measure/resonator_quality.h"

#include "measure/decay.h"
#include "measure/spectrum.h"
#include "measure/waves.h"

#include <math.h>
#include <stdlib.h>

#define GROUP "resonator"
#define SETTLE_S 0.3
#define WAIT_S 0.2 ///< After the click
#define LONG_S 60.0
#define N_FRAMES 131072U

/// Strike a resonator with a click, and render what follows a little later; to be freed
static float*
strike(Probe* const probe)
{
  double click[PROBE_BLOCK_FRAMES] = {1.0};

  float* const out = (float*)calloc(N_FRAMES, sizeof(float));
  probe_settle(probe, SETTLE_S);
  probe_feed(probe, ROLE_IN, click, PROBE_BLOCK_FRAMES);
  probe_render(probe, ROLE_OUT, NULL, PROBE_BLOCK_FRAMES, PROBE_BLOCK_FRAMES);
  probe_settle(probe, WAIT_S);
  probe_render(probe, ROLE_OUT, out, N_FRAMES, PROBE_BLOCK_FRAMES);
  return out;
}

/// Return by how many cents a partial is off
static double
partial_cents(const Study* const self, const double freq_hz, const double partial)
{
  Probe* const probe  = study_probe(self);
  const double set_hz = probe_set(probe, ROLE_FREQUENCY, freq_hz) * partial;
  double       cents  = (double)NAN;
  probe_set(probe, ROLE_DECAY, LONG_S);
  if (!isnan(set_hz)) {
    float* const    out      = strike(probe);
    Spectrum* const spectrum = spectrum_new(N_FRAMES, self->sample_rate);
    spectrum_analyse(spectrum, out);
    const double found_hz = spectrum_frequency_near(spectrum, out, set_hz, 1.04);
    cents                 = 1200.0 * fabs(log2(found_hz / set_hz));
    spectrum_free(spectrum);
    free(out);
  }

  probe_free(probe);
  return cents;
}

/// Return by how many dB a second the decay is off
static double
decay_error_db_s(const Study* const self, const double freq_hz, const double time_s)
{
  Probe* const probe  = study_probe(self);
  const double set_hz = probe_set(probe, ROLE_FREQUENCY, freq_hz);
  const double set_s  = probe_set(probe, ROLE_DECAY, time_s);
  double       error  = (double)NAN;
  if (!isnan(set_hz) && !isnan(set_s)) {
    float* const out = strike(probe);
    error =
      fabs(decay_tone_db_s(out, N_FRAMES, self->sample_rate, set_hz) - 60.0 / set_s);
    free(out);
  }

  probe_free(probe);
  return error;
}

void
resonator_quality(const Study* const study)
{
  static const double freqs_hz[] = {27.5, 110, 440.3, 1234.5, 4186, 8000, 11900};
  static const double times_s[]  = {3.0, 10.0, 60.0};

  double cents      = (double)NAN;
  double error_db_s = (double)NAN;
  for (int i = 0; i < 7; ++i) {
    cents = study_worse(cents, partial_cents(study, freqs_hz[i], 1.0));
    if (i == 4) {
      study_add(study, GROUP, "cent to 4k", cents);
    }
  }
  for (int i = 0; i < 6; ++i) {
    error_db_s = study_worse(
      error_db_s, decay_error_db_s(study, i < 3 ? 110.0 : 1234.5, times_s[i % 3]));
  }
  study_add(study, GROUP, "cent to 12k", cents);
  study_add(study, GROUP, "cent of 9th", partial_cents(study, 440.3, 9.0));
  study_add(study, GROUP, "decay dB/s", error_db_s);
}
