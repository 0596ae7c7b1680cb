// SPDX-License-Identifier: ISC
/// Many instances of our own plugins at once, as in a large project

#ifndef BENCH_CROWD_H
#define BENCH_CROWD_H

#include "bench/cases.h"
#include "bench/options.h"
#include "host/host.h"

#include <stdbool.h>

/// Compare more and more instances with each alone, and print it; false after a report
bool
crowd_run(const BenchOptions* options, Host* host, const Cases* cases);

#endif // BENCH_CROWD_H
