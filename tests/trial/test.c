// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "delay/trial.h"

#include <stdint.h>
#include <stdlib.h>

#define RATE_HZ 48000.0

START_TEST(input_comes_out_late)
{
  static float ones[BLOCK_FRAMES];
  static float in[BLOCK_FRAMES];
  static float out[BLOCK_FRAMES];

  Trial* const trial = (Trial*)calloc(1, trial_size(RATE_HZ));
  trial_init(trial, RATE_HZ);
  trial_set_delay(trial, 0.001);
  for (uint32_t i = 0; i < BLOCK_FRAMES; ++i) {
    ones[i] = 1.0f;
    in[i]   = (float)(i + 1U);
  }
  trial_process(trial, in, (Signal){ones, true}, out, BLOCK_FRAMES);
  ck_assert_float_eq(out[47], 0.0f);
  ck_assert_float_eq(out[48], 1.0f);
  ck_assert_float_eq(out[BLOCK_FRAMES - 1U], (float)(BLOCK_FRAMES - 48U));
  free(trial);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("trial");
  TCase* const tests = tcase_create("trial");
  tcase_add_test(tests, input_comes_out_late);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
