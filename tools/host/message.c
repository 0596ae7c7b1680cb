// SPDX-License-Identifier: ISC

#include "host/message.h"

#include <stdarg.h>
#include <stdio.h>

// A message has no other way to know in which program it is
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
static const char* program_name = "chronus";

void
message_program(const char* const program)
{
  program_name = program;
}

const char*
message_program_name(void)
{
  return program_name;
}

static void
report(const char* const kind,
       const char* const file,
       const char* const subject,
       const char* const fmt,
       va_list           args)
{
  fprintf(stderr, "%s: %s%s: ", program_name, kind, file);
  if (subject) {
    fprintf(stderr, "%s: ", subject);
  }
  vfprintf(stderr, fmt, args);
  fprintf(stderr, "\n");
}

void
message_error(const char* const file,
              const char* const subject,
              const char* const fmt,
              ...)
{
  va_list args;
  va_start(args, fmt);
  report("", file, subject, fmt, args);
  va_end(args);
}

void
message_warning(const char* const file,
                const char* const subject,
                const char* const fmt,
                ...)
{
  va_list args;
  va_start(args, fmt);
  report("warning: ", file, subject, fmt, args);
  va_end(args);
}
