// SPDX-License-Identifier: ISC

#include "bench/options.h"

#include "bench/load.h"
#include "host/number.h"

#include <stdio.h>
#include <string.h>

#define MAX_ROUNDS 10001U
#define MAX_INSTANCES 100000U

const char bench_usage[] =
  "Usage: bench [OPTION]... [CASE]...\n"
  "Measure what cases cost, in ns per frame, and print it beside what they are\n"
  "compared with.  Without a CASE, all of installed plugins; --list names them.\n"
  "The host makes denormals zero, as most do, but for cases that feed them.\n\n"
  "  --baseline PATH  Look here for our own plugins without AVX2, and run both\n"
  "  --block N,...    Block lengths that divide 8192, at most 1024 (16,64,256,1024)\n"
  "  --cases FILE     Read this table of cases\n"
  "  --connected      Patch every optional input with silence, and connect all ports\n"
  "                   before each run, as some hosts do\n"
  "  --crowd N        Compare N instances of our own, mixed, with each alone\n"
  "  --denormals      Leave denormals to the plugins\n"
  "  --every          Also run each of our own with still signals, with noise, and\n"
  "                   with denormals in all of its inputs\n"
  "  --fixed N        Only run one case, for N frames, to be counted by other tools\n"
  "  --instances N    Run that many of each in turn (1)\n"
  "  --list           Print the names of the cases\n"
  "  --lv2 PATH       Look for plugins here instead of in LV2_PATH\n"
  "  --markdown       Print a table of our own for documents\n"
  "  --rounds N       Runs; their median counts (101)\n"
  "  --tsv            Print a line for every figure: case, block, ns per frame\n";

bool
bench_fail(const char* const problem, const char* const what)
{
  fprintf(stderr, "bench: %s %s\n", problem, what);
  return false;
}

/// Read the block length that the first `length` characters of `text` are
static bool
read_block(const char* const text, const size_t length, uint32_t* const block)
{
  char number[16] = "";
  snprintf(number, sizeof(number), "%.*s", (int)length, text);
  return length < sizeof(number) && number_read_whole(number, 1, 1024, block) &&
         LOAD_FRAMES % *block == 0;
}

/// Read block lengths with commas between them
static bool
read_blocks(BenchOptions* const options, const char* text)
{
  for (options->n_blocks = 0; options->n_blocks < MAX_BLOCKS; ++text) {
    const size_t length = strcspn(text, ",");
    if (!read_block(text, length, &options->blocks[options->n_blocks++])) {
      return false;
    }
    text += length;
    if (!*text) {
      return true;
    }
  }

  return false;
}

static bool
read_count(const char* const text, const uint32_t maximum, uint32_t* const number)
{
  return number_read_whole(text, 1, maximum, number);
}

/// Take the option `name` with `value`, which may be NULL; sets what it took
static bool
read_option(BenchOptions* const options,
            const char* const   name,
            const char* const   value)
{
  bool ok = value;
  if (!value) {
    return bench_fail("no value for, or no such option:", name);
  }

  if (!strcmp(name, "--block")) {
    ok = read_blocks(options, value);
  } else if (!strcmp(name, "--baseline")) {
    options->baseline_path = value;
  } else if (!strcmp(name, "--cases")) {
    options->cases_path = value;
  } else if (!strcmp(name, "--crowd")) {
    ok = read_count(value, MAX_INSTANCES, &options->n_crowd);
  } else if (!strcmp(name, "--fixed")) {
    ok = read_count(value, UINT32_MAX, &options->n_fixed);
  } else if (!strcmp(name, "--instances")) {
    ok = read_count(value, MAX_INSTANCES, &options->n_instances);
  } else if (!strcmp(name, "--lv2")) {
    options->lv2_path = value;
  } else if (!strcmp(name, "--rounds")) {
    ok = read_count(value, MAX_ROUNDS, &options->n_rounds);
  } else {
    return bench_fail("no such option:", name);
  }

  if (!ok) {
    fprintf(stderr, "bench: %s does not take %s\n", name, value);
  }
  return ok;
}

/// Return the switch of that name, or NULL
static bool*
find_switch(BenchOptions* const options, const char* const name)
{
  const struct {
    const char* name;
    bool*       is_set;
  } switches[] = {{"--connected", &options->is_connected_anew},
                  {"--denormals", &options->has_denormals},
                  {"--every", &options->is_every},
                  {"--help", &options->is_help},
                  {"-h", &options->is_help},
                  {"--list", &options->is_list},
                  {"--markdown", &options->is_markdown},
                  {"--tsv", &options->is_tsv}};

  for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); ++i) {
    if (!strcmp(name, switches[i].name)) {
      return switches[i].is_set;
    }
  }
  return NULL;
}

bool
bench_options_read(BenchOptions* const options, const int argc, char** const argv)
{
  int i = 1;
  for (; i < argc && argv[i][0] == '-'; ++i) {
    bool* const is_set = find_switch(options, argv[i]);
    if (is_set) {
      *is_set = true;
    } else if (!read_option(options, argv[i], i + 1 < argc ? argv[i + 1] : NULL)) {
      return false;
    } else {
      ++i;
    }
  }

  options->names   = (const char* const*)argv + i;
  options->n_names = argc - i;
  return true;
}
