// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "modulation/slew.h"
#include "modulation/time_curve.h"

#include <math.h>
#include <string.h>

#define MAX_FRAMES 8192U
#define RATE 48000.0
#define TOLERANCE 2e-6 ///< In volts, of what is rounded to float

/// A slew limiter with all its signals
typedef struct {
  Slew        slew;
  SlewSignals signals;
  float       in[MAX_FRAMES];
  float       cv_v[N_SLEW_WAYS][MAX_FRAMES];
  float       out[MAX_FRAMES];
  float       gate[N_SLEW_WAYS][MAX_FRAMES];
} Bench;

static const double curves[] = {-1.0, -0.4, -1e-8, 0.0, 1e-3, 0.3, 1.0};
static const double rates[]  = {8000.0, 44100.0, 48000.0, 192000.0, 768000.0};
static const double times[]  = {2.5e-4, 0.001, 0.00777, 0.1, 0.61803};

#define N_CURVES (sizeof(curves) / sizeof(curves[0]))
#define N_RATES (sizeof(rates) / sizeof(rates[0]))
#define N_TIMES (sizeof(times) / sizeof(times[0]))

static Bench bench; ///< Too large for some stacks

/// Set up times, and curves that are the same both ways
static Bench*
set_up(const double   rate,
       const SlewMode mode,
       const double   rise_s,
       const double   fall_s,
       const double   curve)
{
  const SlewKnobs knobs[] = {{rise_s, curve, 1.0}, {fall_s, curve, 1.0}};

  bench = (Bench){.signals = {.in = {bench.in, false}}};
  slew_init(&bench.slew, rate);
  slew_set_knobs(&bench.slew, mode, knobs);
  return &bench;
}

static void
patch_cvs(Bench* const self)
{
  for (int w = 0; w < N_SLEW_WAYS; ++w) {
    self->signals.time_cv_v[w].frame = self->cv_v[w];
  }
}

/// Hold the input from a frame on
static void
set_in(Bench* const self, const uint32_t start, const double in_v)
{
  for (uint32_t i = start; i < MAX_FRAMES; ++i) {
    self->in[i] = (float)in_v;
  }
}

/// Play frames `start` to `end`, in slices of up to `size`
static void
play_sliced(Bench* const   self,
            const uint32_t start,
            const uint32_t end,
            const uint32_t size)
{
  const SlewSignals* const all = &self->signals;

  for (uint32_t i = start; i < end;) {
    const uint32_t    n   = end - i < size ? end - i : size;
    const SlewSignals in  = {signal_from(all->in, i),
                             {signal_from(all->time_cv_v[SLEW_UP], i),
                              signal_from(all->time_cv_v[SLEW_DOWN], i)}};
    const SlewOutputs out = {self->out + i,
                             {self->gate[SLEW_UP] + i, self->gate[SLEW_DOWN] + i}};
    slew_process(&self->slew, &in, &out, n);
    i += n;
  }
}

static void
play(Bench* const self, const uint32_t start, const uint32_t end)
{
  play_sliced(self, start, end, BLOCK_FRAMES);
}

/// Return a number in [0, 1), each time another
static float
next_random(void)
{
  static uint32_t seed = 1;

  seed = seed * 1664525U + 1013904223U;
  return (float)(seed >> 8U) / 16777216.0f;
}

/// Return the part of a way that is left with the part `q` of its time
static double
part_left(const double curve, const double q)
{
  const double c = TIME_CURVE_STEEPEST * curve;

  return fabs(c) < 1e-7 ? q : expm1(c * q) / expm1(c);
}

// ---- Times

/// Step from one level to another, and return in how many frames it is reached; only
/// around 0 V do floats tell one frame from the next in all ways
static uint64_t
frames_of_step(Bench* const self, const double from_v, const double to_v)
{
  slew_reset(&self->slew);
  set_in(self, 0, from_v);
  play(self, 0, 100);
  set_in(self, 0, to_v);
  for (uint64_t n = 0;; n += MAX_FRAMES) {
    play(self, 0, MAX_FRAMES);
    for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
      if (self->out[i] == (float)to_v) {
        return n + i + 1;
      }
    }
  }
}

START_TEST(ten_volts_take_the_time)
{
  for (unsigned t = 0; t < N_TIMES; ++t) {
    for (unsigned c = 0; c < N_CURVES; ++c) {
      const double   rate     = rates[_i];
      const uint64_t expected = (uint64_t)fmax(1.0, rint(times[t] * rate));
      for (int mode = SLEW_CONSTANT_RATE; mode <= SLEW_CONSTANT_TIME; ++mode) {
        Bench* self = set_up(rate, (SlewMode)mode, times[t], 0.0, curves[c]);
        ck_assert_uint_eq(frames_of_step(self, -10.0, 0.0), expected);
        self = set_up(rate, (SlewMode)mode, 0.0, times[t], curves[c]);
        ck_assert_uint_eq(frames_of_step(self, 10.0, 0.0), expected);
      }
    }
  }
}
END_TEST

START_TEST(long_times_are_exact_to_the_frame)
{
  static const double long_curves[] = {0.0, 1.0, -1.0};

  Bench* const self = set_up(192000.0, SLEW_CONSTANT_RATE, 60.0, 60.0, long_curves[_i]);
  ck_assert_uint_eq(frames_of_step(self, -10.0, 0.0), 60 * 192000);
  ck_assert_uint_eq(frames_of_step(self, 10.0, 0.0), 60 * 192000);
}
END_TEST

START_TEST(at_a_constant_rate_ways_take_their_share)
{
  for (double way_v = 0.1; way_v < 40.0; way_v *= 1.7) {
    Bench* const self     = set_up(RATE, SLEW_CONSTANT_RATE, 0.1, 0.05, 0.0);
    const double n_frames = way_v / 10.0 * 4800.0;
    ck_assert_double_eq_tol((double)frames_of_step(self, -way_v, 0.0), n_frames, 1.0);
    ck_assert_double_eq_tol(
      (double)frames_of_step(self, way_v, 0.0), n_frames / 2.0, 1.0);
  }
}
END_TEST

START_TEST(at_a_constant_time_any_way_takes_it)
{
  for (double way_v = 1e-3; way_v < 1e5; way_v *= 3.7) {
    for (unsigned c = 0; c < N_CURVES; ++c) {
      Bench* const self = set_up(RATE, SLEW_CONSTANT_TIME, 0.1, 0.05, curves[c]);
      ck_assert_uint_eq(frames_of_step(self, -way_v, 0.0), 4800);
      ck_assert_uint_eq(frames_of_step(self, way_v, 0.0), 2400);
    }
  }
}
END_TEST

START_TEST(a_volt_doubles_a_time)
{
  for (int volts = -3; volts <= 3; ++volts) {
    Bench* const self = set_up(RATE, SLEW_CONSTANT_RATE, 0.01, 0.02, 0.3);
    patch_cvs(self);
    for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
      self->cv_v[SLEW_UP][i]   = (float)volts;
      self->cv_v[SLEW_DOWN][i] = (float)-volts;
    }
    ck_assert_uint_eq(frames_of_step(self, 0.0, 10.0), (uint64_t)ldexp(480.0, volts));
    ck_assert_uint_eq(frames_of_step(self, 10.0, 0.0), (uint64_t)ldexp(960.0, -volts));
  }
}
END_TEST

// ---- Ways

START_TEST(ways_follow_their_curves)
{
  const double curve = curves[_i];

  for (int mode = SLEW_CONSTANT_RATE; mode <= SLEW_CONSTANT_TIME; ++mode) {
    Bench* const self = set_up(RATE, (SlewMode)mode, 0.02, 0.05, curve);
    set_in(self, 100, 10.0);
    set_in(self, 2000, 0.0);
    play(self, 0, MAX_FRAMES);
    for (uint32_t k = 1; k <= 960; ++k) {
      const double left_v = 10.0 * part_left(curve, 1.0 - k / 960.0);
      ck_assert_double_eq_tol((double)self->out[99 + k], 10.0 - left_v, TOLERANCE);
    }
    for (uint32_t k = 1; k <= 2400; ++k) {
      const double left_v = 10.0 * part_left(curve, 1.0 - k / 2400.0);
      ck_assert_double_eq_tol((double)self->out[1999 + k], left_v, TOLERANCE);
    }
  }
}
END_TEST

/// Beyond 10 V it is straight, and the rest is that of any way of 10 V
START_TEST(far_ways_end_as_others_do)
{
  const double curve = curves[_i];

  Bench* const self = set_up(RATE, SLEW_CONSTANT_RATE, 0.02, 0.02, curve);
  set_in(self, 0, -12.0);
  set_in(self, 100, 13.0);
  play(self, 0, MAX_FRAMES);
  for (uint32_t k = 1; k <= 1440; ++k) {
    const double line_v = -12.0 + 10.0 * k / 960.0;
    ck_assert_double_eq_tol((double)self->out[99 + k], line_v, TOLERANCE);
  }
  for (uint32_t k = 1; k <= 960; ++k) {
    const double left_v = 10.0 * part_left(curve, 1.0 - k / 960.0);
    ck_assert_double_eq_tol((double)self->out[1539 + k], 13.0 - left_v, TOLERANCE);
  }
}
END_TEST

START_TEST(nothing_overshoots_or_is_too_fast)
{
  for (int mode = SLEW_CONSTANT_RATE; mode <= SLEW_CONSTANT_TIME; ++mode) {
    for (unsigned c = 0; c < N_CURVES; ++c) {
      Bench* const self = set_up(RATE, (SlewMode)mode, 0.01, 0.02, curves[c]);
      float        held = 0.0f;
      for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
        held        = next_random() < 0.01f ? 10.0f * next_random() : held;
        self->in[i] = held;
      }
      play(self, 0, MAX_FRAMES);
      const double least = part_left(curves[c], 1.0 - 1.0 / 480.0);
      const double end   = part_left(curves[c], 1.0 / 480.0);
      const double bound = 10.0 * fmax(1.0 - least, end) * 1.02 + 1e-6;
      for (uint32_t i = 1; i < MAX_FRAMES; ++i) {
        const float before = self->out[i - 1];
        const float in     = self->in[i];
        ck_assert_double_le(fabs((double)self->out[i] - (double)before), bound);
        ck_assert(before <= in ? self->out[i] >= before && self->out[i] <= in
                               : self->out[i] <= before && self->out[i] >= in);
      }
    }
  }
}
END_TEST

START_TEST(what_is_slow_passes_as_it_is)
{
  for (unsigned c = 0; c < N_CURVES; ++c) {
    const double curve = curves[c];
    const double way_v = 10.0 * part_left(curve, 0.999 / 480.0);
    Bench* const self  = set_up(RATE, SLEW_CONSTANT_RATE, 0.01, 0.01, curve);
    double       in_v  = 0.0;
    for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
      in_v += way_v * (2.0 * (double)next_random() - 1.0);
      self->in[i] = (float)in_v;
    }
    play(self, 0, MAX_FRAMES);
    ck_assert_mem_eq(self->out, self->in, sizeof(self->in));
    for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
      ck_assert_float_eq(self->gate[SLEW_UP][i] + self->gate[SLEW_DOWN][i], 0.0f);
    }
  }
}
END_TEST

START_TEST(no_time_lets_everything_pass)
{
  for (int mode = SLEW_CONSTANT_RATE; mode <= SLEW_CONSTANT_TIME; ++mode) {
    Bench* const self = set_up(RATE, (SlewMode)mode, 0.0, 0.0, curves[_i]);
    patch_cvs(self);
    for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
      self->in[i]            = 2e6f * (next_random() - 0.5f);
      self->cv_v[SLEW_UP][i] = 20.0f * (next_random() - 0.5f);
    }
    play(self, 0, MAX_FRAMES);
    ck_assert_mem_eq(self->out, self->in, sizeof(self->in));
  }
}
END_TEST

/// A ramp that is too fast is followed at the rate, and caught up with
START_TEST(a_moving_input_is_followed_at_the_rate)
{
  Bench* const self = set_up(RATE, SLEW_CONSTANT_RATE, 0.1, 0.1, 0.0);

  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    self->in[i] = i < 1000 ? (float)i * 0.004f : 4.0f;
  }
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 0; i < 1919; ++i) {
    ck_assert_double_eq_tol((double)self->out[i], i * 10.0 / 4800.0, TOLERANCE);
  }
  ck_assert_float_eq(self->out[1921], 4.0f);
}
END_TEST

START_TEST(an_input_that_turns_is_met)
{
  for (unsigned c = 0; c < N_CURVES; ++c) {
    Bench* const self = set_up(RATE, SLEW_CONSTANT_RATE, 0.01, 0.01, curves[c]);
    set_in(self, 10, 8.0);
    set_in(self, 100, -8.0);
    play(self, 0, MAX_FRAMES);
    const float top = self->out[99];
    ck_assert_float_gt(top, 0.0f);
    ck_assert_float_lt(top, 8.0f);
    ck_assert_float_lt(self->out[100], top);
    ck_assert_float_eq(self->gate[SLEW_UP][99], 10.0f);
    ck_assert_float_eq(self->gate[SLEW_UP][100], 0.0f);
    ck_assert_float_eq(self->gate[SLEW_DOWN][100], 10.0f);
    ck_assert_float_eq(self->out[MAX_FRAMES - 1], -8.0f);
  }
}
END_TEST

START_TEST(times_follow_their_cv_at_each_frame)
{
  const double curve = curves[_i];

  for (int mode = SLEW_CONSTANT_RATE; mode <= SLEW_CONSTANT_TIME; ++mode) {
    Bench* const self = set_up(RATE, (SlewMode)mode, 0.05, 0.05, curve);
    patch_cvs(self);
    for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
      const float cv         = sinf((float)i * 0.01f) + 0.2f * next_random();
      self->cv_v[SLEW_UP][i] = i % 1000 < 600 ? cv : 0.5f;
    }
    set_in(self, 1, 10.0);
    play(self, 0, MAX_FRAMES);

    double   q = 1.0;
    uint32_t i = 1;
    for (;; ++i) {
      const double part =
        1.0 / rint(0.05 * RATE * exp2((double)self->cv_v[SLEW_UP][i]));
      q -= part;
      if (q < part * 0.1) {
        break;
      }
      const double level_v = 10.0 - 10.0 * part_left(curve, q);
      ck_assert_double_eq_tol((double)self->out[i], level_v, 2.0 * TOLERANCE);
    }
    ck_assert_uint_gt(i, 2000);
    ck_assert_float_eq(self->out[i + 1], 10.0f);
  }
}
END_TEST

START_TEST(turned_knobs_change_the_pace_from_there_on)
{
  static const SlewKnobs slower[] = {{0.03, 0.0, 1.0}, {0.03, 0.0, 1.0}};

  Bench* const self = set_up(RATE, SLEW_CONSTANT_RATE, 0.01, 0.01, 0.0);
  set_in(self, 1, 10.0);
  play(self, 0, 121);
  slew_set_knobs(&self->slew, SLEW_CONSTANT_RATE, slower);
  play(self, 121, MAX_FRAMES);
  for (uint32_t k = 1; k <= 120; ++k) {
    ck_assert_double_eq_tol((double)self->out[k], 10.0 * k / 480.0, TOLERANCE);
  }
  for (uint32_t k = 1; k <= 1080; ++k) {
    const double level_v = 2.5 + 10.0 * k / 1440.0;
    ck_assert_double_eq_tol((double)self->out[120 + k], level_v, TOLERANCE);
  }
}
END_TEST

/// Whatever knobs are turned to, the level goes on from where it is
START_TEST(turned_knobs_make_no_step)
{
  Bench* const self = set_up(RATE, SLEW_CONSTANT_RATE, 0.01, 0.01, 0.5);

  set_in(self, 1, 9.0);
  set_in(self, 3000, -9.0);
  for (uint32_t i = 0; i < MAX_FRAMES; i += 64) {
    const double   curve = 1.6 * (double)next_random() - 0.8;
    const SlewMode mode =
      next_random() < 0.2f ? SLEW_CONSTANT_TIME : SLEW_CONSTANT_RATE;
    const SlewKnobs knobs[] = {{0.01, curve, 1.0}, {0.02, -curve, 1.0}};
    slew_set_knobs(&self->slew, mode, knobs);
    play(self, i, i + 64);
  }
  for (uint32_t i = 1; i < MAX_FRAMES; ++i) {
    const double step_v = (double)self->out[i] - (double)self->out[i - 1];
    ck_assert_double_le(fabs(step_v), 18.0 * 0.8 * TIME_CURVE_STEEPEST / 480.0);
  }
}
END_TEST

START_TEST(gates_are_as_long_as_ways)
{
  for (unsigned c = 0; c < N_CURVES; ++c) {
    Bench* const self = set_up(RATE, SLEW_CONSTANT_RATE, 0.01, 0.02, curves[c]);
    set_in(self, 100, 10.0);
    set_in(self, 1000, 0.0);
    play(self, 0, MAX_FRAMES);
    for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
      const bool rises = i >= 100 && i < 580;
      const bool falls = i >= 1000 && i < 1960;
      ck_assert_float_eq(self->gate[SLEW_UP][i], rises ? 10.0f : 0.0f);
      ck_assert_float_eq(self->gate[SLEW_DOWN][i], falls ? 10.0f : 0.0f);
    }
  }
}
END_TEST

START_TEST(unheard_gates_are_not_written)
{
  Bench* const      self = set_up(RATE, SLEW_CONSTANT_RATE, 0.01, 0.02, 0.0);
  const SlewOutputs out  = {self->out, {NULL, NULL}};
  set_in(self, 10, 10.0);
  slew_process(&self->slew, &self->signals, &out, BLOCK_FRAMES);
  ck_assert_float_gt(self->out[200], 1.0f);
}
END_TEST

START_TEST(first_input_is_reached_at_once)
{
  Bench* const self = set_up(RATE, SLEW_CONSTANT_TIME, 1.0, 1.0, 0.0);

  set_in(self, 0, 5.0);
  play(self, 0, 1000);
  ck_assert_float_eq(self->out[0], 5.0f);
  set_in(self, 0, 0.0);
  play(self, 0, 1000);
  ck_assert_float_gt(self->out[999], 4.0f);
  slew_reset(&self->slew);
  play(self, 0, 1000);
  ck_assert_float_eq(self->out[0], 0.0f);
}
END_TEST

// ---- Blocks

/// Let everything move, some of it always, some of it now and then
static Bench*
set_up_chaos(const SlewMode mode, const double curve, const float range_v)
{
  // Up at once, if the range is wide
  Bench* const self = set_up(RATE, mode, range_v > 50.0f ? 0.0 : 0.01, 0.03, curve);
  patch_cvs(self);
  float held = 0.0f;
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    held        = next_random() < 0.02f ? range_v * (next_random() - 0.5f) : held;
    self->in[i] = i / 700 % 2 ? held : range_v * (next_random() - 0.5f);
    self->in[i] = i / 700 % 5 == 4 ? sinf((float)i * 0.01f) : self->in[i];
    const uint32_t n_held    = i / 500;
    const float    held_cv_v = 0.3f * (float)n_held;
    for (int w = 0; w < N_SLEW_WAYS; ++w) {
      const float cv_v = 4.0f * (next_random() - 0.5f);
      self->cv_v[w][i] = i / 1100 % 2 ? cv_v : held_cv_v;
    }
  }
  return self;
}

static void
check_slices(Bench* const self)
{
  static float out[MAX_FRAMES];
  static float gate[N_SLEW_WAYS][MAX_FRAMES];

  play(self, 0, MAX_FRAMES);
  memcpy(out, self->out, sizeof(out));
  memcpy(gate, self->gate, sizeof(gate));
  for (uint32_t size = 1; size < BLOCK_FRAMES; size = size * 3 / 2 + 1) {
    slew_reset(&self->slew);
    play_sliced(self, 0, MAX_FRAMES, size);
    ck_assert_mem_eq(self->out, out, sizeof(out));
    ck_assert_mem_eq(self->gate, gate, sizeof(gate));
  }
}

START_TEST(slicing_changes_nothing)
{
  for (int mode = SLEW_CONSTANT_RATE; mode <= SLEW_CONSTANT_TIME; ++mode) {
    check_slices(set_up_chaos((SlewMode)mode, curves[_i], 12.0f));
    check_slices(set_up_chaos((SlewMode)mode, curves[_i], 100.0f));
  }
}
END_TEST

START_TEST(anything_stays_in_range)
{
  for (int mode = SLEW_CONSTANT_RATE; mode <= SLEW_CONSTANT_TIME; ++mode) {
    for (unsigned c = 0; c < N_CURVES; ++c) {
      Bench* const self = set_up_chaos((SlewMode)mode, curves[c], 2e6f);
      play(self, 0, MAX_FRAMES);
      for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
        ck_assert(self->out[i] >= -1e6f && self->out[i] <= 1e6f);
      }
    }
  }
}
END_TEST

/// Signals that are still in some slices: knowing that must not matter
START_TEST(knowing_what_is_still_changes_nothing)
{
  enum { N_SLICE = 64 };

  static float out[MAX_FRAMES];
  Bench* const self = set_up_chaos(SLEW_CONSTANT_RATE, curves[_i], 12.0f);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    const uint32_t held = i / N_SLICE * N_SLICE;
    self->in[i]         = self->in[i / 2048 % 2 ? i : held];
    for (int w = 0; w < N_SLEW_WAYS; ++w) {
      self->cv_v[w][i] = self->cv_v[w][held];
    }
  }
  play_sliced(self, 0, MAX_FRAMES, N_SLICE);
  memcpy(out, self->out, sizeof(out));

  slew_reset(&self->slew);
  for (uint32_t i = 0; i < MAX_FRAMES; i += N_SLICE) {
    self->signals.in.is_constant = i / 2048 % 2 == 0;
    for (int w = 0; w < N_SLEW_WAYS; ++w) {
      self->signals.time_cv_v[w].is_constant = true;
    }
    play_sliced(self, i, i + N_SLICE, N_SLICE);
  }
  ck_assert_mem_eq(self->out, out, sizeof(out));
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("slew");
  TCase* const tests = tcase_create("slew");
  tcase_set_timeout(tests, 60.0);
  tcase_add_loop_test(tests, ten_volts_take_the_time, 0, N_RATES);
  tcase_add_loop_test(tests, long_times_are_exact_to_the_frame, 0, 3);
  tcase_add_test(tests, at_a_constant_rate_ways_take_their_share);
  tcase_add_test(tests, at_a_constant_time_any_way_takes_it);
  tcase_add_test(tests, a_volt_doubles_a_time);
  tcase_add_loop_test(tests, ways_follow_their_curves, 0, N_CURVES);
  tcase_add_loop_test(tests, far_ways_end_as_others_do, 0, N_CURVES);
  tcase_add_test(tests, nothing_overshoots_or_is_too_fast);
  tcase_add_test(tests, what_is_slow_passes_as_it_is);
  tcase_add_loop_test(tests, no_time_lets_everything_pass, 0, N_CURVES);
  tcase_add_test(tests, a_moving_input_is_followed_at_the_rate);
  tcase_add_test(tests, an_input_that_turns_is_met);
  tcase_add_loop_test(tests, times_follow_their_cv_at_each_frame, 0, N_CURVES);
  tcase_add_test(tests, turned_knobs_change_the_pace_from_there_on);
  tcase_add_test(tests, turned_knobs_make_no_step);
  tcase_add_test(tests, gates_are_as_long_as_ways);
  tcase_add_test(tests, unheard_gates_are_not_written);
  tcase_add_test(tests, first_input_is_reached_at_once);
  tcase_add_loop_test(tests, slicing_changes_nothing, 0, N_CURVES);
  tcase_add_test(tests, anything_stays_in_range);
  tcase_add_loop_test(tests, knowing_what_is_still_changes_nothing, 0, N_CURVES);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
