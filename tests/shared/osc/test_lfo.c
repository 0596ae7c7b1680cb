// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "osc/lfo.h"
#include "osc/lfo_waves.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define PI 3.14159265358979323846
#define N_FRAMES 48000U ///< A second

/// Events of an LFO for a while
typedef struct {
  int64_t  number[N_FRAMES];
  uint32_t phase[N_FRAMES];
  float    trigger[N_FRAMES];
} Tape;

static Lfo   lfo;
static Tape  tape;
static Tape  other;
static float reset_v[N_FRAMES];
static float clock_v[N_FRAMES];

static void
setup(void)
{
  memset(&lfo, 0, sizeof(lfo));
  memset(reset_v, 0, sizeof(reset_v));
  memset(clock_v, 0, sizeof(clock_v));
  lfo_init(&lfo, RATE_HZ);
}

static void
follow(const LfoSpeed speed, const uint32_t ratio, const uint32_t note)
{
  const LfoSettings settings = {speed, ratio, note};

  lfo_set(&lfo, &settings);
}

/// Return the step of a frequency without CV
static uint64_t
step_of(const double freq_hz)
{
  const float     knob_oct = (float)log2(freq_hz);
  const LfoTuning tuning   = {freq_hz, knob_oct, &knob_oct, NULL, NULL};
  uint64_t        step     = 0;

  lfo_steps(&lfo, &tuning, &step, 1);
  return step;
}

/// Run frames `start` to `end` in slices of `n_slice`, and record them
static void
run(Tape* const    to,
    const double   freq_hz,
    const uint32_t start,
    const uint32_t end,
    const uint32_t n_slice)
{
  const uint64_t step = step_of(freq_hz);
  for (uint32_t at = start; at < end;) {
    const uint32_t  n  = end - at < n_slice ? end - at : n_slice;
    const LfoInputs in = {
      &step, true, {reset_v + at, false}, {clock_v + at, false}, true};

    LfoFrames frames;
    lfo_process(&lfo, &in, &frames, to->trigger + at, n);
    memcpy(to->number + at, frames.number, n * sizeof(int64_t));
    memcpy(to->phase + at, frames.phase, n * sizeof(uint32_t));
    at += n;
  }
}

/// Return where a frame is, in cycles
static double
cycles_at(const uint32_t frame)
{
  return (double)tape.number[frame] + (double)tape.phase[frame] * 0x1p-32;
}

/// Return how many triggers start in frames `start` to `end`
static uint32_t
count_starts(const uint32_t start, const uint32_t end)
{
  uint32_t n_starts = 0;
  for (uint32_t i = start; i < end; ++i) {
    n_starts += tape.trigger[i] > 0.0f && (i == 0 || tape.trigger[i - 1] <= 0.0f);
  }
  return n_starts;
}

// ---- Frequency

START_TEST(phase_follows_the_frequency_to_the_bit)
{
  static const double freqs_hz[] = {0.0001, 0.37, 1.0, 7.3, 200.0};
  for (size_t f = 0; f < sizeof(freqs_hz) / sizeof(freqs_hz[0]); ++f) {
    lfo_reset(&lfo);
    run(&tape, freqs_hz[f], 0, N_FRAMES, 256);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      ck_assert_double_eq_tol(cycles_at(i), freqs_hz[f] * i / RATE_HZ, 0x1p-31);
    }
  }
}
END_TEST

START_TEST(phase_is_exact_after_a_day)
{
  static const double rates_hz[] = {8000.0, 44100.0, 48000.0, 768000.0};
  static const double freqs_hz[] = {0.0001, 1.0, 3.0, 17.0, 200.0};
  static const double day_s      = 86400.0;
  for (size_t r = 0; r < 4; ++r) {
    lfo_init(&lfo, rates_hz[r]);
    for (size_t f = 0; f < 5; ++f) {
      const uint64_t n_frames = (uint64_t)(day_s * rates_hz[r]);
      const uint64_t phase    = n_frames * step_of(freqs_hz[f]);
      const double   cycles   = fmod(freqs_hz[f] * day_s, 1.0);
      const double   error    = (double)phase * 0x1p-64 - cycles;
      ck_assert_double_lt(fabs(error - nearbyint(error)), 2e-8);
    }
  }
}
END_TEST

START_TEST(day_goes_by_as_its_steps_say)
{
  // One second, from the place where a day has led
  const uint64_t       step  = step_of(3.7);
  const uint64_t       past  = step * UINT64_C(4147200000);
  const PhasorPosition place = {319680, past};
  run(&tape, 3.7, 0, 1, 1);
  phasor_jump(&lfo.cycle, place);
  run(&tape, 3.7, 0, N_FRAMES, 100);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_uint_eq(tape.phase[i], (uint32_t)((past + i * step) >> 32U));
  }
}
END_TEST

START_TEST(cv_is_an_octave_a_volt)
{
  const float     knob_oct[] = {0.0f, 0.0f, 0.0f, 0.0f, 1.0f};
  const float     cv_v[]     = {0.0f, 1.0f, -2.0f, 5.0f, 1.0f};
  const float     amount[]   = {1.0f, 1.0f, 1.0f, -0.5f, 1.0f};
  const LfoTuning tuning     = {1.0, 0.0f, knob_oct, cv_v, amount};
  uint64_t        step[5];
  lfo_steps(&lfo, &tuning, step, 5);

  static const double expected_hz[] = {1.0, 2.0, 0.25, 0.17677669529663687, 4.0};
  for (uint32_t i = 0; i < 5; ++i) {
    const double freq_hz = (double)step[i] * 0x1p-64 * RATE_HZ;
    ck_assert_double_eq_tol(freq_hz / expected_hz[i], 1.0, 1e-11);
  }
}
END_TEST

START_TEST(frequency_has_a_limit_at_every_rate)
{
  static const double rates_hz[] = {1000.0, 8000.0, 48000.0, 768000.0};
  for (size_t r = 0; r < 4; ++r) {
    const float     knob_oct = 7.0f;
    const float     cv_v     = 1e6f;
    const float     amount   = 1.0f;
    const LfoTuning tuning   = {128.0, 7.0f, &knob_oct, &cv_v, &amount};
    uint64_t        step     = 0;
    lfo_init(&lfo, rates_hz[r]);
    lfo_steps(&lfo, &tuning, &step, 1);
    ck_assert_double_eq_tol(
      (double)step * 0x1p-64, fmin(LFO_MAX_HZ / rates_hz[r], PHASOR_MAX_STEP), 1e-15);
  }
}
END_TEST

/**
   Check that each cycle of a frequency, `above` / 2^`below`, starts in the first frame
   at or after its time, for some frames near whole hours.
*/
static void
check_starts(const uint32_t rate_hz, const uint32_t above, const uint32_t below)
{
  const double    freq_hz = ldexp((double)above, -(int)below);
  const CycleStep step    = phasor_even_step(freq_hz, rate_hz);
  Phasor          cycle;
  uint32_t        phase[256];
  uint64_t        frame = 0;
  uint64_t        due   = 0; // Of the next cycle, and what is over in 1/above frames
  uint64_t        over  = 0;
  const uint64_t  whole = ((uint64_t)rate_hz << below) / above;
  const uint64_t  part  = ((uint64_t)rate_hz << below) % above;
  phasor_restart(&cycle);
  for (uint32_t n = 0; n < 2000U && frame < UINT64_C(3000000000); ++n) {
    ck_assert_uint_eq(phasor_begins(&cycle), 1);
    ck_assert_uint_eq(frame, due + (over > 0U));
    for (const int64_t number = cycle.next.number; cycle.next.number == number;) {
      // Nothing is written of most of a long cycle
      const uint64_t n_left = (UINT64_MAX - cycle.next.phase - cycle.late) / step.whole;
      if (n_left > 1000U) {
        const uint64_t n_skip = n_left - 500U < UINT32_MAX ? n_left - 500U : UINT32_MAX;
        const uint64_t rest   = cycle.rest + n_skip * step.rest;
        cycle.next.phase += n_skip * step.whole;
        cycle.late += rest >> 32U;
        cycle.rest = rest & UINT32_MAX;
        frame += n_skip;
      }
      frame += phasor_write(&cycle, &step.whole, true, step, phase, 100);
    }
    due += whole;
    over += part;
    due += over / above;
    over %= above;
  }
}

START_TEST(cycles_start_in_the_first_frame_that_may_for_hours)
{
  static const uint32_t rates_hz[] = {8000, 44100, 48000, 96000, 192000, 768000};
  for (size_t r = 0; r < 6; ++r) {
    // 2.5 Hz and 0.3125 Hz, and a few floats as they come: 0.1, 7.3, 0.001, 123.456
    check_starts(rates_hz[r], 5, 1);
    check_starts(rates_hz[r], 5, 4);
    check_starts(rates_hz[r], 3, 0);
    check_starts(rates_hz[r], 13421773, 27);
    check_starts(rates_hz[r], 15309210, 21);
    check_starts(rates_hz[r], 8589935, 33);
    check_starts(rates_hz[r], 16181625, 17);
  }
}
END_TEST

START_TEST(two_frequencies_meet_in_one_frame)
{
  // 2.5 Hz and an eighth of it, with the other knobs moving or not
  static Lfo slow;
  lfo_init(&slow, RATE_HZ);
  const uint64_t step      = step_of(2.5);
  const Lfo      fast      = lfo;
  uint64_t       steps[96] = {0};
  for (uint32_t i = 0; i < 96; ++i) {
    steps[i] = step;
  }
  lfo              = slow;
  const uint64_t s = step_of(0.3125);
  slow             = lfo;
  lfo              = fast;

  for (uint32_t at = 0; at < 2000U * 1600U * 96U / 100U; at += 96U) {
    const bool      rests   = at % 5U < 3U;
    const LfoInputs fast_in = {
      rests ? &step : steps, rests, {NULL, true}, {NULL, true}, true};
    const LfoInputs slow_in = {&s, true, {NULL, true}, {NULL, true}, true};
    LfoFrames       fasts;
    LfoFrames       slows;
    lfo_process(&lfo, &fast_in, &fasts, NULL, 96);
    lfo_process(&slow, &slow_in, &slows, NULL, 96);
    for (uint32_t i = 0; i < 96; ++i) {
      ck_assert_int_eq(fasts.number[i] / 8, slows.number[i]);
      ck_assert_int_eq(fasts.number[i], (int64_t)((at + i) / 19200U));
    }
  }
}
END_TEST

// ---- Triggers and resets

START_TEST(trigger_marks_each_start)
{
  run(&tape, 10.0, 0, N_FRAMES, 256);
  ck_assert_uint_eq(count_starts(0, N_FRAMES), 10);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_eq(tape.trigger[i], i % 4800U < 48U ? 10.0f : 0.0f);
  }
}
END_TEST

START_TEST(reset_acts_in_its_frame)
{
  static const uint32_t frames[] = {0, 60, 255, 256, 257, 5000};
  for (size_t f = 0; f < sizeof(frames) / sizeof(frames[0]); ++f) {
    setup();
    reset_v[frames[f]] = 0.5f;
    run(&tape, 7.3, 0, 8000, 256);
    ck_assert_uint_eq(tape.phase[frames[f]], 0);
    ck_assert_int_eq(tape.number[frames[f]], 0);
    ck_assert_float_eq(tape.trigger[frames[f]], 10.0f);
    for (uint32_t i = frames[f]; i < 8000; ++i) {
      ck_assert_double_eq_tol(cycles_at(i), 7.3 * (i - frames[f]) / RATE_HZ, 0x1p-31);
    }
  }
}
END_TEST

START_TEST(reset_counts_once_while_it_is_high)
{
  for (uint32_t i = 100; i < 1000; ++i) {
    reset_v[i] = i % 2 ? 0.3f : 10.0f;
  }
  run(&tape, 10.0, 0, 2000, 64);
  ck_assert_uint_eq(tape.phase[100], 0);
  for (uint32_t i = 101; i < 2000; ++i) {
    ck_assert_uint_gt(tape.phase[i], 0);
  }
}
END_TEST

START_TEST(slices_do_not_matter)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    reset_v[i] = i % 7001U < 20U ? 10.0f : 0.0f;
    clock_v[i] = i % 999U < 30U ? 10.0f : 0.0f;
  }
  for (int speed = LFO_FREE; speed <= LFO_IN_TEMPO; ++speed) {
    lfo_reset(&lfo);
    follow((LfoSpeed)speed, 15, 0);
    run(&tape, 150.0, 0, N_FRAMES, 256);
    for (uint32_t n_slice = 1; n_slice < 256; n_slice += 37) {
      lfo_reset(&lfo);
      follow((LfoSpeed)speed, 15, 0);
      run(&other, 150.0, 0, N_FRAMES, n_slice);
      ck_assert_mem_eq(&tape, &other, sizeof(tape));
    }
  }
}
END_TEST

// ---- Clock

#define PERIOD 4800U ///< Frames between ticks

static void
clock_ticks(const uint32_t period)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    clock_v[i] = i % period < 10U ? 10.0f : 0.0f;
  }
}

START_TEST(clock_is_followed_at_every_ratio)
{
  clock_ticks(PERIOD);
  for (uint32_t r = 0; r < N_CLOCK_RATIOS; ++r) {
    const ClockRatio ratio = clock_sync_ratio(r);
    lfo_reset(&lfo);
    follow(LFO_CLOCKED, r, 0);
    run(&tape, 0.01, 0, N_FRAMES, 256);
    for (uint32_t tick = 1; tick < N_FRAMES / PERIOD; ++tick) {
      const double cycles = (double)tick * ratio.above / ratio.below;
      ck_assert_double_eq_tol(cycles_at(tick * PERIOD), cycles, 0x1p-31);
    }

    // And between them, with as many starts
    for (uint32_t i = PERIOD; i < N_FRAMES; ++i) {
      const double cycles = (double)i / PERIOD * ratio.above / ratio.below;
      ck_assert_double_eq_tol(cycles_at(i), cycles, 1e-6);
    }
    const uint32_t n_ticks = N_FRAMES / PERIOD;
    const uint32_t n_ends  = (n_ticks * ratio.above + ratio.below - 1U) / ratio.below;
    ck_assert_uint_eq(count_starts(0, N_FRAMES), n_ends);
  }
}
END_TEST

START_TEST(clock_that_changes_its_pace_starts_a_cycle_a_tick)
{
  // Ticks ever farther apart, then ever closer, then at random by up to a half
  uint32_t frames[200];
  uint32_t n_ticks = 0;
  uint32_t at      = 100;
  while (at < N_FRAMES) {
    const uint32_t slowing = n_ticks < 15U ? 40U * n_ticks : 40U * (30U - n_ticks);
    const uint32_t jitter  = n_ticks * 7919U % 350U;
    frames[n_ticks++]      = at;
    clock_v[at]            = 10.0f;
    at += 800U + (n_ticks < 31U ? slowing : jitter);
  }

  follow(LFO_CLOCKED, 13, 0);
  run(&tape, 1.0, 0, N_FRAMES, 256);
  for (uint32_t t = 0; t + 1U < n_ticks; ++t) {
    ck_assert_uint_eq(tape.phase[frames[t]], 0);
    ck_assert_int_eq(tape.number[frames[t]], t);
  }
  ck_assert_uint_eq(count_starts(100, frames[n_ticks - 1U] + 50U), n_ticks);
}
END_TEST

START_TEST(reset_makes_the_nearest_tick_the_first)
{
  // A fourth of the clock: where the count begins shows
  static const struct {
    uint32_t reset;
    uint32_t first; ///< The tick from which the cycles are counted
  } cases[] = {{2U * PERIOD, 2U}, {2U * PERIOD + 40U, 2U}, {3U * PERIOD - 40U, 3U}};

  for (size_t c = 0; c < 3; ++c) {
    setup();
    clock_ticks(PERIOD);
    reset_v[cases[c].reset] = 10.0f;
    follow(LFO_CLOCKED, 7, 0);
    run(&tape, 1.0, 0, N_FRAMES, 256);
    ck_assert_uint_eq(tape.phase[cases[c].reset], 0);
    for (uint32_t tick = cases[c].first + 1U; tick < 9U; ++tick) {
      ck_assert_double_eq(cycles_at(tick * PERIOD), (tick - cases[c].first) / 4.0);
    }
  }
}
END_TEST

START_TEST(before_two_ticks_the_frequency_counts)
{
  // But no second cycle begins without a second tick
  clock_v[4000] = 10.0f;
  follow(LFO_CLOCKED, 13, 0);
  run(&tape, 3.0, 0, N_FRAMES, 256);
  ck_assert_double_eq_tol(cycles_at(3999), 3.0 * 3999 / RATE_HZ, 1e-9);
  for (uint32_t i = 4000; i < N_FRAMES; ++i) {
    const double cycles = fmin(3.0 * (i - 4000) / RATE_HZ, 1.0);
    ck_assert_double_eq_tol(cycles_at(i), cycles, 1e-9);
  }
  ck_assert_float_eq(tape.trigger[4000], 10.0f);
  ck_assert_uint_eq(count_starts(4000, N_FRAMES), 1);
}
END_TEST

START_TEST(clock_that_stops_is_waited_for)
{
  for (uint32_t i = 0; i < 5000; i += 1000) {
    clock_v[i] = 10.0f;
  }
  follow(LFO_CLOCKED, 13, 0);
  run(&tape, 3.0, 0, N_FRAMES, 256);
  for (uint32_t i = 5000; i < N_FRAMES; ++i) {
    ck_assert_int_eq(tape.number[i], 4);
    ck_assert_uint_eq(tape.phase[i], UINT32_MAX);
  }
  ck_assert_uint_eq(count_starts(0, N_FRAMES), 5);
}
END_TEST

START_TEST(clock_that_pauses_keeps_its_pace)
{
  for (uint32_t i = 0; i < N_FRAMES; i += 1000) {
    clock_v[i] = i < 5000 || i >= 20000 ? 10.0f : 0.0f;
  }
  follow(LFO_CLOCKED, 13, 0);
  run(&tape, 3.0, 0, N_FRAMES, 256);
  for (uint32_t i = 20000; i < N_FRAMES; ++i) {
    ck_assert_double_eq_tol(cycles_at(i), 5.0 + (i - 20000) / 1000.0, 1e-6);
  }
}
END_TEST

START_TEST(clock_may_become_much_slower)
{
  for (uint32_t i = 0; i < N_FRAMES; i += i < 4000 ? 1000 : 8000) {
    clock_v[i] = 10.0f;
  }
  follow(LFO_CLOCKED, 13, 0);
  run(&tape, 3.0, 0, N_FRAMES, 256);
  for (uint32_t i = 20000; i < N_FRAMES; ++i) {
    ck_assert_double_eq_tol(cycles_at(i), 6.0 + (i - 20000) / 8000.0, 1e-6);
  }
}
END_TEST

// ---- The count of a clock

/// Clocks that no one would wish for
typedef enum {
  SWUNG,
  JITTERED,
  DROPPED,
  DOUBLED,
  RAMPED,
  STEPPED,
  PAUSED,
  N_TROUBLES
} Trouble;

#define MAX_PULSES 400U

static uint32_t pulse[MAX_PULSES];

/// Return the frames from pulse `p` to the next, where the clock is even but for
/// trouble
static uint32_t
way_after(const Trouble trouble, const uint32_t p, const uint32_t amount)
{
  const uint32_t even = 960;
  const uint32_t dice = p * 2654435761U >> 8U;
  switch (trouble) {
  case SWUNG:
    return even * (p % 2U ? 100U - amount : amount) / 50U;
  case JITTERED:
    return even - 4U * amount + dice % (8U * amount);
  case DROPPED:
    return dice % amount == 0U ? 2U * even : even;
  case DOUBLED:
    return dice % amount == 0U ? 3U + dice / 7U % 60U : even;
  case RAMPED:
    return even / 2U + (p * amount + 1U) % even;
  case STEPPED:
    return p / 20U % 2U ? even : even * amount / 60U;
  default:
    return p % amount == 7U ? even * 20U : even;
  }
}

/// Write a clock that starts at `start`, and return how many pulses it has
static uint32_t
make_clock(const Trouble trouble, const uint32_t start, const uint32_t amount)
{
  memset(clock_v, 0, sizeof(clock_v));
  uint32_t n_pulses = 0;
  for (uint32_t at = start; at < N_FRAMES - 4000U && n_pulses < MAX_PULSES;) {
    pulse[n_pulses++] = at;
    clock_v[at]       = 10.0f;
    at += way_after(trouble, n_pulses - 1U, amount);
  }
  return n_pulses;
}

/// Check that cycles are as many as `n_pulses` and a ratio say, and none comes early
static void
check_count(const ClockRatio ratio, const uint32_t n_pulses)
{
  // Also those of the way after the last pulse, where it is held at the end
  ck_assert_uint_eq(count_starts(0, N_FRAMES),
                    (n_pulses * ratio.above + ratio.below - 1U) / ratio.below);

  uint32_t n_wrong = 0;
  for (uint32_t p = 0; p + 1U < n_pulses; ++p) {
    const double cycles = (double)(p * ratio.above) / ratio.below;
    const double limit  = (double)((p + 1U) * ratio.above) / ratio.below;
    ck_assert_double_eq_tol(cycles_at(pulse[p]), cycles, 0x1p-31);
    for (uint32_t i = pulse[p] + 1U; i < pulse[p + 1U]; ++i) {
      n_wrong += cycles_at(i) < cycles_at(i - 1U) || cycles_at(i) >= limit;
    }
  }
  ck_assert_uint_eq(n_wrong, 0);
}

START_TEST(count_is_the_clocks_in_all_trouble)
{
  static const struct {
    uint32_t least;
    uint32_t most;
    uint32_t stride;
  } amounts[N_TROUBLES] = {{50, 75, 5},
                           {5, 119, 38},
                           {2, 9, 3},
                           {2, 9, 3},
                           {7, 60, 25},
                           {20, 110, 45},
                           {9, 9, 1}};

  for (int t = 0; t < N_TROUBLES; ++t) {
    for (uint32_t a = amounts[t].least; a <= amounts[t].most; a += amounts[t].stride) {
      const uint32_t n_pulses = make_clock((Trouble)t, 10, a);
      for (uint32_t r = 0; r < N_CLOCK_RATIOS; r += 3U) {
        lfo_reset(&lfo);
        follow(LFO_CLOCKED, r, 0);
        run(&tape, 0.001, 10, N_FRAMES, 256);
        memset(tape.trigger, 0, 10 * sizeof(float));
        check_count(clock_sync_ratio(r), n_pulses);
      }
    }
  }
}
END_TEST

/// Run at a ratio, and return how far pulses come from where they were predicted, in
/// ticks
static double
worst_surprise(const uint32_t first, const uint32_t n_pulses)
{
  lfo_reset(&lfo);
  follow(LFO_CLOCKED, 13, 0);
  run(&tape, 0.001, 10, N_FRAMES, 256);

  double worst = 0.0;
  for (uint32_t p = first; p + 1U < n_pulses; ++p) {
    const uint32_t last = pulse[p + 1U] - 1U;
    const double   step = cycles_at(pulse[p] + 1U) - cycles_at(pulse[p]);
    worst =
      fmax(worst, fabs(cycles_at(pulse[p]) + step * (last + 1U - pulse[p]) - p - 1.0));
  }
  return worst;
}

START_TEST(swing_is_foreseen)
{
  for (uint32_t percent = 50; percent <= 75; ++percent) {
    ck_assert_double_lt(worst_surprise(4, make_clock(SWUNG, 10, percent)), 2e-3);
  }
}
END_TEST

START_TEST(jitter_is_evened_out)
{
  // A fourth of a tick either way: another of its errors is the last interval's
  ck_assert_double_lt(worst_surprise(30, make_clock(JITTERED, 10, 60)), 0.45);
  ck_assert_double_gt(worst_surprise(30, make_clock(JITTERED, 10, 60)), 0.2);
}
END_TEST

START_TEST(ratio_may_change_between_ticks)
{
  const uint32_t n_pulses = make_clock(SWUNG, 10, 60);
  for (uint32_t r = 0; r < N_CLOCK_RATIOS; ++r) {
    lfo_reset(&lfo);
    follow(LFO_CLOCKED, 13, 0);
    run(&tape, 0.001, 0, 10000, 256);
    follow(LFO_CLOCKED, r, 0);
    run(&tape, 0.001, 10000, N_FRAMES, 256);
    const ClockRatio ratio = clock_sync_ratio(r);
    for (uint32_t p = 12; p < n_pulses; ++p) {
      const double cycles = (double)p * ratio.above / ratio.below;
      ck_assert_double_eq_tol(cycles_at(pulse[p]), cycles, 0x1p-31);
    }
  }
}
END_TEST

// ---- Song

enum { BAR = 4, QUARTER = 11, EIGHTH_TRIPLET = 16 }; ///< As scale points number them

static Transport
song_at(const double beats, const double beats_per_minute)
{
  return (Transport){.bar              = floor(beats / 4.0),
                     .bar_beat         = beats - 4.0 * floor(beats / 4.0),
                     .beat_unit        = 4.0,
                     .beats_per_bar    = 4.0,
                     .beats_per_minute = beats_per_minute,
                     .frame            = NAN,
                     .speed            = 1.0};
}

static const Transport nothing_told = {NAN, NAN, NAN, NAN, NAN, NAN, NAN};

START_TEST(without_a_tempo_the_frequency_counts)
{
  follow(LFO_IN_TEMPO, 0, QUARTER);
  lfo_set_transport(&lfo, &nothing_told);
  run(&tape, 3.0, 0, N_FRAMES, 256);
  ck_assert_double_eq_tol(
    cycles_at(N_FRAMES - 1U), 3.0 * (N_FRAMES - 1U) / RATE_HZ, 1e-9);
}
END_TEST

START_TEST(cycle_is_where_the_song_is)
{
  // Every note, told once and never again, at 120 beats a minute: 2 Hz a quarter
  for (uint32_t note = 0; note < N_SONG_NOTES; ++note) {
    const Transport song = song_at(37.3, 120.0);
    lfo_reset(&lfo);
    follow(LFO_IN_TEMPO, 0, note);
    run(&tape, 3.0, 0, 1000, 256);
    lfo_set_transport(&lfo, &song);
    run(&tape, 3.0, 1000, N_FRAMES, 256);
    const double quarters = 4.0 * tempo_sync_length(&lfo.song, note);
    for (uint32_t i = 1000; i < N_FRAMES; ++i) {
      const double beats = 37.3 + 2.0 * (i - 1000) / RATE_HZ;
      ck_assert_double_eq_tol(cycles_at(i), beats / quarters, 1e-8);
    }
  }
}
END_TEST

START_TEST(host_that_tells_every_block_changes_nothing)
{
  // As floats, which are a little off
  follow(LFO_IN_TEMPO, 0, EIGHTH_TRIPLET);
  for (uint32_t at = 0; at < N_FRAMES; at += 100) {
    Transport song = song_at(100.0 + 2.3 * at / RATE_HZ, 138.0);
    song.bar_beat  = (double)(float)song.bar_beat + (at % 300U ? 1e-6 : -1e-6);
    lfo_set_transport(&lfo, &song);
    run(&tape, 3.0, at, at + 100U, 100);
  }
  for (uint32_t i = 1; i < N_FRAMES; ++i) {
    const double cycles = 3.0 * (100.0 + 2.3 * i / RATE_HZ);
    ck_assert_double_eq_tol(cycles_at(i), cycles, 1e-5);
    ck_assert_double_gt(cycles_at(i), cycles_at(i - 1));
  }
  ck_assert_uint_eq(count_starts(0, N_FRAMES), 7);
}
END_TEST

START_TEST(host_that_tells_in_ticks_undoes_no_start)
{
  // 1000 of them a beat, rounded down: often some frames behind the start of a cycle
  follow(LFO_IN_TEMPO, 0, EIGHTH_TRIPLET);
  for (uint32_t at = 0; at < N_FRAMES; at += 10) {
    const double    beats = floor((100.0 + 2.3 * at / RATE_HZ) * 1000.0) / 1000.0;
    const Transport song  = song_at(beats, 138.0);
    lfo_set_transport(&lfo, &song);
    run(&tape, 3.0, at, at + 10U, 10);
  }
  for (uint32_t i = 1; i < N_FRAMES; ++i) {
    ck_assert_int_ge(tape.number[i], tape.number[i - 1]);
    ck_assert_double_eq_tol(cycles_at(i), 3.0 * (100.0 + 2.3 * i / RATE_HZ), 4e-3);
  }
  ck_assert_uint_eq(count_starts(0, N_FRAMES), 7);
}
END_TEST

/// How a host numbers the bars of a song whose meter changes
typedef enum { COUNTED, DIVIDED } BarNumbers;

/// A song of 4/4 up to bar `change`, and of 3/4 or 7/8 from there on
typedef struct {
  double     change_bar;
  double     beats_per_bar;
  double     beat_unit;
  BarNumbers numbers;
} Changing;

/// Return a host's transport at `quarters`, of a song at 120 quarters a minute
static Transport
changing_song_at(const Changing* const song, const double quarters)
{
  const double change = 4.0 * song->change_bar;
  if (quarters < change) {
    return song_at(quarters, 120.0);
  }

  const double units = song->beat_unit / 4.0;
  const double beats =
    (song->numbers == COUNTED ? quarters - change : quarters) * units;
  const double bars   = floor(beats / song->beats_per_bar + 1e-9);
  const double before = song->numbers == COUNTED ? song->change_bar : 0.0;
  return (Transport){.bar              = before + bars,
                     .bar_beat         = beats - bars * song->beats_per_bar,
                     .beat_unit        = song->beat_unit,
                     .beats_per_bar    = song->beats_per_bar,
                     .beats_per_minute = 120.0 * units,
                     .frame            = NAN,
                     .speed            = 1.0};
}

/// Play a second of a changing song, told every `n_block` frames or at the change alone
static void
play_changing(const Changing* const song,
              const double          start,
              const uint32_t        n_block,
              const bool            tells_all)
{
  bool had_changed = false;
  for (uint32_t at = 0; at < N_FRAMES; at += n_block) {
    const double    quarters    = start + at * 2.0 / RATE_HZ;
    const Transport now         = changing_song_at(song, quarters);
    const bool      has_changed = quarters >= 4.0 * song->change_bar;
    if (at == 0 || tells_all || has_changed != had_changed) {
      Transport told = now;
      told.bar_beat  = (double)(float)told.bar_beat;
      lfo_set_transport(&lfo, &told);
    }
    had_changed = has_changed;
    run(&tape, 3.0, at, at + n_block, n_block);
  }
}

START_TEST(notes_go_on_where_the_meter_changes)
{
  static const Changing songs[]  = {{9.0, 3.0, 4.0, COUNTED},
                                    {9.0, 3.0, 4.0, DIVIDED},
                                    {10.0, 3.0, 4.0, DIVIDED},
                                    {7.0, 7.0, 8.0, COUNTED},
                                    {7.0, 6.0, 8.0, DIVIDED},
                                    {5.0, 5.0, 4.0, COUNTED}};
  static const uint32_t blocks[] = {60, 100, 240};

  for (size_t s = 0; s < 6; ++s) {
    for (int c = 0; c < 12; ++c) {
      // From half a second before to half a second after, of notes of all lengths,
      // twice
      const uint32_t note    = c < 6 ? 5U : QUARTER;
      const double   start   = 4.0 * songs[s].change_bar - 1.0;
      const double   per_bar = note == QUARTER ? 1.0 : 4.0;
      lfo_reset(&lfo);
      follow(LFO_IN_TEMPO, 0, note);
      for (int pass = 0; pass < 2; ++pass) {
        play_changing(&songs[s], start, blocks[c % 3], c % 2);
        uint32_t n_wrong = 0;
        for (uint32_t i = 0; i < N_FRAMES; ++i) {
          const double cycles = (start + i * 2.0 / RATE_HZ) / per_bar;
          n_wrong += fabs(cycles_at(i) - cycles) > 1e-5;
        }
        ck_assert_uint_eq(n_wrong, 0);
      }
    }
  }
}
END_TEST

START_TEST(bars_start_where_the_host_has_them)
{
  // 4/4 up to bar 5, then 3/4: a cycle a bar
  static const Changing song = {5.0, 3.0, 4.0, COUNTED};
  for (int tells_all = 0; tells_all < 2; ++tells_all) {
    lfo_reset(&lfo);
    follow(LFO_IN_TEMPO, 0, BAR);
    play_changing(&song, 19.0, 240, tells_all);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      const double quarters = -1.0 + i * 2.0 / RATE_HZ;
      const double cycles   = 5.0 + quarters / (quarters < 0.0 ? 4.0 : 3.0);
      ck_assert_double_eq_tol(cycles_at(i), cycles, 1e-5);
    }
    ck_assert_uint_eq(count_starts(1, N_FRAMES), 1);
    ck_assert_float_eq(tape.trigger[24000], 10.0f);
  }
}
END_TEST

START_TEST(host_that_is_some_milliseconds_off_starts_no_cycle_twice)
{
  // Told by 2 ms to either side: as many starts as the song has, of short notes
  follow(LFO_IN_TEMPO, 0, 19);
  for (uint32_t at = 0; at < N_FRAMES; at += 480) {
    const double    off  = at % 960U ? 0.002 : -0.002;
    const Transport song = song_at(100.1 + 2.0 * (at / RATE_HZ + off), 120.0);
    lfo_set_transport(&lfo, &song);
    run(&tape, 3.0, at, at + 480U, 240);
  }
  for (uint32_t i = 1; i < N_FRAMES; ++i) {
    ck_assert_int_ge(tape.number[i], tape.number[i - 1]);
  }
  ck_assert_uint_eq(count_starts(0, N_FRAMES),
                    (uint32_t)tape.number[N_FRAMES - 1U] - (uint32_t)tape.number[0]);
}
END_TEST

START_TEST(beats_of_a_song_start_in_their_frames)
{
  // Ten minutes at 133.5 a minute, told once, or as floats in every slice
  static const uint64_t minute = UINT64_C(60) * 48000U;
  for (int tells_all = 0; tells_all < 2; ++tells_all) {
    uint32_t n_wrong = 0;
    lfo_reset(&lfo);
    follow(LFO_IN_TEMPO, 0, QUARTER);
    for (uint64_t at = 0; at < 10U * minute; at += 240U) {
      if (at == 0U || tells_all) {
        Transport song = song_at((double)at * 133.5 / (double)minute, 133.5);
        song.bar_beat  = (double)(float)song.bar_beat;
        lfo_set_transport(&lfo, &song);
      }
      const uint64_t  step = 0;
      const LfoInputs in   = {&step, true, {NULL, true}, {NULL, true}, true};
      LfoFrames       frames;
      lfo_process(&lfo, &in, &frames, NULL, 240);
      for (uint32_t i = 0; i < 240U; ++i) {
        n_wrong += (uint64_t)frames.number[i] != (at + i) * 267U / (2U * minute);
      }
    }
    ck_assert_uint_eq(n_wrong, 0);
  }
}
END_TEST

START_TEST(song_just_before_its_start_is_at_its_start)
{
  static const double beats[] = {-1e-17, -1e-300, 0.0, 1e-300};
  for (uint32_t b = 0; b < 4; ++b) {
    const PhasorPosition place = phasor_place(beats[b]);
    ck_assert_int_eq(place.number, 0);
    ck_assert_uint_eq(place.phase, 0);
  }
}
END_TEST

START_TEST(jump_of_the_song_moves_the_cycle)
{
  // A loop of a bar that the host closes a little late, as hosts with blocks do
  follow(LFO_IN_TEMPO, 0, BAR);
  for (uint32_t at = 0; at < N_FRAMES; at += 12000) {
    const Transport song = song_at(8.002, 240.0);
    lfo_set_transport(&lfo, &song);
    run(&tape, 3.0, at, at + 12000U, 256);
    ck_assert_double_eq_tol(cycles_at(at), 8.002 / 4.0, 1e-8);
    ck_assert_float_eq(tape.trigger[at], 10.0f);
  }
  ck_assert_uint_eq(count_starts(0, N_FRAMES), 4);

  // Into the middle of a cycle: no start there
  const Transport song = song_at(2.0, 240.0);
  lfo_set_transport(&lfo, &song);
  run(&tape, 3.0, 0, 1000, 256);
  ck_assert_double_eq_tol(cycles_at(0), 0.5, 1e-9);
  ck_assert_uint_eq(count_starts(0, 1000), 0);
}
END_TEST

START_TEST(stopped_song_goes_on_at_its_tempo)
{
  static const double speeds[] = {0.0, -1.0};
  for (size_t s = 0; s < 2; ++s) {
    Transport song = song_at(1.25, 120.0);
    lfo_reset(&lfo);
    follow(LFO_IN_TEMPO, 0, QUARTER);
    lfo_set_transport(&lfo, &song);
    run(&tape, 3.0, 0, 1, 1);
    song.speed = speeds[s];
    for (uint32_t at = 1; at < N_FRAMES; at += 100) {
      lfo_set_transport(&lfo, &song);
      run(&tape, 3.0, at, at + 100U < N_FRAMES ? at + 100U : N_FRAMES, 100);
    }
    ck_assert_double_eq_tol(
      cycles_at(N_FRAMES - 1U), 1.25 + 2.0 * (N_FRAMES - 1U) / RATE_HZ, 1e-8);
  }
}
END_TEST

START_TEST(song_at_half_speed_is_followed)
{
  Transport song = song_at(0.0, 120.0);
  song.speed     = 0.5;
  follow(LFO_IN_TEMPO, 0, QUARTER);
  lfo_set_transport(&lfo, &song);
  run(&tape, 3.0, 0, N_FRAMES, 256);
  ck_assert_double_eq_tol(cycles_at(24000), 0.5, 1e-8);
}
END_TEST

START_TEST(what_the_host_leaves_out_stays)
{
  Transport song = song_at(0.0, 120.0);
  follow(LFO_IN_TEMPO, 0, QUARTER);
  lfo_set_transport(&lfo, &song);
  run(&tape, 3.0, 0, 12000, 256);
  Transport change        = nothing_told;
  change.beats_per_minute = 60.0;
  lfo_set_transport(&lfo, &change);
  run(&tape, 3.0, 12000, N_FRAMES, 256);
  ck_assert_double_eq_tol(cycles_at(12000), 0.5, 1e-8);
  ck_assert_double_eq_tol(cycles_at(36000), 1.0, 1e-8);
}
END_TEST

START_TEST(nonsense_of_a_host_is_passed_over)
{
  static const double values[] = {-1e300, -1.0, 0.0, 1e-300, 1e9, 1e300};
  for (size_t v = 0; v < 36; ++v) {
    const double    a     = values[v % 6];
    const double    b     = values[v / 6];
    const Transport first = {a, b, a, b, a, b, 1.0};
    const Transport again = {b, a, b, a, b, a, b};
    lfo_reset(&lfo);
    follow(LFO_IN_TEMPO, 0, BAR);
    lfo_set_transport(&lfo, &first);
    run(&tape, 3.0, 0, 1000, 256);
    lfo_set_transport(&lfo, &again);
    run(&tape, 3.0, 1000, 2000, 256);
  }
}
END_TEST

START_TEST(reset_in_a_song_lasts_until_it_jumps)
{
  follow(LFO_IN_TEMPO, 0, QUARTER);
  reset_v[6000] = 10.0f;
  for (uint32_t at = 0; at < 36000; at += 100) {
    const Transport song = song_at(8.0 + 2.0 * at / RATE_HZ, 120.0);
    lfo_set_transport(&lfo, &song);
    run(&tape, 3.0, at, at + 100U, 100);
  }
  ck_assert_double_eq_tol(cycles_at(5999), 8.0 + 2.0 * 5999 / RATE_HZ, 1e-8);
  ck_assert_double_eq(cycles_at(6000), 0.0);
  ck_assert_double_eq_tol(cycles_at(35999), 2.0 * 29999 / RATE_HZ, 1e-8);

  const Transport song = song_at(2.4, 120.0);
  lfo_set_transport(&lfo, &song);
  run(&tape, 3.0, 36000, 36001, 1);
  ck_assert_double_eq_tol(cycles_at(36000), 2.4, 1e-8);
}
END_TEST

START_TEST(bars_are_as_long_as_the_host_says)
{
  Transport song = {1.0, 2.0, 8.0, 7.0, 180.0, NAN, 1.0};
  follow(LFO_IN_TEMPO, 0, BAR);
  lfo_set_transport(&lfo, &song);
  run(&tape, 3.0, 0, N_FRAMES, 256);
  // 7 eighths; 3 go by in a second
  ck_assert_double_eq_tol(cycles_at(0), 9.0 / 7.0, 1e-9);
  ck_assert_double_eq_tol(cycles_at(40000), (9.0 + 2.5) / 7.0, 1e-8);
}
END_TEST

// ---- Waves

static LfoFrames frames;
static float     wave[BLOCK_FRAMES];

/// Write a wave of full scale from where the frames are
static void
sound_wave(const LfoWave      shape,
           const float* const widths,
           const uint32_t     seed,
           const uint32_t     n_frames)
{
  static const float nothing[BLOCK_FRAMES];
  static float       full[BLOCK_FRAMES];
  for (uint32_t i = 0; i < BLOCK_FRAMES; ++i) {
    full[i] = 1.0f;
  }

  const LfoSound sound = {widths, full, false, seed};
  lfo_add(shape, &frames, &sound, nothing, wave, n_frames);
}

/// Write a wave for places all over cycles -2 to 1
static void
write_wave(const LfoWave shape, const float width, const uint32_t seed)
{
  float widths[BLOCK_FRAMES];
  for (uint32_t i = 0; i < BLOCK_FRAMES; ++i) {
    frames.number[i] = (int64_t)(i / 64U) - 2;
    frames.phase[i]  = (i % 64U) * 0x04000000U;
    widths[i]        = width;
  }
  sound_wave(shape, widths, seed, BLOCK_FRAMES);
}

START_TEST(waves_are_as_their_formulas_say)
{
  for (uint32_t i = 0; i < BLOCK_FRAMES; ++i) {
    const double phase = i % 64U / 64.0;
    write_wave(LFO_SINE, 0.5f, 0);
    ck_assert_double_eq_tol((double)wave[i], sin(2.0 * PI * phase), 2e-7);
    write_wave(LFO_TRIANGLE, 0.5f, 0);
    ck_assert_double_eq_tol(
      (double)wave[i], asin(sin(2.0 * PI * phase)) * 2.0 / PI, 1e-7);
    write_wave(LFO_SAW_UP, 0.5f, 0);
    ck_assert_double_eq((double)wave[i], 2.0 * phase - 1.0);
    write_wave(LFO_SAW_DOWN, 0.5f, 0);
    ck_assert_double_eq((double)wave[i], 1.0 - 2.0 * phase);
    write_wave(LFO_PULSE, 0.25f, 0);
    ck_assert_float_eq(wave[i], i % 64U < 16U ? 1.0f : -1.0f);
    write_wave(LFO_STEPPED, 0.5f, 9);
    ck_assert_float_eq(wave[i], lfo_random(9, (int64_t)(i / 64U) - 2));
  }
}
END_TEST

START_TEST(pulse_takes_every_width)
{
  write_wave(LFO_PULSE, 0.0f, 0);
  for (uint32_t i = 0; i < BLOCK_FRAMES; ++i) {
    ck_assert_float_eq(wave[i], -1.0f);
  }
  write_wave(LFO_PULSE, 1.0f, 0);
  for (uint32_t i = 0; i < BLOCK_FRAMES; ++i) {
    ck_assert_float_eq(wave[i], 1.0f);
  }
}
END_TEST

START_TEST(wave_is_added_under_its_weight)
{
  // Resting inputs give the output of constant ones
  static float weights[BLOCK_FRAMES];
  static float widths[BLOCK_FRAMES];
  static float bases[BLOCK_FRAMES];
  static float rested[BLOCK_FRAMES];
  for (uint32_t i = 0; i < BLOCK_FRAMES; ++i) {
    weights[i] = 3.0f;
    widths[i]  = 0.3f;
    bases[i]   = (float)i;
  }

  const LfoSound moving  = {widths, weights, false, 6};
  const LfoSound resting = {widths, weights, true, 6};
  for (int w = 0; w < N_LFO_WAVES; ++w) {
    write_wave((LfoWave)w, 0.3f, 6);
    lfo_add((LfoWave)w, &frames, &resting, bases, rested, BLOCK_FRAMES);
    for (uint32_t i = 0; i < BLOCK_FRAMES; ++i) {
      ck_assert_float_eq(rested[i], bases[i] + 3.0f * wave[i]);
    }
    lfo_add((LfoWave)w, &frames, &moving, bases, wave, BLOCK_FRAMES);
    ck_assert_mem_eq(wave, rested, sizeof(wave));
  }
}
END_TEST

START_TEST(random_numbers_fill_their_range)
{
  enum { N = 100000 };
  double sum      = 0.0;
  double squares  = 0.0;
  double products = 0.0;
  double last     = 0.0;
  for (int64_t n = 0; n < N; ++n) {
    const double x = (double)lfo_random(5, n);
    ck_assert(x >= -1.0 && x < 1.0);
    sum += x;
    squares += x * x;
    products += x * last;
    last = x;
  }
  // Four standard deviations of each
  ck_assert_double_lt(fabs(sum / N), 4.0 * sqrt(1.0 / 3.0 / N));
  ck_assert_double_lt(fabs(squares / N - 1.0 / 3.0), 4.0 * sqrt(4.0 / 45.0 / N));
  ck_assert_double_lt(fabs(products / N), 4.0 / 3.0 / sqrt(N));
}
END_TEST

START_TEST(each_seed_is_a_sequence)
{
  for (uint32_t seed = 0; seed < 1000; ++seed) {
    ck_assert_float_eq(lfo_random(seed, 3), lfo_random(seed, 3));
    ck_assert_float_ne(lfo_random(seed, 3), lfo_random(seed + 1U, 3));
    ck_assert_float_ne(lfo_random(seed, 3), lfo_random(seed, 4));
  }
}
END_TEST

START_TEST(smooth_meets_each_number_without_a_corner)
{
  // The curve from a to b is nowhere steeper than 1.5 (b - a), and level at its ends
  static float widths[BLOCK_FRAMES];
  const double step = 1.0 / 128.0;
  float        last = lfo_random(4, 0);
  for (int64_t cycle = 0; cycle < 1000; ++cycle) {
    for (uint32_t i = 0; i < 128; ++i) {
      frames.number[i] = cycle;
      frames.phase[i]  = i * 0x02000000U;
    }
    sound_wave(LFO_SMOOTH, widths, 4, 128);
    const double from = (double)lfo_random(4, cycle);
    const double way  = (double)lfo_random(4, cycle + 1) - from;
    ck_assert_float_eq(wave[0], lfo_random(4, cycle));
    for (uint32_t i = 0; i < 128; ++i) {
      const double over = i / 128.0;
      ck_assert_double_eq_tol(
        (double)wave[i], from + way * over * over * (3.0 - 2.0 * over), 1e-6);
      ck_assert_double_le(fabs((double)(wave[i] - last)), 3.0 * step);
      last = wave[i];
    }
    ck_assert_double_le(fabs((double)(wave[1] - wave[0])), 3.0 * step * step * 2.0);
    ck_assert_double_le(fabs(from + way - (double)wave[127]), 3.0 * step * step * 2.0);
  }
}
END_TEST

START_TEST(shift_goes_over_the_ends_of_cycles)
{
  static const float cycles[] = {0.25f, -0.25f, 1.0f, -3.5f, 1000.125f, 0.0f, 1e30f};
  for (uint32_t i = 0; i < 7; ++i) {
    frames.number[i] = 7;
    frames.phase[i]  = 0x20000000U; // 1/8
  }
  lfo_shift(&frames, cycles, false, true, 7);
  for (uint32_t i = 0; i < 6; ++i) {
    const double place = 7.125 + (double)cycles[i];
    ck_assert_int_eq(frames.number[i], (int64_t)floor(place));
    ck_assert_double_eq(frames.phase[i] * 0x1p-32, place - floor(place));
  }
}
END_TEST

static void
add_tests(TCase* const tests)
{
  tcase_add_test(tests, phase_follows_the_frequency_to_the_bit);
  tcase_add_test(tests, phase_is_exact_after_a_day);
  tcase_add_test(tests, day_goes_by_as_its_steps_say);
  tcase_add_test(tests, cv_is_an_octave_a_volt);
  tcase_add_test(tests, two_frequencies_meet_in_one_frame);
  tcase_add_test(tests, frequency_has_a_limit_at_every_rate);
  tcase_add_test(tests, trigger_marks_each_start);
  tcase_add_test(tests, reset_acts_in_its_frame);
  tcase_add_test(tests, reset_counts_once_while_it_is_high);
  tcase_add_test(tests, slices_do_not_matter);
  tcase_add_test(tests, clock_is_followed_at_every_ratio);
  tcase_add_test(tests, clock_that_changes_its_pace_starts_a_cycle_a_tick);
  tcase_add_test(tests, reset_makes_the_nearest_tick_the_first);
  tcase_add_test(tests, before_two_ticks_the_frequency_counts);
  tcase_add_test(tests, clock_that_stops_is_waited_for);
  tcase_add_test(tests, clock_that_pauses_keeps_its_pace);
  tcase_add_test(tests, clock_may_become_much_slower);
  tcase_add_test(tests, count_is_the_clocks_in_all_trouble);
  tcase_add_test(tests, swing_is_foreseen);
  tcase_add_test(tests, jitter_is_evened_out);
  tcase_add_test(tests, ratio_may_change_between_ticks);
  tcase_add_test(tests, cycles_start_in_the_first_frame_that_may_for_hours);
  tcase_add_test(tests, without_a_tempo_the_frequency_counts);
  tcase_add_test(tests, cycle_is_where_the_song_is);
  tcase_add_test(tests, host_that_tells_every_block_changes_nothing);
  tcase_add_test(tests, host_that_tells_in_ticks_undoes_no_start);
  tcase_add_test(tests, notes_go_on_where_the_meter_changes);
  tcase_add_test(tests, bars_start_where_the_host_has_them);
  tcase_add_test(tests, host_that_is_some_milliseconds_off_starts_no_cycle_twice);
  tcase_add_test(tests, beats_of_a_song_start_in_their_frames);
  tcase_add_test(tests, song_just_before_its_start_is_at_its_start);
  tcase_add_test(tests, jump_of_the_song_moves_the_cycle);
  tcase_add_test(tests, stopped_song_goes_on_at_its_tempo);
  tcase_add_test(tests, song_at_half_speed_is_followed);
  tcase_add_test(tests, what_the_host_leaves_out_stays);
  tcase_add_test(tests, nonsense_of_a_host_is_passed_over);
  tcase_add_test(tests, reset_in_a_song_lasts_until_it_jumps);
  tcase_add_test(tests, bars_are_as_long_as_the_host_says);
  tcase_add_test(tests, waves_are_as_their_formulas_say);
  tcase_add_test(tests, pulse_takes_every_width);
  tcase_add_test(tests, wave_is_added_under_its_weight);
  tcase_add_test(tests, random_numbers_fill_their_range);
  tcase_add_test(tests, each_seed_is_a_sequence);
  tcase_add_test(tests, smooth_meets_each_number_without_a_corner);
  tcase_add_test(tests, shift_goes_over_the_ends_of_cycles);
}

int
main(void)
{
  Suite* const suite = suite_create("lfo");
  TCase* const tests = tcase_create("lfo");
  tcase_add_checked_fixture(tests, setup, NULL);
  add_tests(tests);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
