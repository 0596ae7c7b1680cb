// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "adsr_ports.h"
#include "host/host.h"
#include "modulation/adsr.h"
#include "modulation/time_curve.h"

#include <math.h>
#include <string.h>

#define MAX_FRAMES 8192U
#define RATE 48000.0

/// Steps of a curve are allowed this much more than it says, for rounding to float
#define TOLERANCE 2e-7

/// An envelope with all its signals
typedef struct {
  Adsr        adsr;
  AdsrKnobs   knobs;
  AdsrSignals in;
  float       gate[MAX_FRAMES];
  float       retrigger[MAX_FRAMES];
  float       time_oct[N_STAGES][MAX_FRAMES];
  float       sustain[MAX_FRAMES];
  float       level_v[MAX_FRAMES];
  float       out[MAX_FRAMES];
  float       end[MAX_FRAMES];
} Bench;

static const double curves[] = {-1.0, -0.3, -1e-8, 0.0, 1e-6, 0.2, 0.6, 1.0};

#define N_CURVES (sizeof(curves) / sizeof(curves[0]))

static Bench bench; ///< Too large for some stacks

/// Set up a plain envelope at half sustain, whose gate is low and times are unpatched
static Bench*
set_up(const double sample_rate)
{
  Bench* const self = &bench;
  *self             = (Bench){
                .knobs = {
                  .time_s = {[STAGE_ATTACK] = 0.01, [STAGE_DECAY] = 0.02, [STAGE_RELEASE] = 0.03}}};
  self->in = (AdsrSignals){.gate      = {self->gate, false},
                           .retrigger = {self->retrigger, false},
                           .sustain   = {self->sustain, false},
                           .level_v   = {self->level_v, true}};
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    self->sustain[i] = 0.5f;
    self->level_v[i] = 1.0f;
  }
  adsr_init(&self->adsr, sample_rate);
  return self;
}

/// Patch the CVs of the times
static void
patch_times(Bench* const self)
{
  self->in.attack_oct.frame  = self->time_oct[STAGE_ATTACK];
  self->in.decay_oct.frame   = self->time_oct[STAGE_DECAY];
  self->in.release_oct.frame = self->time_oct[STAGE_RELEASE];
}

static void
set_gate(Bench* const self, const uint32_t start, const uint32_t end)
{
  for (uint32_t i = start; i < end; ++i) {
    self->gate[i] = 10.0f;
  }
}

/// Play frames `start` to `end`
static void
play(Bench* const self, const uint32_t start, const uint32_t end)
{
  const AdsrSignals* const all = &self->in;
  const AdsrSignals        in  = {.gate         = signal_from(all->gate, start),
                                  .retrigger    = signal_from(all->retrigger, start),
                                  .attack_oct   = signal_from(all->attack_oct, start),
                                  .decay_oct    = signal_from(all->decay_oct, start),
                                  .release_oct  = signal_from(all->release_oct, start),
                                  .sustain      = signal_from(all->sustain, start),
                                  .sustain_cv_v = signal_from(all->sustain_cv_v, start),
                                  .level_v      = signal_from(all->level_v, start)};

  adsr_set_knobs(&self->adsr, &self->knobs);
  adsr_process(&self->adsr, &in, self->out + start, self->end + start, end - start);
}

/// Play on with a steady gate until `end` goes high, and return how many frames before
static uint64_t
frames_to_end(Bench* const self)
{
  for (uint64_t start = 0;; start += MAX_FRAMES) {
    play(self, 0, MAX_FRAMES);
    for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
      if (self->end[i] > 0.0f) {
        return start + i;
      }
    }
  }
}

/// Return the part of a ramp's height that is done with the part `p` of its time
static double
shape(const double curve, const double p)
{
  const double c = TIME_CURVE_STEEPEST * curve;

  return fabs(c) < 1e-9 ? p : -expm1(-c * p) / -expm1(-c);
}

/// Return the largest step of a ramp of `n_frames` over the whole range
static double
largest_step(const double curve, const double n_frames)
{
  return shape(fabs(curve), 1.0 / n_frames) + TOLERANCE;
}

/// Return a number in [0, 1), each time another
static float
next_random(void)
{
  static uint32_t seed = 1;

  seed = seed * 1664525U + 1013904223U;
  return (float)(seed >> 8U) / 16777216.0f;
}

// ---- Times

static const double rates[] = {8000.0, 44100.0, 48000.0, 96000.0, 192000.0, 768000.0};
static const double times[] = {1e-4, 2.5e-4, 0.001, 0.00777, 0.1, 0.61803};

#define N_RATES (sizeof(rates) / sizeof(rates[0]))
#define N_TIMES (sizeof(times) / sizeof(times[0]))

/// Set up a loop where only attack and decay take time, one frame each
static Bench*
set_up_loop(const double sample_rate)
{
  Bench* const self = set_up(sample_rate);

  memset(self->knobs.time_s, 0, sizeof(self->knobs.time_s));
  self->knobs.loop = true;
  set_gate(self, 0, MAX_FRAMES);
  return self;
}

static void
check_stage(const AdsrStage stage,
            const double    rate,
            const double    time_s,
            const double    scale_oct,
            const double    curve)
{
  Bench* const self = set_up_loop(rate);

  self->knobs.time_s[stage]  = time_s;
  self->knobs.time_scale_oct = scale_oct;
  self->knobs.curve[stage]   = curve;
  if (stage == STAGE_RELEASE) {
    play(self, 0, 1);
    memset(self->gate, 0, sizeof(self->gate));
  }

  const double n_exact  = time_s * exp2(scale_oct) * rate;
  const bool   is_ramp  = stage != STAGE_DELAY && stage != STAGE_HOLD;
  const double n_rest   = stage == STAGE_RELEASE ? 0.0 : is_ramp ? 1.0 : 2.0;
  const double expected = fmax(is_ramp ? 1.0 : 0.0, rint(n_exact)) + n_rest;
  ck_assert_uint_eq(frames_to_end(self) + 1, (uint64_t)expected);
}

START_TEST(stages_last_as_long_as_their_times)
{
  static const AdsrStage stages[] = {
    STAGE_DELAY, STAGE_ATTACK, STAGE_HOLD, STAGE_DECAY, STAGE_RELEASE};

  for (unsigned s = 0; s < sizeof(stages) / sizeof(stages[0]); ++s) {
    for (unsigned t = 0; t < N_TIMES; ++t) {
      for (int scale_oct = -5; scale_oct <= 5; scale_oct += 5) {
        for (unsigned c = 0; c < N_CURVES; c += 3) {
          check_stage(stages[s], rates[_i], times[t], scale_oct, curves[c]);
        }
      }
    }
  }
}
END_TEST

START_TEST(long_stages_are_exact_to_the_frame)
{
  check_stage(STAGE_ATTACK, 192000.0, 60.0, 0.0, 0.2);
  check_stage(STAGE_RELEASE, 192000.0, 60.0, 0.0, 0.0);
  check_stage(STAGE_DECAY, 8000.0, 60.0, 5.0, -1.0);
  check_stage(STAGE_RELEASE, 44100.0, 60.0, 4.0, 1.0);
}
END_TEST

/// A stage of the longest time there is; all but the last frames are skipped
START_TEST(longest_stage_is_exact_to_the_frame)
{
  Bench* const self = set_up_loop(768000.0);

  self->knobs.time_s[STAGE_ATTACK] = 60.0;
  self->knobs.time_scale_oct       = 5.0;
  play(self, 0, 1);
  self->adsr.ramp.left -= (60 * 32 * 768000 - 101) * self->adsr.ramp.step;
  ck_assert_uint_eq(frames_to_end(self) + 1, 101);
}
END_TEST

START_TEST(loop_has_an_exact_period)
{
  Bench* const self = set_up_loop(RATE);

  self->knobs.time_s[STAGE_DELAY]  = 10.4 / RATE;
  self->knobs.time_s[STAGE_ATTACK] = 30.6 / RATE;
  self->knobs.time_s[STAGE_HOLD]   = 20.0 / RATE;
  self->knobs.time_s[STAGE_DECAY]  = 40.0 / RATE;
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    const bool is_high = i >= 100 && (i - 100) % 101 < 48;
    ck_assert_float_eq(self->end[i], is_high ? 10.0f : 0.0f);
    if (i >= 101) {
      const float in_delay = i % 101 < 10 ? self->out[i] - 0.5f : 0.0f;
      ck_assert_float_eq(in_delay, 0.0f);
      ck_assert_float_eq(self->out[i], self->out[i < 202 ? i : i - 101]);
    }
  }
}
END_TEST

START_TEST(triggers_of_a_fast_loop_stay_apart)
{
  Bench* const self = set_up_loop(RATE);

  self->knobs.time_s[STAGE_ATTACK] = 5.0 / RATE;
  self->knobs.time_s[STAGE_DECAY]  = 5.0 / RATE;
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 30; i < MAX_FRAMES; ++i) {
    ck_assert_float_eq(self->end[i], i % 10 == 9 ? 0.0f : 10.0f);
  }
}
END_TEST

START_TEST(release_sends_one_trigger_of_a_millisecond)
{
  Bench* const self = set_up(RATE);

  set_gate(self, 100, 200);
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    const bool is_high = i >= 200 + 1439 && i < 200 + 1439 + 48;
    ck_assert_float_eq(self->end[i], is_high ? 10.0f : 0.0f);
  }
}
END_TEST

// ---- Levels and shapes

START_TEST(stages_end_exactly_on_their_levels)
{
  Bench* const self = set_up(RATE);

  self->knobs.time_s[STAGE_DELAY]  = 100.0 / RATE;
  self->knobs.time_s[STAGE_HOLD]   = 50.0 / RATE;
  self->knobs.curve[STAGE_ATTACK]  = curves[_i];
  self->knobs.curve[STAGE_DECAY]   = curves[_i];
  self->knobs.curve[STAGE_RELEASE] = curves[_i];
  set_gate(self, 0, 4000);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    self->sustain[i] = 0.7f;
  }

  play(self, 0, MAX_FRAMES);
  ck_assert_float_eq(self->out[99], 0.0f);
  ck_assert_float_gt(self->out[110], 0.0f);
  ck_assert_float_lt(self->out[570], 1.0f);
  for (uint32_t i = 579; i < 630; ++i) {
    ck_assert_float_eq(self->out[i], 1.0f);
  }
  ck_assert_float_lt(self->out[700], 1.0f);
  ck_assert_float_gt(self->out[1500], 0.7f);
  for (uint32_t i = 1589; i < 4000; ++i) {
    ck_assert_float_eq(self->out[i], 0.7f);
  }
  ck_assert_float_gt(self->out[5400], 0.0f);
  for (uint32_t i = 5439; i < MAX_FRAMES; ++i) {
    ck_assert_float_eq(self->out[i], 0.0f);
  }
}
END_TEST

START_TEST(ramps_follow_their_curves)
{
  Bench* const self  = set_up(RATE);
  const double curve = curves[_i];

  self->knobs.curve[STAGE_ATTACK]  = curve;
  self->knobs.curve[STAGE_DECAY]   = curve;
  self->knobs.curve[STAGE_RELEASE] = curve;
  set_gate(self, 0, 3000);
  play(self, 0, MAX_FRAMES);
  for (uint32_t k = 1; k <= 480; ++k) {
    const double attack = shape(curve, k / 480.0);
    ck_assert_double_eq_tol((double)self->out[k - 1], attack, TOLERANCE);
  }
  for (uint32_t k = 1; k <= 960; ++k) {
    const double decay = 1.0 - 0.5 * shape(curve, k / 960.0);
    ck_assert_double_eq_tol((double)self->out[479 + k], decay, TOLERANCE);
  }
  for (uint32_t k = 1; k <= 1440; ++k) {
    const double release = 0.5 - 0.5 * shape(curve, k / 1440.0);
    ck_assert_double_eq_tol((double)self->out[2999 + k], release, TOLERANCE);
  }
}
END_TEST

START_TEST(ramps_never_turn_back)
{
  Bench* const self = set_up(192000.0);

  self->knobs.time_s[STAGE_ATTACK] = 60.0;
  self->knobs.curve[STAGE_ATTACK]  = curves[_i];
  set_gate(self, 0, MAX_FRAMES);
  float    last   = 0.0f;
  unsigned n_back = 0;
  for (unsigned n = 0; n < 200; ++n) {
    play(self, 0, MAX_FRAMES);
    for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
      n_back += self->out[i] < last;
      last = self->out[i];
    }
  }
  ck_assert_uint_eq(n_back, 0);
}
END_TEST

START_TEST(sustain_follows_its_signal)
{
  Bench* const self = set_up(RATE);

  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    self->sustain[i] = next_random();
  }
  set_gate(self, 0, 5000);
  play(self, 0, 5000);
  for (uint32_t k = 1; k <= 960; ++k) {
    const double to    = (double)self->sustain[479 + k];
    const double decay = to + (1.0 - to) * (1.0 - k / 960.0);
    ck_assert_double_eq_tol((double)self->out[479 + k], decay, TOLERANCE);
  }
  for (uint32_t i = 480 + 959; i < 5000; ++i) {
    ck_assert_float_eq(self->out[i], self->sustain[i]);
  }
}
END_TEST

// ---- Moving times

START_TEST(times_follow_their_cv_at_each_frame)
{
  Bench* const self  = set_up(RATE);
  const double curve = curves[_i];

  self->knobs.curve[STAGE_ATTACK]  = curve;
  self->knobs.time_s[STAGE_ATTACK] = 0.05;
  self->in.attack_oct.frame        = self->time_oct[STAGE_ATTACK];
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    // In between, it stands still
    const float cv                  = sinf((float)i * 0.01f) + 0.2f * next_random();
    self->time_oct[STAGE_ATTACK][i] = i % 1000 < 600 ? cv : 0.5f;
  }
  set_gate(self, 0, MAX_FRAMES);
  play(self, 0, MAX_FRAMES);

  double   p = 0.0;
  uint32_t i = 0;
  for (; p < 1.0 - 1e-9; ++i) {
    p += 1.0 / rint(0.05 * RATE * exp2((double)self->time_oct[STAGE_ATTACK][i]));
    ck_assert_double_eq_tol(
      (double)self->out[i], p < 1.0 ? shape(curve, p) : 1.0, TOLERANCE);
  }
  ck_assert_uint_gt(i, 2000);
  ck_assert_float_eq(self->out[i - 1], 1.0f);
  ck_assert_int_eq(self->adsr.stage, STAGE_SUSTAIN);
  ck_assert_float_lt(self->out[i], 1.0f);
}
END_TEST

START_TEST(a_volt_doubles_a_time)
{
  for (int volts = -3; volts <= 3; ++volts) {
    Bench* const self = set_up_loop(RATE);

    self->knobs.time_s[STAGE_DECAY] = 0.01;
    self->in.decay_oct.frame        = self->time_oct[STAGE_DECAY];
    for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
      self->time_oct[STAGE_DECAY][i] = (float)volts;
    }
    ck_assert_uint_eq(frames_to_end(self), (uint64_t)ldexp(480.0, volts));
  }
}
END_TEST

START_TEST(a_time_moves_by_15_octaves_at_most)
{
  static const float far_v[] = {15.0f, 16.0f, 1e6f, -4000.0f, -1e6f};

  for (unsigned v = 0; v < sizeof(far_v) / sizeof(far_v[0]); ++v) {
    Bench* const self = set_up_loop(RATE);

    self->knobs.time_s[STAGE_ATTACK] = 1e-4;
    self->in.attack_oct.frame        = self->time_oct[STAGE_ATTACK];
    for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
      self->time_oct[STAGE_ATTACK][i] = far_v[v];
    }
    const double n_frames = far_v[v] > 0.0f ? rint(4.8 * 32768.0) : 1.0;
    ck_assert_uint_eq(frames_to_end(self), (uint64_t)n_frames);
  }
}
END_TEST

START_TEST(turned_time_changes_the_pace_from_there_on)
{
  Bench* const self = set_up(RATE);

  set_gate(self, 0, MAX_FRAMES);
  play(self, 0, 120);
  self->knobs.time_s[STAGE_ATTACK] *= 3.0;
  play(self, 120, MAX_FRAMES);
  for (uint32_t i = 0; i < 120; ++i) {
    ck_assert_double_eq_tol((double)self->out[i], (i + 1) / 480.0, TOLERANCE);
  }
  for (uint32_t i = 120; i < 120 + 1080; ++i) {
    const double level = 0.25 + (i - 119) / 1440.0;
    ck_assert_double_eq_tol((double)self->out[i], level, TOLERANCE);
  }
  ck_assert_float_eq(self->out[120 + 1079], 1.0f);
}
END_TEST

START_TEST(turned_curve_makes_no_step)
{
  // Up and down in the middle of every stage, and at its very end
  static const uint32_t turns[] = {1, 240, 479, 480, 900, 1439, 2000, 3300, 3438};

  Bench* const self = set_up(RATE);
  set_gate(self, 0, 2000);
  uint32_t start = 0;
  for (unsigned t = 0; t < sizeof(turns) / sizeof(turns[0]); ++t) {
    play(self, start, turns[t]);
    start = turns[t];
    for (unsigned s = 0; s < N_STAGES; ++s) {
      self->knobs.curve[s] = t % 2 ? -0.5 : 0.5;
    }
  }
  play(self, start, MAX_FRAMES);

  const double bound = largest_step(0.5, 480.0) * 1.5;
  for (uint32_t i = 1; i < MAX_FRAMES; ++i) {
    ck_assert_double_le(fabs((double)self->out[i] - (double)self->out[i - 1]), bound);
  }
  ck_assert_float_eq(self->out[479], 1.0f);
  ck_assert_float_eq(self->out[1439], 0.5f);
  ck_assert_float_eq(self->out[3439], 0.0f);
  ck_assert_float_gt(self->out[3438], 0.0f);
}
END_TEST

/// Where next to nothing is left of the longest stage
/// A steep curve may not carry a sustain beyond the full level
START_TEST(sustain_that_rises_after_a_turned_curve_stays_within_the_level)
{
  Bench* const self = set_up(RATE);

  self->knobs.time_s[STAGE_ATTACK] = 10.0 / RATE;
  self->knobs.time_s[STAGE_DECAY]  = 4000.0 / RATE;
  self->knobs.curve[STAGE_DECAY]   = -1.0;
  set_gate(self, 0, MAX_FRAMES);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    self->sustain[i] = i < 2100 ? 0.0f : 1.0f;
  }
  play(self, 0, 2000);
  ck_assert_float_gt(self->out[1999], 0.9f);
  self->knobs.curve[STAGE_DECAY] = 1.0;
  play(self, 2000, MAX_FRAMES);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    ck_assert_float_ge(self->out[i], 0.0f);
    ck_assert_float_le(self->out[i], 1.0f);
  }
}
END_TEST

START_TEST(curve_turned_at_the_last_moment_does_no_harm)
{
  for (int64_t left = 1; left < 1000000000000; left *= 10) {
    Bench* const self = set_up(768000.0);

    self->knobs.time_s[STAGE_ATTACK] = 60.0;
    self->knobs.time_scale_oct       = 15.0;
    self->knobs.curve[STAGE_ATTACK]  = 0.5;
    set_gate(self, 0, MAX_FRAMES);
    play(self, 0, 100);
    self->adsr.ramp.left            = left;
    self->knobs.curve[STAGE_ATTACK] = curves[_i];
    play(self, 100, MAX_FRAMES);
    for (uint32_t i = 100; i < MAX_FRAMES; ++i) {
      ck_assert(self->out[i] > 0.5f && self->out[i] <= 1.0f);
    }
  }
}
END_TEST

// ---- Gates

/// Give every stage a time, and the ramps a curve
static void
set_up_stages(Bench* const self)
{
  self->knobs.time_s[STAGE_DELAY]  = 0.002;
  self->knobs.time_s[STAGE_HOLD]   = 0.005;
  self->knobs.curve[STAGE_ATTACK]  = 0.3;
  self->knobs.curve[STAGE_DECAY]   = 0.3;
  self->knobs.curve[STAGE_RELEASE] = 0.3;
}

/// Frames in every stage of an envelope with a gate of 3000 frames, and at their edges
static const uint32_t moments[] = {1,    50,   95,   96,   97,   300,  575,  576,
                                   577,  700,  815,  816,  1000, 1775, 1776, 2500,
                                   2999, 3001, 3500, 4438, 4439, 4440, 5000};

#define N_MOMENTS (sizeof(moments) / sizeof(moments[0]))

static void
check_steps(const Bench* const self, const double bound)
{
  for (uint32_t i = 1; i < MAX_FRAMES; ++i) {
    ck_assert_double_le(fabs((double)self->out[i] - (double)self->out[i - 1]), bound);
  }
}

/// Start again at any moment: the level goes on from where it is, or falls smoothly
START_TEST(starting_again_makes_no_step)
{
  for (int mode = ADSR_FROM_CURRENT; mode <= ADSR_LEGATO; ++mode) {
    for (unsigned m = 0; m < N_MOMENTS; ++m) {
      Bench* const self = set_up(RATE);
      set_up_stages(self);
      self->knobs.mode = (AdsrMode)mode;
      set_gate(self, 0, 3000);
      if (_i) {
        self->gate[moments[m] - 1] = 0.0f;
        set_gate(self, moments[m], MAX_FRAMES);
      } else {
        self->retrigger[moments[m]] = 10.0f;
      }
      play(self, 0, MAX_FRAMES);
      check_steps(self,
                  mode == ADSR_FROM_ZERO ? largest_step(0.0, 48.0)
                                         : largest_step(0.3, 480.0));
    }
  }
}
END_TEST

START_TEST(retrigger_starts_again_from_the_level)
{
  for (int mode = ADSR_FROM_CURRENT; mode <= ADSR_LEGATO; ++mode) {
    Bench* const self = set_up(RATE);
    self->knobs.mode  = (AdsrMode)mode;
    set_gate(self, 0, 4000);
    self->retrigger[2000] = 10.0f;
    self->retrigger[5000] = 10.0f;
    play(self, 0, MAX_FRAMES);

    const uint32_t fall = mode == ADSR_FROM_ZERO ? 48 : 0;
    for (uint32_t k = 1; k <= fall; ++k) {
      const double level = 0.5 - 0.5 * k / 48.0;
      ck_assert_double_eq_tol((double)self->out[1999 + k], level, TOLERANCE);
    }
    for (uint32_t k = 1; k <= 480; ++k) {
      const double from  = mode == ADSR_FROM_ZERO ? 0.0 : 0.5;
      const double level = mode == ADSR_LEGATO ? 0.5 : from + (1.0 - from) * k / 480.0;
      ck_assert_double_eq_tol((double)self->out[1999 + fall + k], level, TOLERANCE);
    }

    // The second one comes in the release
    ck_assert_double_eq_tol(
      (double)self->out[5000], 0.5 * (1.0 - 1001.0 / 1440.0), TOLERANCE);
  }
}
END_TEST

START_TEST(gate_in_release_starts_from_the_level)
{
  for (int mode = ADSR_FROM_CURRENT; mode <= ADSR_LEGATO; ++mode) {
    Bench* const self = set_up(RATE);
    self->knobs.mode  = (AdsrMode)mode;
    set_gate(self, 0, 2000);
    set_gate(self, 2720, 5000);
    play(self, 0, MAX_FRAMES);
    ck_assert_float_eq_tol(self->out[2719], 0.25f, 1e-6f);

    const bool     is_zero = mode == ADSR_FROM_ZERO;
    const uint32_t start   = 2720 + (is_zero ? 48 : 0);
    const double   from    = is_zero ? 0.0 : 0.25;
    ck_assert_double_eq_tol((double)self->out[start - 1], from, 1e-6);
    for (uint32_t k = 1; k <= 480; ++k) {
      const double level = from + (1.0 - from) * k / 480.0;
      ck_assert_double_eq_tol((double)self->out[start + k - 1], level, TOLERANCE);
    }
    ck_assert_float_eq(self->out[start + 479], 1.0f);
  }
}
END_TEST

/// A gate of one frame, also when another envelope is still sounding
START_TEST(shortest_gate_starts_an_attack)
{
  const AdsrMode mode = (AdsrMode)_i;

  for (unsigned m = 0; m < N_MOMENTS; ++m) {
    Bench* const self = set_up(RATE);
    set_up_stages(self);
    self->knobs.time_s[STAGE_DELAY] = 0.0;
    self->knobs.mode                = mode;

    // The first envelope ends, so that all that comes later is due to the short gate
    const uint32_t start = moments[m] + 1;
    set_gate(self, 0, start <= 3000 ? start - 1 : 3000);
    set_gate(self, start, start + 1);
    play(self, 0, MAX_FRAMES);

    const float    before = self->out[start - 1];
    const bool     falls  = mode == ADSR_FROM_ZERO && before > 0.0f;
    const uint32_t attack = start + (falls ? 48 : 0);
    const double   from   = falls ? 0.0 : (double)before;
    const double   first  = from + (1.0 - from) * shape(0.3, 1.0 / 480.0);
    ck_assert_double_eq_tol((double)self->out[attack], first, TOLERANCE);
    ck_assert_float_lt(self->out[attack + 1], self->out[attack]);
    ck_assert_float_eq(self->out[attack + 1440], 0.0f);
    ck_assert_float_gt(self->out[attack + 1000], 0.0f);
    ck_assert_float_eq(self->end[attack + 1440], 10.0f);
    ck_assert_float_eq(self->end[attack + 1439], 0.0f);
  }
}
END_TEST

START_TEST(gates_within_the_fall_do_not_prolong_it)
{
  Bench* const self = set_up(RATE);

  self->knobs.mode = ADSR_FROM_ZERO;
  set_gate(self, 0, 3000);
  self->retrigger[2000] = 10.0f;
  self->retrigger[2010] = 10.0f;
  self->gate[2020]      = 0.0f;
  self->gate[2030]      = 0.0f;
  play(self, 0, MAX_FRAMES);
  ck_assert_float_gt(self->out[2046], 0.0f);
  ck_assert_float_eq(self->out[2047], 0.0f);
  ck_assert_float_eq(self->out[2527], 1.0f);
}
END_TEST

START_TEST(gate_shorter_than_the_delay_makes_no_sound)
{
  Bench* const self = set_up(RATE);

  self->knobs.time_s[STAGE_DELAY] = 0.002;
  set_gate(self, 10, 90);
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    ck_assert_float_eq(self->out[i], 0.0f);
    ck_assert_float_eq(self->end[i], i >= 1529 && i < 1577 ? 10.0f : 0.0f);
  }
}
END_TEST

START_TEST(release_takes_its_time_from_any_level)
{
  for (uint32_t length = 1; length < 1500; length += 83) {
    Bench* const self = set_up(RATE);
    set_gate(self, 0, length);
    play(self, 0, MAX_FRAMES);
    ck_assert_float_gt(self->out[length + 1438], 0.0f);
    ck_assert_float_eq(self->out[length + 1439], 0.0f);
    ck_assert_float_eq(self->end[length + 1439], 10.0f);
    ck_assert_float_eq(self->end[length + 1438], 0.0f);
  }
}
END_TEST

START_TEST(manual_gate_is_as_good_as_a_signal)
{
  Bench* const self = set_up(RATE);

  set_gate(self, 100, 4000);
  play(self, 0, MAX_FRAMES);
  float expected[MAX_FRAMES];
  memcpy(expected, self->out, sizeof(expected));

  set_up(RATE);
  play(self, 0, 100);
  self->knobs.manual_gate = true;
  set_gate(self, 1000, 2000); // Changes nothing
  play(self, 100, 4000);
  self->knobs.manual_gate = false;
  play(self, 4000, MAX_FRAMES);
  ck_assert_mem_eq(self->out, expected, sizeof(expected));
}
END_TEST

START_TEST(loop_can_be_switched_while_it_plays)
{
  Bench* const self = set_up(RATE);

  set_gate(self, 0, MAX_FRAMES);
  play(self, 0, 2000);
  self->knobs.loop = true;
  play(self, 2000, 4000);
  self->knobs.loop = false;
  play(self, 4000, MAX_FRAMES);
  ck_assert_float_eq(self->out[1999], 0.5f);
  ck_assert_float_eq(self->out[2479], 1.0f);
  ck_assert_float_eq(self->end[3439], 10.0f);
  ck_assert_float_eq(self->out[3919], 1.0f);
  for (uint32_t i = 4879; i < MAX_FRAMES; ++i) {
    ck_assert_float_eq(self->out[i], 0.5f);
    ck_assert_float_eq(self->end[i], 0.0f);
  }
}
END_TEST

// ---- Blocks

/// Let everything move, some of it always, some of it now and then
static Bench*
set_up_chaos(const double range_v)
{
  static const AdsrStage ramps[] = {STAGE_ATTACK, STAGE_DECAY, STAGE_RELEASE};

  Bench* const self = set_up(RATE);
  patch_times(self);
  float held = 0.0f;
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    held               = next_random() < 0.03f ? next_random() : held;
    self->gate[i]      = (float)range_v * (held - 0.4f);
    self->retrigger[i] = next_random() < 0.01f ? 10.0f : 0.0f;
    self->sustain[i]   = next_random();
    for (unsigned r = 0; r < 3; ++r) {
      const float cv              = (float)range_v * (next_random() - 0.5f);
      self->time_oct[ramps[r]][i] = i / 512 % 2 ? cv : held;
    }
  }
  return self;
}

/// Turn the knobs to something else every 1024 frames
static void
turn_knobs(AdsrKnobs* const knobs, const uint32_t turn)
{
  for (unsigned s = 0; s < N_STAGES; ++s) {
    knobs->time_s[s] = 0.001 * ((turn + s) % 5);
    knobs->curve[s]  = 0.5 * ((turn + s) % 5) - 1.0;
  }
  knobs->time_scale_oct = turn % 3 - 1.0;
  knobs->mode           = (AdsrMode)(turn % 3);
  knobs->loop           = turn % 2;
  knobs->manual_gate    = turn % 7 == 6;
}

START_TEST(slicing_changes_nothing)
{
  Bench* const self = set_up_chaos(6.0);

  for (uint32_t i = 0; i < MAX_FRAMES; i += 1024) {
    turn_knobs(&self->knobs, i / 1024);
    play(self, i, i + 1024);
  }
  static float out[MAX_FRAMES];
  static float end[MAX_FRAMES];
  memcpy(out, self->out, sizeof(out));
  memcpy(end, self->end, sizeof(end));

  // Once all slices are of one size, from one frame up, once they are random
  for (uint32_t size = 0; size <= 64; ++size) {
    adsr_reset(&self->adsr);
    for (uint32_t i = 0; i < MAX_FRAMES;) {
      const uint32_t left = 1024 - i % 1024;
      const uint32_t want = size ? size : 1 + (uint32_t)(64.0f * next_random());
      const uint32_t n    = want < left ? want : left;
      turn_knobs(&self->knobs, i / 1024);
      play(self, i, i + n);
      i += n;
    }
    ck_assert_mem_eq(self->out, out, sizeof(out));
    ck_assert_mem_eq(self->end, end, sizeof(end));
  }
}
END_TEST

/// Signals that are still in some slices: knowing that must not matter
START_TEST(knowing_what_is_still_changes_nothing)
{
  enum { N_SLICE = 64 };

  Bench* const self = set_up_chaos(6.0);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    const uint32_t held = i / 512 % 2 ? i : i / N_SLICE * N_SLICE;
    self->gate[i]       = self->gate[held];
    self->sustain[i]    = self->sustain[held];
    for (unsigned s = 0; s < N_STAGES; ++s) {
      self->time_oct[s][i] = self->time_oct[s][held];
    }
  }
  static float cv_v[MAX_FRAMES];
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    cv_v[i] = i / 1024 % 2 ? 2.0f : 0.0f;
  }
  self->in.sustain_cv_v.frame = cv_v;

  static float out[MAX_FRAMES];
  set_up_stages(self);
  play(self, 0, MAX_FRAMES);
  memcpy(out, self->out, sizeof(out));

  adsr_reset(&self->adsr);
  for (uint32_t i = 0; i < MAX_FRAMES; i += N_SLICE) {
    const bool is_constant            = i / 512 % 2 == 0;
    self->in.gate.is_constant         = is_constant;
    self->in.sustain.is_constant      = is_constant;
    self->in.attack_oct.is_constant   = is_constant;
    self->in.decay_oct.is_constant    = is_constant;
    self->in.release_oct.is_constant  = is_constant;
    self->in.sustain_cv_v.is_constant = true;
    play(self, i, i + N_SLICE);
  }
  ck_assert_mem_eq(self->out, out, sizeof(out));
}
END_TEST

START_TEST(level_is_multiplied_by_all_stages)
{
  static float out[MAX_FRAMES];
  static float level_v[MAX_FRAMES];

  Bench* const self = set_up_chaos(6.0);
  set_up_stages(self);
  play(self, 0, MAX_FRAMES);
  memcpy(out, self->out, sizeof(out));
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    level_v[i] = _i ? 7.3f : 10.0f * next_random();
  }

  adsr_reset(&self->adsr);
  self->in.level_v = (Signal){level_v, _i};
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    ck_assert_float_eq(self->out[i], out[i] * level_v[i]);
  }
}
END_TEST

START_TEST(sustain_cv_moves_the_sustain)
{
  Bench* const self = set_up(RATE);
  static float cv_v[MAX_FRAMES];

  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    cv_v[i] = 12.0f * next_random() - 6.0f;
  }
  self->in.sustain_cv_v.frame = cv_v;
  set_gate(self, 0, MAX_FRAMES);
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 480; i < MAX_FRAMES; ++i) {
    const double to    = fmin(fmax(0.5 + 0.1 * (double)cv_v[i], 0.0), 1.0);
    const double left  = i < 480 + 960 ? 1.0 - (i - 479) / 960.0 : 0.0;
    const double level = to + (1.0 - to) * left;
    ck_assert_double_eq_tol((double)self->out[i], level, TOLERANCE);
  }
}
END_TEST

START_TEST(unpatched_is_zero_volts)
{
  Bench* const self = set_up(RATE);
  static float out[MAX_FRAMES];

  set_up_stages(self);
  set_gate(self, 10, 3000);
  play(self, 0, MAX_FRAMES);
  memcpy(out, self->out, sizeof(out));

  adsr_reset(&self->adsr);
  patch_times(self);
  play(self, 0, MAX_FRAMES);
  ck_assert_mem_eq(self->out, out, sizeof(out));
}
END_TEST

START_TEST(unheard_triggers_are_counted_all_the_same)
{
  Bench* const self = set_up(RATE);

  set_gate(self, 100, 200);
  adsr_set_knobs(&self->adsr, &self->knobs);
  ck_assert(adsr_process(&self->adsr, &self->in, self->out, NULL, 1660));
  play(self, 1660, MAX_FRAMES);
  for (uint32_t i = 1660; i < MAX_FRAMES; ++i) {
    ck_assert_float_eq(self->end[i], i < 200 + 1439 + 48 ? 10.0f : 0.0f);
  }
}
END_TEST

START_TEST(anything_stays_in_range)
{
  Bench* const self = set_up_chaos(2e6);

  for (unsigned n = 0; n < 20; ++n) {
    for (uint32_t i = 0; i < MAX_FRAMES; i += 256) {
      turn_knobs(&self->knobs, (uint32_t)(1000.0f * next_random()));
      self->knobs.time_scale_oct = n % 2 ? -5.0 : 5.0;
      play(self, i, i + 256);
    }
    for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
      ck_assert(self->out[i] >= 0.0f && self->out[i] <= 1.0f);
      ck_assert(self->end[i] == 0.0f || self->end[i] == 10.0f);
    }
  }
}
END_TEST

START_TEST(reset_forgets_everything)
{
  Bench* const self = set_up_chaos(6.0);
  static float out[MAX_FRAMES];

  play(self, 0, MAX_FRAMES);
  memcpy(out, self->out, sizeof(out));
  adsr_reset(&self->adsr);
  play(self, 0, MAX_FRAMES);
  ck_assert_mem_eq(self->out, out, sizeof(out));
}
END_TEST

// ---- The plugin

/// The plugin among its ports; signals are as long as the bench's
typedef struct {
  Host*         host;
  LilvInstance* instance;
  float         knob[ADSR_N_PORTS];
  float         signal[ADSR_N_PORTS][MAX_FRAMES];
} Module;

static Module module;

static Module*
set_up_module(void)
{
  Module* const self = &module;

  *self = (Module){.host = host_new(TEST_LV2_PATH)};
  self->instance =
    host_instantiate(self->host, host_plugin(self->host, CHRONUS_URI "adsr"), RATE);
  for (uint32_t p = 0; p < ADSR_N_PORTS; ++p) {
    const bool is_knob = adsr_ports[p].kind == PORT_CONTROL;
    self->knob[p]      = adsr_ports[p].default_value;
    lilv_instance_connect_port(
      self->instance, p, is_knob ? self->knob + p : self->signal[p]);
  }
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    self->signal[ADSR_GATE][i] = 10.0f;
  }
  self->knob[ADSR_DECAY] = 0.005f;
  lilv_instance_activate(self->instance);
  return self;
}

static void
tear_down_module(Module* const self)
{
  lilv_instance_free(self->instance);
  host_free(self->host);
}

START_TEST(levels_are_volts)
{
  // The level that is left in the sustain, of knobs and CVs
  static const struct {
    float sustain;
    float sustain_cv_v;
    float level_v;
    float level_cv_amount;
    float level_cv_v;
    float expected_v;
  } cases[] = {
    {70.0f, 0.0f, 10.0f, 0.0f, 0.0f, 7.0f},
    {100.0f, 0.0f, 10.0f, 0.0f, 3.0f, 10.0f},
    {25.0f, 5.0f, 10.0f, 0.0f, 0.0f, 7.5f},
    {25.0f, -1.0f, 10.0f, 0.0f, 0.0f, 1.5f},
    {25.0f, -3.0f, 10.0f, 0.0f, 0.0f, 0.0f},
    {25.0f, 1e6f, 10.0f, 0.0f, 0.0f, 10.0f},
    {50.0f, 0.0f, 4.0f, 0.0f, 0.0f, 2.0f},
    {50.0f, 0.0f, 8.0f, 1.0f, 5.0f, 2.0f},
    {50.0f, 0.0f, 8.0f, 0.5f, 5.0f, 3.0f},
    {50.0f, 0.0f, 8.0f, 1.0f, -2.0f, 0.0f},
    {50.0f, 0.0f, 8.0f, 1.0f, 1e6f, 4.0f},
  };

  for (unsigned c = 0; c < sizeof(cases) / sizeof(cases[0]); ++c) {
    Module* const self               = set_up_module();
    self->knob[ADSR_SUSTAIN]         = cases[c].sustain;
    self->knob[ADSR_LEVEL]           = cases[c].level_v;
    self->knob[ADSR_LEVEL_CV_AMOUNT] = cases[c].level_cv_amount;
    for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
      self->signal[ADSR_SUSTAIN_CV][i] = cases[c].sustain_cv_v;
      self->signal[ADSR_LEVEL_CV][i]   = cases[c].level_cv_v;
    }
    lilv_instance_run(self->instance, MAX_FRAMES);
    ck_assert_float_eq_tol(
      self->signal[ADSR_ENVELOPE][MAX_FRAMES - 1], cases[c].expected_v, 1e-6f);
    tear_down_module(self);
  }
}
END_TEST

START_TEST(sustain_and_level_glide)
{
  static const uint32_t knobs[] = {ADSR_SUSTAIN, ADSR_LEVEL};

  for (unsigned k = 0; k < 2; ++k) {
    Module* const self   = set_up_module();
    float* const  out    = self->signal[ADSR_ENVELOPE];
    self->knob[knobs[k]] = 10.0f;
    lilv_instance_run(self->instance, MAX_FRAMES);
    const float before = out[MAX_FRAMES - 1];

    // Half way, in whatever unit the knob has
    self->knob[knobs[k]] = 5.0f;
    lilv_instance_run(self->instance, MAX_FRAMES);
    const float glide = before - 0.5f * before * (1.0f - expf(-1.0f / 240.0f));
    ck_assert_float_eq_tol(out[0], glide, 1e-5f);
    ck_assert_float_eq_tol(out[MAX_FRAMES - 1], 0.5f * before, 1e-6f);
    tear_down_module(self);
  }
}
END_TEST

START_TEST(knobs_set_their_stages)
{
  Module* const self        = set_up_module();
  self->knob[ADSR_DECAY]    = 0.02f;
  self->knob[ADSR_DELAY]    = 0.001f;
  self->knob[ADSR_HOLD]     = 0.002f;
  self->knob[ADSR_RELEASE]  = 0.03f;
  const float* const out    = self->signal[ADSR_ENVELOPE];
  const float* const end    = self->signal[ADSR_END];
  const uint32_t     attack = 48;
  const uint32_t     decay  = attack + 240 + 96;
  for (uint32_t i = 4000; i < MAX_FRAMES; ++i) {
    self->signal[ADSR_GATE][i] = 0.0f;
  }

  lilv_instance_run(self->instance, MAX_FRAMES);
  ck_assert_float_eq(out[attack - 1], 0.0f);
  ck_assert_float_gt(out[attack], 0.0f);
  ck_assert_float_eq(out[attack + 239], 10.0f);
  ck_assert_float_eq(out[decay - 1], 10.0f);
  ck_assert_float_lt(out[decay], 10.0f);
  ck_assert_float_gt(out[decay + 958], 7.0f);
  ck_assert_float_eq(out[decay + 959], 7.0f);
  ck_assert_float_gt(out[4000 + 1438], 0.0f);
  ck_assert_float_eq(out[4000 + 1439], 0.0f);
  ck_assert_float_eq(end[4000 + 1438], 0.0f);
  ck_assert_float_eq(end[4000 + 1439], 10.0f);
  tear_down_module(self);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("adsr");
  TCase* const tests = tcase_create("adsr");
  tcase_set_timeout(tests, 60.0);
  tcase_add_loop_test(tests, stages_last_as_long_as_their_times, 0, N_RATES);
  tcase_add_test(tests, long_stages_are_exact_to_the_frame);
  tcase_add_test(tests, longest_stage_is_exact_to_the_frame);
  tcase_add_test(tests, loop_has_an_exact_period);
  tcase_add_test(tests, triggers_of_a_fast_loop_stay_apart);
  tcase_add_test(tests, release_sends_one_trigger_of_a_millisecond);
  tcase_add_loop_test(tests, stages_end_exactly_on_their_levels, 0, N_CURVES);
  tcase_add_loop_test(tests, ramps_follow_their_curves, 0, N_CURVES);
  tcase_add_loop_test(tests, ramps_never_turn_back, 0, N_CURVES);
  tcase_add_test(tests, sustain_follows_its_signal);
  tcase_add_loop_test(tests, times_follow_their_cv_at_each_frame, 0, N_CURVES);
  tcase_add_test(tests, a_volt_doubles_a_time);
  tcase_add_test(tests, a_time_moves_by_15_octaves_at_most);
  tcase_add_test(tests, turned_time_changes_the_pace_from_there_on);
  tcase_add_test(tests, turned_curve_makes_no_step);
  tcase_add_test(tests, sustain_that_rises_after_a_turned_curve_stays_within_the_level);
  tcase_add_loop_test(tests, curve_turned_at_the_last_moment_does_no_harm, 0, N_CURVES);
  tcase_add_loop_test(tests, starting_again_makes_no_step, 0, 2);
  tcase_add_test(tests, retrigger_starts_again_from_the_level);
  tcase_add_test(tests, gate_in_release_starts_from_the_level);
  tcase_add_loop_test(tests, shortest_gate_starts_an_attack, 0, ADSR_LEGATO + 1);
  tcase_add_test(tests, gates_within_the_fall_do_not_prolong_it);
  tcase_add_test(tests, gate_shorter_than_the_delay_makes_no_sound);
  tcase_add_test(tests, release_takes_its_time_from_any_level);
  tcase_add_test(tests, manual_gate_is_as_good_as_a_signal);
  tcase_add_test(tests, loop_can_be_switched_while_it_plays);
  tcase_add_test(tests, slicing_changes_nothing);
  tcase_add_test(tests, knowing_what_is_still_changes_nothing);
  tcase_add_loop_test(tests, level_is_multiplied_by_all_stages, 0, 2);
  tcase_add_test(tests, sustain_cv_moves_the_sustain);
  tcase_add_test(tests, unpatched_is_zero_volts);
  tcase_add_test(tests, unheard_triggers_are_counted_all_the_same);
  tcase_add_test(tests, anything_stays_in_range);
  tcase_add_test(tests, reset_forgets_everything);
  tcase_add_test(tests, levels_are_volts);
  tcase_add_test(tests, sustain_and_level_glide);
  tcase_add_test(tests, knobs_set_their_stages);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
