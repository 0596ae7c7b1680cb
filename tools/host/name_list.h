// SPDX-License-Identifier: ISC
/// A list of names for a report, which grows until it is full

#ifndef NAME_LIST_H
#define NAME_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define MAX_LIST 512 ///< Letters and the zero at their end

typedef struct {
  char   text[MAX_LIST];
  size_t length;
} NameList;

bool
name_list_is_full(const NameList* list);

/// Add a name, with the separator before it unless it is the first
void
name_list_add(NameList* list, const char* separator, const char* name);

#endif // NAME_LIST_H
