// SPDX-License-Identifier: ISC

#include "support/test.h"

#include <stdio.h>

#define MANUAL BUILD_DIR "/bin/manual"
#define STALE BUILD_DIR "/tests/stale"

START_TEST(pages_show_what_the_turtle_describes)
{
  ck_assert_int_eq(system(MANUAL " --check " TEST_LV2_PATH " " SOURCE_DIR), 0);
}
END_TEST

/// Check that pages with one file changed by a command are refused
static void
check_stale(const char* const file, const char* const edit)
{
  char command[4096];
  snprintf(command,
           sizeof(command),
           "rm -rf %s && mkdir %s && cp -r %s/README.md %s/docs %s/presets %s && cd %s "
           "&& %s %s",
           STALE,
           STALE,
           SOURCE_DIR,
           SOURCE_DIR,
           SOURCE_DIR,
           STALE,
           STALE,
           edit,
           file);
  ck_assert_int_eq(system(command), 0);
  ck_assert_int_ne(
    system(MANUAL " --check " TEST_LV2_PATH " " STALE " 2>" STALE "/report"), 0);

  snprintf(command, sizeof(command), "grep -q '%s: ' " STALE "/report", file);
  ck_assert_int_eq(system(command), 0);
}

START_TEST(stale_pages_are_refused)
{
  check_stale("README.md", "sed -i 's/modules\\/vca/modules\\/vco/'");
  check_stale("docs/modules/README.md", "sed -i 's/VCA/VCO/'");
  check_stale("docs/modules/vca.md", "sed -i 's/CV Law/CV Lore/'");
  check_stale("docs/modules/vca.md", "rm");
  check_stale("docs/pictures/modules/vca.svg", "sed -i 's/CV/DC/'");
  check_stale("docs/patches.md", "sed -i 's/Drone/Dream/'");
  check_stale("docs/pictures/patches/drone.svg", "rm");
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("manual");
  TCase* const tests = tcase_create("manual");
  tcase_add_test(tests, pages_show_what_the_turtle_describes);
  tcase_add_test(tests, stale_pages_are_refused);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
