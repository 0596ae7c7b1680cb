// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "timing/timeline.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define N_TICKS 5
#define SEGMENT 1000U ///< Frames at one tempo
#define SWING 0.62

static const TimelineRatio ratios[N_TICKS] = {{1, 1}, {4, 1}, {3, 2}, {1, 16}, {24, 1}};

static Timeline      line;
static TimelineTicks ticks[N_TICKS];

static void
setup(void)
{
  timeline_init(&line, 48000.0);
  timeline_run(&line, true);
}

static void
set_ticks(void)
{
  for (int t = 0; t < N_TICKS; ++t) {
    timeline_ticks_set(&line, &ticks[t], ratios[t], t == 1 || t == 4);
  }
}

/// Return the tempo of a segment: slow ramps, with steps
static float
tempo_of(const uint64_t segment)
{
  return (float)(120.0 + 100.0 * sin((double)segment * 1e-4) +
                 0.001 * (double)(segment % 997U) +
                 (segment % 5000U == 0U ? 300.0 : 0.0));
}

/// Return the next pseudorandom number
static uint32_t
roll(uint32_t* const dice)
{
  *dice = *dice * 1664525U + 1013904223U;
  return *dice >> 8U;
}

/// Called for each tick, with the frame that it is in
typedef void (*TickFunc)(void* to, int t, uint64_t frame);

/// Run a slice, and return how many ticks there were
static void
run_slice(const uint64_t frame,
          const uint32_t n_frames,
          const TickFunc func,
          void* const    to)
{
  for (uint32_t at = 0; at < n_frames;) {
    uint32_t n = n_frames - at;
    for (int t = 0; t < N_TICKS; ++t) {
      n = timeline_frames(&line, &ticks[t], n);
    }
    timeline_pass(&line, n);
    at += n;
    for (int t = 0; at < n_frames && t < N_TICKS; ++t) {
      while (timeline_frames(&line, &ticks[t], 1) == 0U) {
        func(to, t, frame + at);
        timeline_tick(&ticks[t]);
      }
    }
    if (at < n_frames) {
      timeline_pass(&line, 1);
      ++at;
    }
  }
}

/// Run hours of segments in slices of up to `n_most` frames
static void
run_hours(const double   hours,
          const uint32_t n_most,
          const TickFunc func,
          void* const    to)
{
  const uint64_t n_frames = (uint64_t)(hours * 3600.0 * line.sample_rate);
  uint32_t       dice     = n_most;
  for (uint64_t frame = 0; frame < n_frames;) {
    const uint64_t segment = frame / SEGMENT;
    const uint64_t left    = (segment + 1U) * SEGMENT - frame;
    const uint32_t n       = 1U + roll(&dice) % n_most;
    const uint32_t n_run   = n < left ? n : (uint32_t)left;
    timeline_set_tempo(&line, tempo_of(segment));
    run_slice(frame, n_run, func, to);
    frame += n_run;
  }
}

// ---- Against arithmetic of 128 bits

#ifdef __SIZEOF_INT128__

__extension__ typedef __int128 Exact;

/// Places known without the timeline
typedef struct {
  Exact    place; ///< Of frame `frame`, in units
  uint64_t frame;
  int64_t  number[N_TICKS]; ///< Of the last tick
  uint64_t n_ticks;
  uint64_t n_wrong;
} Reference;

/// Go on to a frame, by one sum for each tempo
static void
go_on(Reference* const self, const uint64_t frame)
{
  while (self->frame < frame) {
    const uint64_t segment = self->frame / SEGMENT;
    const uint64_t end     = (segment + 1U) * SEGMENT;
    const uint64_t n       = (end < frame ? end : frame) - self->frame;
    const Exact    step    = (Exact)ldexp((double)tempo_of(segment), 23);
    self->place += step * (Exact)n;
    self->frame += n;
  }
}

/// Return the sign of a place less that of a tick, with no rounding at all
static int
compare(const Exact place, const int t, const Exact number)
{
  const Exact a      = ratios[t].above;
  const Exact b      = ratios[t].below;
  const Exact m      = (Exact)line.beat_units;
  const bool  swings = t == 1 || t == 4;
  if (!swings) {
    const Exact left = place * a - number * b * m;
    return left < 0 ? -1 : left > 0;
  }

  // Units are fourths of a beat: pairs of them are half beats
  const Exact swing = (Exact)nearbyint(SWING * 65536.0);
  const Exact units = number * b * 4;
  const Exact pair  = units / (2 * a);
  const Exact over  = units % (2 * a);
  const Exact bent = over < a ? over * swing : a * swing + (over - a) * (65536 - swing);
  const Exact left = place * 2 * a * 65536 - (pair * a * 65536 + bent) * m;
  return left < 0 ? -1 : left > 0;
}

static void
check_tick(void* const to, const int t, const uint64_t frame)
{
  Reference* const self   = to;
  const int64_t    number = ticks[t].next;
  if (frame > 0U) {
    go_on(self, frame - 1U);
    Reference before = *self;
    go_on(&before, frame);
    self->n_wrong += compare(self->place, t, number) >= 0 && frame > 1U;
    self->n_wrong += compare(before.place, t, number) < 0;
  }
  self->n_wrong += number != self->number[t] + 1;
  self->number[t] = number;
  ++self->n_ticks;
}

START_TEST(ticks_are_in_their_frames_for_ten_hours)
{
  static const double rates_hz[] = {48000.0, 44100.0, 8000.0};
  for (size_t r = 0; r < 3; ++r) {
    Reference reference = {.number = {-1, -1, -1, -1, -1}};
    timeline_init(&line, rates_hz[r]);
    timeline_set_swing(&line, SWING, 4);
    timeline_run(&line, true);
    set_ticks();
    run_hours(r == 0 ? 10.0 : 3.0, 777, check_tick, &reference);
    ck_assert_uint_eq(reference.n_wrong, 0);
    ck_assert_uint_gt(reference.n_ticks, 600000);

    go_on(&reference, (uint64_t)((r == 0 ? 10.0 : 3.0) * 3600.0 * rates_hz[r]));
    const Exact place =
      (Exact)line.place.beat * (Exact)line.beat_units + (Exact)line.place.units;
    ck_assert(place == reference.place);
  }
}
END_TEST

#endif // __SIZEOF_INT128__

static void
hash_tick(void* const to, const int t, const uint64_t frame)
{
  uint64_t* const hash = to;

  *hash = (*hash ^ (frame * 8U + (uint64_t)t)) * UINT64_C(0x100000001b3);
  *hash = (*hash ^ (uint64_t)ticks[t].next) * UINT64_C(0x100000001b3);
}

START_TEST(slices_do_not_matter)
{
  static const uint32_t n_most[]  = {1000, 64, 7};
  TimelinePlace         places[3] = {{0, 0}};
  uint64_t              hashes[3] = {0, 0, 0};
  for (int s = 0; s < 3; ++s) {
    setup();
    timeline_set_swing(&line, SWING, 4);
    set_ticks();
    run_hours(0.5, n_most[s], hash_tick, &hashes[s]);
    places[s] = line.place;
    ck_assert_uint_eq(hashes[s], hashes[0]);
    ck_assert_int_eq(places[s].beat, places[0].beat);
    ck_assert_uint_eq(places[s].units, places[0].units);
  }
}
END_TEST

// ---- Even tempi, in closed form

START_TEST(even_tempo_is_a_division)
{
  // 60 tempi at each rate: tick n of a beat in frame ceil(n 60 rate / tempo)
  static const double rates_hz[] = {44100.0, 48000.0, 96000.0, 768000.0};
  for (size_t r = 0; r < 4; ++r) {
    for (uint32_t tempo = 20; tempo < 320; tempo += 5) {
      TimelineTicks beats;
      timeline_init(&line, rates_hz[r]);
      timeline_set_tempo(&line, (float)tempo);
      timeline_run(&line, true);
      timeline_ticks_set(&line, &beats, (TimelineRatio){1, 1}, false);
      const uint64_t minute = 60U * (uint64_t)rates_hz[r];
      uint64_t       frame  = 0;
      for (uint64_t n = 0; n < 2000U; ++n) {
        const uint32_t way = timeline_frames(&line, &beats, UINT32_MAX);
        timeline_pass(&line, way);
        frame += way;
        ck_assert_uint_eq(frame, (n * minute + tempo - 1U) / tempo);
        timeline_tick(&beats);
      }
    }
  }
}
END_TEST

// ---- Swing

START_TEST(swing_keeps_order_and_beats)
{
  for (uint32_t units = 2; units <= 8; units *= 2) {
    for (uint32_t percent = 50; percent <= 75; ++percent) {
      timeline_set_swing(&line, percent / 100.0, units);
      for (uint32_t a = 1; a <= 32; ++a) {
        for (uint32_t b = 1; b <= 3; ++b) {
          TimelineTicks some;
          timeline_ticks_set(&line, &some, (TimelineRatio){a, b}, true);
          TimelinePlace last = timeline_ticks_place(&line, &some, -20);
          for (int64_t n = -19; n < 80; ++n) {
            const TimelinePlace place = timeline_ticks_place(&line, &some, n);
            ck_assert(place.beat > last.beat ||
                      (place.beat == last.beat && place.units > last.units));
            ck_assert_uint_lt(place.units, line.beat_units);
            if (n * (int64_t)b % (int64_t)a == 0) {
              ck_assert_int_eq(place.beat, n * (int64_t)b / (int64_t)a);
              ck_assert_uint_eq(place.units, 0);
            }
            last = place;
          }
        }
      }
    }
  }
}
END_TEST

START_TEST(first_of_a_pair_takes_its_part)
{
  // 1/16 at 75 %: the second at 3/8 of a beat; at 2/3 in triplets, to 2^-16
  TimelineTicks fourths;
  timeline_set_swing(&line, 0.75, 4);
  timeline_ticks_set(&line, &fourths, (TimelineRatio){4, 1}, true);
  ck_assert_uint_eq(timeline_ticks_place(&line, &fourths, 1).units,
                    line.beat_units * 3 / 8);
  ck_assert_uint_eq(timeline_ticks_place(&line, &fourths, 2).units,
                    line.beat_units / 2);
  ck_assert_uint_eq(timeline_ticks_place(&line, &fourths, 3).units,
                    line.beat_units * 7 / 8);

  timeline_ticks_set(&line, &fourths, (TimelineRatio){4, 1}, false);
  ck_assert_uint_eq(timeline_ticks_place(&line, &fourths, 1).units,
                    line.beat_units / 4);
}
END_TEST

// ---- Finding

START_TEST(next_tick_is_found_from_any_place)
{
  uint32_t dice = 5;
  for (int c = 0; c < 20000; ++c) {
    const double        beats = (double)(roll(&dice) % 200000U) / 1000.0 - 100.0;
    const TimelineRatio ratio = {1U + roll(&dice) % 48U, 1U + roll(&dice) % 48U};
    TimelineTicks       some;
    timeline_set_swing(&line, 0.5 + roll(&dice) % 26U / 100.0, 2U << roll(&dice) % 3U);
    timeline_go_to(&line, c % 4 ? beats : floor(beats));
    timeline_ticks_set(&line, &some, ratio, c % 2);
    const TimelinePlace next = timeline_ticks_place(&line, &some, some.next);
    const TimelinePlace last = timeline_ticks_place(&line, &some, some.next - 1);
    const TimelinePlace here = line.place;
    ck_assert(next.beat > here.beat ||
              (next.beat == here.beat && next.units >= here.units));
    ck_assert(last.beat < here.beat ||
              (last.beat == here.beat && last.units < here.units));
  }
}
END_TEST

START_TEST(tick_that_swing_passes_over_fires_now)
{
  TimelineTicks fourths;
  timeline_set_swing(&line, 0.75, 4);
  timeline_ticks_set(&line, &fourths, (TimelineRatio){4, 1}, true);
  timeline_tick(&fourths);
  timeline_go_to(&line, 0.3);
  ck_assert_uint_gt(timeline_frames(&line, &fourths, 100000), 0);
  timeline_set_swing(&line, 0.5, 4);
  ck_assert_uint_eq(timeline_frames(&line, &fourths, 100000), 0);
  timeline_tick(&fourths);

  // And not again
  timeline_set_swing(&line, 0.75, 4);
  ck_assert_int_eq(fourths.next, 2);
  ck_assert_uint_eq(timeline_frames(&line, &fourths, 100000), 4800);
}
END_TEST

START_TEST(cycles_are_counted_as_ticks_are)
{
  // Forty cycles in fifteen beats: the number changes with the straight tick
  const TimelineRatio ratio = {8, 3};
  TimelineTicks       some;
  timeline_set_tempo(&line, 133.7f);
  timeline_go_to(&line, -7.6);
  timeline_ticks_set(&line, &some, ratio, false);
  for (int n = 0; n < 2000; ++n) {
    const uint32_t way = timeline_frames(&line, &some, UINT32_MAX);
    timeline_pass(&line, way - 1U);
    ck_assert_int_eq(timeline_cycle(&line, ratio).number, some.next - 1);
    timeline_pass(&line, 1);
    const PhasorPosition place = timeline_cycle(&line, ratio);
    ck_assert_int_eq(place.number, some.next);
    ck_assert_double_lt((double)place.phase * 0x1p-64,
                        timeline_cycle_step(&line, ratio));
    timeline_tick(&some);
  }
}
END_TEST

// ---- Hosts

/// Return what a host in 4/4 tells, with a beat that is a float
static Transport
told_at(const double beats, const double tempo, const double speed)
{
  const double bar = floor(beats / 4.0);

  return (Transport){.bar              = bar,
                     .bar_beat         = (double)(float)(beats - 4.0 * bar),
                     .beat_unit        = 4.0,
                     .beats_per_bar    = 4.0,
                     .beats_per_minute = tempo,
                     .frame            = (double)NAN,
                     .speed            = speed};
}

START_TEST(host_that_tells_every_block_moves_no_tick)
{
  uint32_t dice = 99;
  for (int c = 0; c < 20; ++c) {
    const double tempo = 60.0 + roll(&dice) % 140U + roll(&dice) % 100U / 128.0;
    uint64_t     told  = 0;
    uint64_t     alone = 0;
    for (int is_told = 0; is_told < 2; ++is_told) {
      timeline_init(&line, 48000.0);
      const Transport start = told_at(0.0, tempo, 1.0);
      ck_assert_uint_eq(timeline_follow(&line, &start), TIMELINE_STARTS);
      set_ticks();
      for (uint64_t frame = 0; frame < 48000U * 120U; frame += 256U) {
        const Transport now =
          told_at((double)frame * tempo / 60.0 / 48000.0, tempo, 1.0);
        if (is_told) {
          ck_assert_uint_eq(timeline_follow(&line, &now), TIMELINE_GOES_ON);
        }
        run_slice(frame, 256, hash_tick, is_told ? &told : &alone);
      }
    }
    ck_assert_uint_eq(told, alone);
  }
}
END_TEST

typedef struct {
  int      n_ticks[N_TICKS];
  uint64_t last[N_TICKS];
} Count;

static void
count_tick(void* const to, const int t, const uint64_t frame)
{
  Count* const count = to;

  ++count->n_ticks[t];
  count->last[t] = frame;
}

START_TEST(loop_of_a_bar_plays_the_same_each_time)
{
  // 120 a minute: 96000 frames a bar, and a tick in the very frame of the jump
  const Transport start = told_at(8.0, 120.0, 1.0);
  for (int pass = 0; pass < 1000; ++pass) {
    const unsigned events = timeline_follow(&line, &start);
    Count          count  = {{0}, {0}};
    ck_assert_uint_eq(events, TIMELINE_JUMPS);
    set_ticks();
    run_slice(0, 96000, count_tick, &count);
    ck_assert_int_eq(count.n_ticks[0], 4);
    ck_assert_int_eq(count.n_ticks[1], 16);
    ck_assert_int_eq(count.n_ticks[2], 6);
    ck_assert_int_eq(count.n_ticks[4], 96);
    ck_assert_uint_eq(count.last[0], 72000);
    ck_assert_uint_eq(count.last[4], 95000);
  }
}
END_TEST

START_TEST(host_that_is_a_little_off_fires_nothing_twice)
{
  const Transport start = told_at(0.0, 120.0, 1.0);
  Count           count = {{0}, {0}};
  timeline_follow(&line, &start);
  set_ticks();
  for (uint64_t frame = 0; frame < 480000U; frame += 480U) {
    const double    off_s = frame % 960U ? 0.002 : -0.002;
    const Transport now = told_at(2.0 * ((double)frame / 48000.0 + off_s), 120.0, 1.0);
    const unsigned  events = timeline_follow(&line, &now);
    ck_assert_uint_eq(events, TIMELINE_MOVES);
    run_slice(frame, 480, count_tick, &count);
  }

  // Up to the last frame, which is 2 ms ahead or behind
  const double last = timeline_beats(&line) - 1.0 / 24000.0;
  ck_assert_int_eq(count.n_ticks[0], (int)floor(last) + 1);
  ck_assert_int_eq(count.n_ticks[1], (int)floor(4.0 * last) + 1);
  ck_assert_int_eq(count.n_ticks[4], (int)floor(24.0 * last) + 1);
}
END_TEST

START_TEST(host_stops_and_goes_on)
{
  const Transport start = told_at(1.5, 120.0, 1.0);
  const Transport stop  = told_at(2.5, 120.0, 0.0);
  const Transport again = told_at(2.5, 120.0, 1.0);
  const Transport back  = told_at(2.5, 120.0, -1.0);
  timeline_init(&line, 48000.0);
  ck_assert_uint_eq(timeline_follow(&line, &start), TIMELINE_STARTS | TIMELINE_JUMPS);
  set_ticks();
  ck_assert_uint_eq(timeline_frames(&line, &ticks[0], 100000), 12000);
  timeline_pass(&line, 24000);
  ck_assert_uint_eq(timeline_follow(&line, &stop), TIMELINE_STOPS);
  ck_assert_uint_eq(timeline_frames(&line, &ticks[0], 100000), 100000);
  timeline_pass(&line, 24000);
  ck_assert_double_eq(timeline_beats(&line), 2.5);
  ck_assert_uint_eq(timeline_follow(&line, &again), TIMELINE_STARTS);
  timeline_ticks_find(&line, &ticks[0]);
  ck_assert_uint_eq(timeline_frames(&line, &ticks[0], 100000), 12000);
  ck_assert_uint_eq(timeline_follow(&line, &back), TIMELINE_STOPS);
}
END_TEST

START_TEST(beats_go_on_where_the_meter_changes)
{
  // 4/4 up to bar 3, then 6/8, as counted bars and as divided beats; then back again
  for (int divides = 0; divides < 2; ++divides) {
    timeline_init(&line, 48000.0);
    const Transport start = told_at(11.0, 120.0, 1.0);
    timeline_follow(&line, &start);
    timeline_pass(&line, 24000);
    const Transport next = {
      divides ? 4.0 : 3.0, 0.0, 8.0, 6.0, 240.0, (double)NAN, 1.0};
    ck_assert_uint_eq(timeline_follow(&line, &next), TIMELINE_GOES_ON);
    timeline_pass(&line, 72000);
    const Transport other = {
      divides ? 5.0 : 4.0, 0.0, 8.0, 6.0, 240.0, (double)NAN, 1.0};
    ck_assert_uint_eq(timeline_follow(&line, &other), TIMELINE_GOES_ON);
    ck_assert_double_eq(timeline_beats(&line), 15.0);
    ck_assert_uint_eq(timeline_follow(&line, &start), TIMELINE_JUMPS);
    ck_assert_double_eq(timeline_beats(&line), 11.0);
  }
}
END_TEST

START_TEST(nonsense_of_a_host_is_passed_over)
{
  static const double numbers[] = {(double)NAN, INFINITY, -INFINITY, 1e300, -1e300};
  for (size_t n = 0; n < 5; ++n) {
    const double    x        = numbers[n];
    const Transport nonsense = {x, x, x, x, x, x, x};
    setup();
    timeline_go_to(&line, 3.25);
    timeline_follow(&line, &nonsense);
    ck_assert_double_eq(timeline_beats(&line), 3.25);
  }
}
END_TEST

START_TEST(every_rate_has_a_place)
{
  static const double rates_hz[] = {1.0, 1000.0, 44100.5, 768000.0, 3e6, 1e8};
  for (size_t r = 0; r < 6; ++r) {
    TimelineTicks some;
    timeline_init(&line, rates_hz[r]);
    timeline_set_swing(&line, 0.7, 8);
    timeline_set_tempo(&line, TIMELINE_MAX_TEMPO);
    timeline_run(&line, true);
    timeline_ticks_set(&line, &some, (TimelineRatio){1024, 1}, true);
    timeline_pass(&line, UINT32_MAX);
    const double beats = (double)UINT32_MAX * 1e4 / 60.0 / nearbyint(rates_hz[r]);
    ck_assert_double_eq_tol(timeline_beats(&line) / beats, 1.0, 1e-9);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("timeline");
  TCase* const tests = tcase_create("timeline");
  tcase_set_timeout(tests, 60);
  tcase_add_checked_fixture(tests, setup, NULL);
#ifdef __SIZEOF_INT128__
  tcase_add_test(tests, ticks_are_in_their_frames_for_ten_hours);
#endif
  tcase_add_test(tests, slices_do_not_matter);
  tcase_add_test(tests, even_tempo_is_a_division);
  tcase_add_test(tests, swing_keeps_order_and_beats);
  tcase_add_test(tests, first_of_a_pair_takes_its_part);
  tcase_add_test(tests, next_tick_is_found_from_any_place);
  tcase_add_test(tests, tick_that_swing_passes_over_fires_now);
  tcase_add_test(tests, cycles_are_counted_as_ticks_are);
  tcase_add_test(tests, host_that_tells_every_block_moves_no_tick);
  tcase_add_test(tests, loop_of_a_bar_plays_the_same_each_time);
  tcase_add_test(tests, host_that_is_a_little_off_fires_nothing_twice);
  tcase_add_test(tests, host_stops_and_goes_on);
  tcase_add_test(tests, beats_go_on_where_the_meter_changes);
  tcase_add_test(tests, nonsense_of_a_host_is_passed_over);
  tcase_add_test(tests, every_rate_has_a_place);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
