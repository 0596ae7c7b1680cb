// SPDX-License-Identifier: ISC
/**
   Print what plugins cost, in nanoseconds per frame.

   All cases take turns in short runs, so that a change of clock or of neighbours hits
   every one of them, and the median of the runs counts.
*/

#include "bench/cases.h"
#include "bench/crowd.h"
#include "bench/items.h"
#include "bench/options.h"
#include "bench/report.h"
#include "host/host.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static bool
run_cases(Bench* const self, const Cases* const cases)
{
  bool ok = bench_add_items(self, cases);
  if (ok && self->options->n_fixed) {
    ok = bench_run_fixed(self);
  } else if (ok) {
    bench_measure(self);
    report_print(self);
  }
  bench_free_items(self);
  return ok;
}

static bool
run(const BenchOptions* const options, const Cases* const cases)
{
  Bench* const self = (Bench*)calloc(1, sizeof(Bench)); // Too large for some stacks
  if (!self) {
    return bench_fail("no memory for", "cases");
  }

  self->options  = options;
  self->host     = host_new(options->lv2_path);
  self->baseline = options->baseline_path ? host_new(options->baseline_path) : NULL;

  const bool ok =
    options->n_crowd ? crowd_run(options, self->host, cases) : run_cases(self, cases);
  if (self->baseline) {
    host_free(self->baseline);
  }
  host_free(self->host);
  free(self);
  return ok;
}

int
main(const int argc, char** const argv)
{
  BenchOptions options = {.blocks      = {16, 64, 256, 1024},
                          .n_blocks    = 4,
                          .cases_path  = SOURCE_DIR "/tools/bench/cases.ttl",
                          .n_instances = 1,
                          .n_rounds    = 101};
  if (!bench_options_read(&options, argc, argv)) {
    fputs(bench_usage, stderr);
    return EXIT_FAILURE;
  }
  if (options.is_help) {
    fputs(bench_usage, stdout);
    return EXIT_SUCCESS;
  }

  Cases* const cases = cases_new(options.cases_path);
  if (!cases) {
    return EXIT_FAILURE;
  }

  if (options.is_connected_anew) {
    cases_connect_anew(cases);
  }

  bool ok = true;
  if (options.is_list) {
    report_list(cases);
  } else {
    ok = run(&options, cases);
  }
  cases_free(cases);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
