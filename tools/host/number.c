// SPDX-License-Identifier: ISC

#include "host/number.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

/// Return true if `text` begins as a decimal number does
static bool
is_decimal(const char* const text)
{
  const char* const digits = text + (*text == '-' || *text == '+');
  const bool is_hex = digits[0] == '0' && tolower((unsigned char)digits[1]) == 'x';

  return !is_hex && (isdigit((unsigned char)*digits) || *digits == '.');
}

bool
number_read(const char* const text,
            const double      least,
            const double      most,
            double* const     number)
{
  char*        end   = NULL;
  const double value = is_decimal(text) ? strtod(text, &end) : (double)NAN;
  if (!end || end == text || *end || !(value >= least && value <= most)) {
    return false;
  }

  *number = value;
  return true;
}

bool
number_read_whole(const char* const text,
                  const uint32_t    least,
                  const uint32_t    most,
                  uint32_t* const   number)
{
  double value = 0.0;
  if (!number_read(text, (double)least, (double)most, &value) ||
      value != floor(value)) {
    return false;
  }

  *number = (uint32_t)value;
  return true;
}
