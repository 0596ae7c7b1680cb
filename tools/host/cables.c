// SPDX-License-Identifier: ISC

#include "host/cables.h"

#include "host/xalloc.h"

#include <stdbool.h>
#include <stdlib.h>

static uint32_t*
new_numbers(const size_t n)
{
  return (uint32_t*)xalloc(calloc(n + 1U, sizeof(uint32_t)));
}

/// Return the place of a block in `ports`, where the patch itself is the last
static uint32_t
place_of(const Cables* const cables, const uint32_t block)
{
  return block == PATCH_ITSELF ? cables->n_blocks : block;
}

static uint32_t
port_number(const Cables* const cables, const PatchEnd end)
{
  return cables->ports[place_of(cables, end.block)] + end.port;
}

static PatchEnd
end_of(const PatchCable* const cable, const bool is_head)
{
  return is_head ? cable->head : cable->tail;
}

/// Give all ports a number, and return how many they are
static uint32_t
number_ports(Cables* const cables, const Patch* const patch)
{
  uint32_t n_ports = 0;

  cables->n_blocks = patch->n_blocks;
  cables->ports    = new_numbers(patch->n_blocks + 1U);
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    cables->ports[b] = n_ports;
    n_ports += patch->blocks[b].plugin->n_ports;
  }
  cables->ports[patch->n_blocks]      = n_ports;
  cables->ports[patch->n_blocks + 1U] = n_ports + patch->n_ports;
  return n_ports + patch->n_ports;
}

/// Sort by counting, which keeps the order of equals
static void
sort(Cables* const cables, const Patch* const patch, const bool is_head)
{
  const uint32_t n_ports = number_ports(cables, patch);

  cables->first   = new_numbers(n_ports + 1U);
  cables->numbers = new_numbers(patch->n_cables);
  for (uint32_t c = 0; c < patch->n_cables; ++c) {
    ++cables->first[port_number(cables, end_of(&patch->cables[c], is_head)) + 1U];
  }
  for (uint32_t p = 0; p < n_ports; ++p) {
    cables->first[p + 1U] += cables->first[p];
  }

  uint32_t* const next = new_numbers(n_ports);
  for (uint32_t c = 0; c < patch->n_cables; ++c) {
    const uint32_t p = port_number(cables, end_of(&patch->cables[c], is_head));

    cables->numbers[cables->first[p] + next[p]++] = c;
  }
  free(next);
}

void
cables_sort_heads(Cables* const cables, const Patch* const patch)
{
  sort(cables, patch, true);
}

void
cables_sort_tails(Cables* const cables, const Patch* const patch)
{
  sort(cables, patch, false);
}

void
cables_free(Cables* const cables)
{
  free(cables->ports);
  free(cables->first);
  free(cables->numbers);
}

/// Return the cables from port number `begin` up to, but without, port number `end`
static CableList
list(const Cables* const cables, const uint32_t begin, const uint32_t end)
{
  return (CableList){cables->numbers + cables->first[begin],
                     cables->first[end] - cables->first[begin]};
}

CableList
cables_at(const Cables* const cables, const PatchEnd end)
{
  const uint32_t p = port_number(cables, end);

  return list(cables, p, p + 1U);
}

CableList
cables_of(const Cables* const cables, const uint32_t block)
{
  const uint32_t place = place_of(cables, block);

  return list(cables, cables->ports[place], cables->ports[place + 1U]);
}
