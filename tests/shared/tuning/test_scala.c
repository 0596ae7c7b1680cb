// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "math/random.h"
#include "signal/units.h"
#include "tuning/scala.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define JUST \
  "! just.scl\n!\n5-limit\n 7\n!\n 9/8\n 5/4 third\n 4/3\n 3/2\n 5/3\n 15/8\n 2\n"
#define WHITE \
  "! white.kbm\n12\n0\n127\n60\n69\n440.0\n7\n0\nx\n1\nx\n2\n3\nx\n4\nx\n5\nx\n6\n"

static Tuning      tuning;
static ScalaRemark remark;

static void
set_up(void)
{
  tuning_set_equal(&tuning);
}

static bool
read_text(const char* const text)
{
  return scala_read(&tuning, text, strlen(text), &remark);
}

/// Read a text that is as it should be
static void
must_read(const char* const text)
{
  ck_assert_msg(read_text(text), "line %u %s", remark.line, remark.reason);
  ck_assert(tuning_is_valid(&tuning));
}

static double
key_hz(const uint32_t key)
{
  double oct = 0.0;
  ck_assert(tuning_key_oct(&tuning, key, &oct));
  return C4_HZ * exp2(oct);
}

// ---- Scales

START_TEST(twelve_equal_are_the_keys_of_a_piano)
{
  char text[1024] = "12 equal\n12\n";
  for (int n = 1; n <= 12; ++n) {
    const size_t length = strlen(text);
    snprintf(text + length, sizeof(text) - length, "%d.0 cents\r\n", 100 * n);
  }

  must_read(text);
  ck_assert_uint_eq(remark.line, 0);
  for (uint32_t k = 0; k < TUNING_KEYS; ++k) {
    const double want = 440.0 * exp2(((double)k - 69.0) / 12.0);
    ck_assert_double_eq_tol(key_hz(k) / want, 1.0, 1e-12);
  }
}
END_TEST

/// Each way to write a pitch, with its cents
START_TEST(pitches_are_cents_or_ratios)
{
  static const struct {
    const char* text;
    double      cents;
  } cases[] = {{"81/64", 407.8200034615},
               {"408.0", 408.0},
               {"408.", 408.0},
               {".5", 0.5},
               {"5", 2786.3137138648},
               {"-5.0", -5.0},
               {"10/20", -1200.0},
               {"100.0 cents", 100.0},
               {"100.0 C#", 100.0},
               {"5/4   E\\", 386.3137138648},
               {"\t 3 / 2", 701.9550008654},
               {"701.955000865387", 701.955000865387},
               {"1.00000000000000000000000000001", 1.0},
               {"4294967296/2147483648", 1200.0}};

  for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); ++c) {
    char text[128];
    snprintf(text, sizeof(text), "\n2\n%s\n3/1\n", cases[c].text);
    must_read(text);
    ck_assert_double_eq_tol(1200.0 * tuning.note_oct[1], cases[c].cents, 1e-9);
  }
}
END_TEST

/// Decimals are the doubles that are next to them, whatever the country
START_TEST(decimals_are_the_nearest_doubles)
{
  Random random;
  random_seed(&random, 1);

  for (int t = 0; t < 2000; ++t) {
    char     text[128];
    double   cents = 0.0;
    unsigned whole = random_next(&random) % 1200U;
    unsigned part  = random_next(&random) % 1000000U;
    snprintf(text, sizeof(text), "\n2\n%u.%06u\n2/1\n", whole, part);
    ck_assert_int_eq(sscanf(text, "\n2\n%lf", &cents), 1);
    must_read(text);
    ck_assert(tuning.note_oct[1] == cents / 1200.0);
  }
}
END_TEST

/// A scale may repeat in something else than octaves
START_TEST(the_last_note_is_the_period)
{
  must_read("Bohlen-Pierce\n13\n146.304\n292.608\n438.913\n585.217\n731.521\n877.825\n"
            "1024.130\n1170.434\n1316.738\n1463.042\n1609.347\n1755.651\n3/1\n");
  ck_assert_double_eq_tol(key_hz(60), C4_HZ, 1e-9);
  ck_assert_double_eq_tol(key_hz(73) / C4_HZ, 3.0, 1e-12);
  ck_assert_double_eq_tol(key_hz(34) / C4_HZ, 1.0 / 9.0, 1e-12);
}
END_TEST

/// Lines end as on Unix, Windows and old Macs, and the last need not end at all
START_TEST(lines_end_as_on_any_system)
{
  static const char* const texts[] = {"a\n2\n3/2\n2/1",
                                      "a\r\n2\r\n3/2\r\n2/1\r\n",
                                      "a\r2\r3/2\r2/1\r",
                                      "\xef\xbb\xbf! mark\n\xc3\xa9\n2\n3/2\n2\n",
                                      "! Latin-1\n\xe9\n2\n3/2 \xe9\n2\n"};

  for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]); ++t) {
    must_read(texts[t]);
    ck_assert_uint_eq(tuning.n_notes, 2);
    ck_assert(tuning.note_oct[1] == log2(1.5));
  }
}
END_TEST

/// Notes that do not rise are as they are for keys, sorted for a scale, and remarked on
START_TEST(notes_need_not_rise)
{
  Scale scale;

  must_read("falls\n4\n700.0\n400.0\n1300.0\n1200.0\n");
  ck_assert_uint_eq(remark.line, 4);
  ck_assert_ptr_nonnull(strstr(remark.reason, "not above"));
  ck_assert_double_eq_tol(key_hz(61) / C4_HZ, exp2(7.0 / 12.0), 1e-12);
  ck_assert_double_eq_tol(key_hz(62) / C4_HZ, exp2(4.0 / 12.0), 1e-12);

  tuning_scale(&tuning, &scale);
  ck_assert_uint_eq(scale.n_notes, 4);
  ck_assert(scale.note_oct[0] == 0.0);
  ck_assert_double_eq_tol(scale.note_oct[1], 1.0 / 12.0, 1e-12);
  ck_assert_double_eq_tol(scale.note_oct[2], 4.0 / 12.0, 1e-12);
  ck_assert_double_eq_tol(scale.note_oct[3], 7.0 / 12.0, 1e-12);
}
END_TEST

/// Equal notes are one for a scale
START_TEST(a_scale_has_each_note_once)
{
  Scale scale;

  must_read("twice\n5\n100.0\n100.0\n700.0\n1300.0\n1200.0\n");
  tuning_scale(&tuning, &scale);
  ck_assert_uint_eq(scale.n_notes, 3);
}
END_TEST

// ---- Maps

START_TEST(a_map_leaves_out_keys)
{
  must_read(JUST);
  must_read(WHITE);
  ck_assert_double_eq_tol(key_hz(69), 440.0, 1e-9);
  ck_assert_double_eq_tol(key_hz(60), 264.0, 1e-9);
  ck_assert_double_eq_tol(key_hz(79), 792.0, 1e-9);
  ck_assert_double_eq_tol(key_hz(0), 264.0 / 32.0, 1e-9);
  double oct = 0.0;
  ck_assert(!tuning_key_oct(&tuning, 61, &oct));
  ck_assert(!tuning_key_oct(&tuning, 128, &oct));
  ck_assert_double_eq_tol(tuning_root_oct(&tuning), log2(264.0 / C4_HZ), 1e-12);
}
END_TEST

/// A scale has only the notes that a map plays, and the period of the map
START_TEST(a_map_chooses_the_notes_of_a_scale)
{
  Scale scale;

  must_read(JUST);
  must_read("3\n0\n127\n60\n60\n261.0\n14\n0\n2\n4\n");
  tuning_scale(&tuning, &scale);
  ck_assert_uint_eq(scale.n_notes, 3);
  ck_assert(scale.period_oct == 2.0);
  ck_assert_double_eq_tol(scale.note_oct[1], log2(1.25), 1e-12);
  ck_assert_double_eq_tol(scale.note_oct[2], log2(1.5), 1e-12);
}
END_TEST

/// Keys that are left out at the end do not sound; a scale takes the map away
START_TEST(a_scale_takes_the_map_away)
{
  double oct = 0.0;

  must_read("! no more than one\n4 keys\n10\n100\n60\n60\n100\n12\n0\n");
  ck_assert_double_eq_tol(key_hz(60), 100.0, 1e-9);
  ck_assert_double_eq_tol(key_hz(64), 200.0, 1e-9);
  ck_assert(!tuning_key_oct(&tuning, 61, &oct));
  ck_assert(!tuning_key_oct(&tuning, 8, &oct));
  must_read(JUST);
  ck_assert(tuning_key_oct(&tuning, 61, &oct));
  ck_assert_double_eq_tol(key_hz(60), C4_HZ, 1e-9);
}
END_TEST

/// A reference that does not sound counts as if the map were linear
START_TEST(the_reference_may_be_silent)
{
  must_read("2\n0\n127\n60\n61\n440.0\n12\n0\nx\n");
  ck_assert_double_eq_tol(key_hz(60), 440.0 / exp2(1.0 / 12.0), 1e-9);
}
END_TEST

// ---- Broken texts

/// Each with its line, and what it says of it
static const struct {
  const char* text;
  uint32_t    line;
  const char* reason;
} broken[] = {
  {"", 1, "ends before"},
  {"! only a comment", 1, "ends before"},
  {"title\n", 1, "ends before the number"},
  {"title\nno\n", 2, "has no number of notes"},
  {"title\n7.5\n", 2, "has no number of notes"},
  {"title\n-1\n2/1\n", 2, "has no number of notes"},
  {"title\n0\n", 2, "has no notes"},
  {"title\n129\n2/1\n", 2, "more than 128"},
  {"title\n1000000000\n2/1\n", 2, "more than 128"},
  {"title\n99999999999999999999999999999999\n2/1\n", 2, "more than 128"},
  {"title\n2\n3/2\n", 3, "ends before its last note"},
  {"title\n2\n!\n3/2\n!\n", 5, "ends before its last note"},
  {"title\n2\n3/2\n\n", 4, "neither cents"},
  {"title\n2\n701,955\n2/1\n", 3, "neither cents"},
  {"title\n2\nfifth\n2/1\n", 3, "neither cents"},
  {"title\n2\n3/0\n2/1\n", 3, "neither cents"},
  {"title\n2\n0/3\n2/1\n", 3, "neither cents"},
  {"title\n2\n-3/2\n2/1\n", 3, "neither cents"},
  {"title\n2\n3/\n2/1\n", 3, "neither cents"},
  {"title\n2\n.\n2/1\n", 3, "neither cents"},
  {"title\n2\n1.2.3\n2/1\n", 3, "neither cents"},
  {"title\n2\n1e2\n2/1\n", 3, "neither cents"},
  {"title\n2\n12001.\n2/1\n", 3, "10 octaves"},
  {"title\n2\n99999999999999999999999999999999999999/1\n2/1\n", 3, "10 octaves"},
  {"title\n2\n3/2\n1/1\n", 4, "the period"},
  {"title\n2\n3/2\n-1200.0\n", 4, "the period"},
  {"12\n0\n127\n", 3, "ends before its seventh"},
  {"12\n0\n127\n60\n69\n", 5, "ends before its frequency"},
  {"129\n0\n127\n60\n69\n440\n12\n", 1, "number of keys"},
  {"1000000000\n0\n127\n60\n69\n440\n12\n", 1, "number of keys"},
  {"12\n0\n128\n60\n69\n440\n12\n", 3, "no key from 0 to 127"},
  {"12\n0\n127\nC4\n69\n440\n12\n", 4, "no key from 0 to 127"},
  {"12\n0\n127\n60\n69\n0\n12\n", 6, "no frequency"},
  {"12\n0\n127\n60\n69\n-440.0\n12\n", 6, "no frequency"},
  {"12\n0\n127\n60\n69\n440,0\n12\n", 6, "no frequency"},
  {"12\n0\n127\n60\n69\n440.0\n-1\n", 7, "no degree"},
  {"12\n100\n90\n60\n69\n440.0\n12\n", 7, "last key below"},
  {"2\n0\n127\n60\n69\n440.0\n12\n0\ny\n", 9, "neither a degree"},
  {"2\n0\n127\n60\n69\n440.0\n12\n0\n-2\n", 9, "neither a degree"},
  {"2\n0\n127\n60\n69\n440.0\n12\nx\nx\n", 9, "no key that sounds"},
};

static const int n_broken = sizeof(broken) / sizeof(broken[0]);

/// A broken text names its line, and changes nothing
START_TEST(broken_texts_change_nothing)
{
  must_read(JUST);
  must_read(WHITE);
  const Tuning before = tuning;

  ck_assert(!read_text(broken[_i].text));
  ck_assert_uint_eq(remark.line, broken[_i].line);
  ck_assert_msg(strstr(remark.reason, broken[_i].reason),
                "\"%s\": %s",
                broken[_i].text,
                remark.reason);
  ck_assert_int_eq(memcmp(&tuning, &before, sizeof(before)), 0);
}
END_TEST

/// All beginnings of a text are broken, or say the same as the whole of it
START_TEST(cut_texts_are_broken)
{
  static const char text[] = JUST;

  must_read(text);
  const Tuning whole = tuning;
  for (size_t size = 0; size + 2U < sizeof(text) - 1U; ++size) {
    ck_assert(!scala_read(&tuning, text, size, &remark));
    ck_assert_int_eq(memcmp(&tuning, &whole, sizeof(whole)), 0);
  }
}
END_TEST

/// A text of wide characters is none
START_TEST(wide_characters_are_no_text)
{
  static const char text[] = "\xff\xfet\0\n\0"
                             "1\0\n\0"
                             "2\0/\0"
                             "1\0\n";

  ck_assert(!scala_read(&tuning, text, sizeof(text), &remark));
  ck_assert_uint_eq(remark.line, 1);
  ck_assert_ptr_nonnull(strstr(remark.reason, "no plain text"));
}
END_TEST

/// A map that repeats at a lower degree is refused, for the scale that there is
START_TEST(a_map_must_go_up)
{
  must_read("falls\n3\n-100.0\n700.0\n1200.0\n");
  ck_assert(!read_text("1\n0\n127\n60\n60\n261.6\n1\n0\n"));
  ck_assert_ptr_nonnull(strstr(remark.reason, "repeats at a degree"));
  must_read("1\n0\n127\n60\n60\n261.6\n2\n0\n");
  ck_assert_double_eq_tol(key_hz(61) / key_hz(60), exp2(7.0 / 12.0), 1e-12);
}
END_TEST

// ---- Numbers

/// Numbers tell all of a tuning
START_TEST(numbers_are_read_as_they_were_written)
{
  double numbers[TUNING_NUMBERS];
  double again[TUNING_NUMBERS];
  Tuning other;

  must_read(JUST);
  must_read(WHITE);
  tuning_write(&tuning, numbers);
  ck_assert(tuning_read(&other, numbers));
  tuning_write(&other, again);
  ck_assert_int_eq(memcmp(numbers, again, sizeof(again)), 0);
  for (uint32_t k = 0; k < TUNING_KEYS; ++k) {
    double a = 0.0;
    double b = 0.0;
    ck_assert(tuning_key_oct(&tuning, k, &a) == tuning_key_oct(&other, k, &b));
    ck_assert(a == b);
  }
}
END_TEST

/// Any number that is wrong makes all of them wrong, and none does harm
START_TEST(wrong_numbers_are_refused)
{
  static const double wrong[] = {
    NAN, -INFINITY, INFINITY, -2.0, 0.5, 1e9, -1e300, 4294967297.0};

  double numbers[TUNING_NUMBERS];
  Tuning other;
  must_read(JUST);
  must_read(WHITE);
  for (uint32_t n = 0; n < TUNING_NUMBERS; ++n) {
    for (size_t w = 0; w < sizeof(wrong) / sizeof(wrong[0]); ++w) {
      tuning_write(&tuning, numbers);
      numbers[n] = wrong[w];
      other      = tuning;
      if (!tuning_read(&other, numbers)) {
        ck_assert_int_eq(memcmp(&other, &tuning, sizeof(other)), 0);
      }
      ck_assert(tuning_is_valid(&other));
    }
  }
  for (uint32_t n = 0; n < 2U; ++n) {
    tuning_write(&tuning, numbers);
    numbers[n] = NAN;
    ck_assert(!tuning_read(&other, numbers));
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("scala");
  TCase* const tests = tcase_create("scala");
  tcase_add_checked_fixture(tests, set_up, NULL);
  tcase_add_test(tests, twelve_equal_are_the_keys_of_a_piano);
  tcase_add_test(tests, pitches_are_cents_or_ratios);
  tcase_add_test(tests, decimals_are_the_nearest_doubles);
  tcase_add_test(tests, the_last_note_is_the_period);
  tcase_add_test(tests, lines_end_as_on_any_system);
  tcase_add_test(tests, notes_need_not_rise);
  tcase_add_test(tests, a_scale_has_each_note_once);
  tcase_add_test(tests, a_map_leaves_out_keys);
  tcase_add_test(tests, a_map_chooses_the_notes_of_a_scale);
  tcase_add_test(tests, a_scale_takes_the_map_away);
  tcase_add_test(tests, the_reference_may_be_silent);
  tcase_add_loop_test(tests, broken_texts_change_nothing, 0, n_broken);
  tcase_add_test(tests, cut_texts_are_broken);
  tcase_add_test(tests, wide_characters_are_no_text);
  tcase_add_test(tests, a_map_must_go_up);
  tcase_add_test(tests, numbers_are_read_as_they_were_written);
  tcase_add_test(tests, wrong_numbers_are_refused);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
