// SPDX-License-Identifier: ISC
/// The command line of bench

#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#define MAX_BLOCKS 8U

/// Options of the command line
typedef struct {
  uint32_t           blocks[MAX_BLOCKS];
  uint32_t           n_blocks;
  const char*        cases_path;
  const char*        lv2_path;
  const char*        baseline_path; ///< NULL to run no plugin without AVX2
  uint32_t           n_fixed;       ///< 0 to measure
  uint32_t           n_instances;
  uint32_t           n_crowd; ///< 0 for none
  uint32_t           n_rounds;
  bool               has_denormals;
  bool               is_connected_anew; ///< All ports are, before each run
  bool               is_every;
  bool               is_help;
  bool               is_list;
  bool               is_markdown;
  bool               is_tsv;
  const char* const* names; ///< What is left of the command line
  int                n_names;
} BenchOptions;

extern const char bench_usage[];

/// Read the command line into options that have their defaults; false after a report
bool
bench_options_read(BenchOptions* options, int argc, char** argv);

/// Report a problem, and return false
bool
bench_fail(const char* problem, const char* what);

#endif // BENCH_OPTIONS_H
