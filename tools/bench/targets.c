// SPDX-License-Identifier: ISC

#include "bench/targets.h"

#include <math.h>
#include <string.h>

const Item*
bench_find(const Bench* const self, const char* const name, const bool is_plain)
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

const Item*
bench_rival(const Bench* const self, const Item* const item)
{
  return item->of->against ? bench_find(self, item->of->against, item->is_plain)
                           : &self->items[0];
}

uint32_t
bench_main_block(const BenchOptions* const options)
{
  uint32_t best = 0;
  for (uint32_t b = 0; b < options->n_blocks; ++b) {
    if (options->blocks[b] == 256 || options->blocks[best] != 256) {
      best = b;
    }
  }

  return best;
}

double
bench_ratio(const Bench* const self, const Item* const item)
{
  const uint32_t    b     = bench_main_block(self->options);
  const Item* const other = bench_rival(self, item);

  return other ? item->median[b] / other->median[b] : (double)NAN;
}

double
bench_most(const Bench* const self, const Item* const item)
{
  const Case* const of    = item->of;
  const Item* const other = bench_rival(self, item);
  if (!isnan(of->at_most_per_port) && other) {
    const uint32_t b       = bench_main_block(self->options);
    const uint32_t n_ports = load_patched(item->load);
    const double   port_ns = of->at_most_per_port * self->items[0].median[b];
    return n_ports ? 1.0 + n_ports * port_ns / other->median[b] : (double)NAN;
  }

  return item->is_plain ? of->at_most_plain : of->at_most;
}

double
bench_shortest(const Bench* const self, const Item* const item)
{
  uint32_t s = 0;
  for (uint32_t b = 0; b < self->options->n_blocks; ++b) {
    s = self->options->blocks[b] < self->options->blocks[s] ? b : s;
  }

  return item->median[s] / item->median[bench_main_block(self->options)];
}

double
bench_shortest_most(const Item* const item)
{
  return case_is_ours(item->of) ? SHORTEST_AT_MOST : (double)NAN;
}
