// SPDX-License-Identifier: ISC

#include "host/table.h"

#include "host/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ENTRIES 64U ///< A power of 2, as all later numbers of entries

struct TableEntryImpl {
  void*    key; ///< NULL if the entry is free
  size_t   size;
  uint64_t hash;
  uint32_t number;
};

static uint64_t
hash_of(const void* const key, const size_t size)
{
  const uint8_t* const bytes = (const uint8_t*)key;

  uint64_t hash = 0xCBF29CE484222325U;
  for (size_t i = 0; i < size; ++i) {
    hash = (hash ^ bytes[i]) * 0x100000001B3U;
  }
  return hash ^ hash >> 32U;
}

/// Return the entry of a key, or the free one where it would be; one must be free
static TableEntry*
find_entry(const Table* const table,
           const void* const  key,
           const size_t       size,
           const uint64_t     hash)
{
  const size_t mask = table->n_entries - 1U;

  size_t i = (size_t)hash & mask;
  while (table->entries[i].key &&
         (table->entries[i].hash != hash || table->entries[i].size != size ||
          memcmp(table->entries[i].key, key, size) != 0)) {
    i = (i + 1U) & mask;
  }
  return &table->entries[i];
}

uint32_t
table_find(const Table* const table, const void* const key, const size_t size)
{
  if (!table->n_used) {
    return TABLE_NONE;
  }

  const TableEntry* const entry = find_entry(table, key, size, hash_of(key, size));
  return entry->key ? entry->number : TABLE_NONE;
}

/// Make a table of entries twice as large
static void
grow(Table* const table)
{
  const Table before = *table;

  table->n_entries = before.n_entries ? 2U * before.n_entries : FIRST_ENTRIES;
  table->entries   = (TableEntry*)xalloc(calloc(table->n_entries, sizeof(TableEntry)));
  for (size_t i = 0; i < before.n_entries; ++i) {
    const TableEntry* const entry = &before.entries[i];
    if (entry->key) {
      *find_entry(table, entry->key, entry->size, entry->hash) = *entry;
    }
  }
  free(before.entries);
}

void
table_add(Table* const      table,
          const void* const key,
          const size_t      size,
          const uint32_t    number)
{
  if (2U * table->n_used >= table->n_entries) {
    grow(table);
  }

  const uint64_t    hash  = hash_of(key, size);
  TableEntry* const entry = find_entry(table, key, size, hash);
  if (!entry->key) {
    void* const copy = xalloc(malloc(size + 1U));
    memcpy(copy, key, size);
    *entry = (TableEntry){copy, size, hash, number};
    ++table->n_used;
  }
}

void
table_free(Table* const table)
{
  for (size_t i = 0; i < table->n_entries; ++i) {
    free(table->entries[i].key);
  }
  free(table->entries);
  *table = (Table){NULL, 0, 0};
}
