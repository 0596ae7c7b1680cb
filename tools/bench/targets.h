// SPDX-License-Identifier: ISC
/// Peers of items, and the cost that is allowed beside theirs

#ifndef BENCH_TARGETS_H
#define BENCH_TARGETS_H

#include "bench/items.h"
#include "bench/options.h"

#include <stdbool.h>
#include <stdint.h>

#define SHORTEST_AT_MOST 2.0 ///< Cost of our own in the shortest blocks over the main

/// Return the item of a case, without AVX2 if there is one and it is wanted
const Item*
bench_find(const Bench* self, const char* name, bool is_plain);

/// Return the item that another is compared with: the one it names, or the first
const Item*
bench_rival(const Bench* self, const Item* item);

/// Return which block is compared: 256, or the longest
uint32_t
bench_main_block(const BenchOptions* options);

/// Return the cost of an item over that of its rival, or NaN
double
bench_ratio(const Bench* self, const Item* item);

/// Return the most that bench_ratio() should be, or NaN if nobody said
double
bench_most(const Bench* self, const Item* item);

/// Return the cost in the shortest blocks over that in the main ones
double
bench_shortest(const Bench* self, const Item* item);

/// Return the most that bench_shortest() should be, or NaN
double
bench_shortest_most(const Item* item);

#endif // BENCH_TARGETS_H
