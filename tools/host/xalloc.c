// SPDX-License-Identifier: ISC

#include "host/xalloc.h"

#include "host/message.h"

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
