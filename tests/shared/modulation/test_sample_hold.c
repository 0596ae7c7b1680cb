// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "modulation/sample_hold.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define RATE 48000.0
#define MAX_FRAMES 8192U
#define TRIGGER_FRAMES 48U

/// A module with all its signals
typedef struct {
  SampleHold        hold;
  SampleHoldKnobs   knobs;
  SampleHoldSignals in;
  float             source[MAX_FRAMES];
  float             trigger[MAX_FRAMES];
  float             reset[MAX_FRAMES];
  float             chance[MAX_FRAMES];
  float             out[MAX_FRAMES];
  float             taken[MAX_FRAMES];
} Bench;

static Bench bench; ///< Too large for some stacks

/// Set up a source that is another in each frame, and no trigger
static Bench*
set_up(const SampleHoldMode mode, const SampleHoldSource source)
{
  Bench* const self = &bench;

  memset(self, 0, sizeof(*self));
  self->knobs.mode   = mode;
  self->knobs.source = source;
  self->in           = (SampleHoldSignals){
              {self->source, false}, {self->trigger, false}, {self->reset, false}, self->chance};
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    self->source[i] = (float)(i + 1U) * 0.001f;
    self->chance[i] = 1.0f;
  }
  sample_hold_init(&self->hold, RATE);
  return self;
}

/// Write gates of `n_high` frames, the first at frame `n_high`, every `period` frames
static void
set_gates(float* const gate, const uint32_t n_high, const uint32_t period)
{
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    gate[i] = i % period >= n_high && i % period < 2U * n_high ? 10.0f : 0.0f;
  }
}

/// Play frames `start` to `end`
static void
play(Bench* const self, const uint32_t start, const uint32_t end)
{
  const SampleHoldSignals in = {signal_from(self->in.in, start),
                                signal_from(self->in.trigger, start),
                                signal_from(self->in.reset, start),
                                self->in.chance + start};

  sample_hold_set(&self->hold, &self->knobs);
  sample_hold_process(
    &self->hold, &in, self->out + start, self->taken + start, end - start);
}

// ---- Modes

START_TEST(sample_and_hold_takes_the_frame_of_the_rise)
{
  Bench* const self = set_up(SAMPLE_AND_HOLD, SAMPLE_INPUT);

  set_gates(self->trigger, 10, 100);
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    const uint32_t rise = (i + 90U) / 100U * 100U;
    ck_assert_float_eq(self->out[i], rise ? self->source[rise - 90U] : 0.0f);
  }
}
END_TEST

START_TEST(track_and_hold_keeps_the_frame_of_the_fall)
{
  Bench* const self = set_up(TRACK_AND_HOLD, SAMPLE_INPUT);

  set_gates(self->trigger, 20, 100);
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    const uint32_t fall   = (i + 60U) / 100U * 100U;
    const bool     tracks = i % 100U >= 20U && i % 100U < 40U;
    const float    held   = fall ? self->source[fall - 60U] : 0.0f;
    ck_assert_float_eq(self->out[i], tracks ? self->source[i] : held);
  }
}
END_TEST

START_TEST(hold_and_track_keeps_the_frame_of_the_rise)
{
  Bench* const self = set_up(HOLD_AND_TRACK, SAMPLE_INPUT);

  set_gates(self->trigger, 20, 100);
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    const bool     holds = i % 100U >= 20U && i % 100U < 40U;
    const uint32_t rise  = i / 100U * 100U + 20U;
    ck_assert_float_eq(self->out[i], self->source[holds ? rise : i]);
  }
}
END_TEST

START_TEST(trigger_is_a_schmitt_trigger)
{
  static const float levels[] = {0.0f, 0.4f, 0.6f, 0.3f, 0.6f, 0.2f, 0.4f, 0.5f};

  Bench* const self = set_up(SAMPLE_AND_HOLD, SAMPLE_INPUT);
  memcpy(self->trigger, levels, sizeof(levels));
  play(self, 0, 8);
  ck_assert_float_eq(self->out[1], 0.0f);
  for (uint32_t i = 2; i < 7; ++i) {
    ck_assert_float_eq(self->out[i], self->source[2]);
  }
  ck_assert_float_eq(self->out[7], self->source[7]);
}
END_TEST

START_TEST(turned_mode_holds_what_was_tracked)
{
  Bench* const self = set_up(HOLD_AND_TRACK, SAMPLE_INPUT);

  play(self, 0, 100);
  self->knobs.mode = SAMPLE_AND_HOLD;
  play(self, 100, 200);
  self->knobs.mode = HOLD_AND_TRACK;
  play(self, 200, 300);
  self->knobs.mode = TRACK_AND_HOLD;
  play(self, 300, 400);
  ck_assert_float_eq(self->out[99], self->source[99]);
  ck_assert_float_eq(self->out[100], self->source[99]);
  ck_assert_float_eq(self->out[199], self->source[99]);
  ck_assert_float_eq(self->out[200], self->source[200]);
  ck_assert_float_eq(self->out[300], self->source[299]);
  ck_assert_float_eq(self->out[399], self->source[299]);
}
END_TEST

START_TEST(turned_mode_ends_a_glide_where_it_is)
{
  Bench* const self = set_up(HOLD_AND_TRACK, SAMPLE_INPUT);

  self->source[0]     = 5.0f; // Which a glide of 1000 frames goes to
  self->knobs.glide_s = 1000.0 / RATE;
  play(self, 0, 500);
  self->knobs.mode = SAMPLE_AND_HOLD;
  play(self, 500, 2000);
  for (uint32_t i = 500; i < 2000; ++i) {
    ck_assert_float_eq(self->out[i], self->out[499]);
  }
}
END_TEST

START_TEST(trigger_tells_of_each_value)
{
  static const uint32_t at[] = {
    [SAMPLE_AND_HOLD] = 100, [TRACK_AND_HOLD] = 200, [HOLD_AND_TRACK] = 100};

  Bench* const self = set_up((SampleHoldMode)_i, SAMPLE_INPUT);
  set_gates(self->trigger, 100, 1000);
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    const bool is_high = i % 1000U >= at[_i] && i % 1000U < at[_i] + TRIGGER_FRAMES;
    ck_assert_float_eq(self->taken[i], is_high ? 10.0f : 0.0f);
  }
}
END_TEST

// ---- Noise

START_TEST(noise_is_within_its_range)
{
  for (int range = NOISE_IS_BIPOLAR; range <= NOISE_IS_UNIPOLAR; ++range) {
    Bench* const self = set_up(SAMPLE_AND_HOLD, SAMPLE_NOISE);
    self->knobs.range = (SampleHoldRange)range;
    set_gates(self->trigger, 1, 2);
    play(self, 0, MAX_FRAMES);

    const double shift   = range == NOISE_IS_UNIPOLAR ? 5.0 : 0.0;
    const double n       = MAX_FRAMES / 2.0;
    double       sum     = 0.0;
    double       squares = 0.0;
    for (uint32_t i = 1; i < MAX_FRAMES; i += 2) {
      const double value = (double)self->out[i] - shift;
      ck_assert_double_ge(value, -5.0);
      ck_assert_double_lt(value, 5.0);
      sum += value / 5.0;
      squares += value * value / 25.0;
    }
    ck_assert_double_eq_tol(sum / n, 0.0, 5.0 * sqrt(1.0 / 3.0 / n));
    ck_assert_double_eq_tol(squares / n, 1.0 / 3.0, 5.0 * sqrt(4.0 / 45.0 / n));
  }
}
END_TEST

START_TEST(seed_chooses_the_noise)
{
  static float first[MAX_FRAMES]; // Of the last seed

  for (uint32_t seed = 0; seed < 20; ++seed) {
    Bench* const self = set_up(SAMPLE_AND_HOLD, SAMPLE_NOISE);
    self->knobs.seed  = seed;
    set_gates(self->trigger, 10, 100);
    play(self, 0, MAX_FRAMES);
    ck_assert_float_ne(self->out[MAX_FRAMES - 1U], first[MAX_FRAMES - 1U]);
    memcpy(first, self->out, sizeof(first));

    sample_hold_reset(&self->hold);
    play(self, 0, MAX_FRAMES);
    ck_assert_mem_eq(self->out, first, sizeof(first));
  }
}
END_TEST

START_TEST(reset_repeats_the_melody)
{
  Bench* const self = set_up(SAMPLE_AND_HOLD, SAMPLE_NOISE);

  self->knobs.seed = 12;
  set_gates(self->trigger, 10, 100);
  set_gates(self->reset, 10, 800); // With every eighth trigger, in its very frame
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    self->chance[i] = 0.7f;
  }
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 1610; i < MAX_FRAMES; ++i) {
    ck_assert_float_eq(self->out[i], self->out[i - 800]);
  }
  ck_assert_float_ne(self->out[850], self->out[1250]);
}
END_TEST

START_TEST(tracked_noise_is_the_noise_of_its_frames)
{
  Bench* const self = set_up(HOLD_AND_TRACK, SAMPLE_NOISE);
  Random       noise;

  random_seed(&noise, 2U * 9U);
  self->knobs.seed = 9;
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    ck_assert_float_eq(self->out[i], random_bipolar(random_next(&noise)) * 5.0f);
  }
}
END_TEST

// ---- Chance

/// Return how many of the triggers counted
static uint32_t
count_taken(const float chance)
{
  Bench* const self = set_up(SAMPLE_AND_HOLD, SAMPLE_INPUT);

  set_gates(self->trigger, 1, 2);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    self->chance[i] = chance;
  }
  play(self, 0, MAX_FRAMES);
  uint32_t n = 0;
  for (uint32_t i = 1; i < MAX_FRAMES; i += 2) {
    n += self->out[i] == self->source[i];
  }
  return n;
}

START_TEST(triggers_count_as_often_as_their_chance)
{
  const double n = MAX_FRAMES / 2.0;

  ck_assert_uint_eq(count_taken(-1.0f), 0);
  ck_assert_uint_eq(count_taken(0.0f), 0);
  ck_assert_uint_eq(count_taken(1.0f), MAX_FRAMES / 2U);
  ck_assert_uint_eq(count_taken(2.0f), MAX_FRAMES / 2U);
  for (float chance = 0.1f; chance < 1.0f; chance += 0.2f) {
    const double p = (double)chance;
    ck_assert_double_eq_tol(count_taken(chance), p * n, 5.0 * sqrt(n * p * (1.0 - p)));
  }
}
END_TEST

/// The chance is that of the frame in which the trigger rises, and the whole gate's
START_TEST(a_gate_counts_from_rise_to_fall_or_not_at_all)
{
  Bench* const self = set_up(TRACK_AND_HOLD, SAMPLE_INPUT);

  set_gates(self->trigger, 100, 1000);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    self->chance[i] = i == 1100U ? 1.0f : 0.0f;
  }
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    const uint32_t frame = i < 1200U ? i : 1200U;
    ck_assert_float_eq(self->out[i], i < 1100U ? 0.0f : self->source[frame]);
  }
}
END_TEST

// ---- Glide

START_TEST(glide_is_straight_and_ends_to_the_frame)
{
  Bench* const self = set_up(SAMPLE_AND_HOLD, SAMPLE_INPUT);

  self->knobs.glide_s = 0.01;
  set_gates(self->trigger, 100, 1000);
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 1100; i < MAX_FRAMES; ++i) {
    const uint32_t rise = (i - 100U) / 1000U * 1000U + 100U;
    const double   from = (double)self->source[rise - 1000U];
    const double   to   = (double)self->source[rise];
    const uint32_t n    = i - rise + 1U;
    if (n >= 480U) {
      ck_assert_float_eq(self->out[i], self->source[rise]);
    } else {
      const double place = from + (to - from) * n / 480.0;
      ck_assert_double_eq_tol((double)self->out[i], place, 1e-6);
    }
  }
}
END_TEST

START_TEST(glide_starts_anew_from_where_it_is)
{
  Bench* const self = set_up(SAMPLE_AND_HOLD, SAMPLE_NOISE);

  self->knobs.glide_s = 0.1;
  set_gates(self->trigger, 100, 1000);
  play(self, 0, MAX_FRAMES);
  for (uint32_t i = 1; i < MAX_FRAMES; ++i) {
    ck_assert_float_le(fabsf(self->out[i] - self->out[i - 1U]),
                       10.0f / 4800.0f + 1e-6f);
  }
}
END_TEST

START_TEST(turned_glide_is_that_of_the_next_value)
{
  Bench* const self = set_up(SAMPLE_AND_HOLD, SAMPLE_INPUT);

  self->knobs.glide_s = 0.01;
  set_gates(self->trigger, 100, 1000);
  play(self, 0, 200);
  self->knobs.glide_s = 0.0;
  play(self, 200, MAX_FRAMES);
  ck_assert_float_lt(self->out[578], self->source[100]);
  ck_assert_float_eq(self->out[579], self->source[100]);
  ck_assert_float_eq(self->out[1100], self->source[1100]);
}
END_TEST

START_TEST(glide_leads_into_what_is_tracked)
{
  Bench* const self = set_up(TRACK_AND_HOLD, SAMPLE_INPUT);

  self->knobs.glide_s = 0.01;
  set_gates(self->trigger, 1000, 4000);
  play(self, 0, MAX_FRAMES);
  for (uint32_t n = 1; n <= 480; ++n) {
    ck_assert_double_eq_tol(
      (double)self->out[999U + n], (double)self->source[999U + n] * n / 480.0, 1e-6);
  }
  ck_assert_float_eq(self->out[1479], self->source[1479]);
  ck_assert_float_eq(self->out[1999], self->source[1999]);
  ck_assert_float_eq(self->out[2500], self->source[2000]);
}
END_TEST

/// Return how far the output is from 0 at most, of a saw at twice the pace of gates
static double
measure_saw_peak(Bench* const self, const uint32_t period, const uint32_t n_rounds)
{
  double peak = 0.0;
  set_gates(self->trigger, period / 2U, period);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    self->source[i] = 10.0f * (float)(i % (period / 2U)) / (float)(period / 2U) - 5.0f;
  }
  for (uint32_t round = 0; round < n_rounds; ++round) {
    play(self, 0, MAX_FRAMES);
    for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
      peak = fmax(peak, fabs((double)self->out[i]));
    }
  }
  return peak;
}

/// Whatever is tracked, for a minute
START_TEST(glide_stays_between_what_it_leaves_and_the_source)
{
  static const uint32_t periods[] = {64, 512, 8192};

  for (uint32_t p = 0; p < 3; ++p) {
    for (int source = SAMPLE_NOISE; source <= SAMPLE_INPUT; ++source) {
      Bench* const self   = set_up((SampleHoldMode)_i, (SampleHoldSource)source);
      self->knobs.glide_s = 10.0;
      ck_assert_double_le(measure_saw_peak(self, periods[p], 360), 5.0);
    }
  }
}
END_TEST

// ---- Blocks

START_TEST(blocks_and_still_inputs_do_not_matter)
{
  static const double   glides_s[] = {0.0, 0.003};
  static const uint32_t blocks[]   = {1, 7, 64, 3, 150, 31};
  static Bench          whole;

  for (int g = 0; g < 2; ++g) {
    Bench* const self   = set_up((SampleHoldMode)(_i / 2), (SampleHoldSource)(_i % 2));
    self->knobs.glide_s = glides_s[g];
    set_gates(self->trigger, 37, 101);
    set_gates(self->reset, 5, 1001);
    play(self, 0, MAX_FRAMES);
    whole = *self;

    sample_hold_init(&self->hold, RATE);
    for (uint32_t i = 0, b = 0; i < MAX_FRAMES - 150U; i += blocks[b++ % 6U]) {
      const uint32_t n             = blocks[b % 6U];
      self->in.trigger.is_constant = true;
      self->in.reset.is_constant   = true;
      for (uint32_t k = i + 1U; k < i + n; ++k) {
        self->in.trigger.is_constant &= self->trigger[k] == self->trigger[i];
        self->in.reset.is_constant &= self->reset[k] == self->reset[i];
      }
      play(self, i, i + n);
    }
    ck_assert_mem_eq(self->out, whole.out, (MAX_FRAMES - 150U) * sizeof(float));
    ck_assert_mem_eq(self->taken, whole.taken, (MAX_FRAMES - 150U) * sizeof(float));
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("sample_hold");
  TCase* const tests = tcase_create("sample_hold");
  tcase_add_test(tests, sample_and_hold_takes_the_frame_of_the_rise);
  tcase_add_test(tests, track_and_hold_keeps_the_frame_of_the_fall);
  tcase_add_test(tests, hold_and_track_keeps_the_frame_of_the_rise);
  tcase_add_test(tests, trigger_is_a_schmitt_trigger);
  tcase_add_test(tests, turned_mode_holds_what_was_tracked);
  tcase_add_test(tests, turned_mode_ends_a_glide_where_it_is);
  tcase_add_loop_test(tests, trigger_tells_of_each_value, 0, 3);
  tcase_add_test(tests, noise_is_within_its_range);
  tcase_add_test(tests, seed_chooses_the_noise);
  tcase_add_test(tests, reset_repeats_the_melody);
  tcase_add_test(tests, tracked_noise_is_the_noise_of_its_frames);
  tcase_add_test(tests, triggers_count_as_often_as_their_chance);
  tcase_add_test(tests, a_gate_counts_from_rise_to_fall_or_not_at_all);
  tcase_add_test(tests, glide_is_straight_and_ends_to_the_frame);
  tcase_add_test(tests, glide_starts_anew_from_where_it_is);
  tcase_add_test(tests, turned_glide_is_that_of_the_next_value);
  tcase_add_test(tests, glide_leads_into_what_is_tracked);
  tcase_add_loop_test(tests, glide_stays_between_what_it_leaves_and_the_source, 0, 3);
  tcase_add_loop_test(tests, blocks_and_still_inputs_do_not_matter, 0, 6);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
