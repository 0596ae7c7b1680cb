// SPDX-License-Identifier: ISC

#include "measure/lfo_quality.h"

#include "measure/waves.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define GROUP "low frequency"
#define TWO_PI 6.283185307179586
#define FAST_HZ 5.0
#define SLOW_HZ 0.0625
#define WAIT_S 600.0       ///< Until the phase is looked at again
#define NEAR_STEP 1e-3     ///< Cycles from a step that do not count
#define SAME 1e-5          ///< Amplitudes of two that are the same
#define RESET_FRAME 12345U ///< When the reset comes
#define MAX_LAG 1000U      ///< Frames in which it must have come

/// A closed form: a shape, which goes backwards if the direction is -1
typedef struct {
  Shape  shape;
  double direction;
} Form;

/// Return the closed form by its phase in cycles
static double
form_at(const Form form, const double time)
{
  const Shape  shape = form.shape;
  const double phase = form.direction * time;
  const double over  = phase - floor(phase);

  return shape == SHAPE_SINE       ? sin(TWO_PI * over)
         : shape == SHAPE_TRIANGLE ? 2.0 / (0.5 * TWO_PI) * asin(sin(TWO_PI * over))
         : shape == SHAPE_SAW      ? 2.0 * over - 1.0
                                   : (over < 0.5 ? 1.0 : -1.0);
}

/// Return true if a shape steps near a phase
static bool
is_near_step(const Shape shape, const double phase)
{
  const double steps = shape == SHAPE_SAW ? 1.0 : 2.0;
  const double over  = phase * steps;

  return shape != SHAPE_SINE && shape != SHAPE_TRIANGLE &&
         fabs(over - nearbyint(over)) < NEAR_STEP * steps;
}

/// Return the first partial of a cycle of `n_frames`
static double complex
partial(const float* const wave, const uint32_t n_frames)
{
  double complex sum = 0.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    sum += (double)wave[i] * cexp(-I * TWO_PI * i / n_frames);
  }
  return sum;
}

/// Set the frequency, and return the frames of a cycle, 0 if that can't be had
static uint32_t
set_frequency(const Study* const self, Probe* const probe, const double freq_hz)
{
  const double real_hz = probe_set(probe, ROLE_FREQUENCY, freq_hz);

  probe_settle(probe, 0.1);
  return real_hz == freq_hz ? (uint32_t)(self->sample_rate / freq_hz + 0.5) : 0;
}

// ---- Phase

/// Run for whole cycles of `n_frames` that take WAIT_S
static void
pass_time(const Study* const self,
          Probe* const       probe,
          float* const       wave,
          const uint32_t     n_frames)
{
  const uint32_t n_cycles = (uint32_t)(WAIT_S * self->sample_rate / n_frames);
  for (uint32_t c = 0; c < n_cycles; ++c) {
    probe_render(probe, ROLE_OUT, wave, n_frames, PROBE_BLOCK_FRAMES);
  }
}

/// Return by how many cycles a phase is off after WAIT_S
static double
drift(const Study* const self, const double freq_hz)
{
  Probe* const   probe    = study_probe(self);
  const uint32_t n_frames = set_frequency(self, probe, freq_hz);
  double         cycles   = (double)NAN;
  if (n_frames && self->subject->shape != SHAPE_OTHER) {
    float* const wave = (float*)calloc(n_frames, sizeof(float));
    probe_render(probe, ROLE_OUT, wave, n_frames, PROBE_BLOCK_FRAMES);
    const double complex before = partial(wave, n_frames);
    pass_time(self, probe, wave, n_frames);
    cycles = fabs(carg(partial(wave, n_frames) * conj(before))) / TWO_PI;
    free(wave);
  }

  probe_free(probe);
  return cycles;
}

// ---- Shape

/// Return the phase at which the closed form has the first partial of a wave
static double
fit_phase(const Form form, const float* const wave, const uint32_t n_frames)
{
  const double complex goal      = partial(wave, n_frames);
  float* const         reference = (float*)calloc(n_frames, sizeof(float));

  double phase = 0.0;
  for (uint32_t round = 0; round < 3; ++round) {
    for (uint32_t i = 0; i < n_frames; ++i) {
      reference[i] = (float)form_at(form, phase + (double)i / n_frames);
    }
    phase += carg(goal * conj(partial(reference, n_frames))) / TWO_PI;
  }
  free(reference);
  return phase;
}

/// Sums over the frames that count
typedef struct {
  double n;
  double x;
  double y;
  double xx;
  double xy;
  double yy;
} Sums;

/// Return the error of the best line through points, over the amplitude
static double
fit_error(const Sums* const sums)
{
  const double xx = sums->xx - sums->x * sums->x / sums->n;
  const double xy = sums->xy - sums->x * sums->y / sums->n;
  const double yy = sums->yy - sums->y * sums->y / sums->n;

  return sqrt(fmax(yy - xy * xy / xx, 0.0) / sums->n) / fabs(xy / xx);
}

/// Return how far a cycle is from a closed form
static double
form_error(const Form form, const float* const wave, const uint32_t n_frames)
{
  const double start = fit_phase(form, wave, n_frames);

  Sums sums = {0.0, 0.0, 0.0, 0.0, 0.0, 0.0};
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double phase = start + (double)i / n_frames;
    const double x     = form_at(form, phase);
    const double y     = (double)wave[i];
    if (!is_near_step(form.shape, phase)) {
      sums = (Sums){sums.n + 1.0,
                    sums.x + x,
                    sums.y + y,
                    sums.xx + x * x,
                    sums.xy + x * y,
                    sums.yy + y * y};
    }
  }
  return fit_error(&sums);
}

static double
shape_error_db(const Study* const self, const double freq_hz)
{
  Probe* const   probe    = study_probe(self);
  const uint32_t n_frames = set_frequency(self, probe, freq_hz);
  double         error    = (double)NAN;
  if (n_frames && self->subject->shape != SHAPE_OTHER) {
    float* const wave = (float*)calloc(n_frames, sizeof(float));
    probe_render(probe, ROLE_OUT, wave, n_frames, PROBE_BLOCK_FRAMES);
    error = fmin(form_error((Form){self->subject->shape, 1.0}, wave, n_frames),
                 form_error((Form){self->subject->shape, -1.0}, wave, n_frames));
    free(wave);
  }

  probe_free(probe);
  return amplitude_db(error);
}

// ---- Reset

/// Return true if two waves are the same for a while
static bool
is_same(const float* const a, const float* const b, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    if (fabs((double)a[i] - (double)b[i]) > SAME) {
      return false;
    }
  }

  return true;
}

/// Return how many frames after a reset the wave starts anew, infinite if never
static double
reset_lag(const Study* const self)
{
  static float  wave[RESET_FRAME + 2U * MAX_LAG];
  static float  first[MAX_LAG];
  static double reset[RESET_FRAME + 2U * MAX_LAG];

  Probe* const probe = study_probe(self);
  Probe* const fresh = study_probe(self);
  double       lag   = (double)NAN;
  if (probe_has(probe, ROLE_RESET)) {
    reset[RESET_FRAME] = 1.0;
    probe_set(probe, ROLE_FREQUENCY, FAST_HZ);
    probe_set(fresh, ROLE_FREQUENCY, FAST_HZ);
    probe_feed(probe, ROLE_RESET, reset, RESET_FRAME + 2U * MAX_LAG);
    probe_render(probe, ROLE_OUT, wave, RESET_FRAME + 2U * MAX_LAG, PROBE_BLOCK_FRAMES);
    probe_render(fresh, ROLE_OUT, first, MAX_LAG, PROBE_BLOCK_FRAMES);

    uint32_t n = 0;
    while (n < MAX_LAG && !is_same(wave + RESET_FRAME + n, first, MAX_LAG)) {
      ++n;
    }
    lag = n < MAX_LAG ? n : (double)INFINITY;
  }

  probe_free(fresh);
  probe_free(probe);
  return lag;
}

void
lfo_quality(const Study* const study)
{
  study_add(study, GROUP, "drift fast", drift(study, FAST_HZ));
  study_add(study, GROUP, "drift slow", drift(study, SLOW_HZ));
  study_add(study, GROUP, "shape dB", shape_error_db(study, FAST_HZ));
  study_add(study, GROUP, "slow dB", shape_error_db(study, SLOW_HZ));
  study_add(study, GROUP, "reset lag", reset_lag(study));
}
