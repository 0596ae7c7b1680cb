// SPDX-License-Identifier: ISC

#include "measure/self_oscillation_quality.h"

#include "measure/spectrum.h"
#include "measure/waves.h"

#include <math.h>
#include <stdlib.h>

#define GROUP "self-oscillation"
#define CLICK 0.1
#define SETTLE_S 5.0
#define N_FRAMES 262144U
#define LIMIT_HZ 20000.0

/// Quality of an oscillation: its distance from its pitch, and all but its first
/// partial
typedef struct {
  double cents;
  double rest_db;
} Oscillation;

/// Start the filter with a click, and wait until it has come to rest
static void
start(Probe* const probe)
{
  double click[PROBE_BLOCK_FRAMES] = {CLICK};
  probe_feed(probe, ROLE_IN, click, PROBE_BLOCK_FRAMES);
  probe_render(probe, ROLE_OUT, NULL, PROBE_BLOCK_FRAMES, PROBE_BLOCK_FRAMES);
  probe_settle(probe, SETTLE_S);
}

/// Analyse what comes next; its distance is infinite if the filter is silent
static Oscillation
analyse(Probe* const probe, const double set_hz)
{
  const double    sample_rate = probe_sample_rate(probe);
  Spectrum* const spectrum    = spectrum_new(N_FRAMES, sample_rate);
  float* const    out         = (float*)calloc(N_FRAMES, sizeof(float));
  probe_render(probe, ROLE_OUT, out, N_FRAMES, PROBE_BLOCK_FRAMES);
  Oscillation result = {(double)INFINITY, (double)NAN};
  if (isfinite(wave_peak(out, N_FRAMES)) && wave_peak(out, N_FRAMES) > 1e-3) {
    spectrum_analyse(spectrum, out);
    const double        found_hz = spectrum_frequency(spectrum, out, set_hz);
    const SpectrumSplit split    = spectrum_split(spectrum, found_hz, 1, LIMIT_HZ);
    result                       = (Oscillation){1200.0 * fabs(log2(found_hz / set_hz)),
                                                 power_db(split.others / split.harmonics)};
  }

  free(out);
  spectrum_free(spectrum);
  return result;
}

/// Let a filter oscillate at a pitch
static Oscillation
measure_pitch(const Study* const self, const double freq_hz)
{
  Probe* const probe  = study_probe(self);
  const double set_hz = probe_set(probe, ROLE_FREQUENCY, freq_hz);
  Oscillation  result = {(double)NAN, (double)NAN};
  if (!isnan(set_hz)) {
    start(probe);
    result = analyse(probe, set_hz);
  }

  probe_free(probe);
  return result;
}

void
self_oscillation_quality(const Study* const study)
{
  static const double freqs_hz[] = {20, 55, 110, 440, 1000, 2500, 5000};

  Oscillation worst = {(double)NAN, (double)NAN};
  for (int i = 0; i < 7; ++i) {
    const Oscillation found = measure_pitch(study, freqs_hz[i]);
    worst.cents             = study_worse(worst.cents, found.cents);
    worst.rest_db           = study_worse(worst.rest_db, found.rest_db);
  }
  study_add(study, GROUP, "cent to 5k", worst.cents);
  study_add(study, GROUP, "cent at 10k", measure_pitch(study, 10000.0).cents);
  study_add(study, GROUP, "THD+N dB", worst.rest_db);
}
