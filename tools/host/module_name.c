// SPDX-License-Identifier: ISC

#include "host/module_name.h"

#include "host/xalloc.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char*
module_uri(const char* const name)
{
  const char* const start = strchr(name, ':') ? "" : MODULE_URI;
  const size_t      size  = strlen(start) + strlen(name) + 1U;
  char* const       uri   = (char*)xalloc(malloc(size));

  snprintf(uri, size, "%s%s", start, name);
  return uri;
}
