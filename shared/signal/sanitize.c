// SPDX-License-Identifier: ISC

#include "signal/sanitize.h"

#include <string.h>

#define SMALLEST_NORMAL 0x00800000 ///< Bits of the smallest float that is no denormal

#if defined(__AVX2__)
#  define LANES 8U
#else
#  define LANES 4U
#endif

#define UNROLLED (4U * LANES) ///< Frames in one turn of a long loop

// Signals are looked at by their bits, several frames at once: without its sign, a
// float's bits order as its value does, with NaN on top
typedef int32_t Lanes __attribute__((vector_size(4U * LANES)));
typedef int64_t LongLanes __attribute__((vector_size(4U * LANES)));
#if defined(__AVX2__)
typedef long long LongQuad __attribute__((vector_size(32))); ///< As the builtin has it
#endif

/// Properties to look for in frames, which leave a mark in them
typedef enum {
  LOOK_FOR_CHANGES, ///< Other bits than those of the first frame
  LOOK_FOR_DOUBTS,  ///< What is below some 3e-33, such as 0, and all that is not clean
  LOOK_FOR_DIRT     ///< What is not clean
} Look;

/// The bits of a mark, by the kind of look: 0 in all other frames
static const int32_t mark_bits[] = {[LOOK_FOR_CHANGES] = -1,
                                    [LOOK_FOR_DOUBTS]  = INT32_MIN | 0x40000000,
                                    [LOOK_FOR_DIRT]    = INT32_MIN};

/// Return the bits of a float
static inline int32_t
float_bits(const float value)
{
  int32_t bits = 0;
  memcpy(&bits, &value, sizeof(bits));
  return bits;
}

static inline Lanes
read_lanes(const float* const in)
{
  Lanes bits;
  memcpy(&bits, in, sizeof(bits));
  return bits;
}

/// Return frames with their marks; no comparison, which some compilers make much of
static inline Lanes
marks(const Look look, const Lanes bits, const int32_t first)
{
  const Lanes size  = bits & INT32_MAX;
  const Lanes room  = float_bits(SANITIZE_LIMIT) - size; // Below 0x40000000 if near it
  const Lanes above = size - SMALLEST_NORMAL;

  switch (look) {
  case LOOK_FOR_CHANGES:
    return bits ^ first;
  case LOOK_FOR_DOUBTS:
    return room;
  case LOOK_FOR_DIRT:
  default:
    return room | (above & -size);
  }
}

/// Return true if there is a mark
static inline bool
is_any(const Look look, const Lanes mark)
{
#if defined(__AVX2__)
  const LongLanes bits = (LongLanes)((Lanes){0} + mark_bits[look]);

  return !__builtin_ia32_ptestz256((LongQuad)mark, (LongQuad)bits);
#else
  const LongLanes pair = (LongLanes)(mark & mark_bits[look]);

  return (pair[0] | pair[1]) != 0;
#endif
}

/// Return the marks of fewer frames than there are lanes
static inline Lanes
marks_of_few(const Look look, const float* const in, const uint32_t n_frames)
{
  float few[LANES];
  for (uint32_t i = 0; i < LANES; ++i) {
    few[i] = in[i < n_frames ? i : 0];
  }
  return marks(look, read_lanes(few), float_bits(in[0]));
}

/// Return true if a look that the compiler knows finds something
static inline bool
finds(const Look look, const float* const in, const uint32_t n_frames)
{
  if (n_frames < LANES) {
    return is_any(look, marks_of_few(look, in, n_frames));
  }

  const int32_t first = float_bits(in[0]);
  Lanes         found = {0};
  uint32_t      i     = 0;
  for (; i + UNROLLED <= n_frames; i += UNROLLED) {
    const Lanes a = marks(look, read_lanes(in + i), first);
    const Lanes b = marks(look, read_lanes(in + i + LANES), first);
    const Lanes c = marks(look, read_lanes(in + i + 2U * LANES), first);
    const Lanes d = marks(look, read_lanes(in + i + 3U * LANES), first);
    found |= (a | b) | (c | d);
  }
  for (; i + LANES < n_frames; i += LANES) {
    found |= marks(look, read_lanes(in + i), first);
  }
  found |= marks(look, read_lanes(in + n_frames - LANES), first); // Some of them again
  return is_any(look, found);
}

static bool
is_constant(const float* const in, const uint32_t n_frames)
{
  const bool ends_as_it_began = float_bits(in[n_frames - 1U]) == float_bits(in[0]);

  // Nearly all that move do not
  return ends_as_it_began && !finds(LOOK_FOR_CHANGES, in, n_frames);
}

static bool
is_frame_clean(const float value)
{
  const int32_t size = float_bits(value) & INT32_MAX;

  return size == 0 || (size >= SMALLEST_NORMAL && size <= float_bits(SANITIZE_LIMIT));
}

/// Return true if all is clean, at once where there is nothing small in it
static bool
is_clean(const float* const in, const uint32_t n_frames)
{
  return !finds(LOOK_FOR_DOUBTS, in, n_frames) || !finds(LOOK_FOR_DIRT, in, n_frames);
}

SanitizeCheck
sanitize_check(const float* const in, const uint32_t n_frames)
{
  const bool still = is_constant(in, n_frames);

  return (SanitizeCheck){still ? is_frame_clean(in[0]) : is_clean(in, n_frames), still};
}

static float
clean_frame(const float value)
{
  static const float largest = 3.402823466e38f;

  // By its bits, for a denormal is 0 to all sums here, but not when it is copied
  const int32_t size = float_bits(value) & INT32_MAX;
  if (!(value >= -largest && value <= largest) ||
      (size < SMALLEST_NORMAL && size != 0)) {
    return 0.0f;
  }

  return value < -SANITIZE_LIMIT  ? -SANITIZE_LIMIT
         : value > SANITIZE_LIMIT ? SANITIZE_LIMIT
                                  : value;
}

void
sanitize_clean(const float* const in, float* const out, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = clean_frame(in[i]);
  }
}
