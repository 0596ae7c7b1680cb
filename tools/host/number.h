// SPDX-License-Identifier: ISC
/**
   Numbers on a command line.

   A number is decimal, has a point for its fraction, and stands alone: neither hex nor
   "inf" nor "nan", no space before it and nothing behind it.
*/

#ifndef NUMBER_H
#define NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/// Read a number from `least` to `most`; returns false and leaves `number` otherwise
bool
number_read(const char* text, double least, double most, double* number);

/// Read a number from `least` to `most` that has no fraction
bool
number_read_whole(const char* text, uint32_t least, uint32_t most, uint32_t* number);

#endif // NUMBER_H
