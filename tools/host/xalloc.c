// SPDX-License-Identifier: ISC

#include "host/xalloc.h"

#include "host/message.h"

#include <stdbool.h>
#include <stdlib.h>

void*
xalloc(void* const memory)
{
  if (!memory) {
    message_error("memory", NULL, "there is none left");
    exit(EXIT_FAILURE);
  }

  return memory;
}

void*
xarray(const size_t n, const size_t size)
{
  return xalloc(calloc(n + 1U, size));
}

void*
xgrow(void* const array, const size_t n, const size_t size)
{
  const bool is_full = !(n & (n - 1U)); // Its room is the next power of 2

  return is_full ? xalloc(realloc(array, (n ? 2U * n : 1U) * size)) : array;
}
