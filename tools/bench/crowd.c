// SPDX-License-Identifier: ISC

#include "bench/crowd.h"

#include "bench/float_mode.h"
#include "bench/items.h"
#include "bench/load.h"
#include "bench/report.h"
#include "bench/targets.h"
#include "host/clock.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define CROWD_AT_MOST 1.1 ///< Cost in a crowd over that of one alone

/// Some of our own plugins, one after the other, over and over
typedef struct {
  const BenchOptions* options;
  uint32_t            block_frames;
  Load*    loads[MAX_ITEMS]; ///< The first case of each plugin, in equal numbers
  double   alone[MAX_ITEMS]; ///< What one of them costs alone, in ns per frame
  uint32_t n_loads;
} Crowd;

static bool
fill_crowd(Crowd* const self, Host* const host, const Cases* const cases)
{
  const Case*    models[MAX_ITEMS];
  const uint32_t n_models = bench_find_models(host, cases, models);
  for (uint32_t m = 0; m < n_models; ++m) {
    const uint32_t n_each = self->options->n_crowd / n_models + 1U;
    Load* const    load   = load_new(host, models[m], RATE_HZ, n_each);
    if (!load) {
      return bench_fail("can't run", models[m]->name);
    }
    self->loads[self->n_loads++] = load;
  }

  return n_models > 0 ||
         bench_fail("--crowd needs our plugins, but none", "is installed");
}

/// Return the ns per frame of instances of loads `first` on, which take turns
static double
time_crowd(const Crowd* const self,
           const uint32_t     first,
           const uint32_t     n_loads,
           const uint32_t     n_instances)
{
  float* const ns = (float*)calloc(self->options->n_rounds, sizeof(float));
  for (uint32_t round = 0; round < self->options->n_rounds; ++round) {
    const double start_s = clock_now_s();
    for (uint32_t at = 0; at < LOAD_FRAMES; at += self->block_frames) {
      for (uint32_t i = 0; i < n_instances; ++i) {
        Load* const load = self->loads[first + i % n_loads];
        load_run_one(load, i / n_loads, at, self->block_frames);
      }
    }
    ns[round] = (float)(1e9 * (clock_now_s() - start_s) / LOAD_FRAMES);
  }

  const double result = bench_median(ns, self->options->n_rounds);
  free(ns);
  return result;
}

/// Compare `n` instances with what they cost alone
static void
print_crowd(const Crowd* const self, const uint32_t n)
{
  double alone = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    alone += self->alone[i % self->n_loads];
  }

  const double together = time_crowd(self, 0, self->n_loads, n);
  printf("%9u  %8.3f  %8.3f", n, together / n, alone / n);
  report_figure(together / alone, CROWD_AT_MOST);
  putchar('\n');
}

/// Compare more and more instances: the more there are, the less do caches hold them
static void
measure_crowd(Crowd* const self)
{
  for (uint32_t i = 0; i < self->n_loads; ++i) {
    self->alone[i] = time_crowd(self, i, 1, 1);
  }

  printf("mixed instances of %u modules at a block of %u, ns per frame of one\n"
         "instances  together     alone     ratio (at most %g)\n",
         self->n_loads,
         self->block_frames,
         CROWD_AT_MOST);
  for (uint32_t n = self->n_loads; n < self->options->n_crowd; n *= 4U) {
    print_crowd(self, n);
  }
  print_crowd(self, self->options->n_crowd);
}

bool
crowd_run(const BenchOptions* const options, Host* const host, const Cases* const cases)
{
  Crowd      self = {.options      = options,
                     .block_frames = options->blocks[bench_main_block(options)]};
  const bool ok   = fill_crowd(&self, host, cases);
  if (ok) {
    float_mode_set(options->has_denormals);
    measure_crowd(&self);
    float_mode_set(true);
  }
  for (uint32_t i = 0; i < self.n_loads; ++i) {
    load_free(self.loads[i]);
  }
  return ok;
}
