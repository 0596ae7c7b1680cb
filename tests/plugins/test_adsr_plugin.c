// SPDX-License-Identifier: ISC
// The envelope as hosts see it, played by MIDI and by sidechain, on cables and on
// tracks

#include "support/fixture.h"
#include "support/test.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define RATE 48000.0
#define PI 3.14159265358979323846

enum { N_FRAMES = 9600, ATTACK_FRAMES = 480, RELEASE_FRAMES = 960 };

static Fixture fixture;

/// Start with straight stages of known lengths: 10 ms up, 20 ms down, full sustain
static void
start(void)
{
  fixture_start(&fixture);
  *fixture_knob(&fixture, "attack")        = 0.01f;
  *fixture_knob(&fixture, "sustain")       = 100.0f;
  *fixture_knob(&fixture, "release")       = 0.02f;
  *fixture_knob(&fixture, "attack_curve")  = 0.0f;
  *fixture_knob(&fixture, "release_curve") = 0.0f;
}

static void
open_module(void)
{
  fixture_open(&fixture, CHRONUS_URI "adsr", RATE);
  start();
}

static void
open_track(void)
{
  fixture_open(&fixture, CHRONUS_URI "adsr-track", RATE);
  start();
  *fixture_knob(&fixture, "velocity_amount") = 0.0f;
}

static void
teardown(void)
{
  fixture_close(&fixture);
}

/// Check where a note from frame `on` to `off` leaves a signal of height `top`
static void
check_note(const float* const out,
           const uint32_t     on,
           const uint32_t     off,
           const float        top)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double rise = (double)(i + 1) - on;
    const double fall = (double)(i + 1) - off;
    const double part = i < on    ? 0.0
                        : i < off ? fmin(rise / ATTACK_FRAMES, 1.0)
                                  : fmax(1.0 - fall / RELEASE_FRAMES, 0.0);
    ck_assert_float_eq_tol(out[i], (float)part * top, 1e-5f * top);
  }
}

// ---- MIDI

START_TEST(keys_play_the_envelope_to_the_frame)
{
  static const uint32_t frames[] = {0, 1, 255, 256, 777};
  for (uint32_t f = 0; f < sizeof(frames) / sizeof(frames[0]); ++f) {
    start();
    fixture_add_midi(&fixture, frames[f], 0x90, 60, 100);
    fixture_add_midi(&fixture, 5000, 0x80, 60, 0);
    fixture_run(&fixture, N_FRAMES);
    check_note(fixture_signal(&fixture, "envelope"), frames[f], 5000, 10.0f);
  }
}
END_TEST

START_TEST(keys_and_cables_are_added)
{
  float* const gate = fixture_signal(&fixture, "gate");
  for (uint32_t i = 3000; i < 5000; ++i) {
    gate[i] = 10.0f;
  }
  fixture_add_midi(&fixture, 1000, 0x90, 60, 100);
  fixture_add_midi(&fixture, 4000, 0x80, 60, 0);
  fixture_run(&fixture, N_FRAMES);
  check_note(fixture_signal(&fixture, "envelope"), 1000, 5000, 10.0f);
}
END_TEST

/// Return whether the envelope falls anywhere from 2000 to 3000
static bool
is_struck_again(const float mode)
{
  start();
  *fixture_knob(&fixture, "sustain") = 50.0f;
  *fixture_knob(&fixture, "decay")   = 0.01f;
  *fixture_knob(&fixture, "mode")    = mode;
  fixture_add_midi(&fixture, 0, 0x90, 60, 100);
  fixture_add_midi(&fixture, 2000, 0x90, 64, 100);
  fixture_run(&fixture, N_FRAMES);

  bool         is_struck = false;
  const float* envelope  = fixture_signal(&fixture, "envelope");
  for (uint32_t i = 2000; i < 3000; ++i) {
    is_struck = is_struck || envelope[i] > 5.1f;
  }
  return is_struck;
}

START_TEST(a_second_key_retriggers_unless_legato)
{
  ck_assert(is_struck_again(0.0f));
  ck_assert(is_struck_again(1.0f));
  ck_assert(!is_struck_again(2.0f));
}
END_TEST

START_TEST(velocity_counts_as_far_as_its_knob_says)
{
  static const float amounts[] = {0.0f, 0.5f, 1.0f};
  for (uint32_t a = 0; a < 3; ++a) {
    start();
    *fixture_knob(&fixture, "velocity_amount") = amounts[a];
    fixture_add_midi(&fixture, 0, 0x90, 60, 32);
    fixture_run(&fixture, N_FRAMES);

    const float share = 1.0f - amounts[a] + amounts[a] * (32.0f / 127.0f);
    ck_assert_float_eq_tol(
      fixture_signal(&fixture, "envelope")[5000], 10.0f * share, 1e-5f);
  }
}
END_TEST

START_TEST(velocity_of_a_note_that_takes_over_glides)
{
  *fixture_knob(&fixture, "velocity_amount") = 1.0f;
  *fixture_knob(&fixture, "mode") = 2.0f; // Legato, so that nothing else moves
  fixture_add_midi(&fixture, 0, 0x90, 60, 127);
  fixture_add_midi(&fixture, 2000, 0x90, 64, 32);
  fixture_run(&fixture, N_FRAMES);

  // As a knob with a time constant of 5 ms does, from 10 V to a quarter of that
  const float        glide_v  = (float)(7.5 / (0.005 * RATE));
  const float* const envelope = fixture_signal(&fixture, "envelope");
  for (uint32_t i = 1990; i < N_FRAMES; ++i) {
    ck_assert_float_eq_tol(envelope[i], envelope[i - 1], glide_v);
  }
  ck_assert_float_eq_tol(envelope[9000], 10.0f * (32.0f / 127.0f), 1e-5f);
}
END_TEST

START_TEST(velocity_of_a_note_out_of_silence_counts_at_once)
{
  *fixture_knob(&fixture, "velocity_amount") = 1.0f;
  fixture_add_midi(&fixture, 0, 0x90, 60, 127);
  fixture_add_midi(&fixture, 1000, 0x80, 60, 0);
  fixture_add_midi(&fixture, 4000, 0x90, 64, 32);
  fixture_run(&fixture, N_FRAMES);
  for (uint32_t i = 4000; i < 4000 + ATTACK_FRAMES; ++i) {
    const double rise_v = 10.0 * (i - 3999.0) / ATTACK_FRAMES;
    ck_assert_double_eq_tol(
      (double)fixture_signal(&fixture, "envelope")[i], rise_v * (32.0 / 127.0), 1e-5);
  }
}
END_TEST

START_TEST(velocity_is_full_without_midi)
{
  *fixture_knob(&fixture, "velocity_amount") = 1.0f;
  fixture_fill(&fixture, "gate", 10.0f);
  fixture_run(&fixture, N_FRAMES);
  ck_assert_float_eq(fixture_signal(&fixture, "envelope")[5000], 10.0f);
}
END_TEST

// ---- Tracks

START_TEST(track_sounds_as_the_envelope_says)
{
  fixture_fill(&fixture, "in", 0.5f);
  fixture_add_midi(&fixture, 1000, 0x90, 60, 100);
  fixture_add_midi(&fixture, 5000, 0x80, 60, 0);
  fixture_run(&fixture, N_FRAMES);
  check_note(fixture_signal(&fixture, "out"), 1000, 5000, 0.5f);
}
END_TEST

START_TEST(open_track_is_its_input_to_the_bit)
{
  float* const in = fixture_signal(&fixture, "in");
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in[i] = (float)sin(0.1 * i);
  }
  *fixture_knob(&fixture, "manual_gate") = 1.0f;
  fixture_run(&fixture, N_FRAMES);
  for (uint32_t i = ATTACK_FRAMES; i < N_FRAMES; ++i) {
    ck_assert_float_eq(fixture_signal(&fixture, "out")[i], in[i]);
  }
}
END_TEST

/// Put a tone of an amplitude on the sidechain, from frame 2000 to 4000
static void
fill_sidechain(const float amplitude)
{
  float* const sidechain = fixture_signal(&fixture, "sidechain");
  for (uint32_t i = 2000; i < 4000; ++i) {
    sidechain[i] = amplitude * (float)sin(2.0 * PI * 1000.0 / RATE * i);
  }
}

/// Return the first frame from `start` on at which the output is above 0, or is not
static uint32_t
first_frame(const uint32_t start, const bool is_above)
{
  const float* const out = fixture_signal(&fixture, "out");

  uint32_t i = start;
  while (i < N_FRAMES && (out[i] > 0.0f) != is_above) {
    ++i;
  }
  return i;
}

START_TEST(loud_sidechain_opens_the_track)
{
  *fixture_knob(&fixture, "threshold") = -20.0f;
  fixture_fill(&fixture, "in", 1.0f);
  fill_sidechain(0.2f); // -14 dB
  fixture_run(&fixture, N_FRAMES);

  // Within a millisecond of a tone of 1 kHz; it shuts when that is 12 dB softer, 0.6 of
  // the release of 50 ms for 20 dB, and then takes its own release
  ck_assert_uint_ge(first_frame(0, true), 2000);
  ck_assert_uint_le(first_frame(0, true), 2060);
  ck_assert_float_eq_tol(fixture_signal(&fixture, "out")[3999], 1.0f, 1e-6f);

  const double shut = 4000.0 + 0.6 * 0.05 * RATE + RELEASE_FRAMES;
  ck_assert_double_eq_tol(first_frame(4000, false), shut, 100.0);
}
END_TEST

START_TEST(soft_sidechain_does_not)
{
  *fixture_knob(&fixture, "threshold") = -20.0f;
  fixture_fill(&fixture, "in", 1.0f);
  fill_sidechain(0.09f);
  fixture_run(&fixture, N_FRAMES);
  ck_assert_uint_eq(first_frame(0, true), N_FRAMES);
}
END_TEST

int
main(void)
{
  Suite* const suite  = suite_create("adsr_plugin");
  TCase* const module = tcase_create("module");
  TCase* const track  = tcase_create("track");
  tcase_add_checked_fixture(module, open_module, teardown);
  tcase_add_checked_fixture(track, open_track, teardown);
  tcase_add_test(module, keys_play_the_envelope_to_the_frame);
  tcase_add_test(module, keys_and_cables_are_added);
  tcase_add_test(module, a_second_key_retriggers_unless_legato);
  tcase_add_test(module, velocity_counts_as_far_as_its_knob_says);
  tcase_add_test(module, velocity_of_a_note_that_takes_over_glides);
  tcase_add_test(module, velocity_of_a_note_out_of_silence_counts_at_once);
  tcase_add_test(module, velocity_is_full_without_midi);
  tcase_add_test(track, track_sounds_as_the_envelope_says);
  tcase_add_test(track, open_track_is_its_input_to_the_bit);
  tcase_add_test(track, loud_sidechain_opens_the_track);
  tcase_add_test(track, soft_sidechain_does_not);
  suite_add_tcase(suite, module);
  suite_add_tcase(suite, track);
  return run_tests(suite);
}
