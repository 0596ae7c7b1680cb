// SPDX-License-Identifier: ISC

#include "osc/osc.h"

#include "osc/discontinuity.h"
#include "osc/phase_path.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define PAST OSC_PAST
#define LOOKAHEAD (LAGRANGE_N_FRAMES - 1U - LAGRANGE_END)

#define QUARTER 0x40000000U

#define WORD 8U ///< Frames that are searched for breaks at once

#define BENDS 2U ///< Marks a frame at which the middle of a pulse may bend

static_assert(BLEP_MAX_TAPS / 2U + LOOKAHEAD + LAGRANGE_N_FRAMES <= OSC_PAST + WORD,
              "all that is looked at is remembered");
static_assert(OSC_PAST + BLOCK_FRAMES + BLEP_MAX_TAPS <= OSC_LINE, "room to run");
static_assert(SHAPE_FULL_WIDTH == 1 << 30, "widths are places of paths");
static_assert(BLOCK_FRAMES % WORD == 0, "room for whole words, and for eights");

/// Some frames, and which of the inputs rest in them and in all that is remembered
typedef struct {
  Osc*     osc;
  uint32_t n_frames;
  bool     width_is_constant;
  bool     weight_is_constant;
  bool     sync_is_constant;
  bool     is_hard; ///< Whether a sync starts the cycle again
} Run;

// ---- Lifetime

void
osc_init(Osc* const self, const double sample_rate)
{
  self->n_taps = blep_taps(sample_rate);
  osc_reset(self);
}

void
osc_reset(Osc* const self)
{
  const uint32_t n_taps = self->n_taps;

  memset(self, 0, sizeof(*self));
  self->n_taps = n_taps;
  self->at     = PAST;
}

uint32_t
osc_latency(const Osc* const self)
{
  return self->n_taps / 2U + LOOKAHEAD;
}

// ---- Motion

/// Return the phase that syncs make of a motion
static inline uint32_t
synced(const Osc* const self, const uint32_t motion)
{
  return (motion ^ self->flip) + self->offset;
}

/// Return the 32 upper bits of a phase
static inline uint32_t
upper(const uint64_t phase)
{
  return (uint32_t)(phase >> (OSC_CYCLE_BITS - 32U));
}

/// Return 1 forwards, -1 after an odd number of reverse syncs
static int32_t
direction(const Osc* const self)
{
  return self->flip ? -1 : 1;
}

/// Find the path of the phase to the frame that is LOOKAHEAD before `at`
static void
find_phase(const Osc* const self, const uint32_t at, PhasePath* const path)
{
  const OscLines* const lines = &self->lines;
  phase_path_set_phases(path,
                        lines->motion + at + 1U - LAGRANGE_N_FRAMES,
                        (int64_t)lines->phase[at - 1U],
                        direction(self));
}

/// Find the path of the pulse width, likewise
static void
find_width(const Run* const run, const uint32_t at, PhasePath* const path)
{
  static const int64_t unit = 4;

  const Osc* const self = run->osc;
  if (run->width_is_constant) {
    phase_path_set_straight(path, unit * shape_clip_width(self->rest.width), 0);
  } else {
    phase_path_set_places(path, self->lines.width + at + 1U - LAGRANGE_N_FRAMES);
  }
}

// ---- Breaks

/// Return true if a shape is heard
static bool
has_shape(const Run* const run, const Shape shape)
{
  return !run->weight_is_constant || run->osc->rest.weight[shape] != 0.0f;
}

/// Find where breaks are added that come before a frame
static void
find_frame(const Run* const run, const uint32_t at, DiscontinuityFrame* const frame)
{
  Osc* const      self  = run->osc;
  OscLines* const lines = &self->lines;

  frame->n_taps   = self->n_taps;
  frame->residual = lines->residual + at;
  frame->start    = lines->start + at + self->n_taps / 2U;
  for (uint32_t s = 0; s < N_SHAPES; ++s) {
    frame->weight[s] =
      (double)(run->weight_is_constant ? self->rest.weight[s]
                                       : lines->weight[s][at - LOOKAHEAD]);
  }
}

/// Add what happens at the frame where the path of the pulse width to `at` starts
static void
add_bend(const Run* const                run,
         const uint32_t                  at,
         const DiscontinuityFrame* const frame,
         PhasePath* const                width)
{
  if (!run->width_is_constant && has_shape(run, SHAPE_PULSE)) {
    PhasePath before;
    find_width(run, at - 1U, &before);
    discontinuity_add_bend(frame, &before, width);
  }
}

/// Add the breaks on the way of the phase to a frame, and whether the width bends there
static void
add_breaks(const Run* const run,
           const uint32_t   at,
           PhasePath* const phase,
           const bool       bends)
{
  DiscontinuityFrame frame;
  PhasePath          width;
  find_frame(run, at, &frame);
  if (has_shape(run, SHAPE_PULSE)) {
    find_width(run, at, &width);
  } else {
    phase_path_set_straight(&width, 0, 0);
  }
  if (bends) {
    add_bend(run, at, &frame, &width);
  }
  discontinuity_add(&frame, phase, &width);
}

// ---- Sync

/// Return true if there is a sync event on the way of a curve
static bool
is_sync(const float* const sync)
{
  return sync[LAGRANGE_START] <= 0.0f && sync[LAGRANGE_END] > 0.0f;
}

/// Return the time of the sync event, from 0 to 1
static double
sync_time(const float* const sync)
{
  const double start = (double)sync[LAGRANGE_START];
  const double end   = (double)sync[LAGRANGE_END];
  if (start == 0.0 && sync[LAGRANGE_START - 1U] >= 0.0f && end <= 1.0) {
    return 1.0 - end; // From a sync output
  }

  double y[LAGRANGE_N_FRAMES];
  for (uint32_t f = 0; f < LAGRANGE_N_FRAMES; ++f) {
    y[f] = (double)sync[f];
  }
  Lagrange8 curve;
  lagrange_set_through(&curve, y);
  return lagrange_time(&curve, 0.0, true, start / (start - end), 0.0, 1.0);
}

/// Go on from `phase` in the frame `at`, forwards or backwards
static void
set_phase(Osc* const     self,
          const uint32_t at,
          const uint32_t phase,
          const int32_t  new_direction)
{
  OscLines* const lines = &self->lines;

  self->flip       = new_direction < 0 ? UINT32_MAX : 0;
  self->offset     = phase - (lines->motion[at - LOOKAHEAD] ^ self->flip);
  lines->phase[at] = phase;
}

/// Return the nearest place that the end of a pulse can have
static int64_t
clip_width(const int64_t place)
{
  static const int64_t cycle = (int64_t)1 << 32;

  return place < 0 ? 0 : place > cycle ? cycle : place;
}

/// Run a frame before which there is a sync event
static void
run_sync(const Run* const run, const uint32_t at)
{
  Osc* const    self = run->osc;
  const double  time = sync_time(self->lines.sync + at + 1U - LAGRANGE_N_FRAMES);
  const int32_t turn = run->is_hard ? direction(self) : -1;

  DiscontinuityFrame frame;
  find_frame(run, at, &frame);

  PhasePath phase;
  find_phase(self, at, &phase);
  const int64_t cut    = phase_path_at(&phase, time);
  PhasePath     before = phase_path_until(&phase, time, cut);
  PhasePath after = phase_path_onwards(&phase, time, cut, run->is_hard ? 0 : cut, turn);

  PhasePath width;
  find_width(run, at, &width);
  add_bend(run, at, &frame, &width);
  const int64_t cut_width    = phase_path_at(&width, time);
  PhasePath     width_before = phase_path_until(&width, time, cut_width);
  PhasePath     width_after  = phase_path_since(&width, time, cut_width);

  discontinuity_add(&frame, &before, &width_before);
  discontinuity_add_cut(&frame, &before, &after, clip_width(cut_width));
  if (run->is_hard) {
    discontinuity_add_start(&frame, time);
  }
  discontinuity_add(&frame, &after, &width_after);
  set_phase(self, at, (uint32_t)after.end, turn * direction(self));
}

// ---- Search for breaks

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
    const uint32_t change = (phase[i] - QUARTER) ^ (before[i] - QUARTER);
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
  const uint32_t* const to   = motion - LOOKAHEAD - 1;
  const uint32_t* const from = to - 1;
  for (size_t i = 0; i < (size_t)n + 2U; ++i) {
    move[i] = (int32_t)(to[i] - from[i]);
  }
}

/// Find the moves of the width, in 2^-28 cycles, likewise
static void
find_width_moves(const int32_t* const width, int32_t* const move, const uint32_t n)
{
  const int32_t* const to   = width - LOOKAHEAD - 1;
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
  for (uint32_t m = 0; m < n + PHASE_PATH_N_MOVES; ++m) {
    move[m] = (to[m] >> 3) - (from[m] >> 3);
  }
  for (uint32_t m = 0; m < n + PHASE_PATH_N_MOVES - 2U; ++m) {
    three[m] = phase_path_is_rough(move[m], move[m + 1U], move[m + 2U]);
  }
  for (uint32_t i = 0; i <= n; ++i) {
    is_rough[i] =
      three[i] | three[i + 1U] | three[i + 2U] | three[i + 3U] | three[i + 4U];
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
    has_break[i]     = has_break[i] | (bends ? BENDS : 0U);
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
mark_pulse(const Run* const run,
           const uint32_t   at,
           uint8_t* const   has_break,
           const uint32_t   n)
{
  const OscLines* const lines = &run->osc->lines;
  const int32_t* const  width = lines->width + at;

  int32_t width_move[BLOCK_FRAMES + 2U];
  find_width_moves(width, width_move, n);
  mark_limits(width - LOOKAHEAD, width_move, has_break, n);

  int32_t move[BLOCK_FRAMES + 2U];
  find_moves(lines->motion + at, move, n);
  subtract_width(width_move, direction(run->osc), move, n);
  mark_turns(move, has_break, n);
  mark_steps(lines->phase + at, width - LOOKAHEAD, has_break, n);
  mark_bends(width, width_move, has_break, n);
}

/// Find the phase of `n` frames, and mark those before which there may be breaks
static void
mark_breaks(const Run* const run,
            const uint32_t   at,
            uint8_t* const   has_break,
            const uint32_t   n)
{
  Osc* const            self   = run->osc;
  const uint32_t* const motion = self->lines.motion + at;
  uint32_t* const       phase  = self->lines.phase + at;
  if (find_wraps(self, motion - LOOKAHEAD, phase, has_break, n)) {
    int32_t move[BLOCK_FRAMES + 2U];
    find_moves(motion, move, n);
    mark_turns(move, has_break, n);
  }
  if (has_shape(run, SHAPE_TRIANGLE)) {
    mark_corners(phase, has_break, n);
  }
  if (has_shape(run, SHAPE_PULSE) && run->width_is_constant) {
    mark_still_steps(phase, self->rest.width, has_break, n);
  } else if (has_shape(run, SHAPE_PULSE)) {
    mark_pulse(run, at, has_break, n);
  }
}

/// Return true if any of the frames of a word is marked
static bool
is_any(const uint8_t has_break[WORD])
{
  uint64_t word = 0;
  memcpy(&word, has_break, WORD);
  return word != 0;
}

/// Add the breaks before those frames of a word that are marked
static void
break_word(const Run* const run, const uint32_t at, const uint8_t* const has_break)
{
  for (uint32_t i = 0; i < WORD; ++i) {
    if (has_break[i]) {
      PhasePath phase;
      find_phase(run->osc, at + i, &phase);
      add_breaks(run, at + i, &phase, has_break[i] & BENDS);
    }
  }
}

// ---- Frames in which something moves

/// Run `n` frames before which there are no sync events
static void
run_free(const Run* const run, const uint32_t at, const uint32_t n)
{
  uint8_t has_break[BLOCK_FRAMES + WORD];
  mark_breaks(run, at, has_break, n);
  memset(has_break + n, 0, WORD);
  for (uint32_t i = 0; i < n; i += WORD) {
    if (is_any(has_break + i)) {
      break_word(run, at + i, has_break + i);
    }
  }
}

/// Return the next frame that has a sync event before it
static uint32_t
next_sync(const Run* const run, uint32_t at, const uint32_t end)
{
  const float* const sync = run->osc->lines.sync + 1U - LAGRANGE_N_FRAMES;
  while (at < end && (run->sync_is_constant || !is_sync(sync + at))) {
    at = run->sync_is_constant ? end : at + 1U;
  }

  return at;
}

static void
run_moving(const Run* const run)
{
  const uint32_t end = run->osc->at + run->n_frames;
  for (uint32_t at = run->osc->at; at < end; ++at) {
    const uint32_t sync = next_sync(run, at, end);
    run_free(run, at, sync - at);
    if (sync < end) {
      run_sync(run, sync);
    }
    at = sync;
  }
}

// ---- Frames in which all inputs rest

typedef uint64_t Pair __attribute__((vector_size(16)));
typedef uint32_t Four __attribute__((vector_size(16)));
typedef uint32_t Eight __attribute__((vector_size(32)));

/// Return the upper halves of two pairs in a row
static inline Four
upper_halves(const Pair first, const Pair second)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  return __builtin_shufflevector((Four)first, (Four)second, 1, 3, 5, 7);
#else
  return __builtin_shufflevector((Four)first, (Four)second, 0, 2, 4, 6);
#endif
}

/// The phase of frames that are LOOKAHEAD before others, in 2^-64 cycles
typedef struct {
  uint64_t now; ///< In the frame before the next
  uint64_t step;
} Steady;

static Steady
find_steady(const Osc* const self)
{
  static const unsigned shift = 64U - OSC_CYCLE_BITS;

  const uint64_t step   = self->rest.step << shift;
  const uint64_t motion = (self->motion << shift) - LOOKAHEAD * step;
  const uint64_t offset = (uint64_t)self->offset << 32U;
  const bool     back   = self->flip;
  const Steady   steady = {(back ? ~motion : motion) + offset, back ? -step : step};
  return steady;
}

/// Return in how many frames a phase crosses one of the lines 2^`spacing` apart
static uint64_t
frames_to_line(const uint64_t from_line, const uint64_t step, const unsigned spacing)
{
  const uint64_t gap   = UINT64_MAX >> (64U - spacing);
  const uint64_t above = from_line & gap;
  const bool     rises = (int64_t)step > 0;

  return step == 0 ? UINT64_MAX : (rises ? (gap - above) / step : above / -step) + 1U;
}

static uint64_t
earlier(const uint64_t a, const uint64_t b)
{
  return a < b ? a : b;
}

/// Return in how many frames there is a break
static uint64_t
frames_to_break(const Run* const run, const uint64_t phase, const uint64_t step)
{
  const uint64_t quarter = (uint64_t)QUARTER << 32U;
  const uint64_t width   = (uint64_t)shape_clip_width(run->osc->rest.width) << 34U;

  uint64_t first = frames_to_line(phase, step, 64U);
  if (has_shape(run, SHAPE_PULSE)) {
    first = earlier(first, frames_to_line(phase - width, step, 64U));
  }
  if (has_shape(run, SHAPE_TRIANGLE)) {
    first = earlier(first, frames_to_line(phase - quarter, step, 63U));
  }
  return first;
}

/**
   Write the phases of shapes, which are later than breaks by half of their length.

   Four pairs of phases move at once: compilers do not pack their upper halves so well
   by themselves.  A last part of eight frames is written in full.
*/
static void
write_phases(const Osc* const    self,
             const Steady* const steady,
             uint32_t* const     phase,
             const uint32_t      n)
{
  const uint64_t step   = steady->step;
  const uint64_t now    = steady->now - step * (self->n_taps / 2U);
  const Pair     two    = {2U * step, 2U * step};
  const Pair     eight  = {8U * step, 8U * step};
  Pair           first  = {now + step, now + 2U * step};
  Pair           second = first + two;
  Pair           third  = second + two;
  Pair           fourth = third + two;
  for (uint32_t i = 0; i < n; i += 8U) {
    const Four  before = upper_halves(first, second);
    const Four  after  = upper_halves(third, fourth);
    const Eight all    = __builtin_shufflevector(before, after, 0, 1, 2, 3, 4, 5, 6, 7);
    memcpy(phase + i, &all, sizeof(all));
    first += eight;
    second += eight;
    third += eight;
    fourth += eight;
  }
}

/// Add the breaks before a frame in which the phase has come to `now`
static void
add_steady_breaks(const Run* const run,
                  const uint32_t   at,
                  const uint64_t   now,
                  const uint64_t   step)
{
  const uint32_t end   = (uint32_t)(now >> 32U);
  const uint32_t start = (uint32_t)((now - step) >> 32U);
  PhasePath      phase;
  phase_path_set_straight(&phase, (int64_t)start, (int32_t)(end - start));
  add_breaks(run, at, &phase, false);
}

static void
run_steady(const Run* const run, const Steady* const steady)
{
  Osc* const     self = run->osc;
  const uint64_t step = steady->step;

  uint64_t i = self->to_break;
  while (i < run->n_frames) {
    const uint64_t now = steady->now + (i + 1U) * step;
    add_steady_breaks(run, self->at + (uint32_t)i, now, step);
    i += frames_to_break(run, now, step);
  }
  self->to_break = i - run->n_frames;
}

// ---- Inputs

/// Find the motion of a phase that has rested, and what came of it
static void
lay_out_rest(Osc* const self)
{
  OscLines* const lines = &self->lines;

  uint64_t motion = self->motion;
  for (uint32_t i = 1; i <= PAST; ++i) {
    const uint64_t late         = motion - LOOKAHEAD * self->rest.step;
    lines->motion[self->at - i] = upper(motion);
    lines->phase[self->at - i]  = synced(self, upper(late));
    motion -= self->rest.step;
  }
}

/// Move the phase without syncs
static void
move(Osc* const self, const uint64_t* const step, const uint32_t n)
{
  uint32_t* const motion = self->lines.motion + self->at;
  uint64_t        sum    = self->motion;
  for (uint32_t i = 0; step && i < n; ++i) {
    sum += step[i];
    motion[i] = upper(sum);
  }
  for (uint32_t i = 0; !step && i < n; ++i) {
    sum += self->rest.step;
    motion[i] = upper(sum);
  }
  self->motion = sum;
}

static void
fill(float* const line, const float value, const uint32_t n)
{
  for (uint32_t i = 0; i < n; ++i) {
    line[i] = value;
  }
}

/// Lay out an input, or `rest` if that is NULL
static void
lay_out(float* const line, const float* const in, const float rest, const uint32_t n)
{
  if (in) {
    memcpy(line, in, n * sizeof(float));
  } else {
    fill(line, rest, n);
  }
}

static void
lay_out_width(Osc* const self, const int32_t* const in, const uint32_t n)
{
  int32_t* const line = self->lines.width + self->at;
  for (uint32_t i = 1; i <= PAST && self->rest.width_frames == PAST; ++i) {
    *(line - i) = self->rest.width;
  }
  for (uint32_t i = 0; i < n; ++i) {
    line[i] = in ? in[i] : self->rest.width;
  }
}

static void
lay_out_weights(Osc* const self, const float* const* const in, const uint32_t n)
{
  for (uint32_t s = 0; s < N_SHAPES; ++s) {
    const float  rest = self->rest.weight[s];
    float* const line = self->lines.weight[s] + self->at;
    if (self->rest.weight_frames == PAST) {
      fill(line - PAST, rest, PAST);
    }
    lay_out(line, in ? in[s] : NULL, in ? 0.0f : rest, n);
  }
}

static void
lay_out_sync(Osc* const self, const float* const in, const uint32_t n)
{
  float* const line = self->lines.sync + self->at;
  if (self->rest.sync_frames == PAST) {
    fill(line - PAST, 0.0f, PAST);
  }
  lay_out(line, in, 0.0f, n);
}

/// Lay out what does not rest
static void
lay_out_inputs(const Run* const run, const OscInputs* const in)
{
  Osc* const self = run->osc;
  if (self->is_steady) {
    lay_out_rest(self);
  }
  move(self, in->step, run->n_frames);
  if (!run->width_is_constant) {
    lay_out_width(self, in->width, run->n_frames);
  }
  if (!run->weight_is_constant) {
    lay_out_weights(self, in->weight, run->n_frames);
  }
  if (!run->sync_is_constant) {
    lay_out_sync(self, in->sync, run->n_frames);
  }
}

/// Return for how many frames an input has rested after `n` more
static uint32_t
rest_frames(const uint32_t before, const bool rests, const uint32_t n)
{
  const uint32_t after = before + n < PAST ? before + n : PAST;

  return rests ? after : 0;
}

/// Take note of the inputs in the last frame
static void
remember(OscRest* const self, const OscInputs* const in, const uint32_t n)
{
  self->step          = in->step ? in->step[n - 1U] : self->step;
  self->width         = in->width ? in->width[n - 1U] : self->width;
  self->step_frames   = rest_frames(self->step_frames, !in->step, n);
  self->width_frames  = rest_frames(self->width_frames, !in->width, n);
  self->weight_frames = rest_frames(self->weight_frames, !in->weight, n);
  self->sync_frames   = rest_frames(self->sync_frames, !in->sync, n);
  for (uint32_t s = 0; in->weight && s < N_SHAPES; ++s) {
    self->weight[s] = in->weight[s] ? in->weight[s][n - 1U] : 0.0f;
  }
}

// ---- Lines

static void
keep_past(void* const line, const uint32_t at)
{
  uint32_t* const frames = line;
  memmove(frames, frames + at - PAST, PAST * sizeof(uint32_t));
}

static void
keep_future(float* const line, const uint32_t at)
{
  memmove(line + PAST, line + at, BLEP_MAX_TAPS * sizeof(float));
  memset(line + PAST + BLEP_MAX_TAPS, 0, (at - PAST) * sizeof(float));
}

/// Make room for frames, if need be
static void
make_room(Osc* const self, const uint32_t n_frames)
{
  OscLines* const lines = &self->lines;
  if (self->at + n_frames + BLEP_MAX_TAPS <= OSC_LINE) {
    return;
  }

  keep_past(lines->motion, self->at);
  keep_past(lines->phase, self->at);
  keep_past(lines->width, self->at);
  keep_past(lines->sync, self->at);
  for (uint32_t s = 0; s < N_SHAPES; ++s) {
    keep_past(lines->weight[s], self->at);
  }
  keep_future(lines->residual, self->at);
  keep_future(lines->start, self->at);
  self->at = PAST;
}

// ---- Output

/// Write the sum of shapes and of what their breaks add
static void
write_shapes(const Run* const run, const uint32_t* const phase, float* const out)
{
  const Osc* const      self  = run->osc;
  const OscLines* const lines = &self->lines;
  const uint32_t        at    = self->at - LOOKAHEAD - self->n_taps / 2U;
  const float*          base  = lines->residual + self->at;

  ShapeInputs in = {.phase = phase,
                    .width =
                      run->width_is_constant ? &self->rest.width : lines->width + at,
                    .width_is_constant  = run->width_is_constant,
                    .weight_is_constant = run->weight_is_constant};
  for (uint32_t s = 0; s < N_SHAPES; ++s) {
    if (has_shape(run, (Shape)s)) {
      in.weight =
        run->weight_is_constant ? &self->rest.weight[s] : lines->weight[s] + at;
      shape_add((Shape)s, &in, base, out, run->n_frames);
      base = out;
    }
  }

  if (base != out) {
    memcpy(out, base, run->n_frames * sizeof(float));
  }
}

static void
play_moving(const Run* const run, const OscInputs* const in, float* const out)
{
  Osc* const self = run->osc;

  lay_out_inputs(run, in);
  self->is_steady = false;
  run_moving(run);
  write_shapes(run, self->lines.phase + self->at - self->n_taps / 2U, out);
}

static void
play_steady(const Run* const run, float* const out)
{
  Osc* const   self   = run->osc;
  const Steady steady = find_steady(self);

  if (!self->is_steady) {
    self->is_steady = true;
    self->to_break  = frames_to_break(run, steady.now, steady.step) - 1U;
  }
  run_steady(run, &steady);
  self->motion += run->n_frames * self->rest.step;

  uint32_t phase[BLOCK_FRAMES];
  write_phases(self, &steady, phase, run->n_frames);
  write_shapes(run, phase, out);
}

/// Take the inputs of the first frame for what they have always been, and play the
/// breaks that are still to be heard
static void
begin(Osc* const self, const OscInputs* const in)
{
  OscRest* const rest = &self->rest;

  remember(rest, in, 1);
  rest->step_frames   = PAST;
  rest->width_frames  = PAST;
  rest->weight_frames = PAST;
  rest->sync_frames   = PAST;

  float     unheard[BLEP_MAX_TAPS];
  const Run run = {self, BLEP_MAX_TAPS, true, true, true, true};
  self->motion  = 0U - BLEP_MAX_TAPS * rest->step;
  play_steady(&run, unheard);
  self->at += BLEP_MAX_TAPS;
  self->has_begun = true;
}

void
osc_process(Osc* const             self,
            const OscInputs* const in,
            float* const           out,
            float* const           sync_out,
            const uint32_t         n_frames)
{
  if (!self->has_begun) {
    begin(self, in);
  }

  const OscRest* const rest = &self->rest;

  const bool step_is_constant = !in->step && rest->step_frames == PAST;
  const Run  run              = {.osc                = self,
                                 .n_frames           = n_frames,
                                 .width_is_constant  = !in->width && rest->width_frames == PAST,
                                 .weight_is_constant = !in->weight && rest->weight_frames == PAST,
                                 .sync_is_constant   = !in->sync && rest->sync_frames == PAST,
                                 .is_hard            = in->sync_mode == OSC_SYNC_HARD};

  make_room(self, n_frames);
  if (step_is_constant && run.width_is_constant && run.weight_is_constant &&
      run.sync_is_constant) {
    play_steady(&run, out);
  } else {
    play_moving(&run, in, out);
  }
  remember(&self->rest, in, n_frames);

  memcpy(sync_out, self->lines.start + self->at, n_frames * sizeof(float));
  self->at += n_frames;
}
