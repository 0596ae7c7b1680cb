// SPDX-License-Identifier: ISC

#include "measure/delay_quality.h"

#include "measure/likeness.h"
#include "measure/waves.h"
#include "measure/zipper.h"

#include <math.h>
#include <stdlib.h>

#define GROUP "delay"
#define PI 3.14159265358979323846
#define SETTLE_S 0.5
#define ODD_TIME_S 0.010007 ///< No whole number of frames at any rate
#define LOW_HZ 20.0
#define HIGH_HZ 18000.0
#define N_FRAMES 65536U

/// Set a time that is no whole number of frames; returns what it is, or NaN
static double
set_odd_time(Probe* const probe)
{
  const double set_s = probe_set(probe, ROLE_TIME, ODD_TIME_S);
  probe_settle(probe, SETTLE_S);
  return set_s;
}

static double
flatness_db(const Study* const self)
{
  Probe* const  probe  = study_probe(self);
  double* const in     = (double*)calloc(N_FRAMES, sizeof(double));
  float* const  out    = (float*)calloc(N_FRAMES, sizeof(float));
  double        result = (double)NAN;
  in[0]                = 1.0;
  if (!isnan(set_odd_time(probe))) {
    probe_feed(probe, ROLE_IN, in, N_FRAMES);
    probe_render(probe, ROLE_OUT, out, N_FRAMES, PROBE_BLOCK_FRAMES);
    result = likeness_flatness_db(out, N_FRAMES, self->sample_rate, LOW_HZ, HIGH_HZ);
  }

  free(out);
  free(in);
  probe_free(probe);
  return result;
}

/// A sine, and how its time is moved
typedef struct {
  double freq_hz;
  double rate_hz;
  double frames; ///< Either way
} Motion;

/// The signals of a delay whose time moves
typedef struct {
  double* in;
  double* change_s; ///< Of the time, as the float that the port gets
  float*  out;
} Take;

/// Return a sine at a time in frames, which may be before the first
static double
sine_at(const double freq, const double frame)
{
  const double turns = freq * frame;

  return 0.5 * sin(2.0 * PI * (turns - floor(turns)));
}

static void
write_motion(const Take* const   take,
             const Motion* const motion,
             const Role* const   role,
             const double        sample_rate)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double change_s =
      motion->frames / sample_rate * sin(2.0 * PI * motion->rate_hz / sample_rate * i);
    const double port = (double)(float)role_port_value(role, change_s);
    take->in[i]       = sine_at(motion->freq_hz / sample_rate, i);
    take->change_s[i] = role_quantity(role, port);
  }
}

/// Return the error of the second half of what comes out, once knobs are at rest
static double
error_db(Take* const take, const double set_s, const double freq, const double rate_hz)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    take->in[i] = sine_at(freq, i - (set_s + take->change_s[i]) * rate_hz);
  }

  const uint32_t half = N_FRAMES / 2U;
  return likeness_error_db(take->out + half, take->in + half, half);
}

static double
motion_db(const Study* const self, const Motion* const motion)
{
  const double rate_hz = self->sample_rate;
  Probe* const probe   = study_probe(self);
  const double set_s   = set_odd_time(probe);
  double       result  = (double)NAN;
  Take         take    = {(double*)calloc(N_FRAMES, sizeof(double)),
                          (double*)calloc(N_FRAMES, sizeof(double)),
                          (float*)calloc(N_FRAMES, sizeof(float))};
  if (!isnan(set_s) && probe_has(probe, ROLE_TIME_CV)) {
    write_motion(&take, motion, &self->subject->role[ROLE_TIME_CV], rate_hz);
    probe_feed(probe, ROLE_IN, take.in, N_FRAMES);
    probe_feed(probe, ROLE_TIME_CV, take.change_s, N_FRAMES);
    probe_render(probe, ROLE_OUT, take.out, N_FRAMES, PROBE_BLOCK_FRAMES);
    result = error_db(&take, set_s, motion->freq_hz / rate_hz, rate_hz);
  }

  free(take.out);
  free(take.change_s);
  free(take.in);
  probe_free(probe);
  return result;
}

static double
step_db(const Study* const self)
{
  Probe* const probe  = study_probe(self);
  const double result = zipper_step_db(probe, ROLE_TIME, 0.2, 0.301);

  probe_free(probe);
  return result;
}

void
delay_quality(const Study* const study)
{
  static const Motion motions[] = {{1000.0, 3.0, 50.0},
                                   {5000.0, 3.0, 50.0},
                                   {10000.0, 3.0, 50.0},
                                   {17000.0, 3.0, 20.0},
                                   {5000.0, 300.0, 5.0}};

  double worst_db = (double)NAN;
  for (int i = 0; i < 5; ++i) {
    worst_db = study_worse(worst_db, motion_db(study, &motions[i]));
  }
  study_add(study, GROUP, "flat dB", flatness_db(study));
  study_add(study, GROUP, "moved dB", worst_db);
  study_add(study, GROUP, "step dB", step_db(study));
}
