// SPDX-License-Identifier: ISC

#include "measure/pulse_quality.h"

#include "measure/spectrum.h"
#include "measure/waves.h"

#include <math.h>
#include <stdlib.h>

#define GROUP "pulse"
#define SETTLE_S 0.3
#define N_FRAMES 65536U
#define START_FRAMES 4800U
#define JUMP_FRAMES 1234U ///< From a jump of the width to the next
#define LEAST_WIDTH 0.01
#define N_WIDTHS 15
#define N_PITCHES 3

static const double freqs_hz[N_PITCHES] = {55.0, 440.0, 2489.0};

static double
width_at(const int i)
{
  return LEAST_WIDTH + (1.0 - 2.0 * LEAST_WIDTH) * i / (N_WIDTHS - 1);
}

static Probe*
pulse_probe(const Study* const self, const double freq_hz, const double width)
{
  Probe* const probe = study_probe(self);
  probe_set(probe, ROLE_FREQUENCY, wave_odd_hz(freq_hz, self->sample_rate));
  probe_set(probe, ROLE_PULSE_WIDTH, width);
  return probe;
}

/// Return the mean of a steady pulse
static double
mean(const Study* const self, const double freq_hz, const double width)
{
  Probe* const    probe    = pulse_probe(self, freq_hz, width);
  Spectrum* const spectrum = spectrum_new(N_FRAMES, self->sample_rate);
  float* const    out      = (float*)calloc(N_FRAMES, sizeof(float));
  probe_settle(probe, SETTLE_S);
  probe_render(probe, ROLE_OUT, out, N_FRAMES, PROBE_BLOCK_FRAMES);
  spectrum_analyse(spectrum, out);
  const double result = fabs(spectrum_dc(spectrum));

  free(out);
  spectrum_free(spectrum);
  probe_free(probe);
  return result;
}

static double
start_peak(const Study* const self, const double freq_hz, const double width)
{
  float        out[START_FRAMES];
  Probe* const probe = pulse_probe(self, freq_hz, width);
  probe_render(probe, ROLE_OUT, out, START_FRAMES, PROBE_BLOCK_FRAMES);

  probe_free(probe);
  return wave_peak(out, START_FRAMES);
}

/// Return the peak while the width jumps from one end to the other
static double
jump_peak(const Study* const self, const double freq_hz)
{
  Probe* const  probe = pulse_probe(self, freq_hz, 0.5);
  double* const width = (double*)calloc(N_FRAMES, sizeof(double));
  float* const  out   = (float*)calloc(N_FRAMES, sizeof(float));
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    width[i] = (0.5 - LEAST_WIDTH) * (i / JUMP_FRAMES % 2U ? 1.0 : -1.0);
  }
  probe_settle(probe, SETTLE_S);
  probe_feed(probe, ROLE_PULSE_WIDTH_CV, width, N_FRAMES);
  probe_render(probe, ROLE_OUT, out, N_FRAMES, PROBE_BLOCK_FRAMES);
  const double peak = wave_peak(out, N_FRAMES);

  free(out);
  free(width);
  probe_free(probe);
  return peak;
}

void
pulse_quality(const Study* const study)
{
  double worst_mean  = (double)NAN;
  double worst_start = (double)NAN;
  double worst_jump  = (double)NAN;
  for (int p = 0; p < N_PITCHES; ++p) {
    for (int w = 0; w < N_WIDTHS; ++w) {
      worst_mean = study_worse(worst_mean, mean(study, freqs_hz[p], width_at(w)));
      worst_start =
        study_worse(worst_start, start_peak(study, freqs_hz[p], width_at(w)));
    }
    worst_jump = study_worse(worst_jump, jump_peak(study, freqs_hz[p]));
  }
  study_add(study, GROUP, "mean", worst_mean);
  study_add(study, GROUP, "start peak", worst_start);
  study_add(study, GROUP, "jump peak", worst_jump);
}
