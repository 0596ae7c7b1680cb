// SPDX-License-Identifier: ISC
/// Report of bench

#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "bench/cases.h"
#include "bench/items.h"

/// Print the figures of all items, as options ask for
void
report_print(const Bench* self);

/// Print the names of all cases
void
report_list(const Cases* cases);

/// Print a figure with a mark if it is more than `most`
void
report_figure(double figure, double at_most);

#endif // BENCH_REPORT_H
