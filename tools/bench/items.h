// SPDX-License-Identifier: ISC
/// The cases that run, and what each has cost

#ifndef BENCH_ITEMS_H
#define BENCH_ITEMS_H

#include "bench/cases.h"
#include "bench/derived.h"
#include "bench/load.h"
#include "bench/options.h"
#include "host/host.h"

#include <stdbool.h>
#include <stdint.h>

#define MAX_ITEMS 512U
#define RATE_HZ 48000.0

/// A case that runs, and what it has cost
typedef struct {
  const Case* of;
  bool        is_plain; ///< Without AVX2
  Load*       load;
  float*      ns[MAX_BLOCKS];     ///< Of every round
  double      median[MAX_BLOCKS]; ///< In ns per frame
} Item;

typedef struct {
  const BenchOptions* options;
  Host*               host;
  Host*               baseline; ///< Our own plugins without AVX2, or NULL
  Item                items[MAX_ITEMS];
  uint32_t            n_items;
  Derived*            derived[MAX_ITEMS];
  uint32_t            n_derived;
} Bench;

/// Add the cases that options name, or all of installed plugins; false after a report
bool
bench_add_items(Bench* self, const Cases* cases);

void
bench_free_items(Bench* self);

/// Find the first case of each of our plugins, and return how many there are
uint32_t
bench_find_models(Host* host, const Cases* cases, const Case** models);

/// Run all items in turns, so many times as options ask for
void
bench_measure(Bench* self);

/// Return the median of `n`, which are sorted
double
bench_median(float* values, uint32_t n);

/// Run one case and measure nothing; false after a report
bool
bench_run_fixed(const Bench* self);

#endif // BENCH_ITEMS_H
