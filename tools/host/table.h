// SPDX-License-Identifier: ISC
/**
   A table of numbers by key, in which a look-up takes the same time however large it
   is.

   Keys are rows of bytes, such as the characters of a name, which the table copies.
   A table of zeros is empty.  Linear probing after D. E. Knuth (The Art of Computer
   Programming 3, section 6.4), hashes after G. Fowler, L. C. Noll and K.-P. Vo
   (FNV-1a).
*/

#ifndef TABLE_H
#define TABLE_H

#include <stddef.h>
#include <stdint.h>

#define TABLE_NONE UINT32_MAX ///< In place of a number: there is no such key

typedef struct TableEntryImpl TableEntry;

typedef struct {
  TableEntry* entries; ///< Some of them are free
  size_t      n_entries;
  size_t      n_used;
} Table;

/// Return the number of a key, or TABLE_NONE
uint32_t
table_find(const Table* table, const void* key, size_t size);

/// Add a key with its number, unless the table has that key already
void
table_add(Table* table, const void* key, size_t size, uint32_t number);

void
table_free(Table* table);

#endif // TABLE_H
