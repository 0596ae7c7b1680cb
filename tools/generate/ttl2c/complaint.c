// SPDX-License-Identifier: ISC

#include "ttl2c/complaint.h"

#include <stdarg.h>
#include <stdio.h>

static const char* path;    ///< The file that is being read
static const char* subject; ///< What in it is being looked at
static unsigned    n_errors;

void
complaint_enter(const char* const file)
{
  path    = file;
  subject = NULL;
}

void
complaint_about(const char* const name)
{
  subject = name;
}

const char*
complaint_file(void)
{
  return path;
}

void
complain(const char* const fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  fprintf(stderr, "ttl2c: %s: ", path);
  if (subject) {
    fprintf(stderr, "%s: ", subject);
  }
  vfprintf(stderr, fmt, args);
  fprintf(stderr, "\n");
  va_end(args);
  ++n_errors;
}

bool
has_complained(void)
{
  return n_errors > 0;
}

void
complaint_reset(void)
{
  n_errors = 0;
}
