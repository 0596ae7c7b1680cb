// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "tuning/key_tuning.h"
#include "tuning/midi_tuning.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MAX_ERROR_CENTS 0.01

enum { KEYS = 128, MAX_SIZE = 408 };

static KeyTuning tuning;

static void
set_up(void)
{
  key_tuning_reset(&tuning);
}

static void
choose(const KeyTuningName name, const uint32_t root)
{
  const KeyTuningKnobs knobs = {name, root};
  key_tuning_turn(&tuning, &knobs);
}

static double
cents_of(const uint32_t key)
{
  return 1200.0 * tuning.pitches.oct[key];
}

// ---- Names

START_TEST(equal_is_exact)
{
  for (uint32_t root = 0; root < 12; ++root) {
    choose(KEY_TUNING_EQUAL, root);
    for (int k = 0; k < KEYS; ++k) {
      ck_assert(tuning.pitches.oct[k] == (k - 60.0) / 12.0);
      ck_assert(tuning.pitches.sounds[k]);
    }
  }
}
END_TEST

/// Cents above C as books have them: Barbour's "Tuning and Temperament", 1951
static const struct {
  KeyTuningName name;
  double        cents[12];
} octaves[] = {
  {KEY_TUNING_JUST,
   {0.0,
    111.731,
    203.910,
    315.641,
    386.314,
    498.045,
    590.224,
    701.955,
    813.686,
    884.359,
    1017.596,
    1088.269}},
  {KEY_TUNING_PYTHAGOREAN,
   {0.0,
    113.685,
    203.910,
    294.135,
    407.820,
    498.045,
    611.730,
    701.955,
    815.640,
    905.865,
    996.090,
    1109.775}},
  {KEY_TUNING_MEANTONE,
   {0.0,
    76.049,
    193.157,
    310.265,
    386.314,
    503.422,
    579.471,
    696.578,
    772.627,
    889.735,
    1006.843,
    1082.892}},
  {KEY_TUNING_WERCKMEISTER,
   {0.0,
    90.225,
    192.180,
    294.135,
    390.225,
    498.045,
    588.270,
    696.090,
    792.180,
    888.270,
    996.090,
    1092.180}},
  {KEY_TUNING_KIRNBERGER,
   {0.0,
    90.225,
    193.157,
    294.135,
    386.314,
    498.045,
    590.224,
    696.578,
    792.180,
    889.735,
    996.090,
    1088.269}},
  {KEY_TUNING_VALLOTTI,
   {0.0,
    94.135,
    196.090,
    298.045,
    392.180,
    501.955,
    592.180,
    698.045,
    796.090,
    894.135,
    1000.000,
    1090.225}},
};

START_TEST(octaves_are_as_in_books)
{
  for (int root = 0; root < 12; ++root) {
    choose(octaves[_i].name, (uint32_t)root);
    for (int k = 0; k < KEYS; ++k) {
      const int note  = (k + 12 - root) % 12;
      const int tonic = k - note; // May be below all keys
      ck_assert_double_eq_tol(cents_of((uint32_t)k),
                              100.0 * (tonic - 60) + octaves[_i].cents[note],
                              MAX_ERROR_CENTS);
      ck_assert(tuning.pitches.sounds[k]);
    }
  }
}
END_TEST

START_TEST(steps_are_equal)
{
  static const struct {
    KeyTuningName name;
    double        step_cents;
  } steps[] = {{KEY_TUNING_QUARTER_TONES, 50.0},
               {KEY_TUNING_19_EQUAL, 1200.0 / 19.0},
               {KEY_TUNING_31_EQUAL, 1200.0 / 31.0},
               {KEY_TUNING_BOHLEN_PIERCE, 1901.955000865 / 13.0}};

  for (int root = 0; root < 12; ++root) {
    choose(steps[_i].name, (uint32_t)root);
    for (int k = 0; k < KEYS; ++k) {
      ck_assert_double_eq_tol(cents_of((uint32_t)k),
                              100.0 * root + (k - 60 - root) * steps[_i].step_cents,
                              MAX_ERROR_CENTS);
    }
  }
}
END_TEST

// ---- Files

/// A file counts as soon as it is chosen, at any time; keys without a note are silent
START_TEST(a_file_has_its_own_pitches)
{
  Tuning file;
  tuning_set_equal(&file);
  file.n_notes     = 1;
  file.period_oct  = 10.0; // Far beyond all that is played
  file.map.first   = 50;
  file.map.last    = 70;
  uint32_t changes = tuning.revision;

  key_tuning_set_file(&tuning, &file);
  ck_assert_uint_eq(tuning.revision, changes);
  ck_assert(tuning.pitches.sounds[49]);
  choose(KEY_TUNING_FILE, 3);
  ck_assert_uint_ne(tuning.revision, changes);
  for (uint32_t k = 0; k < KEYS; ++k) {
    ck_assert(tuning.pitches.sounds[k] == (k >= 50 && k <= 70));
    ck_assert(fabs(tuning.pitches.oct[k]) <= KEY_TUNING_MAX_OCT);
  }
  ck_assert(tuning.pitches.oct[60] == 0.0);
  ck_assert(tuning.pitches.oct[61] == 10.0);
  ck_assert(tuning.pitches.oct[62] == 10.0);

  changes = tuning.revision;
  choose(KEY_TUNING_FILE, 3);
  ck_assert_uint_eq(tuning.revision, changes);
  file.period_oct = 0.5;
  key_tuning_set_file(&tuning, &file);
  ck_assert_uint_ne(tuning.revision, changes);
  ck_assert(tuning.pitches.oct[61] == 0.5);
}
END_TEST

// ---- Messages

static void
send(const uint8_t* const bytes, const size_t size)
{
  key_tuning_message(&tuning, bytes, size, 1U << 4U); // Channel 5
}

START_TEST(single_keys_are_tuned)
{
  static const uint8_t real_time[] = {
    0xF0, 0x7F, 3, 8, 2, 9, 2, 60, 61, 64, 0, 0, 127, 127, 126, 0xF7};
  static const uint8_t of_bank[] = {
    0xF0, 0x7E, 3, 8, 7, 1, 9, 2, 60, 127, 127, 127, 127, 0, 0, 1, 0xF7};

  choose(KEY_TUNING_MIDI, 0);
  send(real_time, sizeof(real_time));
  ck_assert_double_eq_tol(cents_of(60), 150.0, 1e-9);
  ck_assert_double_eq_tol(cents_of(0), 6700.0 + 100.0 * 16382.0 / 16384.0, 1e-9);
  ck_assert_double_eq_tol(cents_of(61), 100.0, 1e-9);

  send(of_bank, sizeof(of_bank)); // Which leaves 60 as it is
  ck_assert_double_eq_tol(cents_of(60), 150.0, 1e-9);
  ck_assert_double_eq_tol(cents_of(127), -6000.0 + 100.0 / 16384.0, 1e-9);
}
END_TEST

START_TEST(all_keys_are_tuned)
{
  uint8_t dump[MAX_SIZE] = {0xF0, 0x7E, 0, 8, 1, 5, 'n', 'a', 'm', 'e'};
  for (uint32_t k = 0; k < KEYS; ++k) {
    dump[22U + 3U * k]      = (uint8_t)(127U - k);
    dump[22U + 3U * k + 1U] = (uint8_t)k;
    dump[22U + 3U * k + 2U] = 1;
  }
  dump[MAX_SIZE - 1] = 0xF7;

  choose(KEY_TUNING_MIDI, 0);
  send(dump, sizeof(dump));
  for (int k = 0; k < KEYS; ++k) {
    const double want = 100.0 * (127 - k - 60 + (128.0 * k + 1.0) / 16384.0);
    ck_assert_double_eq_tol(cents_of((uint32_t)k), want, 1e-9);
  }
}
END_TEST

START_TEST(octaves_are_tuned)
{
  uint8_t cents[21] = {0xF0, 0x7F, 0, 8, 8, 0, 0, 1 << 4};
  uint8_t steps[33] = {0xF0, 0x7E, 0, 8, 9, 0, 0, 1 << 4};
  for (uint8_t n = 0; n < 12; ++n) {
    cents[8 + n]         = (uint8_t)(n * 11);
    steps[8 + 2 * n]     = (uint8_t)(n * 11);
    steps[8 + 2 * n + 1] = 64;
  }
  cents[20] = steps[32] = 0xF7;

  choose(KEY_TUNING_MIDI, 0);
  send(cents, sizeof(cents));
  for (int k = 0; k < KEYS; ++k) {
    const double want = 100.0 * (k - 60) + k % 12 * 11 - 64.0;
    ck_assert_double_eq_tol(cents_of((uint32_t)k), want, 1e-9);
  }
  send(steps, sizeof(steps));
  for (int k = 0; k < KEYS; ++k) {
    const double bend = (128.0 * (k % 12 * 11) + 64.0 - 8192.0) / 8192.0;
    ck_assert_double_eq_tol(cents_of((uint32_t)k), 100.0 * (k - 60 + bend), 1e-9);
  }

  // For other channels, it is not
  cents[7]                = 0x6f;
  cents[6]                = 0x7f;
  cents[5]                = 0x7f;
  const KeyPitches before = tuning.pitches;
  send(cents, sizeof(cents));
  ck_assert_mem_eq(&before, &tuning.pitches, sizeof(before));
}
END_TEST

/// A broken message changes nothing, wherever it ends
START_TEST(broken_messages_change_nothing)
{
  uint8_t messages[][40] = {
    {0xF0, 0x7F, 3, 8, 2, 9, 2, 60, 61, 64, 0, 0, 127, 127, 126, 0xF7},
    {0xF0, 0x7E, 3, 8, 7, 1, 9, 1, 60, 1, 2, 3, 0xF7},
    {0xF0, 0x7F, 0, 8, 8, 3, 127, 127, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 0xF7},
  };
  static const size_t sizes[] = {16, 13, 21};

  choose(KEY_TUNING_MIDI, 0);
  const KeyPitches before  = tuning.pitches;
  uint8_t* const   message = messages[_i];
  const size_t     size    = sizes[_i];
  for (size_t n = 0; n < size; ++n) {
    const uint8_t byte = message[n];
    send(message, n);
    message[n] = 0x80;
    send(message, size);
    message[n] = byte;
    if (n) {
      const uint8_t last = message[n - 1];
      message[n - 1]     = 0xF7; // It ends too soon
      send(message, n);
      message[n - 1] = last;
    }
  }
  ck_assert_mem_eq(&before, &tuning.pitches, sizeof(before));
  send(message, size);
  ck_assert_mem_ne(&before, &tuning.pitches, sizeof(before));
}
END_TEST

/// Messages are kept for when they are chosen, until a reset
START_TEST(messages_count_when_chosen)
{
  static const uint8_t up[] = {0xF0, 0x7F, 3, 8, 2, 9, 1, 60, 61, 0, 0, 0xF7};

  send(up, sizeof(up));
  ck_assert(tuning.pitches.oct[60] == 0.0);
  ck_assert_uint_eq(tuning.revision, 0);
  choose(KEY_TUNING_MIDI, 0);
  ck_assert_double_eq_tol(cents_of(60), 100.0, 1e-9);
  key_tuning_reset(&tuning);
  choose(KEY_TUNING_MIDI, 0);
  ck_assert(tuning.pitches.oct[60] == 0.0);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("key_tuning");
  TCase* const tests = tcase_create("key_tuning");
  tcase_add_checked_fixture(tests, set_up, NULL);
  tcase_add_test(tests, equal_is_exact);
  tcase_add_loop_test(
    tests, octaves_are_as_in_books, 0, sizeof(octaves) / sizeof(octaves[0]));
  tcase_add_loop_test(tests, steps_are_equal, 0, 4);
  tcase_add_test(tests, a_file_has_its_own_pitches);
  tcase_add_test(tests, single_keys_are_tuned);
  tcase_add_test(tests, all_keys_are_tuned);
  tcase_add_test(tests, octaves_are_tuned);
  tcase_add_loop_test(tests, broken_messages_change_nothing, 0, 3);
  tcase_add_test(tests, messages_count_when_chosen);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
