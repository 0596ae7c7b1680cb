// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "signal/fill.h"

#include <math.h>
#include <string.h>

#define N_FRAMES 300U
#define GUARD 7.0f

/// Return the bits of a float
static uint32_t
bits_of(const float value)
{
  uint32_t bits = 0;
  memcpy(&bits, &value, sizeof(bits));
  return bits;
}

START_TEST(fill_writes_as_many_frames_as_it_is_given)
{
  for (uint32_t n = 0; n < N_FRAMES; ++n) {
    float out[N_FRAMES + 2U];
    for (uint32_t i = 0; i < N_FRAMES + 2U; ++i) {
      out[i] = GUARD;
    }
    fill_frames(out + 1, 10.0f, n);

    ck_assert_msg(bits_of(out[0]) == bits_of(GUARD), "before %u", n);
    ck_assert_msg(bits_of(out[1U + n]) == bits_of(GUARD), "behind %u", n);
    for (uint32_t i = 1; i <= n; ++i) {
      ck_assert_msg(bits_of(out[i]) == bits_of(10.0f), "frame %u of %u", i, n);
    }
  }
}
END_TEST

START_TEST(fill_keeps_every_bit)
{
  static const float values[] = {0.0f, -0.0f, 1e-42f, -1e-42f, INFINITY, NAN};

  for (uint32_t v = 0; v < sizeof(values) / sizeof(values[0]); ++v) {
    float out[N_FRAMES];
    fill_frames(out, values[v], N_FRAMES);
    fill_frames(out, values[v], 3);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      ck_assert_msg(bits_of(out[i]) == bits_of(values[v]), "value %u, frame %u", v, i);
    }
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("fill");
  TCase* const tests = tcase_create("fill");
  tcase_add_test(tests, fill_writes_as_many_frames_as_it_is_given);
  tcase_add_test(tests, fill_keeps_every_bit);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
