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

/// Return a number that any change of a single word changes, or of `start`; `size` is a
/// multiple of 64
static uint64_t
checksum(const uint64_t start, const uint8_t* const bytes, const size_t size)
{
  uint64_t word[8];
  uint64_t lane[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  for (size_t at = 0; at < size; at += sizeof(word)) {
    memcpy(word, bytes + at, sizeof(word));
    for (uint32_t i = 0; i < 8U; ++i) {
      lane[i] = (lane[i] ^ word[i]) * FNV_PRIME;
    }
  }

  uint64_t sum = FNV_START ^ start;
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

/// Return true if a block is whole, and all about it but the layout is as here
static bool
is_known(const Instance* const self, const uint8_t* const block, const size_t size)
{
  SwapHead head;
  if (size < STATE_ALIGNMENT) {
    return false;
  }

  memcpy(&head, block, sizeof(head));
  const SwapHead* const own  = self->head;
  const bool            fits = head.magic == own->magic && head.uri == own->uri &&
                    head.meaning == own->meaning && head.n_channels == own->n_channels;
  const bool is_same_rate =
    fabs(head.sample_rate - own->sample_rate) <= 0.0; // Not if it is NaN
  const bool is_whole = head.size == size - STATE_ALIGNMENT &&
                        head.size % (STATE_ALIGNMENT * own->n_channels) == 0U;
  return fits && is_same_rate && is_whole &&
         head.checksum ==
           checksum(head.layout, block + STATE_ALIGNMENT, (size_t)head.size);
}

/// Return true if a block that is known has the layout of this plugin
static bool
is_same(const Instance* const self, const uint8_t* const block, const size_t size)
{
  SwapHead head;
  memcpy(&head, block, sizeof(head));
  return head.layout == self->head->layout && size == block_size(self);
}

// ---- Parts with names

/// Return a hash of what a type is made of, or of its name if that is all there is
static uint64_t
type_of(const char* const name)
{
  for (const SwapType* type = swap_types; type->name; ++type) {
    if (!strcmp(type->name, name)) {
      return type->layout;
    }
  }

  return hash_text(name);
}

static void
find_parts(Instance* const self)
{
  for (uint32_t c = 0; c < plugin.n_carried; ++c) {
    const Carried* const carried = &plugin.carried[c];
    self->parts[c]               = (SwapPart){
                    hash_text(carried->name), type_of(carried->type), carried->offset, carried->size};
  }
}

/// Copy a part of all channels from a block that has it elsewhere
static void
copy_part(const Instance* const self,
          const SwapPart* const own,
          const SwapPart* const from,
          const uint8_t* const  states,
          const size_t          channel_size)
{
  if (from->offset > channel_size || from->size > channel_size - from->offset) {
    return;
  }

  for (uint32_t c = 0; c < self->n_channels; ++c) {
    memcpy((uint8_t*)self->channel[c].state + own->offset,
           states + c * channel_size + from->offset,
           own->size);
  }
}

/// Take a part from a block, if it is there, and the same
static void
take_part(const Instance* const self,
          const SwapPart* const own,
          const uint8_t* const  parts,
          const size_t          n_parts,
          const uint8_t* const  block,
          const size_t          channel_size)
{
  for (size_t p = 0; p < n_parts; ++p) {
    SwapPart from;
    memcpy(&from, parts + p * sizeof(from), sizeof(from));
    if (from.name == own->name && from.type == own->type && from.size == own->size) {
      copy_part(self, own, &from, block + STATE_ALIGNMENT, channel_size);
    }
  }
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
      self->carry_key               = map->map(map->handle, SWAP_CARRY_URI);
    }
  }
  find_parts(self);
}

// ---- Files

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

/// Return the state of the module's file, or NULL if it takes none
static const LV2_State_Interface*
files_state(void)
{
  return (const LV2_State_Interface*)files_extension(LV2_STATE__interface);
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
  const LV2_State_Interface* const files = files_state();
  const LV2_State_Status           status =
    files
                ? files->save(instance, store, handle, flags, swaps ? swap_features : features)
                : LV2_STATE_SUCCESS;
  if (!swaps || status != LV2_STATE_SUCCESS) {
    return status;
  }

  const uint32_t native = LV2_STATE_IS_POD | LV2_STATE_IS_NATIVE;
  self->head->checksum =
    checksum(swap_layout, states_of(self), (size_t)self->head->size);
  const LV2_State_Status stored = store(
    handle, self->block_key, self->head, block_size(self), self->chunk_type, native);
  return stored != LV2_STATE_SUCCESS || plugin.n_carried == 0U
           ? stored
           : store(handle,
                   self->carry_key,
                   self->parts,
                   plugin.n_carried * sizeof(SwapPart),
                   self->chunk_type,
                   native);
}

/// Take the parts with names from a block of another layout
static LV2_State_Status
restore_parts(Instance* const                   self,
              const LV2_State_Retrieve_Function retrieve,
              const LV2_State_Handle            handle,
              const uint8_t* const              block,
              const size_t                      size)
{
  size_t               parts_size = 0;
  uint32_t             type       = 0;
  uint32_t             flags      = 0;
  const uint8_t* const parts =
    (const uint8_t*)retrieve(handle, self->carry_key, &parts_size, &type, &flags);
  if (!parts || type != self->chunk_type || plugin.n_carried == 0U) {
    return LV2_STATE_ERR_BAD_TYPE;
  }

  for (uint32_t c = 0; c < plugin.n_carried; ++c) {
    take_part(self,
              &self->parts[c],
              parts,
              parts_size / sizeof(SwapPart),
              block,
              (size - STATE_ALIGNMENT) / self->n_channels);
  }
  return LV2_STATE_SUCCESS;
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
  if (type != self->chunk_type || !is_known(self, block, size)) {
    return LV2_STATE_ERR_BAD_TYPE;
  }

  self->has_controls = false;
  if (!is_same(self, block, size)) {
    return restore_parts(self, retrieve, handle, block, size);
  }
  memcpy(self->channel[0].state, block + STATE_ALIGNMENT, (size_t)self->head->size);
  return LV2_STATE_SUCCESS;
}

static LV2_State_Status
restore(const LV2_Handle                  instance,
        const LV2_State_Retrieve_Function retrieve,
        const LV2_State_Handle            handle,
        const uint32_t                    flags,
        const LV2_Feature* const* const   features)
{
  Instance* const                  self  = (Instance*)instance;
  const bool                       swaps = is_swapped(self, features);
  const LV2_State_Interface* const files = files_state();
  const LV2_State_Status           status =
    files ? files->restore(
              instance, retrieve, handle, flags, swaps ? swap_features : features)
                    : LV2_STATE_SUCCESS;
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
  return files_extension(uri);
}
