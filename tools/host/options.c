// SPDX-License-Identifier: ISC

#include "host/options.h"

#include "host/message.h"
#include "host/number.h"

#include <stdio.h>
#include <string.h>

void
options_begin(const char* const path)
{
  const char* const slash = strrchr(path, '/');

  message_program(slash ? slash + 1 : path);
}

void
options_help(const char* const help)
{
  // NOLINTNEXTLINE(clang-diagnostic-format-nonliteral): texts of ours
  printf(help, message_program_name());
}

void
options_version(void)
{
  printf("%s (Chronus) " CHRONUS_VERSION "\n", message_program_name());
}

OptionsStatus
options_answer(const char* const help, const int argc, char* const* const argv)
{
  if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
    options_help(help);
    return OPTIONS_DONE;
  }
  if (argc == 2 && !strcmp(argv[1], "--version")) {
    options_version();
    return OPTIONS_DONE;
  }

  return OPTIONS_OK;
}

bool
options_read_number(const char* const option,
                    const char* const text,
                    const double      least,
                    const double      most,
                    double* const     number)
{
  if (!number_read(text, least, most, number)) {
    message_error(option, text, "must be a number from %.10g to %.10g", least, most);
    return false;
  }

  return true;
}

char*
options_split(const char* const option, char* const text)
{
  char* const mark = strchr(text, '=');
  if (!mark || mark == text || !mark[1]) {
    message_error(option, text, "must look like NAME=VALUE");
    return NULL;
  }

  *mark = '\0';
  return mark + 1;
}
