// SPDX-License-Identifier: ISC

#include "measure/slew_quality.h"

#include "measure/waves.h"

#include <math.h>
#include <stdlib.h>

#define LEAD_FRAMES 100U ///< Before the step, to see it at rest
#define TOLERANCE 1e-11  ///< Of a level that has been reached, less than any last step
#define SHORT_S 0.005    ///< In which what passes has to pass
#define SLOW_HZ 0.1      ///< Of a sine that is slower than the end of a steep way

static uint32_t
frames_of(const Study* const self, const double time_s)
{
  return (uint32_t)(time_s * self->sample_rate + 0.5);
}

/// Return what comes out for `in`, whose first value it is at rest at; NULL without
/// roles
static float*
render(const Study* const  self,
       const double        time_s,
       const double* const in,
       const uint32_t      n_frames)
{
  Probe* const probe = study_probe(self);
  const bool   ok    = probe && !isnan(probe_set(probe, ROLE_ATTACK, time_s)) &&
                  !isnan(probe_set(probe, ROLE_RELEASE, time_s)) &&
                  probe_has(probe, ROLE_IN);

  float* out = NULL;
  if (ok) {
    out = (float*)calloc(n_frames, sizeof(float));
    probe_feed(probe, ROLE_IN, in, n_frames);
    probe_render(probe, ROLE_OUT, out, n_frames, PROBE_BLOCK_FRAMES);

    const double full = role_port_value(&self->subject->role[ROLE_OUT], 1.0);
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = (float)((double)out[i] / full);
    }
  }
  if (probe) {
    probe_free(probe);
  }
  return out;
}

/// Return what a step from `from` to 0 becomes
static float*
render_step(const Study* const self,
            const double       time_s,
            const double       from,
            const uint32_t     n_frames)
{
  double* const in = (double*)calloc(n_frames, sizeof(double));
  for (uint32_t i = 0; i < LEAD_FRAMES; ++i) {
    in[i] = from;
  }

  float* const out = render(self, time_s, in, n_frames);
  free(in);
  return out;
}

static double
time_error(const Study* const self, const double time_s, const double from)
{
  const uint32_t n_way    = frames_of(self, time_s);
  const uint32_t n_frames = LEAD_FRAMES + 2U * n_way;
  float* const   out      = render_step(self, time_s, from, n_frames);
  if (!out) {
    return (double)NAN;
  }

  const uint32_t end = wave_settled_at(out, LEAD_FRAMES, n_frames, TOLERANCE);
  free(out);
  return end == n_frames - 1U ? (double)INFINITY : (double)end - LEAD_FRAMES - n_way;
}

static void
measure_times(const Study* const self, const char* const group, const double from)
{
  static const double      times_s[] = {0.001, 0.01, 0.1, 1.0, 10.0, 60.0};
  static const char* const names[] = {"1 ms", "10 ms", "0.1 s", "1 s", "10 s", "60 s"};

  for (int i = 0; i < 6; ++i) {
    study_add(self, group, names[i], time_error(self, times_s[i], from));
  }
}

/// Add how far steps go beyond where they lead, and how far they end from there
static void
measure_levels(const Study* const self)
{
  const uint32_t n_frames = LEAD_FRAMES + frames_of(self, 4.0 * SHORT_S);
  float* const   rise     = render_step(self, SHORT_S, -1.0, n_frames);
  float* const   fall     = render_step(self, SHORT_S, 1.0, n_frames);

  double overshoot = rise && fall ? 0.0 : (double)NAN;
  double settled   = overshoot;
  for (uint32_t i = 0; rise && fall && i < n_frames; ++i) {
    overshoot = fmax(overshoot, fmax((double)rise[i], -(double)fall[i]));
    settled   = fabs((double)rise[i]) + fabs((double)fall[i]);
  }
  study_add(self, "slew", "overshoot", overshoot);
  study_add(self, "slew", "settled", settled);
  free(rise);
  free(fall);
}

/// Add how far off a sine is that is slow enough to pass
static void
measure_passing(const Study* const self)
{
  const uint32_t n_frames = frames_of(self, 1.0 / SLOW_HZ);
  double* const  in       = (double*)calloc(n_frames, sizeof(double));
  wave_sine(in, n_frames, SLOW_HZ / self->sample_rate, 0.5);

  const Role* const role = &self->subject->role[ROLE_IN];
  float* const      out  = render(self, SHORT_S, in, n_frames);

  double error = out ? 0.0 : (double)NAN;
  for (uint32_t i = 0; out && i < n_frames; ++i) {
    const double fed_v = (double)(float)role_port_value(role, in[i]);
    const float  fed   = (float)role_quantity(role, fed_v);
    error              = fmax(error, fabs((double)out[i] - (double)fed));
  }
  study_add(self, "slew", "passing", error);
  free(out);
  free(in);
}

void
slew_quality(const Study* const study)
{
  measure_times(study, "rise, frames off", -1.0);
  measure_times(study, "fall, frames off", 1.0);
  measure_levels(study);
  measure_passing(study);
}
