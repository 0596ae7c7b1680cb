// SPDX-License-Identifier: ISC
/**
   Parts that every test program shares.

   Each tests/test_*.c is a program of its own, which ends in `return run_tests(suite)`.
   The bundle that is tested is the one in the build folder.
*/

#ifndef TEST_H
#define TEST_H

#include <check.h>

#include <stdlib.h>

/// The bundle under test, and the specifications that its Turtle refers to
#define TEST_LV2_PATH BUILD_DIR "/lv2:/usr/lib/lv2:/usr/local/lib/lv2:/usr/lib64/lv2"
#define CHRONUS_URI "urn:chronus:"

/// Give tests time before any is made: a loaded machine is slow, which is not a failure
__attribute__((constructor)) static void
limit_time(void)
{
  setenv("CK_DEFAULT_TIMEOUT", "120", 0);
}

/// Run all tests of `suite`, and return the exit status of the program
static inline int
run_tests(Suite* const suite)
{
  SRunner* const runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  const int n_failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif // TEST_H
