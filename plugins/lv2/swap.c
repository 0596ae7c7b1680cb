// SPDX-License-Identifier: ISC

#include "lv2/swap.h"

#include "lv2/files.h"

#include <lv2/atom/atom.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define FNV_START UINT64_C(0xCBF29CE484222325)
#define FNV_PRIME UINT64_C(0x100000001B3)

// ---- The block

/// Return a hash of a text, FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo)
static uint64_t
hash_text(const char* text)
{
  uint64_t hash = FNV_START;
  for (; *text; ++text) {
    hash = (hash ^ (uint8_t)*text) * FNV_PRIME;
  }
  return hash;
}

/// Return a number that any change of a single word changes; `size` is a multiple of 64
static uint64_t
checksum(const uint8_t* const bytes, const size_t size)
{
  uint64_t word[8];
  uint64_t lane[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  for (size_t at = 0; at < size; at += sizeof(word)) {
    memcpy(word, bytes + at, sizeof(word));
    for (uint32_t i = 0; i < 8U; ++i) {
      lane[i] = (lane[i] ^ word[i]) * FNV_PRIME;
    }
  }

  uint64_t sum = FNV_START;
  for (uint32_t i = 0; i < 8U; ++i) {
    sum = (sum ^ lane[i]) * FNV_PRIME;
  }
  return sum;
}

static const uint8_t*
states_of(const Instance* const self)
{
  return (const uint8_t*)self->channel[0].state;
}

static size_t
block_size(const Instance* const self)
{
  return STATE_ALIGNMENT + (size_t)self->head->size;
}

/// Return true if a block is one of this very plugin, and whole
static bool
is_taken(const Instance* const self, const uint8_t* const block, const size_t size)
{
  SwapHead head;
  if (size != block_size(self)) {
    return false;
  }

  memcpy(&head, block, sizeof(head));
  const SwapHead* const own  = self->head;
  const bool            fits = head.magic == own->magic && head.layout == own->layout &&
                    head.uri == own->uri && head.size == own->size &&
                    head.meaning == own->meaning && head.n_channels == own->n_channels;
  const bool is_same_rate =
    fabs(head.sample_rate - own->sample_rate) <= 0.0; // Not if it is NaN
  return fits && is_same_rate &&
         head.checksum == checksum(block + STATE_ALIGNMENT, (size_t)own->size);
}

void
swap_open(Instance* const                 self,
          const char* const               uri,
          const double                    sample_rate,
          const LV2_Feature* const* const features)
{
  self->head->magic       = SWAP_MAGIC;
  self->head->layout      = swap_layout;
  self->head->uri         = hash_text(uri);
  self->head->sample_rate = sample_rate;
  self->head->meaning     = plugin.meaning;
  self->head->n_channels  = self->n_channels;
  for (uint32_t i = 0; features && features[i]; ++i) {
    if (!strcmp(features[i]->URI, LV2_URID__map)) {
      const LV2_URID_Map* const map = (const LV2_URID_Map*)features[i]->data;
      self->chunk_type              = map->map(map->handle, LV2_ATOM__Chunk);
      self->block_key               = map->map(map->handle, SWAP_BLOCK_URI);
    }
  }
}

// ---- Files

#if defined(HAVE_FILES)

/// Paths stay as they are within a process
static char*
same_path(const LV2_State_Map_Path_Handle handle, const char* const path)
{
  (void)handle;
  return (char*)path;
}

static void
// NOLINTNEXTLINE(readability-non-const-parameter): as state:freePath has it
keep_path(const LV2_State_Free_Path_Handle handle, char* const path)
{
  (void)handle;
  (void)path;
}

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): never changed
static LV2_State_Map_Path map_path = {NULL, same_path, same_path};
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): never changed
static LV2_State_Free_Path free_path = {NULL, keep_path};

static const LV2_Feature        map_feature     = {LV2_STATE__mapPath, &map_path};
static const LV2_Feature        free_feature    = {LV2_STATE__freePath, &free_path};
static const LV2_Feature* const swap_features[] = {&map_feature, &free_feature, NULL};

static const LV2_State_Interface*
files_state(void)
{
  return (const LV2_State_Interface*)files_extension(LV2_STATE__interface);
}

#endif

static LV2_State_Status
save_files(const LV2_Handle                instance,
           const LV2_State_Store_Function  store,
           const LV2_State_Handle          handle,
           const uint32_t                  flags,
           const LV2_Feature* const* const features,
           const bool                      swaps)
{
#if defined(HAVE_FILES)
  return files_state()->save(
    instance, store, handle, flags, swaps ? swap_features : features);
#else
  (void)instance;
  (void)store;
  (void)handle;
  (void)flags;
  (void)features;
  (void)swaps;
  return LV2_STATE_SUCCESS;
#endif
}

static LV2_State_Status
restore_files(const LV2_Handle                  instance,
              const LV2_State_Retrieve_Function retrieve,
              const LV2_State_Handle            handle,
              const uint32_t                    flags,
              const LV2_Feature* const* const   features,
              const bool                        swaps)
{
#if defined(HAVE_FILES)
  return files_state()->restore(
    instance, retrieve, handle, flags, swaps ? swap_features : features);
#else
  (void)instance;
  (void)retrieve;
  (void)handle;
  (void)flags;
  (void)features;
  (void)swaps;
  return LV2_STATE_SUCCESS;
#endif
}

// ---- State

static bool
is_swapped(const Instance* const self, const LV2_Feature* const* const features)
{
  for (uint32_t i = 0; features && features[i]; ++i) {
    if (!strcmp(features[i]->URI, SWAP_URI)) {
      return self->block_key;
    }
  }

  return false;
}

static LV2_State_Status
save(const LV2_Handle                instance,
     const LV2_State_Store_Function  store,
     const LV2_State_Handle          handle,
     const uint32_t                  flags,
     const LV2_Feature* const* const features)
{
  Instance* const self  = (Instance*)instance;
  const bool      swaps = (flags & LV2_STATE_IS_NATIVE) && is_swapped(self, features);
  const LV2_State_Status status =
    save_files(instance, store, handle, flags, features, swaps);
  if (!swaps || status != LV2_STATE_SUCCESS) {
    return status;
  }

  self->head->checksum = checksum(states_of(self), (size_t)self->head->size);
  return store(handle,
               self->block_key,
               self->head,
               block_size(self),
               self->chunk_type,
               LV2_STATE_IS_POD | LV2_STATE_IS_NATIVE);
}

/// Take the block, if there is one, which stands in for all that was restored before
static LV2_State_Status
restore_block(Instance* const                   self,
              const LV2_State_Retrieve_Function retrieve,
              const LV2_State_Handle            handle)
{
  size_t               size  = 0;
  uint32_t             type  = 0;
  uint32_t             flags = 0;
  const uint8_t* const block =
    (const uint8_t*)retrieve(handle, self->block_key, &size, &type, &flags);
  if (!block) {
    return LV2_STATE_SUCCESS;
  }
  if (type != self->chunk_type || !is_taken(self, block, size)) {
    return LV2_STATE_ERR_BAD_TYPE;
  }

  memcpy(self->channel[0].state, block + STATE_ALIGNMENT, (size_t)self->head->size);
  self->has_controls = false;
  return LV2_STATE_SUCCESS;
}

static LV2_State_Status
restore(const LV2_Handle                  instance,
        const LV2_State_Retrieve_Function retrieve,
        const LV2_State_Handle            handle,
        const uint32_t                    flags,
        const LV2_Feature* const* const   features)
{
  Instance* const        self  = (Instance*)instance;
  const bool             swaps = is_swapped(self, features);
  const LV2_State_Status status =
    restore_files(instance, retrieve, handle, flags, features, swaps);
  if (!swaps || status != LV2_STATE_SUCCESS) {
    return status;
  }

  return restore_block(self, retrieve, handle);
}

const void*
swap_extension(const char* const uri)
{
  static const LV2_State_Interface state = {save, restore};

  if (!strcmp(uri, LV2_STATE__interface) || !strcmp(uri, SWAP_URI)) {
    return &state;
  }
#if defined(HAVE_FILES)
  return files_extension(uri);
#else
  return NULL;
#endif
}
