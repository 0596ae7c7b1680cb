// SPDX-License-Identifier: ISC
// The reader of tunings: the first byte chooses what there is, the rest is the text

#include "tuning/scala.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

/// Put a scale and a map there, which a text may replace
static void
start_with_map(Tuning* const tuning)
{
  static const char scale[] = "falls\n4\n-1200.0\n9999.\n1/3\n3/2\n";
  static const char map[]   = "3\n0\n127\n0\n1\n8.\n9999\n9999\nx\n0\n";
  ScalaRemark       remark;

  tuning_set_equal(tuning);
  if (!scala_read(tuning, scale, sizeof(scale) - 1U, &remark) ||
      !scala_read(tuning, map, sizeof(map) - 1U, &remark)) {
    abort();
  }
}

/// All that follows from a tuning is finite, and a scale is as scale.h has it
static void
check(const Tuning* const tuning)
{
  Scale scale;
  tuning_scale(tuning, &scale);
  if (scale.n_notes < 1U || scale.n_notes > SCALE_MAX_NOTES ||
      scale.period_oct <= 0.0) {
    abort();
  }
  for (uint32_t n = 0; n < scale.n_notes; ++n) {
    const double least = n > 0U ? scale.note_oct[n - 1U] : -1e-9;
    if (!(scale.note_oct[n] > least && scale.note_oct[n] < scale.period_oct)) {
      abort();
    }
  }
  for (uint32_t k = 0; k < TUNING_KEYS; ++k) {
    double oct = 0.0;
    if (tuning_key_oct(tuning, k, &oct) && !isfinite(oct)) {
      abort();
    }
  }
}

/// A tuning is the same after it was written and read
static void
check_numbers(const Tuning* const tuning)
{
  double numbers[TUNING_NUMBERS];
  double again[TUNING_NUMBERS];
  Tuning other;
  tuning_write(tuning, numbers);
  if (!tuning_read(&other, numbers)) {
    abort();
  }
  tuning_write(&other, again);
  if (memcmp(numbers, again, sizeof(again)) != 0) {
    abort();
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  if (size < 1) {
    return 0;
  }

  Tuning tuning;
  if (data[0] & 1U) {
    start_with_map(&tuning);
  } else {
    tuning_set_equal(&tuning);
  }

  // In memory of its own, so that a byte beyond the text is seen
  char* const text = (char*)malloc(size - 1 + (size == 1));
  memcpy(text, data + 1, size - 1);
  const Tuning before = tuning;
  ScalaRemark  remark = {0, NULL};
  const bool   ok     = scala_read(&tuning, text, size - 1, &remark);
  if (!ok && (remark.line == 0U || !remark.reason ||
              memcmp(&tuning, &before, sizeof(before)) != 0)) {
    abort();
  }
  free(text);
  check(&tuning);
  check_numbers(&tuning);
  return 0;
}
