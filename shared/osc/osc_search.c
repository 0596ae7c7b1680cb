// SPDX-License-Identifier: ISC

#include "osc/osc_search.h"

#include "math/lagrange.h"
#include "osc/phase_path.h"

#include <stdbool.h>
#include <stddef.h>

/**
   Write the phase of frames, and mark those before which it wraps.

   Returns true if it turns back near any of them.
*/
static bool
find_wraps(const Osc* const      self,
           const uint32_t* const motion,
           uint32_t* const       phase,
           uint8_t* const        has_break,
           const uint32_t        n)
{
  const uint32_t* const before = motion - 1;
  const uint32_t        first  = before[0] - before[-1];
  const uint32_t        flip   = self->flip;
  const uint32_t        offset = self->offset;

  uint32_t turns = (motion[n] - before[n]) ^ first;
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t from = (before[i] ^ flip) + offset;
    const uint32_t to   = (motion[i] ^ flip) + offset;
    phase[i]            = to;
    has_break[i]        = (to < from) != ((int32_t)(to - from) < 0);
    turns |= (motion[i] - before[i]) ^ first;
  }
  return turns >> 31U;
}

/// Mark the frames before which a triangle turns
static void
mark_corners(const uint32_t* const phase, uint8_t* const has_break, const uint32_t n)
{
  const uint32_t* const before = phase - 1;
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t change = (phase[i] - OSC_QUARTER) ^ (before[i] - OSC_QUARTER);
    has_break[i]          = has_break[i] | ((int32_t)change < 0);
  }
}

/// Mark the frames before which a pulse steps
static void
mark_steps(const uint32_t* const phase,
           const int32_t* const  width,
           uint8_t* const        has_break,
           const uint32_t        n)
{
  const uint32_t* const phase_before = phase - 1;
  const int32_t* const  width_before = width - 1;
  for (uint32_t i = 0; i < n; ++i) {
    has_break[i] = has_break[i] | (shape_is_high(phase[i], width[i]) !=
                                   shape_is_high(phase_before[i], width_before[i]));
  }
}

/// Mark the frames before which a pulse of a width that rests steps
static void
mark_still_steps(const uint32_t* const phase,
                 const int32_t         width,
                 uint8_t* const        has_break,
                 const uint32_t        n)
{
  const uint32_t* const before = phase - 1;
  for (uint32_t i = 0; i < n; ++i) {
    has_break[i] = has_break[i] |
                   (shape_is_high(phase[i], width) != shape_is_high(before[i], width));
  }
}

/// Find the moves from two frames before the first to the one after the last
static void
find_moves(const uint32_t* const motion, int32_t* const move, const uint32_t n)
{
  const uint32_t* const to   = motion - OSC_LOOKAHEAD - 1;
  const uint32_t* const from = to - 1;
  for (size_t i = 0; i < (size_t)n + 2U; ++i) {
    move[i] = (int32_t)(to[i] - from[i]);
  }
}

/// Find the moves of the width, in 2^-28 cycles, likewise
static void
find_width_moves(const int32_t* const width, int32_t* const move, const uint32_t n)
{
  const int32_t* const to   = width - OSC_LOOKAHEAD - 1;
  const int32_t* const from = to - 1;
  for (size_t i = 0; i < (size_t)n + 2U; ++i) {
    move[i] = (to[i] >> 2) - (from[i] >> 2);
  }
}

/// Let moves of the phase be seen from the end of a pulse
static void
subtract_width(const int32_t* const width_move,
               const int32_t        direction,
               int32_t* const       move,
               const uint32_t       n)
{
  for (size_t i = 0; i < (size_t)n + 2U; ++i) {
    move[i] = ((direction * move[i]) >> 4) - width_move[i];
  }
}

/// Mark the frames before which a path may cross a line and turn back
static void
mark_turns(const int32_t* const move, uint8_t* const has_break, const uint32_t n)
{
  for (uint32_t i = 0; i < n; ++i) {
    const int32_t turns = (move[i] ^ move[i + 1U]) | (move[i + 1U] ^ move[i + 2U]);
    has_break[i]        = has_break[i] | (turns < 0);
  }
}

/// Find the frames on the way to which a width is rough, from the one before the first
static void
find_rough(const int32_t* const width, uint8_t* const is_rough, const uint32_t n)
{
  // All moves around, and where three of them are rough
  const int32_t* const from = width - LAGRANGE_N_FRAMES;
  const int32_t* const to   = from + 1;
  int32_t              move[BLOCK_FRAMES + LAGRANGE_N_FRAMES];
  uint8_t              three[BLOCK_FRAMES + LAGRANGE_N_FRAMES];
  // Signed, as they do not wrap: some compilers take `three` for unset otherwise
  const int n_moves = (int)n + (int)PHASE_PATH_N_MOVES;
  for (int m = 0; m < n_moves; ++m) {
    move[m] = (to[m] >> 3) - (from[m] >> 3);
  }
  for (int m = 0; m < n_moves - 2; ++m) {
    three[m] = phase_path_is_rough(move[m], move[m + 1], move[m + 2]);
  }
  for (int i = 0; i < n_moves - 6; ++i) {
    is_rough[i] = three[i] | three[i + 1] | three[i + 2] | three[i + 3] | three[i + 4];
  }
}

/// Mark the frames before which the middle of a pulse may bend
static void
mark_bends(const int32_t* const width,
           const int32_t* const move,
           uint8_t* const       has_break,
           const uint32_t       n)
{
  uint8_t is_rough[BLOCK_FRAMES + 1U];
  find_rough(width, is_rough, n);
  for (uint32_t i = 0; i < n; ++i) {
    const bool bends = (move[i] != move[i + 1U]) & (is_rough[i] | is_rough[i + 1U]);
    has_break[i]     = has_break[i] | (bends ? OSC_BENDS : 0U);
  }
}

/// Mark the frames before which a width may come to none or all of a cycle, or back:
/// also by a turn near there
static void
mark_limits(const int32_t* const width,
            const int32_t* const move,
            uint8_t* const       has_break,
            const uint32_t       n)
{
  static const int32_t eighth = SHAPE_FULL_WIDTH / 8;

  const int32_t* const before = width - 1;
  for (uint32_t i = 0; i < n; ++i) {
    const int32_t turns = (move[i] ^ move[i + 1U]) | (move[i + 1U] ^ move[i + 2U]);
    const bool    outer = (width[i] < eighth) | (width[i] > 7 * eighth);
    const bool    comes = (width[i] ^ before[i]) >> 30 != 0;
    has_break[i]        = has_break[i] | (comes | (outer & (turns < 0)));
  }
}

/// Mark the frames before which a pulse of a width that moves may step or bend
static void
mark_pulse(const OscRun* const run,
           const uint32_t      at,
           uint8_t* const      has_break,
           const uint32_t      n)
{
  const OscLines* const lines = &run->osc->lines;
  const int32_t* const  width = lines->width + at;

  int32_t width_move[BLOCK_FRAMES + 2U];
  find_width_moves(width, width_move, n);
  mark_limits(width - OSC_LOOKAHEAD, width_move, has_break, n);

  int32_t move[BLOCK_FRAMES + 2U];
  find_moves(lines->motion + at, move, n);
  subtract_width(width_move, osc_direction(run->osc), move, n);
  mark_turns(move, has_break, n);
  mark_steps(lines->phase + at, width - OSC_LOOKAHEAD, has_break, n);
  mark_bends(width, width_move, has_break, n);
}

void
osc_mark_breaks(const OscRun* const run,
                const uint32_t      at,
                uint8_t* const      has_break,
                const uint32_t      n)
{
  Osc* const            self   = run->osc;
  const uint32_t* const motion = self->lines.motion + at;
  uint32_t* const       phase  = self->lines.phase + at;
  if (find_wraps(self, motion - OSC_LOOKAHEAD, phase, has_break, n)) {
    int32_t move[BLOCK_FRAMES + 2U];
    find_moves(motion, move, n);
    mark_turns(move, has_break, n);
  }
  if (osc_has_shape(run, SHAPE_TRIANGLE)) {
    mark_corners(phase, has_break, n);
  }
  if (osc_has_shape(run, SHAPE_PULSE) && run->width_is_constant) {
    mark_still_steps(phase, self->rest.width, has_break, n);
  } else if (osc_has_shape(run, SHAPE_PULSE)) {
    mark_pulse(run, at, has_break, n);
  }
}
