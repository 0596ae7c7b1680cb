// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "signal/signal.h"
#include "timing/clock_gen.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 240000U
#define N_SIGNALS 7U ///< Four outputs, reset, run and tempo
#define MS 48U       ///< Frames
#define MAX_EVENTS 4096U
#define BEAT 24000U ///< Frames, at 120 a minute

enum { OUT_1, OUT_2, OUT_3, OUT_4, RESET, RUN, TEMPO };

static const ClockSettings defaults = {.beats_per_minute = 120.0f,
                                       .tempo_amount     = 1.0f,
                                       .cable_ticks      = 4,
                                       .running          = true,
                                       .swing            = 0.5,
                                       .swing_units      = 4,
                                       .out              = {{{4, 1}, 0.5, true},
                                                            {{1, 1}, 0.5, true},
                                                            {{4, 1}, 0.5, false},
                                                            {{1, 4}, 0.5, true}}};

/// Inputs of a frame
typedef struct {
  enum { MESSAGE, HOST, TURN, RESTART } kind;
  uint32_t      frame;
  uint32_t      size;
  uint8_t       bytes[3];
  Transport     transport;
  ClockSettings settings;
} Event;

static ClockGen      gen;
static ClockSettings settings;
static Event         event[MAX_EVENTS];
static uint32_t      n_events;
static float         out[N_SIGNALS][N_FRAMES];
static float         other[N_SIGNALS][N_FRAMES];
static float         clock_v[N_FRAMES];
static float         reset_v[N_FRAMES];
static float         run_v[N_FRAMES];
static float         tempo_v[N_FRAMES];
static float         swing_v[N_FRAMES];
static bool          is_moving; ///< Whether tempo and swing are not marked as constant

static void
setup(void)
{
  memset(clock_v, 0, sizeof(clock_v));
  memset(reset_v, 0, sizeof(reset_v));
  memset(run_v, 0, sizeof(run_v));
  memset(tempo_v, 0, sizeof(tempo_v));
  memset(swing_v, 0, sizeof(swing_v));
  clock_gen_init(&gen, RATE_HZ);
  settings  = defaults;
  n_events  = 0;
  is_moving = false;
}

static uint32_t
roll(uint32_t* const dice)
{
  *dice = *dice * 1664525U + 1013904223U;
  return *dice >> 8U;
}

// ---- Playing

static void
take_event(const Event* const e)
{
  switch (e->kind) {
  case MESSAGE:
    clock_gen_midi(&gen, e->bytes, e->size);
    break;
  case HOST:
    clock_gen_transport(&gen, &e->transport);
    break;
  case TURN:
    clock_gen_set(&gen, &e->settings);
    break;
  case RESTART:
    clock_gen_restart(&gen);
    break;
  }
}

static void
run_slice(float signal[N_SIGNALS][N_FRAMES], const uint32_t at, const uint32_t n)
{
  const ClockInputs  in    = {.clock = {clock_v + at, false},
                              .reset = {reset_v + at, false},
                              .run   = {run_v + at, false},
                              .tempo = {tempo_v + at, !is_moving},
                              .swing = {swing_v + at, !is_moving}};
  const ClockOutputs frame = {
    {signal[0] + at, signal[1] + at, signal[2] + at, signal[3] + at},
    signal[RESET] + at,
    signal[RUN] + at,
    signal[TEMPO] + at};
  clock_gen_process(&gen, &in, &frame, n);
}

/// Play from the start with `settings`, in slices of up to `n_slice` frames
static void
play(float signal[N_SIGNALS][N_FRAMES], const uint32_t n_frames, const uint32_t n_slice)
{
  uint32_t dice = n_slice;
  uint32_t next = 0;
  clock_gen_reset(&gen);
  clock_gen_set(&gen, &settings);
  for (uint32_t at = 0; at < n_frames;) {
    while (next < n_events && event[next].frame == at) {
      take_event(&event[next++]);
    }
    const uint32_t end   = next < n_events ? event[next].frame : n_frames;
    const uint32_t until = end < n_frames ? end : n_frames;
    const uint32_t n     = n_slice == 256U ? 256U : 1U + roll(&dice) % n_slice;
    const uint32_t n_run = n < until - at ? n : until - at;
    run_slice(signal, at, n_run);
    at += n_run;
  }
}

static bool
rises(const float* const signal, const uint32_t i)
{
  return signal[i] > 5.0f && (i == 0U || signal[i - 1U] <= 5.0f);
}

/// Return the next frame from `at` on in which a signal rises, or `n_frames`
static uint32_t
next_rise(const float* const signal, uint32_t at, const uint32_t n_frames)
{
  while (at < n_frames && !rises(signal, at)) {
    ++at;
  }
  return at;
}

static uint32_t
count_rises(const float* const signal, const uint32_t at, const uint32_t n_frames)
{
  uint32_t n = 0;
  for (uint32_t i = at; i < n_frames; ++i) {
    n += rises(signal, i);
  }
  return n;
}

/// Check that a signal rises in `frame`, then every `period`, and in no other frame
static void
check_rises(const float* const signal,
            const uint32_t     start,
            const uint32_t     end,
            const uint32_t     frame,
            const uint32_t     period)
{
  uint32_t expected = frame;
  for (uint32_t i = start; i < end; ++i) {
    if (rises(signal, i)) {
      ck_assert_uint_eq(i, expected);
      expected += period;
    }
  }
  ck_assert_uint_ge(expected, end);
}

static void
check_low(const float* const signal, const uint32_t start, const uint32_t end)
{
  for (uint32_t i = start; i < end; ++i) {
    ck_assert_float_eq(signal[i], 0.0f);
  }
}

// ---- Events

static void
send(const uint32_t frame, const uint8_t status)
{
  event[n_events++] =
    (Event){.kind = MESSAGE, .frame = frame, .size = 1, .bytes = {status, 0, 0}};
}

static void
send_position(const uint32_t frame, const uint32_t position)
{
  event[n_events++] =
    (Event){.kind  = MESSAGE,
            .frame = frame,
            .size  = 3,
            .bytes = {0xf2, (uint8_t)(position & 0x7fU), (uint8_t)(position >> 7U)}};
}

/// Send `n` clocks
static void
send_clocks(const uint32_t frame, const uint32_t period, const uint32_t n)
{
  for (uint32_t c = 0; c < n; ++c) {
    send(frame + c * period, 0xf8);
  }
}

static void
turn(const uint32_t frame)
{
  event[n_events++] = (Event){.kind = TURN, .frame = frame, .settings = settings};
}

/// Let the host tell where it is, in 4/4
static void
tell(const uint32_t frame, const double beats, const double tempo, const double speed)
{
  const double bar = floor(beats / 4.0);
  event[n_events++] =
    (Event){.kind      = HOST,
            .frame     = frame,
            .transport = {.bar              = bar,
                          .bar_beat         = (double)(float)(beats - 4.0 * bar),
                          .beat_unit        = 4.0,
                          .beats_per_bar    = 4.0,
                          .beats_per_minute = tempo,
                          .frame            = (double)NAN,
                          .speed            = speed}};
}

// ---- Internal

#ifdef __SIZEOF_INT128__

__extension__ typedef __int128 Exact;

static const TimelineRatio ratios[CLOCK_OUTS] = {{1, 1}, {3, 2}, {2, 3}, {1, 16}};

/// Return the frame in which a tick is due, by arithmetic that does not round
static uint64_t
exact_frame(const float tempo, const uint32_t row, const int64_t tick)
{
  const Exact step  = (Exact)ldexp((double)tempo, 23);
  const Exact beat  = (Exact)60 * (Exact)RATE_HZ * ((Exact)1 << 23);
  const Exact above = (Exact)tick * ratios[row].below * beat;
  const Exact below = ratios[row].above * step;

  return (uint64_t)((above + below - 1) / below);
}

/// Let frames go by up to `frame`
static void
pass_to(uint64_t* const at, const uint64_t frame)
{
  static const ClockOutputs nowhere = {{NULL, NULL, NULL, NULL}, NULL, NULL, NULL};
  static const ClockInputs  still   = {
       {NULL, true}, {NULL, true}, {NULL, true}, {NULL, true}, {NULL, true}};

  while (*at < frame) {
    const uint64_t left = frame - *at;
    const uint32_t n    = left < 60000U ? (uint32_t)left : 60000U;
    clock_gen_process(&gen, &still, &nowhere, n);
    *at += n;
  }
}

/// Return how many rows have not started the ticks that are due before a frame
static unsigned
count_wrong(const float tempo, const uint64_t frame)
{
  unsigned n_wrong = 0;
  for (uint32_t o = 0; o < CLOCK_OUTS; ++o) {
    const int64_t next = gen.out[o].ticks.next;
    n_wrong += exact_frame(tempo, o, next) < frame;
    n_wrong += next > 0 && exact_frame(tempo, o, next - 1) >= frame;
  }
  return n_wrong;
}

START_TEST(ten_hours_at_sixty_tempi_are_exact)
{
  uint32_t dice    = 7;
  unsigned n_wrong = 0;
  for (int t = 0; t < 60; ++t) {
    const float tempo = (float)(40.0 + roll(&dice) % 20000U / 100.0);
    uint64_t    at    = 0;
    clock_gen_init(&gen, RATE_HZ);
    settings                  = defaults;
    settings.beats_per_minute = tempo;
    for (uint32_t o = 0; o < CLOCK_OUTS; ++o) {
      settings.out[o] = (ClockOutSettings){ratios[o], 0.5, false};
    }
    clock_gen_set(&gen, &settings);
    for (int64_t tick = 0; exact_frame(tempo, 1, tick) < 36000U * (uint64_t)RATE_HZ;
         tick += 1 + (tick > 100) * (int64_t)(roll(&dice) % 100U)) {
      for (uint32_t o = 0; o < CLOCK_OUTS; ++o) {
        const int64_t near = tick * ratios[o].above * 2 / (3 * ratios[o].below);
        pass_to(&at, exact_frame(tempo, o, near));
        n_wrong += count_wrong(tempo, at);
        pass_to(&at, at + 1U);
        n_wrong += count_wrong(tempo, at);
      }
    }
  }
  ck_assert_uint_eq(n_wrong, 0);
}
END_TEST

#endif

START_TEST(all_rows_start_in_the_first_frame)
{
  play(out, N_FRAMES, 256);
  for (uint32_t o = 0; o < CLOCK_OUTS; ++o) {
    ck_assert(rises(out[o], 0));
  }
  check_rises(out[OUT_1], 0, N_FRAMES, 0, BEAT / 4);
  check_rises(out[OUT_2], 0, N_FRAMES, 0, BEAT);
  check_rises(out[OUT_4], 0, N_FRAMES, 0, 4 * BEAT);
  check_low(out[RESET], 0, N_FRAMES);
  ck_assert_float_eq(out[RUN][0], 10.0f);
  ck_assert_float_eq(out[TEMPO][0], 0.0f);
}
END_TEST

START_TEST(swing_bends_one_row_and_not_the_other)
{
  settings.swing = 0.625;
  play(out, N_FRAMES, 256);
  check_rises(out[OUT_2], 0, N_FRAMES, 0, BEAT);
  check_rises(out[OUT_3], 0, N_FRAMES, 0, BEAT / 4);
  uint32_t at = 0;
  for (uint32_t n = 0; n < 40; ++n) {
    const double exact = (n / 2U + (n % 2U ? 0.625 : 0.0)) * BEAT / 2.0;
    ck_assert_uint_eq(next_rise(out[OUT_1], at, N_FRAMES), (uint32_t)exact);
    at = (uint32_t)exact + 10U;
  }
}
END_TEST

START_TEST(pulses_are_as_wide_as_the_knob_has_it)
{
  static const double widths[] = {0.01, 0.1, 0.5, 0.99};
  for (size_t w = 0; w < 4; ++w) {
    for (uint32_t o = 0; o < CLOCK_OUTS; ++o) {
      settings.out[o].width = widths[w];
    }
    play(out, N_FRAMES, 256);
    static const uint32_t periods[] = {BEAT / 4, BEAT, BEAT / 4, 4 * BEAT};
    for (uint32_t o = 0; o < CLOCK_OUTS; ++o) {
      uint32_t n_high = 0;
      while (out[o][n_high] > 5.0f) {
        ++n_high;
      }
      const double   exact = ceil(widths[w] * periods[o]);
      const double   most  = periods[o] - MS;
      const uint32_t n     = (uint32_t)(exact < MS ? MS : exact > most ? most : exact);
      ck_assert_uint_eq(n_high, n);
    }
  }
}
END_TEST

/// Check that pulses are high for 1 ms, and low for 1 ms, but for the last one
static void
check_pulses(const float* const signal, const uint32_t n_frames, const uint32_t n_low)
{
  uint32_t since = 0;
  for (uint32_t i = 1; i < n_frames; ++i) {
    ++since;
    if (signal[i] != signal[i - 1U]) {
      ck_assert_uint_ge(since, signal[i] > 5.0f ? n_low : MS);
      since = 0;
    }
  }
}

START_TEST(fast_pulses_stay_apart)
{
  // Of 32 a beat at 999 beats a minute, and of 1920: 1.9 ms, then less than one
  settings.out[0].ratio.above = 32;
  settings.out[0].width       = 0.99;
  settings.beats_per_minute   = 900.0f;
  play(out, 48000, 256);
  check_pulses(out[OUT_1], 48000, MS);
  ck_assert_uint_eq(count_rises(out[OUT_1], 0, 48000), 480);

  settings.beats_per_minute = 999.0f;
  tempo_v[0]                = 10.0f;
  for (uint32_t i = 1; i < N_FRAMES; ++i) {
    tempo_v[i] = 10.0f;
  }
  play(out, 48000, 256);
  ck_assert_uint_eq(count_rises(out[OUT_1], 0, 48000), 1024);
  ck_assert_float_eq(out[TEMPO][100], 4.0f);
}
END_TEST

START_TEST(tempo_cv_is_octaves)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    tempo_v[i] = i < 96000U ? 1.0f : -1.0f;
  }
  is_moving = true;
  play(out, N_FRAMES, 256);
  check_rises(out[OUT_2], 0, 96000, 0, BEAT / 2);
  check_rises(out[OUT_2], 96000, N_FRAMES, 96000, 2 * BEAT);
  ck_assert_float_eq(out[TEMPO][95999], 1.0f);
  ck_assert_float_eq(out[TEMPO][96000], -1.0f);
}
END_TEST

START_TEST(tempo_that_moves_in_a_pulse_stretches_it)
{
  // The second half of the first pulse is at half the tempo
  for (uint32_t i = 6000; i < N_FRAMES; ++i) {
    tempo_v[i] = -1.0f;
  }
  is_moving = true;
  play(out, N_FRAMES, 256);
  for (uint32_t i = 0; i < 42000; ++i) {
    ck_assert_float_eq(out[OUT_2][i], i < 18000 ? 10.0f : 0.0f);
  }
  ck_assert(rises(out[OUT_2], 42000));
}
END_TEST

START_TEST(stop_is_low_and_goes_on)
{
  run_v[0] = 10.0f;
  for (uint32_t i = 0; i < 30000; ++i) {
    run_v[i] = 10.0f;
  }
  for (uint32_t i = 50000; i < N_FRAMES; ++i) {
    run_v[i] = 10.0f;
  }
  settings.running = false;
  play(out, N_FRAMES, 256);
  for (uint32_t o = 0; o < CLOCK_OUTS; ++o) {
    check_low(out[o], 30000, 50000);
  }
  check_low(out[RUN], 30000, 50000);
  check_rises(out[OUT_2], 50000, N_FRAMES, 50000 + 18000, BEAT);
  check_low(out[RESET], 0, N_FRAMES);
}
END_TEST

START_TEST(reset_starts_all_rows_again)
{
  reset_v[63500] = 10.0f;
  play(out, N_FRAMES, 256);
  check_rises(out[OUT_1], 63500, N_FRAMES, 63500, BEAT / 4);
  check_rises(out[OUT_2], 63500, N_FRAMES, 63500, BEAT);
  check_rises(out[OUT_4], 63500, N_FRAMES, 63500, 4 * BEAT);
  check_rises(out[RESET], 0, N_FRAMES, 63500, N_FRAMES);

  // Where a pulse is high, it is low for that frame
  reset_v[63500] = 0.0f;
  reset_v[25000] = 10.0f;
  play(out, N_FRAMES, 256);
  ck_assert(rises(out[OUT_2], 25001));
  ck_assert(rises(out[RESET], 25000));
}
END_TEST

START_TEST(reset_while_it_stands_waits)
{
  settings.running = false;
  reset_v[1000]    = 10.0f;
  turn(0);
  settings.running = true;
  turn(2000);
  settings.running = false;
  play(out, N_FRAMES, 256);
  ck_assert(rises(out[RESET], 1000));
  check_low(out[OUT_2], 0, 2000);
  check_rises(out[OUT_2], 0, N_FRAMES, 2000, BEAT);
}
END_TEST

START_TEST(new_ratio_is_at_its_places)
{
  settings.out[1].ratio = (TimelineRatio){3, 1};
  turn(26000);
  settings = defaults;
  play(out, N_FRAMES, 256);
  check_rises(out[OUT_2], 26000, N_FRAMES, 32000, 8000);
}
END_TEST

START_TEST(reset_comes_with_bars)
{
  settings.reset_when = CLOCK_RESET_EACH_BAR;
  play(out, N_FRAMES, 256);
  check_rises(out[RESET], 0, N_FRAMES, 0, 4 * BEAT);
  settings.beats_per_minute = 480.0f;
  settings.reset_when       = CLOCK_RESET_EACH_4_BARS;
  play(out, N_FRAMES, 256);
  check_rises(out[RESET], 0, N_FRAMES, 0, 4 * BEAT);
}
END_TEST

// ---- Host

START_TEST(host_may_tell_always_or_once)
{
  // As Carla does, and as Ardour does
  settings.source = CLOCK_HOST;
  tell(1000, 4.5, 120.0, 1.0);
  play(out, N_FRAMES, 256);
  check_low(out[OUT_1], 0, 1000);
  check_rises(out[OUT_1], 0, N_FRAMES, 1000, BEAT / 4);
  check_rises(out[OUT_2], 0, N_FRAMES, 13000, BEAT);
  check_rises(out[RESET], 0, N_FRAMES, 1000, N_FRAMES);

  n_events = 0;
  for (uint32_t frame = 1000; frame < N_FRAMES; frame += 256) {
    tell(frame, 4.5 + (frame - 1000U) / 24000.0, 120.0, 1.0);
  }
  play(other, N_FRAMES, 256);
  ck_assert_mem_eq(out, other, sizeof(out));
}
END_TEST

START_TEST(host_that_loops_plays_the_same_each_time)
{
  // A bar of 20 ms, so often as there is time for; and told in each block, too
  settings.source = CLOCK_HOST;
  for (int is_often = 0; is_often < 2; ++is_often) {
    n_events = 0;
    for (uint32_t frame = 0; frame < N_FRAMES; frame += 9600) {
      tell(frame, 8.0, 1200.0, 1.0);
      for (uint32_t f = 256; is_often && f < 9600; f += 256) {
        tell(frame + f, 8.0 + f / 2400.0, 1200.0, 1.0);
      }
    }
    play(out, N_FRAMES, 256);
    check_rises(out[OUT_2], 0, N_FRAMES, 0, 2400);
    check_rises(out[OUT_1], 0, N_FRAMES, 0, 600);
    check_rises(out[OUT_4], 0, N_FRAMES, 0, 9600);
    check_rises(out[RESET], 0, N_FRAMES, 0, 9600);
  }
}
END_TEST

START_TEST(host_loops_a_thousand_times)
{
  settings.source                = CLOCK_HOST;
  static const uint32_t n_passes = 1000;
  static const uint32_t n_beat   = 2400;
  clock_gen_set(&gen, &settings);
  tell(0, 8.0, 1200.0, 1.0);
  for (uint32_t pass = 0; pass < n_passes; ++pass) {
    take_event(&event[0]);
    run_slice(pass ? other : out, 0, 4 * n_beat);
    for (uint32_t o = 0; pass && o < CLOCK_OUTS; ++o) {
      ck_assert_mem_eq(other[o], out[o], 4U * n_beat * sizeof(float));
    }
  }
  check_rises(out[OUT_1], 0, 4 * n_beat, 0, n_beat / 4);
}
END_TEST

START_TEST(host_stops_and_starts)
{
  settings.source = CLOCK_HOST;
  tell(0, 0.0, 120.0, 1.0);
  tell(30000, 1.25, 120.0, 0.0);
  tell(50000, 1.25, 120.0, 1.0);
  tell(110000, 3.75, 120.0, -1.0);
  play(out, N_FRAMES, 256);
  for (uint32_t o = 0; o < CLOCK_OUTS; ++o) {
    check_low(out[o], 30000, 50000);
    check_low(out[o], 110000, N_FRAMES);
  }
  check_low(out[RUN], 30000, 50000);
  check_rises(out[OUT_2], 30000, 110000, 68000, BEAT);
  check_rises(out[RESET], 0, 100000, 0, 50000);
}
END_TEST

START_TEST(reset_when_is_when_reset_comes)
{
  static const uint32_t n_resets[] = {3, 2, 4, 1};
  settings.source                  = CLOCK_HOST;
  tell(0, 14.0, 240.0, 1.0);      // Half a bar before bar 4
  tell(40000, 25.5, 240.0, 1.0);  // In bar 6, up to 27.5
  tell(64000, 27.5, 240.0, 0.0);  // Stops
  tell(70000, 28.0, 240.0, 1.0);  // Starts with bar 7, up to where 8 and 9 start
  tell(160000, 35.5, 240.0, 0.0); // Stops
  for (uint32_t w = 0; w < 4; ++w) {
    settings.reset_when = (ClockResetWhen)w;
    play(out, 150000, 256);
    const uint32_t n = count_rises(out[RESET], 0, 150000);
    ck_assert_uint_eq(n, w == 2 ? 3U : w == 3 ? 2U : n_resets[w]);
  }
}
END_TEST

START_TEST(bars_of_other_meters_are_followed)
{
  // 7/8 at 120 quarters: bars of 84000 frames; told once, and in each block
  settings.source     = CLOCK_HOST;
  settings.reset_when = CLOCK_RESET_EACH_BAR;
  for (int is_often = 0; is_often < 2; ++is_often) {
    n_events = 0;
    for (uint32_t frame = 0; frame < N_FRAMES; frame += 256) {
      const double eighths = frame / 12000.0;
      const double bar     = floor(eighths / 7.0);
      tell(frame, 0.0, 240.0, 1.0);
      event[n_events - 1U].transport.bar       = bar;
      event[n_events - 1U].transport.bar_beat  = (double)(float)(eighths - 7.0 * bar);
      event[n_events - 1U].transport.beat_unit = 8.0;
      event[n_events - 1U].transport.beats_per_bar = 7.0;
      n_events = is_often || frame == 0U ? n_events : n_events - 1U;
    }
    play(out, N_FRAMES, 256);
    check_rises(out[RESET], 0, N_FRAMES, 0, 84000);
    check_rises(out[OUT_2], 0, N_FRAMES, 0, BEAT);
  }
}
END_TEST

START_TEST(offset_moves_pulses)
{
  settings.source   = CLOCK_HOST;
  settings.offset_s = 0.01;
  tell(1000, 4.0, 120.0, 1.0);
  play(out, N_FRAMES, 256);
  check_rises(out[OUT_1], 0, N_FRAMES, 1480, BEAT / 4);

  // Earlier, but not before the start
  settings.offset_s = -0.01;
  play(out, N_FRAMES, 256);
  ck_assert_uint_eq(next_rise(out[OUT_1], 0, N_FRAMES), 1000);
  check_rises(out[OUT_1], 2000, N_FRAMES, 1000 + BEAT / 4 - 480, BEAT / 4);
}
END_TEST

START_TEST(reset_in_the_song_holds_until_it_jumps)
{
  settings.source = CLOCK_HOST;
  tell(0, 0.0, 120.0, 1.0);
  tell(103000, 8.0, 120.0, 1.0);
  reset_v[40000] = 10.0f;
  play(out, N_FRAMES, 256);
  check_rises(out[OUT_2], 40000, 103000, 40000, BEAT);
  check_rises(out[OUT_2], 103000, N_FRAMES, 103000, BEAT);
}
END_TEST

// ---- MIDI

START_TEST(midi_starts_with_the_clock_after_start)
{
  settings.source = CLOCK_MIDI;
  for (int is_smooth = 0; is_smooth < 2; ++is_smooth) {
    n_events           = 0;
    settings.smoothing = is_smooth ? 0.5 : 0.0;
    send_clocks(500, 1000, 20);
    send(20000, 0xfa);
    send_clocks(20500, 1000, 200);
    play(out, 220000, 256);
    check_low(out[OUT_1], 0, 20500);
    check_rises(out[RESET], 0, 220000, 20000, N_FRAMES);
    check_rises(out[OUT_1], 0, 219000, 20500, 6000);
    check_rises(out[OUT_2], 0, 219000, 20500, 24000);
    ck_assert_float_eq_tol(out[TEMPO][100000], 0.0f, 1e-6f);
  }
}
END_TEST

START_TEST(first_clocks_are_counted_before_a_tempo_is_known)
{
  settings.source = CLOCK_MIDI;
  send(100, 0xfa);
  send_clocks(1000, 1000, 100);
  play(out, 100000, 256);
  check_rises(out[OUT_1], 0, 100000, 1000, 6000);
}
END_TEST

START_TEST(midi_stops_and_continues)
{
  settings.source    = CLOCK_MIDI;
  settings.smoothing = 0.0;
  send(0, 0xfa);
  send_clocks(0, 1000, 31); // Number 30 is at frame 30000
  send(30500, 0xfc);
  send_clocks(31000, 1000, 10);
  send(40500, 0xfb);
  send_clocks(41000, 1000, 100);
  play(out, 140000, 256);
  check_low(out[OUT_1], 30500, 41000);
  check_low(out[RUN], 30500, 40500);
  // Number 31 is at 41000, so 36 at 46000, and beat 2, number 48, at 58000
  check_rises(out[OUT_1], 31000, 140000, 46000, 6000);
  check_rises(out[OUT_2], 31000, 140000, 58000, 24000);
  check_rises(out[RESET], 0, 140000, 0, N_FRAMES);
}
END_TEST

START_TEST(midi_goes_to_a_position)
{
  settings.source = CLOCK_MIDI;
  send(0, 0xfc);
  send_position(1000, 261); // Beat 65 1/4
  send(2000, 0xfb);
  send_clocks(3000, 1000, 130);
  play(out, 130000, 256);
  check_low(out[OUT_1], 0, 3000);
  check_rises(out[OUT_1], 0, 130000, 3000, 6000);
  check_rises(out[OUT_2], 0, 130000, 21000, 24000);
  check_rises(out[OUT_4], 0, 130000, 3000 + 66000, 96000);
  check_rises(out[RESET], 0, 130000, 1000, N_FRAMES);
}
END_TEST

START_TEST(midi_counts_though_tempo_and_jitter_run_wild)
{
  uint32_t dice   = 3;
  settings.source = CLOCK_MIDI;
  for (int smoothing = 0; smoothing < 3; ++smoothing) {
    settings.smoothing = smoothing / 2.0;
    n_events           = 0;
    uint32_t frame     = 100;
    uint32_t n         = 0;
    for (send(50, 0xfa); frame < 230000U; ++n) {
      send(frame, 0xf8);
      frame += 300U + roll(&dice) % (n < 100 ? 100U : 2000U);
    }
    play(out, 235000, 256);
    // Clock n - 1 was the last, and one more may be expected
    const uint32_t n_rises = count_rises(out[OUT_1], 0, 235000);
    ck_assert_uint_ge(n_rises, (n - 1U) / 6U);
    ck_assert_uint_le(n_rises, (n - 1U + (smoothing > 0)) / 6U + 1U);
  }
}
END_TEST

/// Return how far sixteenths of a clock that jitters are off, r.m.s., in ms
static double
measure_jitter(const double smoothing)
{
  const double period = 60.0 / 123.4 / 24.0 * RATE_HZ;
  uint32_t     dice   = 1;
  double       sum    = 0.0;
  double       square = 0.0;
  unsigned     n      = 0;
  for (unsigned part = 0; part < 8; ++part) {
    setup();
    settings.source    = CLOCK_MIDI;
    settings.smoothing = smoothing;
    send(0, 0xfa);
    for (uint32_t c = 0; c < 235; ++c) {
      const double off = (roll(&dice) % 20001U / 10000.0 - 1.0) * 0.002 * RATE_HZ;
      send((uint32_t)(1000.0 + c * period + off), 0xf8);
    }
    play(out, N_FRAMES, 256);
    for (uint32_t i = 100000; i < 230000; ++i) {
      if (rises(out[OUT_1], i)) {
        const double tick = (i - 1000.0) / period / 6.0;
        const double off  = (tick - nearbyint(tick)) * 6.0 * period / RATE_HZ * 1e3;
        sum += off;
        square += off * off;
        ++n;
      }
    }
  }
  return sqrt(square / n - sum / n * (sum / n));
}

START_TEST(smoothing_evens_out_jitter)
{
  const double raw  = measure_jitter(0.0);
  const double half = measure_jitter(0.5);
  const double full = measure_jitter(1.0);
  printf("jitter of 2 ms: %.3f ms raw, %.3f at 0.5, %.3f at 1\n", raw, half, full);
  ck_assert_double_eq_tol(raw, 1.13, 0.1);
  ck_assert_double_le(half, 0.45);
  ck_assert_double_le(full, 0.25);
}
END_TEST

START_TEST(new_tempo_of_midi_is_followed)
{
  // 5 % faster: within 1 ms after 21 clocks
  settings.source    = CLOCK_MIDI;
  settings.smoothing = 0.5;
  settings.out[0]    = (ClockOutSettings){{24, 1}, 0.5, false};
  send(0, 0xfa);
  send_clocks(0, 1000, 100);
  send_clocks(100000, 950, 100);
  play(out, 190000, 256);
  const uint32_t start = 100000U + 23U * 950U;
  for (uint32_t i = start; i < 190000U; ++i) {
    if (rises(out[OUT_1], i)) {
      const uint32_t off = (i - 100000U + 475U) % 950U;
      ck_assert_uint_ge(off, 475U - MS);
      ck_assert_uint_le(off, 475U + MS + 1U); // Pulses are rounded up to frames
    }
  }

  // Half as fast: at once, after three
  n_events = 0;
  send(0, 0xfa);
  send_clocks(0, 1000, 100);
  send_clocks(101000, 2000, 40);
  play(out, 175000, 256);
  check_rises(out[OUT_1], 107100, 175000, 109000, 2000);
}
END_TEST

// ---- Cable

static void
fill_clock(const uint32_t start, const uint32_t period)
{
  for (uint32_t i = start; i < N_FRAMES; i += period) {
    for (uint32_t j = i; j < i + period / 2U && j < N_FRAMES; ++j) {
      clock_v[j] = 10.0f;
    }
  }
}

START_TEST(cable_is_followed_to_the_frame)
{
  settings.source       = CLOCK_CABLE;
  settings.out[2].ratio = (TimelineRatio){12, 1};
  fill_clock(0, 6000);
  for (int smoothing = 0; smoothing < 3; ++smoothing) {
    settings.smoothing = smoothing / 2.0;
    play(out, N_FRAMES, 256);
    check_rises(out[OUT_1], 0, N_FRAMES, 0, 6000);
    check_rises(out[OUT_2], 0, N_FRAMES, 0, 24000);
    check_rises(out[OUT_3], 6000, N_FRAMES, 6000, 2000);
  }
}
END_TEST

START_TEST(reset_at_every_offset_makes_a_tick_the_first)
{
  // As for all that goes in steps: 1 ms after a tick, that one; else the next
  settings.source    = CLOCK_CABLE;
  settings.smoothing = 0.0;
  fill_clock(0, 6000);
  for (int offset = -96; offset <= 96; ++offset) {
    const uint32_t reset  = (uint32_t)(42000 + offset);
    const bool     is_new = offset >= (int)MS;
    memset(reset_v, 0, sizeof(reset_v));
    reset_v[reset] = 10.0f;
    play(out, 120000, 256);
    ck_assert(rises(out[RESET], reset));
    const uint32_t first = is_new ? 48000U : offset > 0 ? reset : 42000U;
    const uint32_t beat  = next_rise(out[OUT_2], 40000U, N_FRAMES);
    ck_assert_uint_ge(beat, first);
    ck_assert_uint_le(beat, first + (offset > 0));
    ck_assert_uint_eq(next_rise(out[OUT_2], beat + 1U, N_FRAMES),
                      (is_new ? 48000U : 42000U) + BEAT);
  }
}
END_TEST

START_TEST(cable_that_pauses_is_waited_for)
{
  settings.source       = CLOCK_CABLE;
  settings.out[2].ratio = (TimelineRatio){16, 1};
  for (int smoothing = 0; smoothing < 2; ++smoothing) {
    settings.smoothing = smoothing / 2.0;
    memset(clock_v, 0, sizeof(clock_v));
    fill_clock(0, 6000);
    memset(clock_v + 60000, 0, 90000 * sizeof(float));
    play(out, N_FRAMES, 256);
    check_rises(out[OUT_1], 54100, N_FRAMES, 150000, 6000);
    ck_assert_uint_eq(count_rises(out[OUT_3], 54000, 150000), 4);
    check_rises(out[OUT_3], 150000, N_FRAMES, 150000, 1500);
  }
}
END_TEST

// ---- All of them

/// Fill inputs and events at random
static void
fill_random(uint32_t* const dice)
{
  static const uint8_t messages[] = {0xf8, 0xf8, 0xf8, 0xfa, 0xfb, 0xfc};
  for (uint32_t i = 0; i < 40000; ++i) {
    clock_v[i] = roll(dice) % 300U == 0U ? 10.0f : i ? clock_v[i - 1U] * 0.98f : 0.0f;
    reset_v[i] = roll(dice) % 9000U == 0U ? 10.0f : 0.0f;
    run_v[i]   = (i >> 12U) % 3U == 0U ? 10.0f : 0.0f;
    tempo_v[i] = i % 20000U < 10000U ? (float)sin(i * 1e-3) * 3.0f : tempo_v[i - 1U];
    swing_v[i] = i % 16000U < 8000U ? (float)sin(i * 1e-4) * 10.0f : swing_v[i - 1U];
  }
  is_moving = true;
  n_events  = 0;
  for (uint32_t frame = 0; frame < 40000U; frame += 1U + roll(dice) % 400U) {
    const uint32_t kind = roll(dice) % 16U;
    if (kind < 6U) {
      send(frame, messages[kind]);
    } else if (kind == 6U) {
      send_position(frame, roll(dice) % 100U);
    } else if (kind < 9U) {
      tell(
        frame, roll(dice) % 1000U / 100.0, 300.0, kind == 8U && frame % 2U ? 0.0 : 1.0);
    } else if (kind == 9U) {
      settings.running   = roll(dice) % 2U;
      settings.offset_s  = roll(dice) % 100U / 1000.0 - 0.05;
      settings.smoothing = roll(dice) % 3U / 2.0;
      for (uint32_t o = 0; o < CLOCK_OUTS; ++o) {
        settings.out[o].ratio = (TimelineRatio){1U + roll(dice) % 32U, 1};
        settings.out[o].width = roll(dice) % 100U / 100.0;
      }
      turn(frame);
    } else if (kind == 10U) {
      event[n_events++] = (Event){.kind = RESTART, .frame = frame};
    }
  }
}

/// Check that slices of up to `n_slice` frames play what others have
static void
check_same(const uint32_t n_slice)
{
  play(other, 40000, n_slice);
  for (uint32_t s = 0; s < N_SIGNALS; ++s) {
    uint32_t i = 0;
    while (i < 40000U && out[s][i] == other[s][i]) {
      ++i;
    }
    ck_assert_msg(i == 40000U,
                  "source %d, slices of %u: signal %u differs in frame %u",
                  (int)settings.source,
                  n_slice,
                  s,
                  i);
  }
}

START_TEST(slices_do_not_matter)
{
  uint32_t dice = 11;
  for (int c = 0; c < 40; ++c) {
    setup();
    settings.source           = (ClockSource)(c % 4);
    settings.beats_per_minute = 600.0f;
    settings.reset_when       = (ClockResetWhen)(c / 4 % 4);
    fill_random(&dice);
    play(out, 40000, 256);
    check_same(1);
    check_same(130);
  }
}
END_TEST

START_TEST(reset_clock_is_as_a_fresh_one)
{
  uint32_t dice   = 5;
  settings.source = CLOCK_MIDI;
  fill_random(&dice);
  play(out, 40000, 256);
  play(other, 40000, 256);
  ck_assert_mem_eq(out[0], other[0], 40000 * sizeof(float));
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("clock_gen");
  TCase* const tests = tcase_create("clock_gen");
  tcase_set_timeout(tests, 60);
  tcase_add_checked_fixture(tests, setup, NULL);
#ifdef __SIZEOF_INT128__
  tcase_add_test(tests, ten_hours_at_sixty_tempi_are_exact);
#endif
  tcase_add_test(tests, all_rows_start_in_the_first_frame);
  tcase_add_test(tests, swing_bends_one_row_and_not_the_other);
  tcase_add_test(tests, pulses_are_as_wide_as_the_knob_has_it);
  tcase_add_test(tests, fast_pulses_stay_apart);
  tcase_add_test(tests, tempo_cv_is_octaves);
  tcase_add_test(tests, tempo_that_moves_in_a_pulse_stretches_it);
  tcase_add_test(tests, stop_is_low_and_goes_on);
  tcase_add_test(tests, reset_starts_all_rows_again);
  tcase_add_test(tests, reset_while_it_stands_waits);
  tcase_add_test(tests, new_ratio_is_at_its_places);
  tcase_add_test(tests, reset_comes_with_bars);
  tcase_add_test(tests, host_may_tell_always_or_once);
  tcase_add_test(tests, host_that_loops_plays_the_same_each_time);
  tcase_add_test(tests, host_loops_a_thousand_times);
  tcase_add_test(tests, host_stops_and_starts);
  tcase_add_test(tests, reset_when_is_when_reset_comes);
  tcase_add_test(tests, bars_of_other_meters_are_followed);
  tcase_add_test(tests, offset_moves_pulses);
  tcase_add_test(tests, reset_in_the_song_holds_until_it_jumps);
  tcase_add_test(tests, midi_starts_with_the_clock_after_start);
  tcase_add_test(tests, first_clocks_are_counted_before_a_tempo_is_known);
  tcase_add_test(tests, midi_stops_and_continues);
  tcase_add_test(tests, midi_goes_to_a_position);
  tcase_add_test(tests, midi_counts_though_tempo_and_jitter_run_wild);
  tcase_add_test(tests, smoothing_evens_out_jitter);
  tcase_add_test(tests, new_tempo_of_midi_is_followed);
  tcase_add_test(tests, cable_is_followed_to_the_frame);
  tcase_add_test(tests, reset_at_every_offset_makes_a_tick_the_first);
  tcase_add_test(tests, cable_that_pauses_is_waited_for);
  tcase_add_test(tests, slices_do_not_matter);
  tcase_add_test(tests, reset_clock_is_as_a_fresh_one);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
