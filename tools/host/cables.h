// SPDX-License-Identifier: ISC
/**
   The cables of a patch, found by where they are plugged in.
*/

#ifndef CABLES_H
#define CABLES_H

#include "host/patch.h"

#include <stdint.h>

/// Cables by one of their ends; all ports of blocks and then of the patch have a number
typedef struct {
  uint32_t* ports;   ///< By block, and then for the patch: the number of its port 0
  uint32_t* first;   ///< By number of port: the first of its cables in `numbers`
  uint32_t* numbers; ///< Cables by port, and of each port as they were drawn
  uint32_t  n_blocks;
} Cables;

/// Some cables, by their numbers in the patch
typedef struct {
  const uint32_t* numbers;
  uint32_t        n;
} CableList;

/// Sort all cables of a patch by their heads
void
cables_sort_heads(Cables* cables, const Patch* patch);

/// Sort all cables of a patch by their tails
void
cables_sort_tails(Cables* cables, const Patch* patch);

void
cables_free(Cables* cables);

/// Return the cables at a port, in the order in which they were drawn
CableList
cables_at(const Cables* cables, PatchEnd end);

/// Return the cables at all ports of a block, or at the patch's own for PATCH_ITSELF
CableList
cables_of(const Cables* cables, uint32_t block);

#endif // CABLES_H
