// SPDX-License-Identifier: ISC
/**
   The processor's mode for floating point while a module runs: denormals are 0, sums
   are rounded to nearest, and nothing traps.

   float_mode_enter() goes to that mode, and float_mode_leave() back to the host's.
*/

#ifndef FLOAT_MODE_H
#define FLOAT_MODE_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__SSE__)
#  include <xmmintrin.h>
#endif

#if defined(__SSE__)

typedef unsigned FloatMode;

static const unsigned ftz_daz_and_no_traps = 0x9fc0U;

/// Return true if nothing but the record of exceptions differs from what modules need
static inline bool
is_float_mode_right(const FloatMode mode)
{
  static const unsigned exceptions_so_far = 0x003fU;

  return (mode & ~exceptions_so_far) == ftz_daz_and_no_traps;
}

/**
   Make denormals zero, and return the mode to go back to.

   Whatever the host's mode is, a module rounds to nearest and never traps.  Most
   hosts are in that mode already, and a change costs as much as a short block.
*/
static inline FloatMode
float_mode_enter(void)
{
  const FloatMode mode = _mm_getcsr();
  if (!is_float_mode_right(mode)) {
    _mm_setcsr(ftz_daz_and_no_traps);
  }
  return mode;
}

static inline void
float_mode_leave(const FloatMode mode)
{
  if (!is_float_mode_right(mode)) {
    _mm_setcsr(mode);
  }
}

#elif defined(__aarch64__)

typedef uint64_t FloatMode;

static const uint64_t flush_and_no_traps = UINT64_C(1) << 24U;

/// Make denormals zero, and return the mode to go back to; see above
static inline FloatMode
float_mode_enter(void)
{
  FloatMode mode = 0;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  if (mode != flush_and_no_traps) {
    __asm__ volatile("msr fpcr, %0" : : "r"(flush_and_no_traps));
  }
  return mode;
}

static inline void
float_mode_leave(const FloatMode mode)
{
  if (mode != flush_and_no_traps) {
    __asm__ volatile("msr fpcr, %0" : : "r"(mode));
  }
}

#else

typedef int FloatMode;

static inline FloatMode
float_mode_enter(void)
{
  return 0;
}

static inline void
float_mode_leave(const FloatMode mode)
{
  (void)mode;
}

#endif

#endif // FLOAT_MODE_H
