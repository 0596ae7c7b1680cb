// SPDX-License-Identifier: ISC

#include "must.h"

#include "report.h"

#include <stdlib.h>

void*
must(void* const memory)
{
  if (!memory) {
    report_error("memory", NULL, "there is none left");
    exit(EXIT_FAILURE);
  }

  return memory;
}
