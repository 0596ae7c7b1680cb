// SPDX-License-Identifier: ISC
// The oscillator as hosts see it, played by MIDI, on cables and on tracks

#include "support/fixture.h"
#include "support/test.h"

#include <math.h>
#include <stdint.h>

#define RATE 48000.0
#define A4_HZ 440.0
#define C4_HZ 261.6255653005986

enum { N_FRAMES = 9600, LATENCY = 23, SINE = 0, PULSE = 3 };

enum { FREE, GATED, FROM_FIRST_NOTE };

static Fixture fixture;

static void
open_module(void)
{
  fixture_open(&fixture, CHRONUS_URI "oscillator", RATE);
  *fixture_knob(&fixture, "waveform") = (float)SINE;
  *fixture_knob(&fixture, "level")    = 0.0f;
}

static void
open_track(void)
{
  fixture_open(&fixture, CHRONUS_URI "oscillator-track", RATE);
  *fixture_knob(&fixture, "waveform") = (float)SINE;
  *fixture_knob(&fixture, "level")    = 0.0f;
}

static void
teardown(void)
{
  fixture_close(&fixture);
}

/// Return the time at which a signal first rises through 0 after a frame, in frames
static double
rise_after(const float* const out, uint32_t i)
{
  while (i + 1 < N_FRAMES && !(out[i] < 0.0f && out[i + 1] >= 0.0f)) {
    ++i;
  }
  return i + (double)out[i] / ((double)out[i] - (double)out[i + 1]);
}

/// Return the mean frequency of a sine from frame `start` on
static double
frequency_hz(const uint32_t start)
{
  const float* const out   = fixture_signal(&fixture, "out");
  const double       first = rise_after(out, start);

  double   last     = first;
  uint32_t n_cycles = 0;
  while (last + 300.0 < N_FRAMES) {
    last = rise_after(out, (uint32_t)last + 1);
    ++n_cycles;
  }
  return RATE * n_cycles / (last - first);
}

static double
semitones(const double hz, const double n)
{
  return hz * pow(2.0, n / 12.0);
}

static double
peak(const uint32_t start, const uint32_t end)
{
  const float* const out = fixture_signal(&fixture, "out");

  double most = 0.0;
  for (uint32_t i = start; i < end; ++i) {
    most = fmax(most, fabs((double)out[i]));
  }
  return most;
}

// ---- Pitch

START_TEST(keys_have_their_pitch)
{
  for (float zero_volt = 0.0f; zero_volt < 2.0f; zero_volt += 1.0f) {
    fixture_start(&fixture);
    *fixture_knob(&fixture, "waveform")  = (float)SINE;
    *fixture_knob(&fixture, "zero_volt") = zero_volt;
    fixture_add_midi(&fixture, 0, 0x90, 69, 100);
    fixture_run(&fixture, N_FRAMES);
    ck_assert_double_eq_tol(frequency_hz(1000), A4_HZ, 0.01);
  }
}
END_TEST

START_TEST(keys_and_cables_are_added)
{
  fixture_fill(&fixture, "pitch", 1.0f);
  fixture_run(&fixture, N_FRAMES);
  ck_assert_double_eq_tol(frequency_hz(1000), 2.0 * C4_HZ, 0.01);

  fixture_add_midi(&fixture, 0, 0x90, 69, 100);
  fixture_run(&fixture, N_FRAMES);
  ck_assert_double_eq_tol(frequency_hz(1000), 2.0 * A4_HZ, 0.01);
}
END_TEST

START_TEST(pitch_stays_when_the_key_is_let_go)
{
  fixture_add_midi(&fixture, 0, 0x90, 69, 100);
  fixture_add_midi(&fixture, 500, 0x80, 69, 0);
  fixture_run(&fixture, N_FRAMES);
  ck_assert_double_eq_tol(frequency_hz(2000), A4_HZ, 0.01);
}
END_TEST

START_TEST(wheel_bends_as_far_as_its_range)
{
  static const float ranges[] = {0.0f, 2.0f, 12.0f};
  for (uint32_t r = 0; r < 3; ++r) {
    fixture_start(&fixture);
    *fixture_knob(&fixture, "waveform")   = (float)SINE;
    *fixture_knob(&fixture, "bend_range") = ranges[r];
    fixture_add_midi(&fixture, 0, 0x90, 69, 100);
    fixture_add_midi(&fixture, 0, 0xe0, 0, 0);
    fixture_run(&fixture, N_FRAMES);
    fixture_clear_events(&fixture);
    fixture_run(&fixture, N_FRAMES);
    ck_assert_double_eq_tol(
      frequency_hz(0), semitones(A4_HZ, (double)-ranges[r]), 0.01);
  }
}
END_TEST

START_TEST(channel_sends_the_range_of_its_wheel)
{
  fixture_add_midi(&fixture, 0, 0x90, 69, 100);
  fixture_add_midi(&fixture, 0, 0xb0, 101, 0);
  fixture_add_midi(&fixture, 0, 0xb0, 100, 0);
  fixture_add_midi(&fixture, 0, 0xb0, 6, 12);
  fixture_add_midi(&fixture, 0, 0xe0, 0, 0);
  fixture_run(&fixture, N_FRAMES);
  ck_assert_double_eq_tol(frequency_hz(1000), 0.5 * A4_HZ, 0.01);
  *fixture_knob(&fixture, "bend_range") = 7.0f;
  fixture_clear_events(&fixture);
  fixture_run(&fixture, N_FRAMES);
  fixture_run(&fixture, N_FRAMES);
  ck_assert_double_eq_tol(frequency_hz(0), semitones(A4_HZ, -7.0), 0.01);
}
END_TEST

START_TEST(glide_takes_its_time)
{
  *fixture_knob(&fixture, "glide") = 0.1f;
  fixture_add_midi(&fixture, 0, 0x90, 57, 100);
  fixture_add_midi(&fixture, 1000, 0x90, 69, 100);
  fixture_run(&fixture, N_FRAMES);
  ck_assert_double_eq_tol(frequency_hz(1000 + 4800 + 100), A4_HZ, 0.05);
  ck_assert_double_lt(RATE / (rise_after(fixture_signal(&fixture, "out"), 3000) -
                              rise_after(fixture_signal(&fixture, "out"), 2800)),
                      A4_HZ);
}
END_TEST

// ---- Gate

/// Play one note from frame 2000 to 4000 under a gate mode
static void
play_gated(const int mode)
{
  *fixture_knob(&fixture, "gate_mode") = (float)mode;
  fixture_add_midi(&fixture, 2000, 0x90, 69, 100);
  fixture_add_midi(&fixture, 4000, 0x80, 69, 0);
  fixture_run(&fixture, N_FRAMES);
}

START_TEST(free_oscillator_always_sounds)
{
  play_gated(FREE);
  ck_assert_double_gt(peak(500, 1500), 0.99);
  ck_assert_double_gt(peak(2500, 4000), 0.99);
  ck_assert_double_gt(peak(9000, N_FRAMES), 0.99);
}
END_TEST

START_TEST(gated_oscillator_sounds_while_a_key_is_held)
{
  play_gated(GATED);
  ck_assert_double_eq(peak(0, 2000), 0.0);
  ck_assert_double_gt(peak(3500, 4000), 0.99);
  ck_assert_double_lt(peak(8500, N_FRAMES), 1e-6);
}
END_TEST

START_TEST(gated_oscillator_sounds_a_note_without_length)
{
  *fixture_knob(&fixture, "gate_mode") = (float)GATED;
  fixture_run(&fixture, 1); // After which the gate glides
  fixture_add_midi(&fixture, 2000, 0x90, 69, 100);
  fixture_add_midi(&fixture, 2000, 0x80, 69, 0);
  fixture_run(&fixture, N_FRAMES);
  ck_assert_double_eq(peak(0, 2000), 0.0);
  ck_assert_double_gt(peak(2000, 2200), 0.1);
  ck_assert_double_lt(peak(8500, N_FRAMES), 1e-6);
}
END_TEST

START_TEST(oscillator_may_start_with_the_first_note)
{
  play_gated(FROM_FIRST_NOTE);
  ck_assert_double_eq(peak(0, 2000), 0.0);
  ck_assert_double_gt(peak(3500, 4000), 0.99);
  ck_assert_double_gt(peak(9000, N_FRAMES), 0.99);
}
END_TEST

START_TEST(module_is_free_and_track_is_gated)
{
  ck_assert_float_eq(host_port(fixture.plugin, "gate_mode")->default_value,
                     host_port(fixture.plugin, "zero_volt") ? (float)FREE
                                                            : (float)GATED);
}
END_TEST

// ---- Level

/// Return the highest peak of a waveform at the level that it starts with
static double
first_peak(const int waveform, const float width, const float octave)
{
  fixture_start(&fixture);
  *fixture_knob(&fixture, "waveform")    = (float)waveform;
  *fixture_knob(&fixture, "pulse_width") = width;
  *fixture_knob(&fixture, "octave")      = octave;
  fixture_run(&fixture, N_FRAMES);
  return peak(0, N_FRAMES);
}

START_TEST(one_oscillator_stays_below_full_scale)
{
  for (float octave = -6.0f; octave <= 5.0f; octave += 1.0f) {
    for (int waveform = SINE; waveform < PULSE; ++waveform) {
      ck_assert_double_lt(first_peak(waveform, 50.0f, octave), 0.6);
    }
    ck_assert_double_lt(first_peak(PULSE, 50.0f, octave), 0.65);
    ck_assert_double_lt(first_peak(PULSE, 20.0f, octave), 1.0);
    ck_assert_double_lt(first_peak(PULSE, 80.0f, octave), 1.0);
  }
}
END_TEST

START_TEST(pulse_starts_without_a_spike)
{
  for (float width = 0.0f; width <= 100.0f; width += 1.0f) {
    ck_assert_double_lt(first_peak(PULSE, width, 0.0f), 1.2);
  }
  ck_assert_double_eq(first_peak(PULSE, 0.0f, 0.0f), 0.0);
  ck_assert_double_eq(first_peak(PULSE, 100.0f, 0.0f), 0.0);
}
END_TEST

// ---- Pulse width

START_TEST(steps_of_pwm_bring_no_peaks)
{
  // Steps of every size, rare and often
  uint32_t seed = 1;
  for (uint32_t hold = 1; hold < 2000; hold *= 3U) {
    fixture_start(&fixture);
    *fixture_knob(&fixture, "waveform")   = (float)PULSE;
    *fixture_knob(&fixture, "pwm_amount") = 1.0f;
    float* const pwm                      = fixture_signal(&fixture, "pwm");
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      seed   = i % hold ? seed : seed * 1664525U + 1013904223U;
      pwm[i] = (float)(int32_t)seed * 0x1p-31f * (i < N_FRAMES / 2 ? 5.0f : 10.0f);
    }
    fixture_run(&fixture, N_FRAMES);
    ck_assert_double_lt(peak(0, N_FRAMES), 1.3);
  }
}
END_TEST

START_TEST(square_between_none_and_all_is_silent)
{
  // But for one step of the width within a frame, while the pulse goes from none to all
  *fixture_knob(&fixture, "waveform")   = (float)PULSE;
  *fixture_knob(&fixture, "pwm_amount") = 1.0f;
  float* const pwm                      = fixture_signal(&fixture, "pwm");
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    pwm[i] = i / 1000 % 2 ? 5.0f : -5.0f;
  }
  fixture_run(&fixture, N_FRAMES);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const uint32_t after = (i + 1000 - LATENCY + 20) % 1000;
    ck_assert_double_lt(peak(i, i + 1), after < 40 ? 1.3 : 1e-6);
  }
}
END_TEST

// ---- Tracks

START_TEST(track_plays_notes)
{
  fixture_add_midi(&fixture, 0, 0x90, 69, 100);
  fixture_run(&fixture, N_FRAMES);
  ck_assert_double_eq_tol(frequency_hz(2000), A4_HZ, 0.01);
  ck_assert_double_gt(peak(2000, N_FRAMES), 0.99);
}
END_TEST

/// Return how far apart the ends of a pulse are under a sidechain of `value`
static double
pulse_height(const float value)
{
  fixture_start(&fixture);
  *fixture_knob(&fixture, "waveform")   = (float)PULSE;
  *fixture_knob(&fixture, "gate_mode")  = (float)FREE;
  *fixture_knob(&fixture, "pwm_amount") = 5.0f;
  *fixture_knob(&fixture, "level")      = 0.0f;
  *fixture_knob(&fixture, "octave")     = 2.0f;
  fixture_fill(&fixture, "pwm", value);
  fixture_run(&fixture, N_FRAMES);

  const float* const out = fixture_signal(&fixture, "out");

  float least = out[1000];
  float most  = out[1000];
  for (uint32_t i = 1000; i < N_FRAMES; ++i) {
    least = fminf(least, out[i]);
    most  = fmaxf(most, out[i]);
  }
  return (double)most - (double)least;
}

START_TEST(sidechain_moves_the_pulse_width_over_its_whole_range)
{
  ck_assert_double_gt(pulse_height(0.0f), 1.9);
  ck_assert_double_gt(pulse_height(0.9f), 1.9);
  ck_assert_double_gt(pulse_height(-0.9f), 1.9);
  ck_assert_double_lt(pulse_height(1.0f), 1e-6);
  ck_assert_double_lt(pulse_height(-1.0f), 1e-6);
}
END_TEST

int
main(void)
{
  Suite* const suite  = suite_create("oscillator_plugin");
  TCase* const module = tcase_create("module");
  TCase* const track  = tcase_create("track");
  tcase_add_checked_fixture(module, open_module, teardown);
  tcase_add_checked_fixture(track, open_track, teardown);
  tcase_add_test(module, keys_have_their_pitch);
  tcase_add_test(module, keys_and_cables_are_added);
  tcase_add_test(module, pitch_stays_when_the_key_is_let_go);
  tcase_add_test(module, wheel_bends_as_far_as_its_range);
  tcase_add_test(module, channel_sends_the_range_of_its_wheel);
  tcase_add_test(module, glide_takes_its_time);
  tcase_add_test(module, free_oscillator_always_sounds);
  tcase_add_test(module, gated_oscillator_sounds_while_a_key_is_held);
  tcase_add_test(module, gated_oscillator_sounds_a_note_without_length);
  tcase_add_test(module, oscillator_may_start_with_the_first_note);
  tcase_add_test(module, module_is_free_and_track_is_gated);
  tcase_add_test(module, one_oscillator_stays_below_full_scale);
  tcase_add_test(module, pulse_starts_without_a_spike);
  tcase_add_test(module, steps_of_pwm_bring_no_peaks);
  tcase_add_test(module, square_between_none_and_all_is_silent);
  tcase_add_test(track, module_is_free_and_track_is_gated);
  tcase_add_test(track, track_plays_notes);
  tcase_add_test(track, sidechain_moves_the_pulse_width_over_its_whole_range);
  suite_add_tcase(suite, module);
  suite_add_tcase(suite, track);
  return run_tests(suite);
}
