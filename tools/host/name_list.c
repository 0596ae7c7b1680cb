// SPDX-License-Identifier: ISC

#include "host/name_list.h"

#include <stdio.h>

bool
name_list_is_full(const NameList* const list)
{
  return list->length + 1U >= sizeof(list->text);
}

void
name_list_add(NameList* const list, const char* const separator, const char* const name)
{
  const int n = snprintf(list->text + list->length,
                         sizeof(list->text) - list->length,
                         "%s%s",
                         list->length ? separator : "",
                         name);

  list->length += (size_t)n;
  if (list->length >= sizeof(list->text)) {
    list->length = sizeof(list->text) - 1U;
  }
}
