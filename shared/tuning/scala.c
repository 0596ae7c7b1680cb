// SPDX-License-Identifier: ISC

#include "tuning/scala.h"

#include <math.h>
#include <string.h>

#define CENTS_PER_OCTAVE 1200.0
#define TOO_LARGE 1e300 ///< What numbers are that have more digits than make sense

/// Rest of a text, or of a line
typedef struct {
  const char* at;
  const char* end;
} Span;

typedef struct {
  Span         text; ///< Behind the line
  Span         line;
  uint32_t     number; ///< Of the line, from 1
  ScalaRemark* remark;
} Reader;

/// Remark on the line that was read; returns false, for what is wrong
static bool
complain(const Reader* const self, const char* const reason)
{
  *self->remark = (ScalaRemark){self->number ? self->number : 1U, reason};
  return false;
}

// ---- Lines

/// Step over the end of a line, which is one on any system
static void
skip_line_end(Span* const text)
{
  if (text->at < text->end && *text->at == '\r') {
    ++text->at;
    text->at += text->at < text->end && *text->at == '\n';
  } else if (text->at < text->end) {
    ++text->at;
  }
}

/// Go to the next line that is no comment; returns false at the end of the text
static bool
next_line(Reader* const self)
{
  Span* const text = &self->text;
  while (text->at < text->end) {
    const char* const start = text->at;
    while (text->at < text->end && *text->at != '\n' && *text->at != '\r') {
      ++text->at;
    }
    self->line = (Span){start, text->at};
    ++self->number;
    skip_line_end(text);
    if (self->line.at == self->line.end || *self->line.at != '!') {
      return true;
    }
  }

  return false;
}

// ---- Numbers

static bool
is_at(const Span* const span, const char character)
{
  return span->at < span->end && *span->at == character;
}

static bool
is_at_digit(const Span* const span)
{
  return span->at < span->end && *span->at >= '0' && *span->at <= '9';
}

static void
skip_blanks(Span* const span)
{
  while (is_at(span, ' ') || is_at(span, '\t')) {
    ++span->at;
  }
}

/// Return true if a number ends here, so that what follows may be any text
static bool
is_at_end(const Span* const span)
{
  return span->at == span->end || is_at(span, ' ') || is_at(span, '\t');
}

/// Read digits; returns false if there are none
static bool
read_digits(Span* const span, double* const number)
{
  const bool is_number = is_at_digit(span);

  *number = 0.0;
  for (; is_at_digit(span); ++span->at) {
    *number = fmin(TOO_LARGE, *number * 10.0 + (*span->at - '0'));
  }
  return is_number;
}

/// Read digits with a point among them or at an end; returns false if that is not
/// there. As long as the digits fit in 53 bits, the number is the double that is next
/// to them.
static bool
read_decimal(Span* const span, double* const number)
{
  static const double most = 0x1p53 / 10.0 - 1.0;

  double     digits    = 0.0;
  double     power     = 1.0;
  const bool has_whole = read_digits(span, &digits);
  const bool has_point = is_at(span, '.');
  span->at += has_point;
  const bool has_digits = has_whole || is_at_digit(span);
  for (; has_point && is_at_digit(span); ++span->at) {
    if (digits < most) {
      digits = digits * 10.0 + (*span->at - '0');
      power *= 10.0;
    }
  }
  *number = digits / power;
  return has_point && has_digits;
}

/// Read a whole number, alone or with text behind a blank
static bool
read_whole(Span span, double* const number)
{
  skip_blanks(&span);
  const bool is_negative = is_at(&span, '-');
  span.at += is_negative;
  const bool is_number = read_digits(&span, number);
  *number              = is_negative ? -*number : *number;
  return is_number && is_at_end(&span);
}

/// Read cents as octaves
static bool
read_cents(Span span, double* const oct)
{
  skip_blanks(&span);
  const bool is_negative = is_at(&span, '-');
  span.at += is_negative || is_at(&span, '+');

  double     cents     = 0.0;
  const bool is_number = read_decimal(&span, &cents) && is_at_end(&span);
  *oct                 = (is_negative ? -cents : cents) / CENTS_PER_OCTAVE;
  return is_number;
}

/// Read a ratio, or a whole number, as octaves
static bool
read_ratio(Span span, double* const oct)
{
  double over  = 0.0;
  double under = 1.0;

  skip_blanks(&span);
  bool is_ratio = read_digits(&span, &over);
  skip_blanks(&span);
  if (is_at(&span, '/')) {
    ++span.at;
    skip_blanks(&span);
    is_ratio = is_ratio && read_digits(&span, &under) && is_at_end(&span);
  } else {
    is_ratio =
      is_ratio && (is_at_end(&span) || is_at_end(&(Span){span.at - 1, span.end}));
  }
  is_ratio = is_ratio && over > 0.0 && under > 0.0;
  *oct     = is_ratio ? log2(over / under) : 0.0;
  return is_ratio;
}

static bool
read_pitch(const Span line, double* const oct)
{
  return read_cents(line, oct) || read_ratio(line, oct);
}

// ---- Scale

/// Read the notes behind the first, the last being the period
static bool
read_notes(Reader* const self, Tuning* const tuning)
{
  double last_oct = 0.0;
  for (uint32_t n = 1; n <= tuning->n_notes; ++n) {
    double oct = 0.0;
    if (!next_line(self)) {
      return complain(self, "ends before its last note");
    }
    if (!read_pitch(self->line, &oct)) {
      return complain(self,
                      "has a note that is neither cents with a point, as 701.955, nor "
                      "a ratio, as 3/2");
    }
    if (fabs(oct) > TUNING_MAX_OCT) {
      return complain(self, "has a note more than 10 octaves from the first");
    }
    if (oct <= last_oct && self->remark->line == 0U) {
      complain(self,
               "has a note that is not above the one before: keys play it as it is, a "
               "quantizer puts it in order");
    }
    last_oct = oct;
    if (n < tuning->n_notes) {
      tuning->note_oct[n] = oct;
    }
  }

  tuning->period_oct = last_oct;
  return last_oct >= TUNING_MIN_PERIOD_OCT ||
         complain(self, "has a last note, the period, that is not above the first");
}

static bool
read_scale(Reader* const self, Tuning* const tuning)
{
  double n_notes = 0.0;

  tuning_set_equal(tuning);
  const bool has_title = next_line(self);
  if (!has_title || !next_line(self)) {
    return complain(self, "ends before the number of its notes");
  }
  if (!read_whole(self->line, &n_notes) || n_notes < 0.0) {
    return complain(self, "has no number of notes where it must be");
  }
  if (n_notes < 1.0) {
    return complain(self, "has no notes");
  }
  if (n_notes > TUNING_MAX_NOTES) {
    return complain(self, "has more than 128 notes");
  }

  tuning->n_notes = (uint32_t)n_notes;
  return read_notes(self, tuning);
}

// ---- Map

/// Read the next line as a whole number within a range
static bool
read_setting(Reader* const     self,
             const char* const reason,
             const double      most,
             double* const     number)
{
  if (!next_line(self)) {
    return complain(self, "ends before its seventh number, as a keyboard map");
  }

  return (read_whole(self->line, number) && *number >= 0.0 && *number <= most) ||
         complain(self, reason);
}

static bool
read_frequency(Reader* const self, KeyMap* const map)
{
  double hz = 0.0;
  if (!next_line(self)) {
    return complain(self, "ends before its frequency, as a keyboard map");
  }

  Span span = self->line;
  skip_blanks(&span);
  const bool is_number =
    (read_decimal(&span, &hz) && is_at_end(&span)) || read_whole(self->line, &hz);
  map->reference_hz = hz;
  return (is_number && hz > 0.0 && hz <= TUNING_MAX_HZ) ||
         complain(self, "has no frequency above 0 Hz where it must be");
}

/// Return true if a line has an x for a key that does not sound, or nothing
static bool
is_silent(Span line)
{
  skip_blanks(&line);
  return line.at == line.end || is_at(&line, 'x') || is_at(&line, 'X');
}

/// Read the degrees of keys; those that are left out at the end do not sound
static bool
read_degrees(Reader* const self, KeyMap* const map)
{
  bool has_degree = map->size == 0U;
  for (uint32_t k = 0; k < map->size; ++k) {
    double degree = TUNING_NO_DEGREE;
    if (next_line(self) && !is_silent(self->line)) {
      if (!read_whole(self->line, &degree) || degree < 0.0 ||
          degree > TUNING_MAX_DEGREE) {
        return complain(self, "has a key that is neither a degree from 0 on nor x");
      }
      has_degree = true;
    }
    map->degree[k] = (int16_t)degree;
  }

  return has_degree || complain(self, "has no key that sounds");
}

static bool
read_map(Reader* const self, Tuning* const tuning)
{
  static const char* const no_key = "has no key from 0 to 127 where it must be";

  double        size   = 0.0;
  double        first  = 0.0;
  double        last   = 0.0;
  double        middle = 0.0;
  double        key    = 0.0;
  double        degree = 0.0;
  KeyMap* const map    = &tuning->map;
  memset(map, 0, sizeof(*map));
  if (!read_setting(self, "has no number of keys from 0 to 128", TUNING_KEYS, &size) ||
      !read_setting(self, no_key, TUNING_KEYS - 1U, &first) ||
      !read_setting(self, no_key, TUNING_KEYS - 1U, &last) ||
      !read_setting(self, no_key, TUNING_KEYS - 1U, &middle) ||
      !read_setting(self, no_key, TUNING_KEYS - 1U, &key) ||
      !read_frequency(self, map) ||
      !read_setting(
        self, "has no degree from 0 on to repeat at", TUNING_MAX_DEGREE, &degree)) {
    return false;
  }

  map->size          = (uint32_t)size;
  map->first         = (uint32_t)first;
  map->last          = (uint32_t)last;
  map->middle        = (uint32_t)middle;
  map->reference     = (uint32_t)key;
  map->period_degree = (int32_t)degree;
  if (first > last) {
    return complain(self, "has its last key below the first");
  }
  return read_degrees(self, map);
}

// ---- Text

/// Return true if a text is no scale, but a map
static bool
is_map(Reader reader)
{
  double number = 0.0;
  if (!next_line(&reader) || !read_whole(reader.line, &number)) {
    return false;
  }

  next_line(&reader);
  if (!next_line(&reader)) {
    return true;
  }
  return !memchr(reader.line.at, '.', (size_t)(reader.line.end - reader.line.at)) &&
         !memchr(reader.line.at, '/', (size_t)(reader.line.end - reader.line.at));
}

bool
scala_read(Tuning* const      self,
           const char* const  text,
           const size_t       size,
           ScalaRemark* const remark)
{
  static const char mark[]    = "\xef\xbb\xbf"; // That a text is in UTF-8
  const size_t      mark_size = sizeof(mark) - 1U;
  const bool        has_mark  = size >= mark_size && !memcmp(text, mark, mark_size);

  Reader reader = {
    {text + (has_mark ? mark_size : 0U), text + size}, {text, text}, 0, remark};
  *remark = (ScalaRemark){0, NULL};
  if (memchr(text, '\0', size)) {
    reader.number = 1;
    return complain(&reader, "is no plain text, such as UTF-8");
  }
  Tuning     tuning = *self;
  const bool ok =
    is_map(reader) ? read_map(&reader, &tuning) : read_scale(&reader, &tuning);
  if (ok && !tuning_is_valid(&tuning)) {
    return complain(&reader, "repeats at a degree that is not above the first");
  }
  if (ok) {
    *self = tuning;
  }
  return ok;
}
