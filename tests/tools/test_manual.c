// SPDX-License-Identifier: ISC

#include "support/test.h"

#include <stdio.h>

#define MANUAL BUILD_DIR "/bin/manual"

START_TEST(readme_shows_what_the_turtle_says)
{
  ck_assert_int_eq(system(MANUAL " --check " TEST_LV2_PATH " " SOURCE_DIR "/README.md"),
                   0);
}
END_TEST

START_TEST(stale_readme_is_noticed)
{
  static const char* const stale = BUILD_DIR "/tests/stale.md";
  static const char* const edit =
    "sed 's/Chronus Mixer/Chronos Mixer/' " SOURCE_DIR "/README.md > ";

  char command[4096];
  snprintf(command, sizeof(command), "%s%s", edit, stale);
  ck_assert_int_eq(system(command), 0);
  ck_assert_int_ne(system(MANUAL " --check " TEST_LV2_PATH " " BUILD_DIR
                                 "/tests/stale.md 2>/dev/null"),
                   0);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("manual");
  TCase* const tests = tcase_create("manual");
  tcase_add_test(tests, readme_shows_what_the_turtle_says);
  tcase_add_test(tests, stale_readme_is_noticed);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
