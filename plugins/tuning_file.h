// SPDX-License-Identifier: ISC
/**
   The tuning file of modules that take one: a scale or a keyboard map of Scala's.

   A module makes a File of these, with the index of its property, and a take() that
   reads the numbers with tuning_read().
*/

#ifndef TUNING_FILE_H
#define TUNING_FILE_H

#include "plugin.h"

#include "tuning/scala.h"
#include "tuning/tuning.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

static_assert(TUNING_NUMBERS <= MAX_FILE_NUMBERS, "a tuning goes to a host");

#define TUNING_FILE_BESIDE ".kbm" ///< How a map's name ends that lies beside a scale

/// Start with twelve equal semitones
static inline void
tuning_file_start(double* const numbers)
{
  Tuning tuning;
  tuning_set_equal(&tuning);
  tuning_write(&tuning, numbers);
}

static inline bool
tuning_file_read(double* const     numbers,
                 const char* const text,
                 const size_t      size,
                 FileRemark* const remark)
{
  Tuning      tuning;
  ScalaRemark found = {0, NULL};

  const bool ok =
    tuning_read(&tuning, numbers) && scala_read(&tuning, text, size, &found);
  *remark = (FileRemark){found.line, found.reason};
  if (ok) {
    tuning_write(&tuning, numbers);
  }
  return ok;
}

static inline bool
tuning_file_check(const double* const numbers)
{
  Tuning tuning;
  return tuning_read(&tuning, numbers);
}

#endif // TUNING_FILE_H
