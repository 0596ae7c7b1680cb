// SPDX-License-Identifier: ISC
/// The order in which the blocks of a patch run

#include "host/cables.h"
#include "host/message.h"
#include "host/name_list.h"
#include "host/patch.h"
#include "host/xalloc.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define PLACED UINT32_MAX ///< Instead of a count: the block is in the order

/// A patch while its blocks are put in order
typedef struct {
  const Patch* patch;
  Cables       heads;
  Cables       tails;
  uint32_t* n_awaited; ///< By block: cables from blocks that have no place, or PLACED
  uint32_t* ready;     ///< A heap of blocks that await none, the first one on top
  uint32_t  n_ready;
} Ordering;

static void
swap(uint32_t* const a, uint32_t* const b)
{
  const uint32_t x = *a;

  *a = *b;
  *b = x;
}

/// Add a block to those that are ready
static void
push_ready(Ordering* const ordering, const uint32_t block)
{
  uint32_t* const ready = ordering->ready;
  uint32_t        i     = ordering->n_ready++;
  ready[i]              = block;
  for (; i > 0 && ready[i] < ready[(i - 1U) / 2U]; i = (i - 1U) / 2U) {
    swap(&ready[i], &ready[(i - 1U) / 2U]);
  }
}

/// Take the first block out of those that are ready
static uint32_t
pop_ready(Ordering* const ordering)
{
  uint32_t* const ready = ordering->ready;
  const uint32_t  first = ready[0];
  const uint32_t  n     = --ordering->n_ready;

  ready[0] = ready[n];
  for (uint32_t i = 0; 2U * i + 1U < n;) {
    const uint32_t left = 2U * i + 1U;
    const uint32_t less = left + (left + 1U < n && ready[left + 1U] < ready[left]);
    if (ready[i] <= ready[less]) {
      break;
    }
    swap(&ready[i], &ready[less]);
    i = less;
  }
  return first;
}

/// Count the cables from blocks that lead to each block
static void
count_awaited(Ordering* const ordering)
{
  const Patch* const patch = ordering->patch;
  for (uint32_t c = 0; c < patch->n_cables; ++c) {
    const PatchCable* const cable = &patch->cables[c];
    if (cable->head.block != PATCH_ITSELF && cable->tail.block != PATCH_ITSELF) {
      ++ordering->n_awaited[cable->head.block];
    }
  }
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    if (!ordering->n_awaited[b]) {
      push_ready(ordering, b);
    }
  }
}

/// Note that a block is in the order, which those that it feeds await no longer
static void
mark_placed(Ordering* const ordering, const uint32_t block)
{
  const CableList fed = cables_of(&ordering->tails, block);

  ordering->n_awaited[block] = PLACED;
  for (uint32_t i = 0; i < fed.n; ++i) {
    const uint32_t head = ordering->patch->cables[fed.numbers[i]].head.block;
    if (head != PATCH_ITSELF && !--ordering->n_awaited[head]) {
      push_ready(ordering, head);
    }
  }
}

/// Return a block that has no place yet and feeds `head`, which awaits at least one
static uint32_t
awaited(const Ordering* const ordering, const uint32_t head)
{
  const CableList feeding = cables_of(&ordering->heads, head);
  for (uint32_t i = 0; i < feeding.n; ++i) {
    const uint32_t tail = ordering->patch->cables[feeding.numbers[i]].tail.block;
    if (tail != PATCH_ITSELF && ordering->n_awaited[tail] != PLACED) {
      return tail;
    }
  }

  return head;
}

/// Return the first block of a circle among those without a place
static uint32_t
find_circle(const Ordering* const ordering)
{
  uint32_t block = 0;
  while (ordering->n_awaited[block] == PLACED) {
    ++block;
  }

  // After as many steps upstream as there are blocks we must be going round
  for (uint32_t i = 0; i < ordering->patch->n_blocks; ++i) {
    block = awaited(ordering, block);
  }

  uint32_t first = block;
  for (uint32_t i = 0; i < ordering->patch->n_blocks; ++i) {
    block = awaited(ordering, block);
    first = block < first ? block : first;
  }
  return first;
}

/// Name the blocks of a circle, in the flow of signals
static void
report_circle(const Ordering* const ordering)
{
  const Patch* const patch    = ordering->patch;
  const uint32_t     first    = find_circle(ordering);
  uint32_t* const    circle   = patch->order;
  uint32_t           n_blocks = 0;
  uint32_t           block    = first;
  do {
    circle[n_blocks++] = block;
    block              = awaited(ordering, block);
  } while (block != first);

  NameList list = {"", 0};
  name_list_add(&list, "", patch->blocks[first].name);
  while (n_blocks > 0) {
    name_list_add(&list, " -> ", patch->blocks[circle[--n_blocks]].name);
  }
  message_error(patch->path,
                NULL,
                "blocks feed each other in a circle, so none can run first: %s%s; "
                "take out a cable",
                list.text,
                name_list_is_full(&list) ? "..." : "");
}

/// Put blocks in order after A. B. Kahn (Communications of the ACM 5, 1962): always
/// the first one in the patch that may run
static bool
order_blocks(Ordering* const ordering)
{
  const Patch* const patch = ordering->patch;

  count_awaited(ordering);
  for (uint32_t i = 0; i < patch->n_blocks; ++i) {
    if (!ordering->n_ready) {
      report_circle(ordering);
      return false;
    }

    patch->order[i] = pop_ready(ordering);
    mark_placed(ordering, patch->order[i]);
  }

  return true;
}

static bool
check_outputs(const Ordering* const ordering)
{
  const Patch* const patch     = ordering->patch;
  uint32_t           n_outputs = 0;
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    const PatchPort* const port = &patch->ports[p];
    const PatchEnd         end  = {PATCH_ITSELF, p};
    if (port->is_output && !cables_at(&ordering->heads, end).n) {
      message_error(patch->path, port->name, "no cable leads to this output");
      return false;
    }
    n_outputs += port->is_output;
  }

  if (!n_outputs) {
    message_error(patch->path, NULL, "the patch has no output: give it an lv2:port");
  }
  return n_outputs > 0;
}

bool
patch_order(Patch* const patch)
{
  Ordering ordering  = {.patch = patch};
  ordering.n_awaited = (uint32_t*)xarray(patch->n_blocks, sizeof(uint32_t));
  ordering.ready     = (uint32_t*)xarray(patch->n_blocks, sizeof(uint32_t));
  patch->order       = (uint32_t*)xarray(patch->n_blocks, sizeof(uint32_t));
  cables_sort_heads(&ordering.heads, patch);
  cables_sort_tails(&ordering.tails, patch);

  const bool ok = check_outputs(&ordering) && order_blocks(&ordering);
  cables_free(&ordering.heads);
  cables_free(&ordering.tails);
  free(ordering.n_awaited);
  free(ordering.ready);
  return ok;
}
