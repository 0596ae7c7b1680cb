// SPDX-License-Identifier: ISC
/**
   Print what plugins cost, in nanoseconds per frame.

   All cases take turns in short runs, so that a change of clock or of neighbours hits
   every one of them, and the median of the runs counts.
*/

#include "cases.h"
#include "clock.h"
#include "host.h"
#include "load.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BLOCKS 8U
#define MAX_ITEMS 128U
#define MAX_ROUNDS 10001U
#define RATE_HZ 48000.0

static const char usage[] =
  "Usage: bench [OPTION]... [CASE]...\n"
  "Measure what cases cost, in ns per frame, and print it beside what they are\n"
  "compared with.  Without a CASE, all of installed plugins; --list names them.\n\n"
  "  --block N,...   Block lengths that divide 8192, at most 1024 (16,64,256,1024)\n"
  "  --cases FILE    Read this table of cases\n"
  "  --fixed N       Only run one case, for N frames, to be counted by other tools\n"
  "  --instances N   Run that many of each in turn (1)\n"
  "  --list          Print the names of the cases\n"
  "  --lv2 PATH      Look for plugins here instead of in LV2_PATH\n"
  "  --rounds N      Runs of which the median counts (101)\n"
  "  --tsv           Print a line for every figure: case, block, ns per frame\n";

typedef struct {
  uint32_t           blocks[MAX_BLOCKS];
  uint32_t           n_blocks;
  const char*        cases_path;
  const char*        lv2_path;
  uint32_t           n_fixed; ///< 0 to measure
  uint32_t           n_instances;
  uint32_t           n_rounds;
  bool               is_list;
  bool               is_tsv;
  const char* const* names; ///< What is left of the command line
  int                n_names;
} Options;

/// A case that runs, and what it has cost
typedef struct {
  const Case* of;
  Load*       load;
  float*      ns[MAX_BLOCKS];     ///< Of every round
  double      median[MAX_BLOCKS]; ///< In ns per frame
} Item;

typedef struct {
  const Options* options;
  Item           items[MAX_ITEMS];
  uint32_t       n_items;
} Bench;

// ---- Command line

static bool
fail(const char* const problem, const char* const what)
{
  fprintf(stderr, "bench: %s %s\n", problem, what);
  return false;
}

/// Read a number from 1 to `maximum` at `*text`, and move behind it
static bool
read_number(const char** const text, const uint32_t maximum, uint32_t* const number)
{
  char*               end   = NULL;
  const unsigned long value = strtoul(*text, &end, 10);
  if (end == *text || value < 1 || value > maximum) {
    return false;
  }

  *text   = end;
  *number = (uint32_t)value;
  return true;
}

static bool
read_blocks(Options* const options, const char* text)
{
  for (options->n_blocks = 0; options->n_blocks < MAX_BLOCKS; ++text) {
    uint32_t* const block = &options->blocks[options->n_blocks++];
    if (!read_number(&text, 1024, block) || LOAD_FRAMES % *block) {
      return false;
    }
    if (*text != ',') {
      return !*text;
    }
  }

  return false;
}

static bool
read_count(const char* text, const uint32_t maximum, uint32_t* const number)
{
  return read_number(&text, maximum, number) && !*text;
}

/// Take the option `name` with `value`, which may be NULL; sets what it took
static bool
read_option(Options* const options, const char* const name, const char* const value)
{
  bool ok = value;
  if (!value) {
    return fail("no value for, or no such option:", name);
  }

  if (!strcmp(name, "--block")) {
    ok = read_blocks(options, value);
  } else if (!strcmp(name, "--cases")) {
    options->cases_path = value;
  } else if (!strcmp(name, "--fixed")) {
    ok = read_count(value, UINT32_MAX, &options->n_fixed);
  } else if (!strcmp(name, "--instances")) {
    ok = read_count(value, 100000, &options->n_instances);
  } else if (!strcmp(name, "--lv2")) {
    options->lv2_path = value;
  } else if (!strcmp(name, "--rounds")) {
    ok = read_count(value, MAX_ROUNDS, &options->n_rounds);
  } else {
    return fail("no such option:", name);
  }

  if (!ok) {
    fprintf(stderr, "bench: %s does not take %s\n", name, value);
  }
  return ok;
}

static bool
read_options(Options* const options, const int argc, char** const argv)
{
  int i = 1;
  for (; i < argc && argv[i][0] == '-'; ++i) {
    if (!strcmp(argv[i], "--list")) {
      options->is_list = true;
    } else if (!strcmp(argv[i], "--tsv")) {
      options->is_tsv = true;
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

// ---- Items

static const Case*
find_case(const Cases* const cases, const char* const name)
{
  uint32_t          n_cases = 0;
  const Case* const all     = cases_all(cases, &n_cases);
  for (uint32_t i = 0; i < n_cases; ++i) {
    if (!strcmp(all[i].name, name)) {
      return &all[i];
    }
  }

  return NULL;
}

static bool
add_item(Bench* const self, Host* const host, const Case* const of)
{
  Item* const item = &self->items[self->n_items];

  item->of   = of;
  item->load = load_new(host, of, RATE_HZ, self->options->n_instances);
  if (!item->load) {
    return false;
  }

  ++self->n_items;
  for (uint32_t b = 0; b < self->options->n_blocks; ++b) {
    item->ns[b] = (float*)calloc(self->options->n_rounds, sizeof(float));
  }
  return true;
}

/// Add the cases that were named
static bool
add_named(Bench* const self, Host* const host, const Cases* const cases)
{
  for (int i = 0; i < self->options->n_names; ++i) {
    const Case* const of = find_case(cases, self->options->names[i]);
    if (!of) {
      return fail("no such case, see --list:", self->options->names[i]);
    }
    if (self->n_items == MAX_ITEMS || !add_item(self, host, of)) {
      return fail("can't run", of->name);
    }
  }
  return true;
}

/// Add every case of which the plugin is installed
static bool
add_installed(Bench* const self, Host* const host, const Cases* const cases)
{
  uint32_t          n_cases = 0;
  const Case* const all     = cases_all(cases, &n_cases);
  for (uint32_t i = 0; i < n_cases && i < MAX_ITEMS; ++i) {
    if (host_plugin(host, all[i].uri) && !add_item(self, host, &all[i])) {
      return fail("can't run", all[i].name);
    }
  }

  return self->n_items > 0 || fail("no plugin is installed", "of those in the cases");
}

static void
free_items(Bench* const self)
{
  for (uint32_t i = 0; i < self->n_items; ++i) {
    for (uint32_t b = 0; b < self->options->n_blocks; ++b) {
      free(self->items[i].ns[b]);
    }
    load_free(self->items[i].load);
  }
}

// ---- Measuring

static int
compare_floats(const void* const a, const void* const b)
{
  const float x = *(const float*)a;
  const float y = *(const float*)b;

  return (x > y) - (x < y);
}

/// Return the ns per frame and instance of one run
static float
time_run(const Bench* const self, Load* const load, const uint32_t block_frames)
{
  const double start_s = clock_now_s();
  load_run(load, block_frames);
  return (float)(1e9 * (clock_now_s() - start_s) / LOAD_FRAMES /
                 self->options->n_instances);
}

static void
measure(Bench* const self)
{
  const Options* const options = self->options;
  for (uint32_t round = 0; round < options->n_rounds; ++round) {
    for (uint32_t b = 0; b < options->n_blocks; ++b) {
      for (uint32_t i = 0; i < self->n_items; ++i) {
        Item* const item = &self->items[i];
        // Not timed: brings caches and branches back after the others' turns
        load_run(item->load, options->blocks[b]);
        item->ns[b][round] = time_run(self, item->load, options->blocks[b]);
      }
    }
  }

  for (uint32_t i = 0; i < self->n_items; ++i) {
    for (uint32_t b = 0; b < options->n_blocks; ++b) {
      float* const ns = self->items[i].ns[b];
      qsort(ns, options->n_rounds, sizeof(float), compare_floats);
      self->items[i].median[b] = (double)ns[options->n_rounds / 2U];
    }
  }
}

// ---- Printing

/// Return the item that another is compared with: the one it names, or the first
static const Item*
rival(const Bench* const self, const Item* const item)
{
  for (uint32_t i = 0; item->of->against && i < self->n_items; ++i) {
    if (!strcmp(self->items[i].of->name, item->of->against)) {
      return &self->items[i];
    }
  }

  return item->of->against ? NULL : &self->items[0];
}

/// Return which block is compared: 256, or the longest
static uint32_t
main_block(const Options* const options)
{
  uint32_t best = 0;
  for (uint32_t b = 0; b < options->n_blocks; ++b) {
    if (options->blocks[b] == 256 || options->blocks[best] != 256) {
      best = b;
    }
  }

  return best;
}

static void
print_ratio(const double ratio)
{
  if (isnan(ratio)) {
    printf(" %8s", "-");
  } else {
    printf(" %8.3f", ratio);
  }
}

static void
print_item(const Bench* const self, const Item* const item)
{
  const uint32_t    b     = main_block(self->options);
  const Item* const other = rival(self, item);

  printf("%-44s", item->of->label);
  for (uint32_t i = 0; i < self->options->n_blocks; ++i) {
    printf(" %8.3f", item->median[i]);
  }
  print_ratio(other ? item->median[b] / other->median[b] : (double)NAN);
  print_ratio(item->of->at_most);
  printf("  %s\n", other ? other->of->label : item->of->against);
}

static void
print_table(const Bench* const self)
{
  const Options* const options = self->options;

  printf("%-44s", "ns per frame at a block of");
  for (uint32_t b = 0; b < options->n_blocks; ++b) {
    printf(" %8u", options->blocks[b]);
  }
  printf(" %8s %8s  %s\n", "ratio", "at most", "to");
  for (uint32_t i = 0; i < self->n_items; ++i) {
    print_item(self, &self->items[i]);
  }
}

static void
print_tsv(const Bench* const self)
{
  for (uint32_t i = 0; i < self->n_items; ++i) {
    const Item* const item = &self->items[i];
    for (uint32_t b = 0; b < self->options->n_blocks; ++b) {
      printf(
        "%s\t%u\t%.6g\n", item->of->name, self->options->blocks[b], item->median[b]);
    }
  }
}

static void
print_list(const Cases* const cases)
{
  uint32_t          n_cases = 0;
  const Case* const all     = cases_all(cases, &n_cases);
  for (uint32_t i = 0; i < n_cases; ++i) {
    printf("%-28s %s\n", all[i].name, all[i].label);
  }
}

/// Run one case and measure nothing
static bool
run_fixed(const Bench* const self)
{
  if (self->n_items != 1 || self->options->n_blocks != 1) {
    return fail("--fixed needs one case and one --block", "");
  }

  for (uint32_t n = 0; n < self->options->n_fixed; n += LOAD_FRAMES) {
    load_run(self->items[0].load, self->options->blocks[0]);
  }
  return true;
}

static bool
run(const Options* const options, Host* const host, const Cases* const cases)
{
  Bench self = {.options = options};

  bool ok = options->n_names ? add_named(&self, host, cases)
                             : add_installed(&self, host, cases);
  if (ok && options->n_fixed) {
    ok = run_fixed(&self);
  } else if (ok) {
    measure(&self);
    if (options->is_tsv) {
      print_tsv(&self);
    } else {
      print_table(&self);
    }
  }
  free_items(&self);
  return ok;
}

int
main(const int argc, char** const argv)
{
  Options options = {{16, 64, 256, 1024},
                     4,
                     SOURCE_DIR "/tools/instruments/cases.ttl",
                     NULL,
                     0,
                     1,
                     101,
                     false,
                     false,
                     NULL,
                     0};
  if (!read_options(&options, argc, argv)) {
    fputs(usage, stderr);
    return EXIT_FAILURE;
  }

  Cases* const cases = cases_new(options.cases_path);
  if (!cases) {
    return EXIT_FAILURE;
  }

  bool ok = true;
  if (options.is_list) {
    print_list(cases);
  } else {
    Host* const host = host_new(options.lv2_path);
    ok               = run(&options, host, cases);
    host_free(host);
  }
  cases_free(cases);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
