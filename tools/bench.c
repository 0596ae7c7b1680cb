// SPDX-License-Identifier: ISC
/**
   Print what plugins cost, in nanoseconds per frame.

   All cases take turns in short runs, so that a change of clock or of neighbours hits
   every one of them, and the median of the runs counts.
*/

#include "bench/cases.h"
#include "bench/derived.h"
#include "bench/float_mode.h"
#include "bench/load.h"
#include "host/clock.h"
#include "host/host.h"
#include "host/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BLOCKS 8U
#define MAX_ITEMS 512U
#define MAX_ROUNDS 10001U
#define MAX_INSTANCES 100000U
#define RATE_HZ 48000.0
#define CROWD_BLOCK 256U     ///< Block length of --crowd
#define CROWD_AT_MOST 1.1    ///< Cost in a crowd over that of one alone
#define SHORTEST_AT_MOST 2.0 ///< Cost of our own in the shortest blocks over the main
#define MARK_MISSED '!'      ///< Behind what is above its target

static const char usage[] =
  "Usage: bench [OPTION]... [CASE]...\n"
  "Measure what cases cost, in ns per frame, and print it beside what they are\n"
  "compared with.  Without a CASE, all of installed plugins; --list names them.\n"
  "The host makes denormals zero, as most do, but for cases that feed them.\n\n"
  "  --baseline PATH  Look here for our own plugins without AVX2, and run both\n"
  "  --block N,...    Block lengths that divide 8192, at most 1024 (16,64,256,1024)\n"
  "  --cases FILE     Read this table of cases\n"
  "  --crowd N        Compare N instances of our own, mixed, with each alone\n"
  "  --denormals      Leave denormals to the plugins\n"
  "  --every          Also run each of our own with still signals, with noise, and\n"
  "                   with denormals in all of its inputs\n"
  "  --fixed N        Only run one case, for N frames, to be counted by other tools\n"
  "  --instances N    Run that many of each in turn (1)\n"
  "  --list           Print the names of the cases\n"
  "  --lv2 PATH       Look for plugins here instead of in LV2_PATH\n"
  "  --markdown       Print a table of our own for documents\n"
  "  --rounds N       Runs of which the median counts (101)\n"
  "  --tsv            Print a line for every figure: case, block, ns per frame\n";

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
  bool               is_every;
  bool               is_help;
  bool               is_list;
  bool               is_markdown;
  bool               is_tsv;
  const char* const* names; ///< What is left of the command line
  int                n_names;
} Options;

/// A case that runs, and what it has cost
typedef struct {
  const Case* of;
  bool        is_plain; ///< Without AVX2
  Load*       load;
  float*      ns[MAX_BLOCKS];     ///< Of every round
  double      median[MAX_BLOCKS]; ///< In ns per frame
} Item;

typedef struct {
  const Options* options;
  Host*          host;
  Host*          baseline; ///< Our own plugins without AVX2, or NULL
  Item           items[MAX_ITEMS];
  uint32_t       n_items;
  Derived*       derived[MAX_ITEMS];
  uint32_t       n_derived;
} Bench;

// ---- Command line

static bool
fail(const char* const problem, const char* const what)
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
read_blocks(Options* const options, const char* text)
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
read_option(Options* const options, const char* const name, const char* const value)
{
  bool ok = value;
  if (!value) {
    return fail("no value for, or no such option:", name);
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
    return fail("no such option:", name);
  }

  if (!ok) {
    fprintf(stderr, "bench: %s does not take %s\n", name, value);
  }
  return ok;
}

/// Return the switch of that name, or NULL
static bool*
find_switch(Options* const options, const char* const name)
{
  return !strcmp(name, "--denormals")                     ? &options->has_denormals
         : !strcmp(name, "--every")                       ? &options->is_every
         : !strcmp(name, "--help") || !strcmp(name, "-h") ? &options->is_help
         : !strcmp(name, "--list")                        ? &options->is_list
         : !strcmp(name, "--markdown")                    ? &options->is_markdown
         : !strcmp(name, "--tsv")                         ? &options->is_tsv
                                                          : NULL;
}

static bool
read_options(Options* const options, const int argc, char** const argv)
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

// ---- Items

static bool
add_item(Bench* const self, Host* const host, const Case* const of)
{
  if (self->n_items == MAX_ITEMS) {
    return fail("too many cases to run", of->name);
  }

  Item* const item = &self->items[self->n_items];
  item->of         = of;
  item->is_plain   = host == self->baseline;
  item->load       = load_new(host, of, RATE_HZ, self->options->n_instances);
  if (!item->load) {
    return fail("can't run", of->name);
  }

  ++self->n_items;
  for (uint32_t b = 0; b < self->options->n_blocks; ++b) {
    item->ns[b] = (float*)calloc(self->options->n_rounds, sizeof(float));
  }
  return true;
}

/// Add a case, also without AVX2 if that can be
static bool
add_case(Bench* const self, const Case* const of)
{
  const bool has_plain = self->baseline && host_plugin(self->baseline, of->uri);

  return add_item(self, self->host, of) &&
         (!has_plain || add_item(self, self->baseline, of));
}

/// Add the cases that were named
static bool
add_named(Bench* const self, const Cases* const cases)
{
  for (int i = 0; i < self->options->n_names; ++i) {
    const Case* const of = cases_find(cases, self->options->names[i]);
    if (!of) {
      return fail("no such case, see --list:", self->options->names[i]);
    }
    if (!add_case(self, of)) {
      return false;
    }
  }
  return true;
}

/// Add every case of which the plugin is installed
static bool
add_installed(Bench* const self, const Cases* const cases)
{
  uint32_t          n_cases = 0;
  const Case* const all     = cases_all(cases, &n_cases);
  for (uint32_t i = 0; i < n_cases; ++i) {
    if (host_plugin(self->host, all[i].uri) && !add_case(self, &all[i])) {
      return false;
    }
  }

  return self->n_items > 0 || fail("no plugin is installed", "of those in the cases");
}

/// Find the first case of each of our plugins, and return how many there are
static uint32_t
find_models(Host* const host, const Cases* const cases, const Case** const models)
{
  const char*       last     = "";
  uint32_t          n_cases  = 0;
  uint32_t          n_models = 0;
  const Case* const all      = cases_all(cases, &n_cases);
  for (uint32_t i = 0; i < n_cases && n_models < MAX_ITEMS; ++i) {
    if (case_is_ours(&all[i]) && host_plugin(host, all[i].uri) &&
        strcmp(last, all[i].uri) != 0) {
      models[n_models++] = &all[i];
      last               = all[i].uri;
    }
  }

  return n_models;
}

/// Add what follows from the first case of each of our plugins
static bool
add_derived(Bench* const self, const Cases* const cases)
{
  const Case*    models[MAX_ITEMS];
  const uint32_t n_models = find_models(self->host, cases, models);
  for (uint32_t d = 0; d < n_models * N_DERIVED && d < MAX_ITEMS; ++d) {
    Derived* const derived =
      derived_new(self->host, models[d / N_DERIVED], (DerivedKind)(d % N_DERIVED));
    if (!derived) {
      return fail("no memory for cases", "");
    }
    self->derived[self->n_derived++] = derived;
    if (!add_case(self, &derived->of)) {
      return false;
    }
  }

  return true;
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
  for (uint32_t d = 0; d < self->n_derived; ++d) {
    derived_free(self->derived[d]);
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

/// Return the median of `n`, which are sorted
static double
median(float* const values, const uint32_t n)
{
  qsort(values, n, sizeof(float), compare_floats);
  return (double)values[n / 2U];
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

static float
measure_once(const Bench* const self,
             const Item* const  item,
             const uint32_t     block_frames)
{
  float_mode_set(self->options->has_denormals || case_has_denormals(item->of));

  // Not timed: brings caches and branches back after the others' turns
  load_run(item->load, block_frames);
  const float ns = time_run(self, item->load, block_frames);
  float_mode_set(true);
  return ns;
}

static void
measure(Bench* const self)
{
  const Options* const options = self->options;
  for (uint32_t round = 0; round < options->n_rounds; ++round) {
    for (uint32_t b = 0; b < options->n_blocks; ++b) {
      for (uint32_t i = 0; i < self->n_items; ++i) {
        Item* const item   = &self->items[i];
        item->ns[b][round] = measure_once(self, item, options->blocks[b]);
      }
    }
  }

  for (uint32_t i = 0; i < self->n_items; ++i) {
    for (uint32_t b = 0; b < options->n_blocks; ++b) {
      Item* const item = &self->items[i];
      item->median[b]  = median(item->ns[b], options->n_rounds);
    }
  }
}

// ---- Targets

/// Return the item of a case, without AVX2 if there is one and it is wanted
static const Item*
find_item(const Bench* const self, const char* const name, const bool is_plain)
{
  const Item* found = NULL;
  for (uint32_t i = 0; i < self->n_items; ++i) {
    const Item* const item = &self->items[i];
    if (!strcmp(item->of->name, name) && (!found || item->is_plain == is_plain)) {
      found = item;
    }
  }

  return found;
}

/// Return the item that another is compared with: the one it names, or the first
static const Item*
rival(const Bench* const self, const Item* const item)
{
  return item->of->against ? find_item(self, item->of->against, item->is_plain)
                           : &self->items[0];
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

/// Return the cost of an item over that of its rival, or NaN
static double
ratio(const Bench* const self, const Item* const item)
{
  const uint32_t    b     = main_block(self->options);
  const Item* const other = rival(self, item);

  return other ? item->median[b] / other->median[b] : (double)NAN;
}

/// Return the most that ratio() should be, or NaN if nobody said
static double
most(const Bench* const self, const Item* const item)
{
  const Case* const of    = item->of;
  const Item* const other = rival(self, item);
  if (!isnan(of->at_most_per_port) && other) {
    const uint32_t b       = main_block(self->options);
    const uint32_t n_ports = load_patched(item->load);
    const double   port_ns = of->at_most_per_port * self->items[0].median[b];
    return n_ports ? 1.0 + n_ports * port_ns / other->median[b] : (double)NAN;
  }

  return item->is_plain ? of->at_most_plain : of->at_most;
}

/// Return the cost in the shortest blocks over that in the main ones
static double
shortest(const Bench* const self, const Item* const item)
{
  uint32_t s = 0;
  for (uint32_t b = 0; b < self->options->n_blocks; ++b) {
    s = self->options->blocks[b] < self->options->blocks[s] ? b : s;
  }

  return item->median[s] / item->median[main_block(self->options)];
}

static double
shortest_most(const Item* const item)
{
  return case_is_ours(item->of) ? SHORTEST_AT_MOST : (double)NAN;
}

// ---- Printing

static const char*
variant(const Item* const item)
{
  return item->is_plain ? ", without AVX2" : "";
}

/// Print a figure with a mark if it is more than `most`
static void
print_figure(const double figure, const double at_most)
{
  if (isnan(figure)) {
    printf(" %8s ", "-");
  } else {
    printf(" %8.3f%c", figure, figure > at_most ? MARK_MISSED : ' ');
  }
}

static void
print_item(const Bench* const self, const Item* const item)
{
  const Item* const other = rival(self, item);

  char label[128];
  snprintf(label, sizeof(label), "%s%s", item->of->label, variant(item));
  printf("%-56s", label);
  for (uint32_t i = 0; i < self->options->n_blocks; ++i) {
    printf(" %8.3f", item->median[i]);
  }
  print_figure(shortest(self, item), shortest_most(item));
  print_figure(ratio(self, item), most(self, item));
  print_figure(most(self, item), (double)NAN);
  printf(" %s\n", other ? other->of->label : item->of->against);
}

static void
print_missed(const Bench* const self)
{
  uint32_t n_targets = 0;
  uint32_t n_missed  = 0;
  uint32_t n_ours    = 0;
  uint32_t n_long    = 0;
  for (uint32_t i = 0; i < self->n_items; ++i) {
    const Item* const item = &self->items[i];
    n_targets += !isnan(most(self, item)) && !isnan(ratio(self, item));
    n_missed += ratio(self, item) > most(self, item);
    n_ours += case_is_ours(item->of);
    n_long += shortest(self, item) > shortest_most(item);
  }
  printf("%c %u of %u targets missed; %u of %u of ours cost more than %g times as much "
         "in the shortest blocks\n",
         MARK_MISSED,
         n_missed,
         n_targets,
         n_long,
         n_ours,
         SHORTEST_AT_MOST);
}

static void
print_table(const Bench* const self)
{
  const Options* const options = self->options;

  printf("%-56s", "ns per frame at a block of");
  for (uint32_t b = 0; b < options->n_blocks; ++b) {
    printf(" %8u", options->blocks[b]);
  }
  printf(" %8s  %8s  %8s  %s\n", "shortest", "ratio", "at most", "to");
  for (uint32_t i = 0; i < self->n_items; ++i) {
    print_item(self, &self->items[i]);
  }
  print_missed(self);
}

static void
print_cell(const double figure, const int n_decimals)
{
  if (isnan(figure)) {
    printf(" |");
  } else {
    printf(" %.*f |", n_decimals, figure);
  }
}

/// Print the figures of an item and of the same without AVX2, if it runs
static void
print_row(const Bench* const self, const Item* const item)
{
  const uint32_t    b         = main_block(self->options);
  const Item* const other     = rival(self, item);
  const Item* const plain     = find_item(self, item->of->name, true);
  const bool        has_plain = plain->is_plain;

  printf("| %s |", item->of->label);
  print_cell(item->median[b], 2);
  print_cell(has_plain ? plain->median[b] : (double)NAN, 2);
  print_cell(ratio(self, item), 3);
  print_cell(most(self, item), 3);
  print_cell(has_plain ? ratio(self, plain) : (double)NAN, 3);
  print_cell(has_plain ? most(self, plain) : (double)NAN, 3);
  printf(" %s, %.2f |\n", other->of->label, other->median[b]);
}

/// Print what of our own has a target and is compared with something else
static void
print_markdown(const Bench* const self)
{
  puts("| case | ns per frame | without AVX2 | ratio | at most | ratio without AVX2 |"
       " at most | to, ns per frame |\n|---|---|---|---|---|---|---|---|");
  for (uint32_t i = 0; i < self->n_items; ++i) {
    const Item* const item  = &self->items[i];
    const Item* const other = rival(self, item);
    if (!item->is_plain && !isnan(item->of->at_most) && other &&
        !case_is_ours(other->of)) {
      print_row(self, item);
    }
  }
}

static void
print_tsv(const Bench* const self)
{
  for (uint32_t i = 0; i < self->n_items; ++i) {
    const Item* const item = &self->items[i];
    for (uint32_t b = 0; b < self->options->n_blocks; ++b) {
      printf("%s%s\t%u\t%.6g\n",
             item->of->name,
             variant(item),
             self->options->blocks[b],
             item->median[b]);
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

// ---- Crowds

/// Some of our own plugins, one after the other, over and over
typedef struct {
  const Options* options;
  Load*          loads[MAX_ITEMS]; ///< The first case of each plugin, in equal numbers
  double         alone[MAX_ITEMS]; ///< What one of them costs alone, in ns per frame
  uint32_t       n_loads;
} Crowd;

static bool
fill_crowd(Crowd* const self, Host* const host, const Cases* const cases)
{
  const Case*    models[MAX_ITEMS];
  const uint32_t n_models = find_models(host, cases, models);
  for (uint32_t m = 0; m < n_models; ++m) {
    const uint32_t n_each = self->options->n_crowd / n_models + 1U;
    Load* const    load   = load_new(host, models[m], RATE_HZ, n_each);
    if (!load) {
      return fail("can't run", models[m]->name);
    }
    self->loads[self->n_loads++] = load;
  }

  return n_models > 0 || fail("--crowd needs our plugins, but none", "is installed");
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
    for (uint32_t at = 0; at < LOAD_FRAMES; at += CROWD_BLOCK) {
      for (uint32_t i = 0; i < n_instances; ++i) {
        load_run_one(self->loads[first + i % n_loads], i / n_loads, at, CROWD_BLOCK);
      }
    }
    ns[round] = (float)(1e9 * (clock_now_s() - start_s) / LOAD_FRAMES);
  }

  const double result = median(ns, self->options->n_rounds);
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
  print_figure(together / alone, CROWD_AT_MOST);
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
         CROWD_BLOCK,
         CROWD_AT_MOST);
  for (uint32_t n = self->n_loads; n < self->options->n_crowd; n *= 4U) {
    print_crowd(self, n);
  }
  print_crowd(self, self->options->n_crowd);
}

static bool
run_crowd(const Options* const options, Host* const host, const Cases* const cases)
{
  Crowd      self = {.options = options};
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

// ---- Running

/// Run one case and measure nothing
static bool
run_fixed(const Bench* const self)
{
  if (self->n_items != 1 || self->options->n_blocks != 1) {
    return fail("--fixed needs one case and one --block", "");
  }

  float_mode_set(self->options->has_denormals || case_has_denormals(self->items[0].of));
  for (uint32_t n = 0; n < self->options->n_fixed; n += LOAD_FRAMES) {
    load_run(self->items[0].load, self->options->blocks[0]);
  }
  float_mode_set(true);
  return true;
}

static void
print(const Bench* const self)
{
  if (self->options->is_tsv) {
    print_tsv(self);
  } else if (self->options->is_markdown) {
    print_markdown(self);
  } else {
    print_table(self);
  }
}

static bool
run_cases(Bench* const self, const Cases* const cases)
{
  bool ok =
    self->options->n_names ? add_named(self, cases) : add_installed(self, cases);
  ok = ok && (!self->options->is_every || add_derived(self, cases));
  if (ok && self->options->n_fixed) {
    ok = run_fixed(self);
  } else if (ok) {
    measure(self);
    print(self);
  }
  free_items(self);
  return ok;
}

static bool
run(const Options* const options, const Cases* const cases)
{
  Bench* const self = (Bench*)calloc(1, sizeof(Bench)); // Too large for some stacks
  if (!self) {
    return fail("no memory for", "cases");
  }

  self->options  = options;
  self->host     = host_new(options->lv2_path);
  self->baseline = options->baseline_path ? host_new(options->baseline_path) : NULL;

  const bool ok =
    options->n_crowd ? run_crowd(options, self->host, cases) : run_cases(self, cases);
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
  Options options = {.blocks      = {16, 64, 256, 1024},
                     .n_blocks    = 4,
                     .cases_path  = SOURCE_DIR "/tools/bench/cases.ttl",
                     .n_instances = 1,
                     .n_rounds    = 101};
  if (!read_options(&options, argc, argv)) {
    fputs(usage, stderr);
    return EXIT_FAILURE;
  }
  if (options.is_help) {
    fputs(usage, stdout);
    return EXIT_SUCCESS;
  }

  Cases* const cases = cases_new(options.cases_path);
  if (!cases) {
    return EXIT_FAILURE;
  }

  bool ok = true;
  if (options.is_list) {
    print_list(cases);
  } else {
    ok = run(&options, cases);
  }
  cases_free(cases);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
