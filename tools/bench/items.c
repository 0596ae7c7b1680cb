// SPDX-License-Identifier: ISC

#include "bench/items.h"

#include "bench/float_mode.h"
#include "host/clock.h"

#include <stdlib.h>
#include <string.h>

// ---- Items

static bool
add_item(Bench* const self, Host* const host, const Case* const of)
{
  if (self->n_items == MAX_ITEMS) {
    return bench_fail("too many cases to run", of->name);
  }

  Item* const item = &self->items[self->n_items];
  item->of         = of;
  item->is_plain   = host == self->baseline;
  item->load       = load_new(host, of, RATE_HZ, self->options->n_instances);
  if (!item->load) {
    return bench_fail("can't run", of->name);
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
      return bench_fail("no such case, see --list:", self->options->names[i]);
    }
    if (!add_case(self, of)) {
      return false;
    }
  }
  return true;
}

/// Add every case whose plugin is installed
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

  return self->n_items > 0 ||
         bench_fail("no plugin is installed", "of those in the cases");
}

uint32_t
bench_find_models(Host* const host, const Cases* const cases, const Case** const models)
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
  const uint32_t n_models = bench_find_models(self->host, cases, models);
  for (uint32_t d = 0; d < n_models * N_DERIVED && d < MAX_ITEMS; ++d) {
    Derived* const derived =
      derived_new(self->host, models[d / N_DERIVED], (DerivedKind)(d % N_DERIVED));
    if (!derived) {
      return bench_fail("no memory for cases", "");
    }
    self->derived[self->n_derived++] = derived;
    if (!add_case(self, &derived->of)) {
      return false;
    }
  }

  return true;
}

bool
bench_add_items(Bench* const self, const Cases* const cases)
{
  const bool ok =
    self->options->n_names ? add_named(self, cases) : add_installed(self, cases);

  return ok && (!self->options->is_every || add_derived(self, cases));
}

void
bench_free_items(Bench* const self)
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

double
bench_median(float* const values, const uint32_t n)
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

void
bench_measure(Bench* const self)
{
  const BenchOptions* const options = self->options;
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
      item->median[b]  = bench_median(item->ns[b], options->n_rounds);
    }
  }
}

bool
bench_run_fixed(const Bench* const self)
{
  if (self->n_items != 1 || self->options->n_blocks != 1) {
    return bench_fail("--fixed needs one case and one --block", "");
  }

  float_mode_set(self->options->has_denormals || case_has_denormals(self->items[0].of));
  for (uint32_t n = 0; n < self->options->n_fixed; n += LOAD_FRAMES) {
    load_run(self->items[0].load, self->options->blocks[0]);
  }
  float_mode_set(true);
  return true;
}
