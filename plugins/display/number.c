// SPDX-License-Identifier: ISC

#include "display/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SHOWN 1e6
#define NOTES_PER_OCTAVE 12
#define OCTAVE_OF_C4 4

/// Append text as far as there is room
static void
append(char text[NUMBER_SIZE], const char* const more)
{
  size_t n = strlen(text);
  for (const char* c = more; *c && n + 1U < NUMBER_SIZE; ++c) {
    text[n++] = *c;
  }
  text[n] = '\0';
}

/// Append a whole number, from 0 on, with at least `n_digits`
static void
append_whole(char text[NUMBER_SIZE], long number, const int n_digits)
{
  char  digits[NUMBER_SIZE] = "";
  char* first               = digits + NUMBER_SIZE - 1;
  for (int n = 0; (n < n_digits || number > 0) && first > digits; ++n) {
    *--first = (char)('0' + number % 10);
    number /= 10;
  }
  append(text, first);
}

/// Append a number from 0 on, with so many digits behind the point
static void
append_decimal(char text[NUMBER_SIZE], const double number, const int n_decimals)
{
  const long factor = n_decimals == 2 ? 100 : n_decimals == 1 ? 10 : 1;
  const long parts  = lround(number * (double)factor);

  append_whole(text, parts / factor, 1);
  if (n_decimals) {
    append(text, ".");
    append_whole(text, parts % factor, n_decimals);
  }
}

void
number_text(char text[NUMBER_SIZE], const double value, const char* const unit)
{
  text[0] = '\0';
  if (!(fabs(value) < MAX_SHOWN)) {
    append(text, "-");
    return;
  }

  const bool   has_prefix = !strcmp(unit, "Hz") || !strcmp(unit, "s");
  const double size       = fabs(value);
  const bool   is_large   = has_prefix && size >= 1000.0;
  const bool   is_small   = has_prefix && size < 1.0 && size > 0.0;
  const double shown      = is_large ? 1e-3 * size : is_small ? 1e3 * size : size;
  const bool   is_count   = !*unit || !strcmp(unit, "x");
  const int    n_decimals = is_count ? 0 : shown < 9.995 ? 2 : shown < 99.95 ? 1 : 0;
  append(text, value < 0.0 ? "-" : "");
  append_decimal(text, shown, n_decimals);
  append(text, is_large ? "k" : is_small ? "m" : "");
  append(text, unit);
}

void
number_note(char text[NUMBER_SIZE], const double pitch_oct)
{
  static const char* const names[NOTES_PER_OCTAVE] = {
    "C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"};

  text[0] = '\0';
  if (!(fabs(pitch_oct) < MAX_SHOWN / NOTES_PER_OCTAVE)) {
    append(text, "-");
    return;
  }

  const long note   = lround(pitch_oct * NOTES_PER_OCTAVE);
  const long place  = (note % NOTES_PER_OCTAVE + NOTES_PER_OCTAVE) % NOTES_PER_OCTAVE;
  const long octave = (note - place) / NOTES_PER_OCTAVE + OCTAVE_OF_C4;
  append(text, names[place]);
  append(text, octave < 0 ? "-" : "");
  append_whole(text, labs(octave), 1);
}
