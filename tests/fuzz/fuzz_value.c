// SPDX-License-Identifier: ISC
// The values of knobs as people write them: a byte that chooses a knob, then a text

#include "host/value.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT = 255 };

int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

static HostPoint waves[] = {{(char*)"Sine", 0.0f},
                            {(char*)"Saw Tooth", 1.0f},
                            {(char*)"5", 2.0f}};

#define KNOB(unit_, least, most)                                        \
  .symbol = (char*)"knob", .name = (char*)"Knob", .comment = (char*)"", \
  .unit = (char*)(unit_), .minimum = (least), .maximum = (most),        \
  .default_value = (least)

static const HostPort knobs[] = {
  {KNOB("Hz", 20.0f, 20000.0f), .is_logarithmic = true},
  {KNOB("dB", -90.0f, 24.0f)},
  {KNOB("s", 0.0f, 10.0f)},
  {KNOB("ms", 0.1f, 1000.0f), .is_logarithmic = true},
  {KNOB("semi", -12.0f, 12.0f), .is_integer = true},
  {KNOB("%", 0.0f, 100.0f)},
  {KNOB("", -1.0f, 1.0f)},
  {KNOB("", 0.0f, 1.0f), .is_toggled = true, .is_integer = true},
  {KNOB("", 0.0f, 2.0f),
   .is_enumeration = true,
   .is_integer     = true,
   .points         = waves,
   .n_points       = 3},
  {KNOB("V", -3.4e38f, 3.4e38f)},
};

/// A value that was read may be set, and is read again from how it is written
static void
check(const HostPort* const knob, const float value)
{
  char  reason[VALUE_TEXT_SIZE] = "";
  char  text[VALUE_TEXT_SIZE]   = "";
  float again                   = 0.0f;
  value_print(knob, value, text, sizeof(text));
  if (!value_check(knob, value, reason) || !value_parse(knob, text, &again, reason) ||
      again != value) {
    fprintf(stderr,
            "%.9g is written %s and read as %.9g: %s\n",
            (double)value,
            text,
            (double)again,
            reason);
    abort();
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  if (size < 1 || size > MAX_TEXT) {
    return 0;
  }

  char text[MAX_TEXT + 1] = "";
  memcpy(text, data + 1, size - 1);

  const HostPort* const knob = &knobs[data[0] % (sizeof(knobs) / sizeof(knobs[0]))];
  char                  reason[VALUE_TEXT_SIZE] = "";
  float                 value                   = 0.0f;
  if (value_parse(knob, text, &value, reason)) {
    check(knob, value);
  } else if (!reason[0] || strlen(reason) >= sizeof(reason)) {
    abort();
  }
  value_print_range(knob, reason, sizeof(reason));
  return 0;
}
