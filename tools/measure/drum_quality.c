// SPDX-License-Identifier: ISC

#include "measure/drum_quality.h"

#include "measure/driven.h"
#include "measure/likeness.h"
#include "measure/spectrum.h"
#include "measure/waves.h"

#include <math.h>
#include <stdlib.h>

#define GROUP "drum"
#define RISE_FRAME 777U ///< With which no block begins
#define GATE_FRAMES 480U
#define HIT_S 8.0          ///< In which a hit dies away
#define LONG_S 5.0         ///< Decay of a tail that is analysed
#define DRIVE 15.848931925 ///< 24 dB
#define WAIT_S 1.0
#define N_FRAMES 131072U

/// Hit a drum, and render; the trigger comes at RISE_FRAME
static void
hit(Probe* const probe, float* const out, const uint32_t n_frames)
{
  double* const gate = (double*)calloc(n_frames, sizeof(double));
  for (uint32_t i = RISE_FRAME; i < RISE_FRAME + GATE_FRAMES; ++i) {
    gate[i] = 1.0;
  }
  probe_feed(probe, ROLE_GATE, gate, n_frames);
  probe_render(probe, ROLE_OUT, out, n_frames, PROBE_BLOCK_FRAMES);
  free(gate);
}

/// Add how late a hit is, how the next one differs from it, and what is left at last
static void
measure_hits(const Study* const self)
{
  const uint32_t n_frames = (uint32_t)(HIT_S * self->sample_rate);
  Probe* const   probe    = study_probe(self);
  float* const   first    = (float*)calloc(n_frames, sizeof(float));
  float* const   second   = (float*)calloc(n_frames, sizeof(float));
  double* const  wanted   = (double*)calloc(n_frames, sizeof(double));
  hit(probe, first, n_frames);
  hit(probe, second, n_frames);

  uint32_t start = 0;
  while (start < n_frames && fabs((double)first[start]) == 0.0) {
    ++start;
  }
  for (uint32_t i = 0; i < n_frames; ++i) {
    wanted[i] = (double)first[i];
  }
  const double again_db = likeness_error_db(second, wanted, n_frames);
  study_add(self, GROUP, "late", (double)start - RISE_FRAME);
  study_add(self, GROUP, "again dB", again_db);
  study_add(self, GROUP, "rest", fabs((double)second[n_frames - 1U]));
  free(wanted);
  free(second);
  free(first);
  probe_free(probe);
}

/// Render a long tail at a pitch; to be freed
static float*
render_tail(Probe* const probe)
{
  float* const out = (float*)calloc(N_FRAMES, sizeof(float));
  probe_set(probe, ROLE_DECAY, LONG_S);
  hit(probe, out, RISE_FRAME + GATE_FRAMES);
  probe_settle(probe, WAIT_S);
  probe_render(probe, ROLE_OUT, out, N_FRAMES, PROBE_BLOCK_FRAMES);
  return out;
}

static double
tail_cents(const Study* const self, const double freq_hz)
{
  Probe* const probe  = study_probe(self);
  const double set_hz = probe_set(probe, ROLE_FREQUENCY, freq_hz);
  double       cents  = (double)NAN;
  if (!isnan(set_hz)) {
    float* const    out      = render_tail(probe);
    Spectrum* const spectrum = spectrum_new(N_FRAMES, self->sample_rate);
    spectrum_analyse(spectrum, out);
    const double found_hz = spectrum_frequency_near(spectrum, out, set_hz, 1.3);
    cents                 = 1200.0 * fabs(log2(found_hz / set_hz));
    spectrum_free(spectrum);
    free(out);
  }

  probe_free(probe);
  return cents;
}

/// Return the aliases of a tail that is driven by 24 dB
static double
tail_alias_db(const Study* const self, const double freq_hz)
{
  Probe* const probe = study_probe(self);
  const double set_hz =
    probe_set(probe, ROLE_FREQUENCY, wave_odd_hz(freq_hz, self->sample_rate));
  double result = (double)NAN;
  if (!isnan(set_hz) && !isnan(probe_set(probe, ROLE_GAIN, DRIVE))) {
    float* const out = render_tail(probe);
    result           = driven_others_db(out, N_FRAMES, set_hz, self->sample_rate);
    free(out);
  }

  probe_free(probe);
  return result;
}

void
drum_quality(const Study* const study)
{
  measure_hits(study);
  study_add(study, GROUP, "tail cent", tail_cents(study, 110.0));
  study_add(study, GROUP, "1.6k dB", tail_alias_db(study, 1600.0));
}
