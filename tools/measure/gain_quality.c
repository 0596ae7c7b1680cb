// SPDX-License-Identifier: ISC

#include "measure/gain_quality.h"

#include "measure/driven.h"
#include "measure/waves.h"
#include "measure/zipper.h"

#include <math.h>
#include <stdlib.h>

#define SETTLE_S 0.3
#define N_FRAMES 16384U
#define PLUS_12_DB 3.98107170553

/// Render with the given input
static void
render(Probe* const probe, const double* in, float* const out, const uint32_t n_frames)
{
  probe_feed(probe, ROLE_IN, in, n_frames);
  probe_render(probe, ROLE_OUT, out, n_frames, PROBE_BLOCK_FRAMES);
}

/// Return the largest difference from the input at a gain of 1, in dB
static double
unity_db(const Study* const self)
{
  Probe* const probe = study_probe(self);
  if (isnan(probe_set(probe, ROLE_GAIN, 1.0)) &&
      isnan(probe_set(probe, ROLE_LEVEL_CV, 1.0))) {
    probe_free(probe);
    return (double)NAN;
  }

  double in[N_FRAMES];
  float  out[N_FRAMES];
  wave_noise(in, N_FRAMES);
  probe_settle(probe, SETTLE_S);
  render(probe, in, out, N_FRAMES);

  double difference = 0.0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    difference = fmax(difference, fabs((double)out[i] - (double)(float)in[i]));
  }
  probe_free(probe);
  return amplitude_db(difference);
}

// ---- Laws

/// Return the gain of a small constant, which no clipper minds
static double
found_gain(Probe* const probe)
{
  static const double level = 0.01;

  float        out[N_FRAMES];
  double       in[N_FRAMES];
  const double wanted = (double)(float)level;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in[i] = level;
  }
  render(probe, in, out, N_FRAMES);
  render(probe, in, out, N_FRAMES);
  return (double)out[N_FRAMES - 1U] / wanted;
}

/// Return the largest error of the gain that a role sets, in dB
static double
law_error_db(const Study* const self, const RoleName name, const int highest_db)
{
  double       worst = (double)NAN;
  Probe* const probe = study_probe(self);
  for (int wanted_db = -54; wanted_db <= highest_db; wanted_db += 3) {
    const double set = probe_set(probe, name, pow(10.0, wanted_db / 20.0));
    if (!isnan(set)) {
      worst = study_worse(worst, fabs(amplitude_db(found_gain(probe) / set)));
    }
  }
  probe_free(probe);
  return worst;
}

/// Return what is left of 1 when the port of a role has the given value, in dB
static double
rest_db(const Study* const self, const RoleName name, const double port_value)
{
  const Role* const role  = &self->subject->role[name];
  Probe* const      probe = study_probe(self);
  double            rest  = (double)NAN;
  if (role->symbol && !isnan(probe_set(probe, name, role_quantity(role, port_value)))) {
    probe_settle(probe, SETTLE_S);
    rest = amplitude_db(fabs(found_gain(probe)));
  }
  probe_free(probe);
  return rest;
}

// ---- Noise

/// Return the zipper noise of a step on a new probe
static double
step_db(const Study* const self,
        const RoleName     name,
        const double       from,
        const double       to)
{
  Probe* const probe  = study_probe(self);
  const double result = zipper_step_db(probe, name, from, to);

  probe_free(probe);
  return result;
}

/// Return the aliases of a sine of 5 kHz that is amplified by 12 dB
static double
clip_alias_db(const Study* const self)
{
  const double sine_hz = wave_odd_hz(5000.0, self->sample_rate);
  Probe* const probe   = study_probe(self);
  const double result  = isnan(probe_set(probe, ROLE_GAIN, PLUS_12_DB))
                           ? (double)NAN
                           : driven_sine_db(probe, sine_hz, 1.0);

  probe_free(probe);
  return result;
}

void
gain_quality(const Study* const study)
{
  study_add(study, "gain, dB", "unity", unity_db(study));
  study_add(study, "gain, dB", "law", law_error_db(study, ROLE_GAIN, 12));
  study_add(study, "gain, dB", "CV law", law_error_db(study, ROLE_LEVEL_CV, 0));
  study_add(study, "gain, dB", "CV 0 V", rest_db(study, ROLE_LEVEL_CV, 0.0));
  study_add(study, "gain, dB", "mute", rest_db(study, ROLE_MUTE, 1.0));
  study_add(study, "gain, dB", "step", step_db(study, ROLE_GAIN, 1.0, 0.1));
  study_add(study, "gain, dB", "mute step", step_db(study, ROLE_MUTE, 0.0, 1.0));
  study_add(study, "gain, dB", "inv. step", step_db(study, ROLE_INVERT, 0.0, 1.0));
  study_add(study, "gain, dB", "aliases", clip_alias_db(study));
}
