// SPDX-License-Identifier: ISC

#include "bench/report.h"

#include "bench/targets.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define MARK_MISSED '!' ///< Behind what is above its target

static const char*
variant(const Item* const item)
{
  return item->is_plain ? ", without AVX2" : "";
}

void
report_figure(const double figure, const double at_most)
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
  const Item* const other = bench_rival(self, item);

  char label[128];
  snprintf(label, sizeof(label), "%s%s", item->of->label, variant(item));
  printf("%-56s", label);
  for (uint32_t i = 0; i < self->options->n_blocks; ++i) {
    printf(" %8.3f", item->median[i]);
  }
  report_figure(bench_shortest(self, item), bench_shortest_most(item));
  report_figure(bench_ratio(self, item), bench_most(self, item));
  report_figure(bench_most(self, item), (double)NAN);
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
    n_targets += !isnan(bench_most(self, item)) && !isnan(bench_ratio(self, item));
    n_missed += bench_ratio(self, item) > bench_most(self, item);
    n_ours += case_is_ours(item->of);
    n_long += bench_shortest(self, item) > bench_shortest_most(item);
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
  const BenchOptions* const options = self->options;

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
  const uint32_t    b         = bench_main_block(self->options);
  const Item* const other     = bench_rival(self, item);
  const Item* const plain     = bench_find(self, item->of->name, true);
  const bool        has_plain = plain->is_plain;

  printf("| %s |", item->of->label);
  print_cell(item->median[b], 2);
  print_cell(has_plain ? plain->median[b] : (double)NAN, 2);
  print_cell(bench_ratio(self, item), 3);
  print_cell(has_plain ? bench_ratio(self, plain) : (double)NAN, 3);
  printf(" %s, %.2f |\n", other->of->label, other->median[b]);
}

/// Print what of our own has a target and is compared with something else
static void
print_markdown(const Bench* const self)
{
  puts("| case | ns per frame | without AVX2 | ratio | ratio without AVX2 |"
       " to, ns per frame |\n|---|---|---|---|---|---|");
  for (uint32_t i = 0; i < self->n_items; ++i) {
    const Item* const item  = &self->items[i];
    const Item* const other = bench_rival(self, item);
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

void
report_print(const Bench* const self)
{
  if (self->options->is_tsv) {
    print_tsv(self);
  } else if (self->options->is_markdown) {
    print_markdown(self);
  } else {
    print_table(self);
  }
}

void
report_list(const Cases* const cases)
{
  uint32_t          n_cases = 0;
  const Case* const all     = cases_all(cases, &n_cases);
  for (uint32_t i = 0; i < n_cases; ++i) {
    printf("%-28s %s\n", all[i].name, all[i].label);
  }
}
