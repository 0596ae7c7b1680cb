// SPDX-License-Identifier: ISC
/**
   Values and texts of a host, from the range and the unit of a knob.

   A knob has a position, 0 at its minimum and 1 at its maximum, which is where a
   slider stands and what automation records; a value, which the plugin gets; and a
   text, which people read and write.  The range, the unit and the scale points in the
   plugin's Turtle are all that it takes to get from one to another.
*/

#ifndef VALUE_H
#define VALUE_H

#include "host/host.h"

#include <stdbool.h>
#include <stddef.h>

#define VALUE_TEXT_SIZE 256 ///< Enough for a value or for the reason of a refusal

/**
   Return the value where the knob stands at `position`.

   Equal steps of a logarithmic port are equal ratios, a choice takes its steps in
   order, 0 and 1 give the ends of the range exactly.  Positions beyond them are
   taken for the ends, NaN for the default.  A port without range goes from 0 to 1.
*/
float
value_at_position(const HostPort* port, double position);

/**
   Return the position in [0, 1] at which the knob has `value`.

   The inverse of value_at_position(): putting its result there gives `value` again,
   if that is a value of the port.
*/
double
value_position(const HostPort* port, float value);

/**
   Write `value` as people read it: "1.5 kHz", "-6 dB", "20 ms", "Saw", "on".

   Has as many digits as it takes for value_parse() to give the same value again, and
   a point for decimals in every locale.
*/
void
value_print(const HostPort* port, float value, char* text, size_t size);

/// Write what values the port has: "20 Hz to 20 kHz", "Sine, Triangle, Saw", "off or
/// on"
void
value_print_range(const HostPort* port, char* text, size_t size);

/**
   Check that a knob may have `value`: within its range, one of its choices, whole.

   Returns false with the `reason` if it may not.
*/
bool
value_check(const HostPort* port, float value, char reason[VALUE_TEXT_SIZE]);

/**
   Read a value as people write it.

   That is a scale point's label in any case ("saw"), "on" or "off" for a switch, a
   position ("@0.5"), or a number with or without a unit ("1.5 kHz", "440").  Units
   of the same kind are converted (ms to s, cents to semitones).  Decimals have a
   point in every locale.

   Returns false with the `reason`, a part of a sentence, if there is no such value.
*/
bool
value_parse(const HostPort* port,
            const char*     text,
            float*          value,
            char            reason[VALUE_TEXT_SIZE]);

#endif // VALUE_H
