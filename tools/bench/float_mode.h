// SPDX-License-Identifier: ISC
/**
   How a host may set the processor before it runs plugins.

   Carla, Ardour and MOD's host make denormals zero, others leave that to plugins.
*/

#ifndef FLOAT_MODE_H
#define FLOAT_MODE_H

#include <stdbool.h>

#if defined(__SSE__)
#  include <xmmintrin.h>
#endif

/// Make denormals zero, or keep them; other processors than x86 always keep them
static inline void
float_mode_set(const bool keeps_denormals)
{
#if defined(__SSE__)
  _mm_setcsr(keeps_denormals ? 0x1f80U : 0x9fc0U);
#else
  (void)keeps_denormals;
#endif
}

#endif // FLOAT_MODE_H
