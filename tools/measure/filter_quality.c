// SPDX-License-Identifier: ISC

#include "measure/filter_quality.h"

#include "measure/prototype.h"
#include "measure/spectrum.h"
#include "measure/waves.h"
#include "measure/zipper.h"

#include <math.h>
#include <stdlib.h>

#define SETTLE_S 0.5
#define PLAIN_Q 0.70710678118654752
#define PLUS_12_DB 3.98107170553
#define NOISE_RATE_HZ 192000.0
#define MANY_PULSES_FRAMES 65536U ///< Up to where time allows for many

/// Return a probe with a cutoff and a Q, or NULL if the plugin doesn't take them
static Probe*
filter_probe(const Study* const self,
             const double       sample_rate,
             const double       cutoff_hz,
             const double       q)
{
  Probe* const probe = probe_new(self->host, self->subject, sample_rate);
  if (!probe || isnan(probe_set(probe, ROLE_CUTOFF, cutoff_hz)) ||
      isnan(probe_set(probe, ROLE_Q, q))) {
    if (probe) {
      probe_free(probe);
    }
    return NULL;
  }

  return probe;
}

// ---- Response

static bool
has_gain(const Shape shape)
{
  return shape == SHAPE_PEAK || shape == SHAPE_LOW_SHELF || shape == SHAPE_HIGH_SHELF;
}

/// Set up `prototype` on a probe, and correct it to what the ports really say
static bool
set_prototype(Probe* const probe, Prototype* const prototype)
{
  prototype->cutoff_hz = probe_set(probe, ROLE_CUTOFF, prototype->cutoff_hz);
  prototype->q         = probe_set(probe, ROLE_Q, prototype->q);
  prototype->gain =
    has_gain(prototype->shape) ? probe_set(probe, ROLE_GAIN, prototype->gain) : 1.0;
  return !isnan(prototype->cutoff_hz) && !isnan(prototype->q) &&
         !isnan(prototype->gain);
}

/// Add the answer to a pulse of one frame to `sum`, as one of 1 would have it
static void
add_response(Probe* const   probe,
             const double   height,
             double* const  sum,
             const uint32_t n_frames)
{
  double* const in  = (double*)calloc(n_frames, sizeof(double));
  float* const  out = (float*)calloc(n_frames, sizeof(float));

  in[0] = height;
  probe_feed(probe, ROLE_IN, in, n_frames);
  probe_render(probe, ROLE_OUT, out, n_frames, PROBE_BLOCK_FRAMES);
  for (uint32_t i = 0; i < n_frames; ++i) {
    sum[i] += (double)out[i] / height;
  }

  free(out);
  free(in);
}

/**
   Render the answer to a pulse of one frame; to be freed.

   Outputs are floats, and what is lost in them is large beside a response that dies
   away soon and is small at most frequencies.  So that is a mean over pulses.
*/
static double*
impulse_response(Probe* const probe, const uint32_t n_frames)
{
  const int     n_pulses = n_frames <= MANY_PULSES_FRAMES ? 16 : 1;
  double* const response = (double*)calloc(n_frames, sizeof(double));

  probe_settle(probe, SETTLE_S);
  for (int i = 0; i < n_pulses; ++i) {
    // A float, and no power of 2 times the last one, so that other bits are lost
    add_response(probe, (double)(float)exp2(-i / 16.0), response, n_frames);
  }
  for (uint32_t i = 0; i < n_frames; ++i) {
    response[i] /= n_pulses;
  }
  return response;
}

/// The errors of a filter against both references, in dB
typedef struct {
  double rbj;
  double analog;
} Errors;

/// Make `worst` worse by the errors of one setting, if the plugin takes it
static void
measure_setting(const Study* const self, Prototype prototype, Errors* const worst)
{
  Probe* const   probe    = study_probe(self);
  const uint32_t n_frames = prototype_frames(&prototype, self->sample_rate);
  if (probe && n_frames && set_prototype(probe, &prototype)) {
    double* const response = impulse_response(probe, n_frames);
    worst->rbj =
      study_worse(worst->rbj,
                  prototype_error_db(
                    &prototype, RESPONSE_RBJ, response, n_frames, self->sample_rate));
    worst->analog = study_worse(
      worst->analog,
      prototype_error_db(
        &prototype, RESPONSE_ANALOG, response, n_frames, self->sample_rate));
    free(response);
  }
  if (probe) {
    probe_free(probe);
  }
}

/// Return the worst errors at a cutoff
static Errors
measure_cutoff(const Study* const self, const double cutoff_hz)
{
  static const double qs[]    = {0.1, PLAIN_Q, 4.0, 50.0};
  static const double gains[] = {PLUS_12_DB, 1.0 / PLUS_12_DB};

  Errors     worst   = {(double)NAN, (double)NAN};
  const int  n_gains = has_gain(self->subject->shape) ? 2 : 1;
  const bool fits    = cutoff_hz < 0.49 * self->sample_rate;
  for (int i = 0; fits && i < 4 * n_gains; ++i) {
    const Prototype prototype = {
      self->subject->shape, cutoff_hz, qs[i % 4], gains[i / 4]};
    measure_setting(self, prototype, &worst);
  }
  return worst;
}

static void
measure_response(const Study* const self)
{
  static const double      cutoffs_hz[] = {20, 100, 1000, 5000, 10000, 16000, 20000};
  static const char* const names[] = {"20 Hz", "100", "1k", "5k", "10k", "16k", "20k"};

  Errors errors[7];
  for (int i = 0; i < 7; ++i) {
    errors[i] = self->subject->shape == SHAPE_OTHER
                  ? (Errors){(double)NAN, (double)NAN}
                  : measure_cutoff(self, cutoffs_hz[i]);
    study_add(self, "error from RBJ, dB", names[i], errors[i].rbj);
  }
  for (int i = 0; i < 7; ++i) {
    study_add(self, "error from analog, dB", names[i], errors[i].analog);
  }
}

// ---- Noise

/// Return THD+N of a sine of 15 Hz through a cutoff of 20 Hz, in dB
static double
noise_db(const Study* const self)
{
  static const double sine_hz  = 15.0;
  static const double limit_hz = 20000.0;

  const uint32_t n_frames = 1U << 20U;
  Probe* const   probe    = filter_probe(self, NOISE_RATE_HZ, 20.0, PLAIN_Q);
  if (!probe) {
    return (double)NAN;
  }

  Spectrum* const spectrum = spectrum_new(n_frames, NOISE_RATE_HZ);
  double* const   sine     = (double*)calloc(2U * (size_t)n_frames, sizeof(double));
  float* const    out      = (float*)calloc(2U * (size_t)n_frames, sizeof(float));
  wave_sine(sine, 2U * n_frames, sine_hz / NOISE_RATE_HZ, 0.5);
  probe_feed(probe, ROLE_IN, sine, 2U * n_frames);
  probe_render(probe, ROLE_OUT, out, 2U * n_frames, PROBE_BLOCK_FRAMES);
  spectrum_analyse(spectrum, out + n_frames);
  const SpectrumSplit split = spectrum_split(spectrum, sine_hz, 1, limit_hz);

  free(out);
  free(sine);
  spectrum_free(spectrum);
  probe_free(probe);
  return power_db(split.others / split.harmonics);
}

// ---- Zipper noise

static void
measure_zipper(const Study* const self)
{
  double step_db  = (double)NAN;
  double sweep_db = (double)NAN;

  Probe* const probe = study_probe(self);
  if (probe) {
    probe_set(probe, ROLE_Q, PLAIN_Q);
    probe_set(probe, ROLE_GAIN, PLUS_12_DB);
    step_db  = zipper_step_db(probe, ROLE_CUTOFF, 200.0, 8000.0);
    sweep_db = zipper_sweep_db(probe, ROLE_CUTOFF, 200.0, 8000.0);
    probe_free(probe);
  }
  study_add(self, "filter, dB", "noise 192k", noise_db(self));
  study_add(self, "filter, dB", "step", step_db);
  study_add(self, "filter, dB", "sweep", sweep_db);
}

// ---- Stability

typedef enum {
  MOVE_SINE_100,
  MOVE_SINE_1K,
  MOVE_SINE_5K,
  MOVE_SINE_11K,
  MOVE_SQUARE_5,
  MOVE_RANDOM,
  N_MOVES
} Move;

/// Write a movement between -1 and 1
static void
write_move(const Move     move,
           double* const  out,
           const uint32_t n_frames,
           const double   sample_rate)
{
  static const double freq_hz[] = {100.0, 1000.0, 5000.0, 11000.0, 5.0};

  if (move == MOVE_RANDOM) {
    wave_noise(out, n_frames);
    return;
  }

  wave_sine(out, n_frames, freq_hz[move] / sample_rate, 1.0);
  for (uint32_t i = 0; move == MOVE_SQUARE_5 && i < n_frames; ++i) {
    out[i] = out[i] < 0.0 ? -1.0 : 1.0;
  }
}

/// A role that is moved: a knob by octaves around its centre, a CV by its own units
typedef struct {
  RoleName name;
  bool     is_knob;
  double   centre;
  double   span;
} Mover;

/// Feed a role with a movement
static void
feed_move(Probe* const       probe,
          const Mover* const mover,
          const Move         move,
          const uint32_t     n_frames)
{
  double* const values = (double*)calloc(n_frames, sizeof(double));

  write_move(move, values, n_frames, probe_sample_rate(probe));
  for (uint32_t i = 0; i < n_frames; ++i) {
    values[i] *= mover->span;
    values[i] = mover->is_knob ? mover->centre * exp2(values[i]) : values[i];
  }
  probe_feed(probe, mover->name, values, n_frames);
  free(values);
}

/// Return the peak of the output while roles are moved
static double
moved_peak(Probe* const       probe,
           const Mover* const movers,
           const int          n_movers,
           const Move         move,
           const uint32_t     block_frames)
{
  const uint32_t n_frames = (uint32_t)(4.0 * probe_sample_rate(probe));
  double* const  in       = (double*)calloc(n_frames, sizeof(double));
  float* const   out      = (float*)calloc(n_frames, sizeof(float));

  wave_naive_saw(in, n_frames / 2U, 220.0 / probe_sample_rate(probe));
  probe_feed(probe, ROLE_IN, in, n_frames);
  for (int i = 0; i < n_movers; ++i) {
    feed_move(probe, &movers[i], move, n_frames);
  }
  probe_render(probe, ROLE_OUT, out, n_frames, block_frames);
  const double peak = wave_peak(out, n_frames);

  free(out);
  free(in);
  return peak;
}

/// Return the worst peak under all movements, NaN if the plugin can't be moved so
static double
worst_peak(const Study* const self,
           const Mover* const movers,
           const int          n_movers,
           const double       q,
           const uint32_t     block_frames)
{
  double worst = (double)NAN;
  for (int move = 0; move < N_MOVES; ++move) {
    Probe* const probe = filter_probe(self, self->sample_rate, 948.68, q);
    bool         ok    = probe;
    for (int i = 0; ok && i < n_movers; ++i) {
      const Mover* const mover = &movers[i];
      ok                       = probe_has(probe, mover->name) &&
           (!mover->is_knob ||
            (probe_takes(probe, mover->name, mover->centre * exp2(mover->span)) &&
             probe_takes(probe, mover->name, mover->centre * exp2(-mover->span))));
    }
    if (ok) {
      worst = study_worse(
        worst, moved_peak(probe, movers, n_movers, (Move)move, block_frames));
    }
    if (probe) {
      probe_free(probe);
    }
  }
  return worst;
}

static void
measure_stability(const Study* const self)
{
  static const char  group[]  = "peak under modulation";
  static const Mover by_cv[]  = {{ROLE_CUTOFF_CV, false, 0.0, 4.2459},
                                 {ROLE_Q_CV, false, 0.0, 4.4829},
                                 {ROLE_GAIN_CV, false, 0.0, 24.0}};
  static const Mover by_knob  = {ROLE_CUTOFF, true, 948.68, 4.2459};
  static const int   n_frames = 16;

  study_add(
    self, group, "CV Q 0.7", worst_peak(self, by_cv, 1, PLAIN_Q, PROBE_BLOCK_FRAMES));
  study_add(
    self, group, "CV Q 50", worst_peak(self, by_cv, 1, 50.0, PROBE_BLOCK_FRAMES));
  study_add(
    self, group, "f, Q CV", worst_peak(self, by_cv, 2, 2.236, PROBE_BLOCK_FRAMES));
  study_add(
    self, group, "f, Q, g CV", worst_peak(self, by_cv, 3, 2.236, PROBE_BLOCK_FRAMES));
  study_add(
    self, group, "knob Q 0.7", worst_peak(self, &by_knob, 1, PLAIN_Q, n_frames));
  study_add(self, group, "knob Q 50", worst_peak(self, &by_knob, 1, 50.0, n_frames));
}

void
filter_quality(const Study* const study)
{
  measure_response(study);
  measure_zipper(study);
  measure_stability(study);
}
