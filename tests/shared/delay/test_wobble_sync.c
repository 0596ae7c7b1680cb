// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "delay/wobble_sync.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 48000U
#define QUARTER 11U ///< Scale point of a quarter note
#define OWN_HZ 0.3f

static Wobble     wobble;
static WobbleSync sync_;
static float      rate_hz_[N_FRAMES];

static void
set_up(const bool is_on)
{
  wobble_init(&wobble, RATE_HZ);
  wobble_sync_init(&sync_, RATE_HZ);
  wobble_sync_set(&sync_, is_on, QUARTER, &wobble);
}

/// Return what a host tells at 120 bpm in 4/4
static Transport
at(const double bar_beat, const double speed)
{
  return (Transport){.bar              = 0.0,
                     .bar_beat         = bar_beat,
                     .beat_unit        = 4.0,
                     .beats_per_bar    = 4.0,
                     .beats_per_minute = 120.0,
                     .frame            = 0.0,
                     .speed            = speed};
}

/// Let `n_frames` pass in slices of up to `n_most`
static void
run(const uint32_t n_frames, const uint32_t n_most)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < n_frames; i += n) {
    n = n_most < n_frames - i ? n_most : n_frames - i;
    for (uint32_t j = i; j < i + n; ++j) {
      rate_hz_[j] = OWN_HZ;
    }
    const bool is_still = wobble_sync_process(&sync_, rate_hz_ + i, n);
    wobble_pass(&wobble, (Signal){rate_hz_ + i, is_still}, n);
  }
}

START_TEST(own_rate_counts_without_a_tempo)
{
  for (int is_on = 0; is_on < 2; ++is_on) {
    set_up(is_on);
    if (!is_on) {
      const Transport transport = at(0.25, 1.0);
      wobble_sync_set_transport(&sync_, &transport, &wobble);
    }
    ck_assert(!wobble_sync_leads(&sync_));
    run(1000, 256);
    ck_assert_float_eq(rate_hz_[999], OWN_HZ);
  }
}
END_TEST

START_TEST(tempo_sets_the_rate_of_a_song_that_stands)
{
  const Transport transport = at(0.25, 0.0);

  set_up(true);
  wobble_sync_set_transport(&sync_, &transport, &wobble);
  ck_assert(wobble_sync_leads(&sync_));
  run(1000, 256);
  for (uint32_t i = 0; i < 1000; ++i) {
    ck_assert_float_eq(rate_hz_[i], 2.0f);
  }
}
END_TEST

START_TEST(cycles_begin_with_the_notes)
{
  static const double beats[] = {0.0, 0.25, 0.5, 0.75, 3.9};

  for (uint32_t b = 0; b < sizeof(beats) / sizeof(beats[0]); ++b) {
    const Transport transport = at(beats[b], 1.0);
    set_up(true);
    run(1234, 256);
    wobble_sync_set_transport(&sync_, &transport, &wobble);
    run(N_FRAMES, 256);

    // A second at 120 bpm is two quarters
    const double due      = beats[b] - floor(beats[b]);
    const double phase    = (double)wobble.phase * 0x1p-64;
    const double distance = phase - due - floor(phase - due + 0.5);
    ck_assert_double_le(fabs(distance), 1e-5);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      ck_assert_float_le(fabsf(rate_hz_[i] - 2.0f), 0.5f / (float)WOBBLE_SYNC_S);
    }
    ck_assert_float_eq(rate_hz_[N_FRAMES - 1U], 2.0f);
  }
}
END_TEST

START_TEST(slices_do_not_matter)
{
  const Transport transport = at(0.6, 1.0);
  uint64_t        phase[2]  = {0, 0};
  for (uint32_t s = 0; s < 2; ++s) {
    set_up(true);
    wobble_sync_set_transport(&sync_, &transport, &wobble);
    run(20000, s ? 7U : 256U);
    phase[s] = wobble.phase;
  }
  ck_assert_uint_eq(phase[0], phase[1]);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("wobble_sync");
  TCase* const tests = tcase_create("wobble_sync");
  tcase_add_test(tests, own_rate_counts_without_a_tempo);
  tcase_add_test(tests, tempo_sets_the_rate_of_a_song_that_stands);
  tcase_add_test(tests, cycles_begin_with_the_notes);
  tcase_add_test(tests, slices_do_not_matter);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
