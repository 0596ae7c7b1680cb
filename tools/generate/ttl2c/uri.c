// SPDX-License-Identifier: ISC

#include "ttl2c/uri.h"

#include "ttl2c/complaint.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

bool
is_symbol(const char* const str)
{
  for (const char* c = str; *c; ++c) {
    if (!isalnum((unsigned char)*c) && *c != '_') {
      return false;
    }
  }

  return *str && !isdigit((unsigned char)*str);
}

size_t
module_length(const char* const uri)
{
  const char* const sign = strchr(uri, FORM_SIGN);

  return sign ? (size_t)(sign - uri) : strlen(uri);
}

const char*
uri_of_file(const char* const file)
{
  static char uri[512];

  const char* const slash  = strrchr(file, '/');
  const char* const name   = slash ? slash + 1 : file;
  const char* const dot    = strrchr(name, '.');
  const size_t      length = dot ? (size_t)(dot - name) : strlen(name);
  snprintf(uri, sizeof(uri), URI_BASE "%.*s", (int)length, name);
  return uri;
}

void
check_uri(const char* const uri)
{
  if (strcmp(uri, uri_of_file(complaint_file())) != 0) {
    complain("must be <%s>, as its file is named", uri_of_file(complaint_file()));
  }
}
