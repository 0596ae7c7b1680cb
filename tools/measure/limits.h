// SPDX-License-Identifier: ISC
/**
   The worst that our own plugins may be, figure by figure, as measure reads them at
   48 kHz.

   test_quality holds the plugins to these, and documents print them.
*/

#ifndef LIMITS_H
#define LIMITS_H

#include <stdint.h>

/// A figure and its limit; a limit of 0 or more is one of the magnitude
typedef struct {
  const char* group; ///< NULL ends a list
  const char* name;
  double      at_most;
} Limit;

#define MAX_LIMIT_LISTS 3U

/// A subject of the role table, with lists of limits
typedef struct {
  const char*  label;
  const Limit* limits[MAX_LIMIT_LISTS]; ///< NULL ends them
} Expectation;

/// Return all of them, and how many there are
const Expectation*
limits_expectations(uint32_t* n_expectations);

/// Return those of a subject, or NULL
const Expectation*
limits_of(const char* label);

/// Return the strictest limit of a figure, or NaN if it has none
double
limits_at_most(const char* label, const char* group, const char* name);

#endif // LIMITS_H
