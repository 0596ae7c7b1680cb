// SPDX-License-Identifier: ISC
/**
   The whole state of a plugin's instance, on its way to another one that goes on from
   there.

   Only hosts with the feature `urn:chronus:swap` get it (see docs/developers.md), from
   plugins that have an interface of the same URI.  After a first handover_save() that
   reserves the memory, further ones of the same plugin need none, so that both
   directions are real-time safe.
*/

#ifndef HANDOVER_H
#define HANDOVER_H

#include "host/host.h"

#include <lilv/lilv.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HANDOVER_ITEMS = 8 }; ///< Most properties that a plugin saves

typedef struct {
  uint32_t key;
  uint32_t type;
  uint32_t flags;
  size_t   size;  ///< In bytes
  size_t   place; ///< Among the bytes of the handover
} HandoverItem;

typedef struct {
  uint32_t     block_key; ///< Of the property that is all of a state
  HandoverItem items[HANDOVER_ITEMS];
  uint32_t     n_items;
  uint8_t*     bytes;
  size_t       n_bytes;
  size_t       n_room;   ///< Bytes that fit
  bool         is_fixed; ///< Whether there will never be more room
} Handover;

/// Make an empty one, which needs no freeing yet
Handover
handover_new(Host* host);

void
handover_free(Handover* handover);

/// Save the state of an instance; returns false if it does not hand over all of it
bool
handover_save(Handover* handover, LilvInstance* from);

/**
   Have room for whatever an instance may save, and all of its own memory at hand.

   The instance is as before.  From then on, handover_save() never takes memory. Returns
   false if the instance does not hand over its state.
*/
bool
handover_prepare(Handover* handover, LilvInstance* instance);

/// Let an instance go on from there; returns false if it refuses, and is as it was
bool
handover_restore(const Handover* handover, LilvInstance* to);

/// Return the item that is all of a state, or NULL
HandoverItem*
handover_block(Handover* handover);

#endif // HANDOVER_H
