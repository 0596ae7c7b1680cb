// SPDX-License-Identifier: ISC

#include "measure/ring_quality.h"

#include "measure/driven.h"
#include "measure/waves.h"

#include <math.h>
#include <stdlib.h>

#define GROUP "ring"
#define SETTLE_S 0.3
#define N_FRAMES 262144U
#define N_NULL_FRAMES 16384U
#define BASE_HZ 74.0
#define IN_MULTIPLE 68.0      ///< Of the base: about 5 kHz
#define CARRIER_MULTIPLE 42.0 ///< About 3.1 kHz

/// Return the peak of the output, in dB, while only one input gets noise
static double
null_db(const Study* const self, const RoleName name)
{
  Probe* const  probe = study_probe(self);
  double* const in    = (double*)calloc(N_NULL_FRAMES, sizeof(double));
  float* const  out   = (float*)calloc(N_NULL_FRAMES, sizeof(float));
  wave_noise(in, N_NULL_FRAMES);
  probe_settle(probe, SETTLE_S);
  probe_feed(probe, name, in, N_NULL_FRAMES);
  probe_render(probe, ROLE_OUT, out, N_NULL_FRAMES, PROBE_BLOCK_FRAMES);
  const double result = amplitude_db(wave_peak(out, N_NULL_FRAMES));

  free(out);
  free(in);
  probe_free(probe);
  return result;
}

/// Return the aliases of the product of two sines
static double
product_db(const Study* const self, const double amplitude)
{
  const double  base_hz = wave_odd_hz(BASE_HZ, self->sample_rate);
  const double  base    = base_hz / self->sample_rate;
  Probe* const  probe   = study_probe(self);
  double* const in      = (double*)calloc(N_FRAMES, sizeof(double));
  double* const carrier = (double*)calloc(N_FRAMES, sizeof(double));
  float* const  out     = (float*)calloc(N_FRAMES, sizeof(float));
  wave_sine(in, N_FRAMES, IN_MULTIPLE * base, amplitude);
  wave_sine(carrier, N_FRAMES, CARRIER_MULTIPLE * base, amplitude);
  for (int i = 0; i < 2; ++i) {
    probe_feed(probe, ROLE_IN, in, N_FRAMES);
    probe_feed(probe, ROLE_CARRIER, carrier, N_FRAMES);
    probe_render(probe, ROLE_OUT, out, N_FRAMES, PROBE_BLOCK_FRAMES);
  }
  const double result = driven_others_db(out, N_FRAMES, base_hz, self->sample_rate);

  free(out);
  free(carrier);
  free(in);
  probe_free(probe);
  return result;
}

void
ring_quality(const Study* const study)
{
  study_add(study, GROUP, "null in", null_db(study, ROLE_CARRIER));
  study_add(study, GROUP, "null carr.", null_db(study, ROLE_IN));
  study_add(study, GROUP, "x1 dB", product_db(study, 1.0));
  study_add(study, GROUP, "x4 dB", product_db(study, 4.0));
}
