// SPDX-License-Identifier: ISC

#include "measure/envelope_quality.h"

#include "measure/waves.h"

#include <math.h>
#include <stdlib.h>

#define SHORT_S 0.002    ///< Stages that are not being measured
#define SUSTAIN 0.5      ///< Level, from 0 to 1
#define LOW_SUSTAIN 1e-3 ///< So low that a float can tell the end of a flat decay
#define TOLERANCE 1e-11  ///< Of a level that has been reached, less than any last step
#define LEAD_FRAMES 100  ///< Before the gate goes up, to see it at rest

/// The knobs of an envelope, in seconds
typedef struct {
  double attack_s;
  double decay_s;
  double release_s;
  double sustain;
} Times;

/// When the gate is high, in frames, up to the end of the render
typedef struct {
  uint32_t rise;
  uint32_t fall;
  uint32_t second_rise; ///< Up to the end
  uint32_t end;
} Gate;

static uint32_t
frames_of(const Study* const self, const double time_s)
{
  return (uint32_t)(time_s * self->sample_rate + 0.5);
}

// ---- One envelope

/// Return the envelope, from 0 to 1, that a gate makes; NULL if a knob is missing
static float*
render(const Study* const self, const Times* const times, const Gate* const gate)
{
  Probe* const probe = study_probe(self);
  const bool   ok = probe && !isnan(probe_set(probe, ROLE_ATTACK, times->attack_s)) &&
                  !isnan(probe_set(probe, ROLE_DECAY, times->decay_s)) &&
                  !isnan(probe_set(probe, ROLE_SUSTAIN, times->sustain)) &&
                  !isnan(probe_set(probe, ROLE_RELEASE, times->release_s)) &&
                  probe_has(probe, ROLE_GATE);

  float* out = NULL;
  if (ok) {
    double* const in = (double*)calloc(gate->end, sizeof(double));
    for (uint32_t i = gate->rise; i < gate->end; ++i) {
      in[i] = i < gate->fall || i >= gate->second_rise ? 1.0 : 0.0;
    }
    out = (float*)calloc(gate->end, sizeof(float));
    probe_settle(probe, 0.1);
    probe_feed(probe, ROLE_GATE, in, gate->end);
    probe_render(probe, ROLE_OUT, out, gate->end, PROBE_BLOCK_FRAMES);
    free(in);

    const double full = role_port_value(&self->subject->role[ROLE_OUT], 1.0);
    for (uint32_t i = 0; i < gate->end; ++i) {
      out[i] = (float)((double)out[i] / full);
    }
  }
  if (probe) {
    probe_free(probe);
  }
  return out;
}

/// Return the first frame from which on the output keeps its last value
static double
settled_at(const float* const out, const uint32_t start, const uint32_t end)
{
  const uint32_t i = wave_settled_at(out, start, end, TOLERANCE);

  // A value that has only just been reached is not the last one
  return end - i < (end - start) / 8U ? (double)INFINITY : i;
}

// ---- Times

/// Return by how many frames `wanted` lies outside of the frames where `out` is highest
static double
distance_from_top(const float* const out, const Gate* const gate, const uint32_t wanted)
{
  uint32_t first = gate->rise;
  uint32_t last  = gate->rise;
  for (uint32_t i = gate->rise; i < gate->end; ++i) {
    first = out[i] > out[first] ? i : first;
    last  = out[i] >= out[last] ? i : last;
  }

  return wanted < first  ? (double)first - wanted
         : wanted > last ? (double)last - wanted
                         : 0.0;
}

static double
attack_error(const Study* const self, const double time_s)
{
  const Times    times    = {time_s, SHORT_S, SHORT_S, SUSTAIN};
  const uint32_t n_frames = LEAD_FRAMES + frames_of(self, 4.0 * time_s + 0.01);
  const Gate     gate     = {LEAD_FRAMES, n_frames, n_frames, n_frames};
  float* const   out      = render(self, &times, &gate);
  const double   error =
    out ? distance_from_top(out, &gate, gate.rise + frames_of(self, time_s))
          : (double)NAN;

  free(out);
  return error;
}

static double
decay_error(const Study* const self, const double time_s)
{
  const Times    times    = {SHORT_S, time_s, SHORT_S, LOW_SUSTAIN};
  const uint32_t n_frames = LEAD_FRAMES + frames_of(self, 4.0 * time_s + 0.05);
  const Gate     gate     = {LEAD_FRAMES, n_frames, n_frames, n_frames};
  float* const   out      = render(self, &times, &gate);
  if (!out) {
    return (double)NAN;
  }

  uint32_t top = gate.rise;
  for (uint32_t i = gate.rise; i < gate.end; ++i) {
    top = out[i] > out[top] ? i : top;
  }
  const double error = settled_at(out, top, gate.end) - top - frames_of(self, time_s);
  free(out);
  return error;
}

static double
release_error(const Study* const self, const double time_s)
{
  const Times    times    = {SHORT_S, SHORT_S, time_s, SUSTAIN};
  const uint32_t fall     = LEAD_FRAMES + frames_of(self, 0.1);
  const uint32_t n_frames = fall + frames_of(self, 4.0 * time_s + 0.01);
  const Gate     gate     = {LEAD_FRAMES, fall, n_frames, n_frames};
  float* const   out      = render(self, &times, &gate);
  const double   error =
    out ? settled_at(out, gate.fall, gate.end) - gate.fall - frames_of(self, time_s)
          : (double)NAN;

  free(out);
  return error;
}

static void
measure_times(const Study* const self)
{
  static const double      times_s[] = {0.0001, 0.001, 0.01, 0.1, 1.0, 10.0, 60.0};
  static const char* const names[]   = {
      "0.1 ms", "1 ms", "10 ms", "0.1 s", "1 s", "10 s", "60 s"};

  for (int i = 0; i < 7; ++i) {
    study_add(self, "attack, frames off", names[i], attack_error(self, times_s[i]));
  }
  for (int i = 0; i < 7; ++i) {
    study_add(self, "decay, frames off", names[i], decay_error(self, times_s[i]));
  }
  for (int i = 0; i < 7; ++i) {
    study_add(self, "release, frames off", names[i], release_error(self, times_s[i]));
  }
}

// ---- Levels

/// Add how far the levels are off where the stages end
static void
measure_levels(const Study* const self)
{
  const Times    times = {0.05, 0.05, 0.05, SUSTAIN};
  const uint32_t half  = LEAD_FRAMES + frames_of(self, 0.5);
  const Gate     gate  = {LEAD_FRAMES, half, 2U * half, 2U * half};
  float* const   out   = render(self, &times, &gate);

  study_add(
    self, "levels", "top", out ? fabs(wave_peak(out, gate.end) - 1.0) : (double)NAN);
  study_add(self,
            "levels",
            "sustain",
            out ? fabs((double)out[gate.fall - 1U] - SUSTAIN) : (double)NAN);
  study_add(
    self, "levels", "end", out ? fabs((double)out[gate.end - 1U]) : (double)NAN);
  free(out);
}

/// Return the steepest step of envelopes that end at their sustain and at their top
static double
steepest(const Study* const self, const Times* const times)
{
  const uint32_t tops[] = {LEAD_FRAMES + frames_of(self, times->attack_s),
                           LEAD_FRAMES + frames_of(self, 0.5)};

  double slope = 0.0;
  for (int i = 0; i < 2; ++i) {
    const uint32_t end  = tops[i] + frames_of(self, 0.5);
    const Gate     gate = {LEAD_FRAMES, tops[i], end, end};
    float* const   out  = render(self, times, &gate);
    slope = out ? fmax(slope, wave_largest_step(out, 0, end)) : (double)NAN;
    free(out);
  }
  return slope;
}

/// Return the largest step at a new gate over the steepest of an undisturbed envelope
static double
regate_jump(const Study* const self, const double high_s, const double low_s)
{
  const Times    times       = {0.1, 0.1, 0.1, SUSTAIN};
  const uint32_t fall        = LEAD_FRAMES + frames_of(self, high_s);
  const uint32_t second_rise = fall + frames_of(self, low_s);
  const Gate     gate        = {
               LEAD_FRAMES, fall, second_rise, second_rise + frames_of(self, 0.1)};
  float* const out = render(self, &times, &gate);
  if (!out) {
    return (double)NAN;
  }

  const double step =
    wave_largest_step(out, gate.second_rise - 2U, gate.second_rise + 3U);
  free(out);
  return step / steepest(self, &times);
}

/// Return the top of what a gate of one frame makes
static double
one_frame_top(const Study* const self)
{
  const Times  times = {SHORT_S, SHORT_S, SHORT_S, SUSTAIN};
  const Gate   gate  = {LEAD_FRAMES, LEAD_FRAMES + 1U, 4800, 4800};
  float* const out   = render(self, &times, &gate);
  const double top   = out ? wave_peak(out, gate.end) : (double)NAN;

  free(out);
  return top;
}

void
envelope_quality(const Study* const study)
{
  measure_times(study);
  measure_levels(study);
  study_add(
    study, "levels", "jump A", regate_jump(study, 0.05, 1.0 / study->sample_rate));
  study_add(
    study, "levels", "jump D", regate_jump(study, 0.15, 1.0 / study->sample_rate));
  study_add(study, "levels", "jump R", regate_jump(study, 0.3, 0.05));

  const double top = one_frame_top(study);
  study_add(study, "levels", "1 frame", top);
  study_add(study, "levels", "missed", isnan(top) ? top : top > 0.0 ? 0.0 : 1.0);
}
