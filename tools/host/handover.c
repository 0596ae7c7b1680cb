// SPDX-License-Identifier: ISC

#include "host/handover.h"

#include <lv2/state/state.h>

#include <stdlib.h>
#include <string.h>

#define SWAP_URI "urn:chronus:swap"
#define ALIGNMENT 64U     ///< Of each item among the others
#define SPARE_BYTES 4096U ///< For items that are not there yet, such as a file's name

static const LV2_Feature        swap_feature = {SWAP_URI, NULL};
static const LV2_Feature* const features[]   = {&swap_feature, NULL};

Handover
handover_new(Host* const host)
{
  return (Handover){.block_key = host_map(host, SWAP_URI "#block")};
}

void
handover_free(Handover* const handover)
{
  free(handover->bytes);
  *handover = (Handover){.block_key = handover->block_key};
}

/// Have room for `n_bytes` in all; returns false if there is no memory
static bool
make_room(Handover* const handover, const size_t n_bytes)
{
  if (n_bytes <= handover->n_room || handover->is_fixed) {
    return n_bytes <= handover->n_room;
  }

  uint8_t* const bytes = (uint8_t*)realloc(handover->bytes, n_bytes);
  if (bytes) {
    handover->bytes  = bytes;
    handover->n_room = n_bytes;
  }
  return bytes;
}

static LV2_State_Status
store(const LV2_State_Handle handle,
      const uint32_t         key,
      const void* const      value,
      const size_t           size,
      const uint32_t         type,
      const uint32_t         flags)
{
  Handover* const handover = (Handover*)handle;
  const size_t    place = (handover->n_bytes + ALIGNMENT - 1U) / ALIGNMENT * ALIGNMENT;
  if (handover->n_items == HANDOVER_ITEMS || !make_room(handover, place + size)) {
    return LV2_STATE_ERR_NO_SPACE;
  }

  memcpy(handover->bytes + place, value, size);
  handover->n_bytes                    = place + size;
  handover->items[handover->n_items++] = (HandoverItem){key, type, flags, size, place};
  return LV2_STATE_SUCCESS;
}

static const void*
retrieve(const LV2_State_Handle handle,
         const uint32_t         key,
         size_t* const          size,
         uint32_t* const        type,
         uint32_t* const        flags)
{
  const Handover* const handover = (const Handover*)handle;
  for (uint32_t i = 0; i < handover->n_items; ++i) {
    const HandoverItem* const item = &handover->items[i];
    if (item->key == key) {
      *size  = item->size;
      *type  = item->type;
      *flags = item->flags;
      return handover->bytes + item->place;
    }
  }

  return NULL;
}

/// Return the functions of a plugin that hands over its state, or NULL
static const LV2_State_Interface*
state_of(LilvInstance* const instance)
{
  return (const LV2_State_Interface*)lilv_instance_get_extension_data(instance,
                                                                      SWAP_URI);
}

HandoverItem*
handover_block(Handover* const handover)
{
  for (uint32_t i = 0; i < handover->n_items; ++i) {
    if (handover->items[i].key == handover->block_key) {
      return &handover->items[i];
    }
  }

  return NULL;
}

bool
handover_save(Handover* const handover, LilvInstance* const from)
{
  const LV2_State_Interface* const state = state_of(from);

  handover->n_items = 0;
  handover->n_bytes = 0;
  return state &&
         !state->save(lilv_instance_get_handle(from),
                      store,
                      handover,
                      LV2_STATE_IS_POD | LV2_STATE_IS_NATIVE,
                      features) &&
         handover_block(handover);
}

bool
handover_prepare(Handover* const handover, LilvInstance* const instance)
{
  const bool ok = handover_save(handover, instance) &&
                  make_room(handover, handover->n_bytes + SPARE_BYTES) &&
                  handover_restore(handover, instance);

  handover->is_fixed = true;
  return ok;
}

bool
handover_restore(const Handover* const handover, LilvInstance* const to)
{
  const LV2_State_Interface* const state = state_of(to);

  return state && !state->restore(lilv_instance_get_handle(to),
                                  retrieve,
                                  (LV2_State_Handle)handover,
                                  LV2_STATE_IS_POD | LV2_STATE_IS_NATIVE,
                                  features);
}
