// SPDX-License-Identifier: ISC

#include "host/value.h"

#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FLOAT_DIGITS 9 ///< What it takes to tell any two floats apart

/// A unit in terms of another one that measures the same
typedef struct {
  const char* symbol;
  const char* base;
  double      size; ///< How many of `base` one is
} Unit;

static const Unit units[] = {
  {"s", "s", 1.0},
  {"ms", "s", 1e-3},
  {"us", "s", 1e-6},
  {"µs", "s", 1e-6},
  {"min", "s", 60.0},
  {"Hz", "Hz", 1.0},
  {"kHz", "Hz", 1e3},
  {"MHz", "Hz", 1e6},
  {"BPM", "Hz", 1.0 / 60.0},
  {"oct", "oct", 1.0},
  {"octaves", "oct", 1.0},
  {"semi", "oct", 1.0 / 12.0},
  {"semitones", "oct", 1.0 / 12.0},
  {"st", "oct", 1.0 / 12.0},
  {"ct", "oct", 1.0 / 1200.0},
  {"cents", "oct", 1.0 / 1200.0},
  {"dB", "dB", 1.0},
  {"", "", 1.0},
  {"%", "", 1e-2},
  {"V", "V", 1.0},
  {"mV", "V", 1e-3},
  {"m", "m", 1.0},
  {"cm", "m", 1e-2},
  {"mm", "m", 1e-3},
  {"km", "m", 1e3},
};

/// Write why something is refused, and return false
static bool
refuse(char reason[VALUE_TEXT_SIZE], const char* const fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  vsnprintf(reason, VALUE_TEXT_SIZE, fmt, args);
  va_end(args);
  return false;
}

// ---- Numbers, the same in every locale

/// Make numbers of this thread look as in C, and return the locale to go back to
static locale_t
number_locale_enter(void)
{
  return uselocale(newlocale(LC_ALL_MASK, "C", (locale_t)0));
}

static void
number_locale_leave(const locale_t locale)
{
  freelocale(uselocale(locale));
}

/// Read a decimal number, and return what follows it, or NULL if there is none
static const char*
read_number(const char* const text, double* const number)
{
  const char* const digits = text + (*text == '-' || *text == '+');
  const bool is_hex = digits[0] == '0' && tolower((unsigned char)digits[1]) == 'x';
  if (is_hex || !(isdigit((unsigned char)*digits) || *digits == '.')) {
    return NULL;
  }

  char*          end    = NULL;
  const locale_t locale = number_locale_enter();
  *number               = strtod(text, &end);
  number_locale_leave(locale);
  return end == text ? NULL : end;
}

/// Write `number`, rounded to `n_digits`
static void
print_number(const double number,
             const int    n_digits,
             char* const  text,
             const size_t size)
{
  const locale_t locale = number_locale_enter();

  snprintf(text, size, "%.*g", n_digits, number);
  number_locale_leave(locale);
}

// ---- Positions

static double
minimum(const HostPort* const port)
{
  return isnan(port->minimum) ? 0.0 : (double)port->minimum;
}

static double
maximum(const HostPort* const port)
{
  return isnan(port->maximum) ? 1.0 : (double)port->maximum;
}

static bool
is_choice(const HostPort* const port)
{
  return port->is_enumeration && port->n_points > 0;
}

static bool
is_logarithmic(const HostPort* const port)
{
  return port->is_logarithmic && minimum(port) > 0.0;
}

/// Return the value at `position` between the ends
static double
value_between(const HostPort* const port, const double position)
{
  const double low  = minimum(port);
  const double high = maximum(port);

  const double value = is_logarithmic(port) ? low * pow(high / low, position)
                                            : low + position * (high - low);
  const double step  = port->is_integer || port->is_toggled ? round(value) : value;
  return fmin(fmax(step, low), high);
}

float
value_at_position(const HostPort* const port, const double position)
{
  if (isnan(position)) {
    return port->default_value;
  }

  const double at = fmin(fmax(position, 0.0), 1.0);
  if (is_choice(port)) {
    return port->points[lround(at * (port->n_points - 1U))].value;
  }

  return (float)(at == 0.0   ? minimum(port)
                 : at == 1.0 ? maximum(port)
                             : value_between(port, at));
}

static uint32_t
nearest_point(const HostPort* const port, const float value)
{
  uint32_t nearest = 0;
  for (uint32_t i = 1; i < port->n_points; ++i) {
    if (fabsf(port->points[i].value - value) <
        fabsf(port->points[nearest].value - value)) {
      nearest = i;
    }
  }

  return nearest;
}

double
value_position(const HostPort* const port, const float value)
{
  const double at   = (double)(isnan(value) ? port->default_value : value);
  const double low  = minimum(port);
  const double high = maximum(port);
  if (is_choice(port)) {
    const double last = port->n_points > 1 ? port->n_points - 1.0 : 1.0;
    return nearest_point(port, (float)at) / last;
  }

  return !(at > low)            ? 0.0
         : at >= high           ? 1.0
         : is_logarithmic(port) ? log(at / low) / log(high / low)
                                : (at - low) / (high - low);
}

// ---- Units

/// Return the unit of that symbol: best as it stands, else in any case, else NULL
static const Unit*
find_unit(const char* const symbol)
{
  const Unit* found = NULL;
  for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); ++i) {
    if (!strcmp(symbol, units[i].symbol)) {
      return &units[i];
    }
    if (!found && !strcasecmp(symbol, units[i].symbol)) {
      found = &units[i];
    }
  }

  return found;
}

/// Return how many of `to` one of `from` is, or 0 if they measure different things
static double
unit_ratio(const char* const from, const char* const to)
{
  if (!strcasecmp(from, to)) {
    return 1.0;
  }

  const Unit* const one   = find_unit(from);
  const Unit* const other = find_unit(to);
  return one && other && !strcmp(one->base, other->base) ? one->size / other->size
                                                         : 0.0;
}

/// Return the unit in which `value` reads best
static const char*
reading_unit(const HostPort* const port, const float value)
{
  const float size = fabsf(value);

  return !strcmp(port->unit, "Hz") && size >= 1000.0f             ? "kHz"
         : !strcmp(port->unit, "s") && size > 0.0f && size < 1.0f ? "ms"
                                                                  : port->unit;
}

// ---- From value to text

static const char*
point_label(const HostPort* const port, const float value)
{
  for (uint32_t i = 0; i < port->n_points; ++i) {
    if (port->points[i].value == value) {
      return port->points[i].label;
    }
  }

  return NULL;
}

/// Return how many digits `number` has before its point
static int
integer_digits(const double number)
{
  const double size = fabs(number);

  return size >= 1.0 && size < 1e15 ? 1 + (int)floor(log10(size)) : 1;
}

/// Write `value` in `unit` with as few digits as tell it from other floats
static void
print_in_unit(const HostPort* const port,
              const float           value,
              const char* const     unit,
              char* const           text,
              const size_t          size)
{
  const double ratio = unit_ratio(unit, port->unit);
  const double shown = (double)value / ratio;

  char   number[32] = "";
  double read       = 0.0;
  int    n_digits   = integer_digits(shown);
  do {
    print_number(shown, n_digits, number, sizeof(number));
  } while (++n_digits <= FLOAT_DIGITS &&
           (!read_number(number, &read) || (float)(read * ratio) != value));
  snprintf(text, size, "%s%s%s", number, *unit ? " " : "", unit);
}

void
value_print(const HostPort* const port,
            const float           value,
            char* const           text,
            const size_t          size)
{
  const float       unsigned_zero = value == 0.0f ? 0.0f : value;
  const char* const label         = point_label(port, value);
  if (label) {
    snprintf(text, size, "%s", label);
  } else if (port->is_toggled && (value == 0.0f || value == 1.0f)) {
    snprintf(text, size, "%s", value == 0.0f ? "off" : "on");
  } else {
    print_in_unit(port, unsigned_zero, reading_unit(port, value), text, size);
  }
}

// ---- From text to value

/// Write the labels of a choice, with commas between them
static void
print_choices(const HostPort* const port, char* const text, const size_t size)
{
  size_t n = 0;
  for (uint32_t i = 0; i < port->n_points && n < size; ++i) {
    n += (size_t)snprintf(
      text + n, size - n, "%s%s", i ? ", " : "", port->points[i].label);
  }
}

void
value_print_range(const HostPort* const port, char* const text, const size_t size)
{
  char low[VALUE_TEXT_SIZE / 4]  = "";
  char high[VALUE_TEXT_SIZE / 4] = "";
  value_print(port, port->minimum, low, sizeof(low));
  value_print(port, port->maximum, high, sizeof(high));
  if (is_choice(port)) {
    print_choices(port, text, size);
  } else if (isnan(port->minimum) || isnan(port->maximum)) {
    snprintf(text, size, "any number");
  } else {
    snprintf(text, size, "%s %s %s", low, port->is_toggled ? "or" : "to", high);
  }
}

static bool
refuse_value(const HostPort* const port,
             const char* const     text,
             char                  reason[VALUE_TEXT_SIZE])
{
  char range[VALUE_TEXT_SIZE - 64] = "";
  value_print_range(port, range, sizeof(range));
  return refuse(reason,
                is_choice(port) ? "%.32s is none of %s" : "%.32s is outside of %s",
                text,
                range);
}

/// Check that a knob may have `value`, which the user knows as `text`
static bool
check(const HostPort* const port,
      const float           value,
      const char* const     text,
      char                  reason[VALUE_TEXT_SIZE])
{
  return !isfinite(value) ? refuse(reason, "%.32s is not a finite number", text)
         : is_choice(port) && !point_label(port, value)
           ? refuse_value(port, text, reason)
         : value < port->minimum || value > port->maximum
           ? refuse_value(port, text, reason)
         : (port->is_integer || port->is_toggled) && value != rintf(value)
           ? refuse(reason, "%.32s is not a whole number", text)
           : true;
}

bool
value_check(const HostPort* const port, const float value, char reason[VALUE_TEXT_SIZE])
{
  char text[VALUE_TEXT_SIZE] = "";
  value_print(port, value, text, sizeof(text));
  return check(port, value, text, reason);
}

static bool
parse_position(const HostPort* const port,
               const char* const     text,
               float* const          value,
               char                  reason[VALUE_TEXT_SIZE])
{
  double            position = 0.0;
  const char* const end      = read_number(text + 1, &position);
  if (!end || *end || !(position >= 0.0 && position <= 1.0)) {
    return refuse(reason, "%.32s is not a position from @0 to @1", text);
  }

  *value = value_at_position(port, position);
  return true;
}

/// Look among the names that some values of the port have
static bool
parse_word(const HostPort* const port, const char* const text, float* const value)
{
  static const char* const words[] = {"off", "on", "no", "yes", "false", "true"};

  for (uint32_t i = 0; i < port->n_points; ++i) {
    if (!strcasecmp(text, port->points[i].label)) {
      *value = port->points[i].value;
      return true;
    }
  }

  for (size_t i = 0; port->is_toggled && i < sizeof(words) / sizeof(words[0]); ++i) {
    if (!strcasecmp(text, words[i])) {
      *value = (float)(i % 2U);
      return true;
    }
  }

  return false;
}

static bool
refuse_unit(const HostPort* const port,
            const char* const     text,
            const char* const     unit,
            char                  reason[VALUE_TEXT_SIZE])
{
  return *unit == ','   ? refuse(reason, "%.32s needs a point for its decimals", text)
         : !*port->unit ? refuse(reason, "%.32s must be a number without unit", text)
                        : refuse(reason, "%.32s is not in %s", text, port->unit);
}

static bool
parse_number(const HostPort* const port,
             const char* const     text,
             float* const          value,
             char                  reason[VALUE_TEXT_SIZE])
{
  double            number = 0.0;
  const char* const end    = read_number(text, &number);
  if (!end) {
    return is_choice(port)    ? refuse_value(port, text, reason)
           : port->is_toggled ? refuse(reason, "%.32s is neither on nor off", text)
                              : refuse(reason, "%.32s is not a number", text);
  }

  const char* const unit  = end + strspn(end, " ");
  const double      ratio = *unit ? unit_ratio(unit, port->unit) : 1.0;
  if (ratio == 0.0) {
    return refuse_unit(port, text, unit, reason);
  }

  *value = (float)(number * ratio);
  return check(port, *value, text, reason);
}

/// Copy `text` without the space around it; returns false if it is longer than values
static bool
trim(const char* const text, char* const to, const size_t size)
{
  const char* const start = text + strspn(text, " \t\r\n");
  size_t            n     = strlen(start);
  while (n > 0 && isspace((unsigned char)start[n - 1U])) {
    --n;
  }
  if (n >= size) {
    return false;
  }

  memcpy(to, start, n);
  to[n] = '\0';
  return true;
}

bool
value_parse(const HostPort* const port,
            const char* const     text,
            float* const          value,
            char                  reason[VALUE_TEXT_SIZE])
{
  char trimmed[VALUE_TEXT_SIZE];
  if (!trim(text, trimmed, sizeof(trimmed))) {
    return refuse(
      reason, "%.32s... is longer than any value", text + strspn(text, " \t\r\n"));
  }
  if (!*trimmed) {
    return refuse(reason, "the value is empty");
  }

  return *trimmed == '@' ? parse_position(port, trimmed, value, reason)
                         : parse_word(port, trimmed, value) ||
                             parse_number(port, trimmed, value, reason);
}
