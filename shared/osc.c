// SPDX-License-Identifier: ISC

#include "osc.h"

#include "path.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define MEMORY OSC_MEMORY
#define MAX_DELAY OSC_MAX_DELAY
#define LOOKAHEAD (CURVE_N_FRAMES - 1U - CURVE_END)

#define QUARTER 0x40000000U

#define SPAN 8U ///< Frames that are summed or searched at once

/// The age of a start just now, because 0 would be none
#define SMALLEST_AGE 0x1p-24

static_assert(OSC_MEMORY == CURVE_N_FRAMES - 1, "a curve for the first frame");
static_assert(2U * OSC_MAX_DELAY == BLEP_MAX_TAPS, "shapes wait for their residuals");
static_assert(OSC_MAX_FRAMES % SPAN == 0, "room for whole spans");
static_assert(SHAPE_N_ORDERS == BLEP_MAX_ORDER + 1, "a residual for each derivative");

/**
   A block of frames, after what is remembered of those before.

   Its frames are LOOKAHEAD frames old: of inputs, frame `i` is at `i + CURVE_END`, and
   those of the curve that leads to it begin at `i`.

   What rests, together with what is remembered of it, is only laid out if it is needed.
*/
typedef struct {
  const OscInputs* in;
  uint32_t         n_frames;
  uint32_t         n_taps;
  bool             step_rests;
  bool             width_rests;
  bool             is_steady; ///< Whether nothing that moves breaks does so
  bool             has_sync;

  int32_t step[MEMORY + OSC_MAX_FRAMES];
  int32_t width[MEMORY + OSC_MAX_FRAMES];
  float   sync[MEMORY + OSC_MAX_FRAMES];

  uint32_t phase[1 + OSC_MAX_FRAMES]; ///< Frame `i` is at `i + 1`
  float    naive[MAX_DELAY + OSC_MAX_FRAMES];
  float    starts[MAX_DELAY + OSC_MAX_FRAMES];
  float    residual[BLEP_MAX_TAPS + OSC_MAX_FRAMES];
} Block;

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
  self->n_taps    = n_taps;
  self->direction = 1;
}

uint32_t
osc_latency(const Osc* const self)
{
  return self->n_taps / 2U + LOOKAHEAD;
}

// ---- Motion

/// Find the path of the phase from frame `i - 1` to `i`, if nothing cuts it
static void
find_phase(const Block* const block,
           const uint32_t     i,
           const int32_t      direction,
           Path* const        path)
{
  const int32_t* const step  = block->step + i;
  int64_t* const       frame = path->frame;

  int32_t changes = 0;
  for (uint32_t f = 1; f < CURVE_N_FRAMES && !block->step_rests; ++f) {
    changes |= step[f] ^ step[CURVE_END];
  }

  const int32_t now  = block->step_rests ? block->in->step[0] : step[CURVE_END];
  path->is_straight  = !changes;
  frame[CURVE_START] = block->phase[i];
  frame[CURVE_END]   = frame[CURVE_START] + (int64_t)direction * now;
  if (changes) {
    for (uint32_t f = CURVE_START; f > 0; --f) {
      frame[f - 1] = frame[f] - (int64_t)direction * step[f];
    }
    for (uint32_t f = CURVE_END + 1; f < CURVE_N_FRAMES; ++f) {
      frame[f] = frame[f - 1] + (int64_t)direction * step[f];
    }
  }
  path_set_whole(path);
}

/// Find the path of the pulse width, likewise
static void
find_width(const Block* const block, const uint32_t i, Path* const path)
{
  const int32_t* const width = block->width + i;

  int32_t changes = 0;
  for (uint32_t f = 0; f < CURVE_N_FRAMES; ++f) {
    changes |= width[f] ^ width[CURVE_END];
    path->frame[f] = (int64_t)width[f] * 4;
  }
  path->is_straight = !changes;
  path_set_whole(path);
}

/// Find the path that begins where `path` is cut, and goes on as it does or backwards
static void
find_rest(const Path* const path,
          const double      time,
          const int64_t     cut,
          const int64_t     start,
          const int32_t     direction,
          Path* const       rest)
{
  rest->is_straight = path->is_straight;
  for (uint32_t f = 0; f < CURVE_N_FRAMES; ++f) {
    rest->frame[f] = start + direction * (path_frame(path, f) - cut);
  }
  path_set_whole(rest);
  rest->start      = start;
  rest->start_time = time;
}

// ---- Breaks

/// Return the amplitude of a shape in frame `i`
static double
weight_at(const Block* const block, const Shape shape, const uint32_t i)
{
  const float* const weight = block->in->weight[shape];

  return weight ? (double)weight[i] : 0.0;
}

static void
add_break(Block* const   block,
          const uint32_t i,
          const uint32_t order,
          const double   amount,
          const double   time)
{
  if (amount != 0.0) {
    blep_add(block->n_taps, order, amount, 1.0 - time, block->residual + i);
  }
}

/// Say that a cycle has started
static void
add_start(Block* const block, const uint32_t i, const double time)
{
  const double age = 1.0 - time;

  block->starts[MAX_DELAY + i] = (float)(age < SMALLEST_AGE ? SMALLEST_AGE : age);
}

/// Add what happens at phase 0: a saw falls, a pulse rises
static void
add_wraps(Block* const block, const uint32_t i, const Path* const phase)
{
  Crossing       at[PATH_MAX_CROSSINGS];
  Curve          curve;
  const uint32_t n = path_crossings(phase, 0, 32U, at, &curve);
  const double   step =
    2.0 * (weight_at(block, SHAPE_PULSE, i) - weight_at(block, SHAPE_SAW, i));
  for (uint32_t c = 0; c < n; ++c) {
    add_break(block, i, 0, at[c].direction * step, at[c].time);
    add_start(block, i, at[c].time);
  }
}

/// Add what happens at the pulse width: a pulse falls
static void
add_falls(Block* const      block,
          const uint32_t    i,
          const Path* const phase,
          const Path* const width)
{
  Crossing at[PATH_MAX_CROSSINGS];
  Curve    curve;
  Path     from_width;
  path_set_difference(&from_width, phase, width);
  const uint32_t n    = path_crossings(&from_width, 0, 32U, at, &curve);
  const double   step = -2.0 * weight_at(block, SHAPE_PULSE, i);
  for (uint32_t c = 0; c < n; ++c) {
    add_break(block, i, 0, at[c].direction * step, at[c].time);
  }
}

/// Add what happens at phases 1/4 and 3/4: a triangle turns
static void
add_corners(Block* const block, const uint32_t i, const Path* const phase)
{
  Crossing       at[PATH_MAX_CROSSINGS];
  Curve          curve;
  const uint32_t n      = path_crossings(phase, QUARTER, 31U, at, &curve);
  const double   corner = 8.0 * weight_at(block, SHAPE_TRIANGLE, i);
  for (uint32_t c = 0; c < n; ++c) {
    const bool   is_top = (uint32_t)at[c].line == QUARTER;
    const double change = at[c].direction * (is_top ? -corner : corner);
    const double time   = at[c].time;
    add_break(block, i, 1, change * curve_slope(&curve, time), time);
    add_break(block, i, 2, change * curve_bend(&curve, time), time);
    add_break(block, i, 3, change * curve_twist(&curve, time), time);
  }
}

/// Add the breaks on a way of the phase
static void
add_breaks(Block* const      block,
           const uint32_t    i,
           const Path* const phase,
           const Path* const width)
{
  add_wraps(block, i, phase);
  if (block->in->weight[SHAPE_PULSE]) {
    add_falls(block, i, phase, width);
  }
  if (block->in->weight[SHAPE_TRIANGLE]) {
    add_corners(block, i, phase);
  }
}

// ---- Sync

/// Return the derivatives by time of a shape on a curve (Faa di Bruno's formula)
static Jet
curve_jet(const Jet* const shape, const Curve* const curve, const double time)
{
  const double* const s = shape->order;
  const double        a = curve_slope(curve, time);
  const double        b = curve_bend(curve, time);
  const double        c = curve_twist(curve, time);

  // Faster bends of the phase count for nothing at the orders above
  const Jet jet = {{s[0],
                    s[1] * a,
                    s[2] * a * a + s[1] * b,
                    s[3] * a * a * a + 3.0 * s[2] * a * b + s[1] * c,
                    s[4] * a * a * a * a + 6.0 * s[3] * a * a * b,
                    s[5] * a * a * a * a * a}};
  return jet;
}

/// Return the derivatives of a shape where a path starts or ends
static Jet
place_jet(const Shape       shape,
          const Path* const path,
          const int64_t     place,
          const int64_t     width,
          const double      time)
{
  const bool  high  = (place >> 32) > ((place - width) >> 32);
  const Jet   still = shape_jet(shape, (double)place / PATH_CYCLE, high);
  const Curve curve = path_curve(path);
  return curve_jet(&still, &curve, time);
}

/// Add the break of all shapes where a path is left for another
static void
add_cut(Block* const      block,
        const uint32_t    i,
        const Path* const before,
        const Path* const after,
        const int64_t     width)
{
  const double time = after->start_time;

  double jump[SHAPE_N_ORDERS] = {0.0};
  for (uint32_t s = 0; s < N_SHAPES; ++s) {
    const double weight = weight_at(block, (Shape)s, i);
    if (weight != 0.0) {
      const Jet from = place_jet((Shape)s, before, before->end, width, time);
      const Jet to   = place_jet((Shape)s, after, after->start, width, time);
      for (uint32_t n = 0; n < SHAPE_N_ORDERS; ++n) {
        jump[n] += weight * (to.order[n] - from.order[n]);
      }
    }
  }
  for (uint32_t n = 0; n < SHAPE_N_ORDERS; ++n) {
    add_break(block, i, n, jump[n], time);
  }
}

/// Return true if there is a sync event on the way of a curve
static bool
is_sync(const float* const sync)
{
  return sync[CURVE_START] <= 0.0f && sync[CURVE_END] > 0.0f;
}

/// Return the time of the sync event, from 0 to 1
static double
sync_time(const float* const sync)
{
  const double start = (double)sync[CURVE_START];
  const double end   = (double)sync[CURVE_END];
  if (start == 0.0 && sync[CURVE_START - 1U] >= 0.0f && end <= 1.0) {
    return 1.0 - end; // From a sync output
  }

  double y[CURVE_N_FRAMES];
  for (uint32_t f = 0; f < CURVE_N_FRAMES; ++f) {
    y[f] = (double)sync[f];
  }
  const Curve curve = curve_through(y);
  return curve_time(&curve, 0.0, true, start / (start - end), 0.0, 1.0);
}

/// Run frame `i`, before which there is a sync event
static void
run_sync(Osc* const self, Block* const block, const uint32_t i)
{
  const bool    is_hard   = block->in->sync_mode == OSC_SYNC_HARD;
  const int32_t direction = is_hard ? 1 : -self->direction;
  const double  time      = sync_time(block->sync + i);

  Path phase;
  Path after;
  find_phase(block, i, self->direction, &phase);
  const int64_t cut    = path_at(&phase, time);
  const Path    before = path_until(&phase, time, cut);
  find_rest(&phase, time, cut, is_hard ? 0 : cut, direction * self->direction, &after);

  Path width;
  find_width(block, i, &width);
  const int64_t cut_width    = path_at(&width, time);
  const Path    width_before = path_until(&width, time, cut_width);
  const Path    width_after  = path_since(&width, time, cut_width);

  add_breaks(block, i, &before, &width_before);
  add_cut(block, i, &before, &after, cut_width);
  if (is_hard) {
    add_start(block, i, time);
  }
  add_breaks(block, i, &after, &width_after);

  self->direction     = direction;
  block->phase[i + 1] = (uint32_t)after.end;
}

// ---- Frames

/// Return `step` times `direction`, which is 1 or -1, without a product
static inline int32_t
directed(const int32_t step, const int32_t direction)
{
  const uint32_t inverse = (uint32_t)(direction >> 31);

  return (int32_t)(((uint32_t)step ^ inverse) - inverse);
}

/**
   Move the phase through `n` frames.

   Sums of two, four and eight moves, none of which waits for the one before it, lead to
   the phase from that of eight frames ago.
*/
static void
move_phase(uint32_t* const      phase,
           const int32_t* const step,
           const int32_t        direction,
           const uint32_t       n)
{
  uint32_t one[SPAN + OSC_MAX_FRAMES];
  uint32_t two[SPAN + OSC_MAX_FRAMES];
  uint32_t four[SPAN + OSC_MAX_FRAMES];
  memset(one, 0, SPAN * sizeof(uint32_t));
  memset(two, 0, SPAN * sizeof(uint32_t));
  memset(four, 0, SPAN * sizeof(uint32_t));
  for (uint32_t i = 0; i < n; ++i) {
    one[SPAN + i] = (uint32_t)directed(step[i], direction);
  }
  for (uint32_t i = SPAN; i < SPAN + n; ++i) {
    two[i] = one[i] + one[i - 1];
  }
  for (uint32_t i = SPAN; i < SPAN + n; ++i) {
    four[i] = two[i] + two[i - 2];
  }

  uint32_t* const phase_now = phase + 1;
  for (uint32_t i = 0; i < n && i < SPAN; ++i) {
    phase_now[i] = phase[0] + (four[SPAN + i] + four[SPAN + i - 4]);
  }
  for (uint32_t i = SPAN; i < n; ++i) {
    phase_now[i] = phase_now[i - SPAN] + (four[SPAN + i] + four[SPAN + i - 4]);
  }
}

/// Mark the frames before which a phase wraps, or may do so and turn back
static void
mark_wraps(const uint32_t* const phase,
           const int32_t* const  step,
           uint32_t* const       has_break,
           const uint32_t        n)
{
  const uint32_t* const phase_now  = phase + 1;
  const int32_t* const  step_now   = step + 1;
  const int32_t* const  step_after = step + 2;
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t move  = phase_now[i] - phase[i];
    const uint32_t wraps = (phase_now[i] < move) ^ (move >> 31U);
    const int32_t  turns = (step[i] ^ step_now[i]) | (step_now[i] ^ step_after[i]);
    has_break[i]         = wraps | ((uint32_t)turns >> 31U);
  }
}

/// Mark the frames before which a triangle turns
static void
mark_corners(const uint32_t* const phase, uint32_t* const has_break, const uint32_t n)
{
  const uint32_t* const phase_now = phase + 1;
  for (uint32_t i = 0; i < n; ++i) {
    has_break[i] |= ((phase_now[i] - QUARTER) ^ (phase[i] - QUARTER)) >> 31U;
  }
}

/// Mark the frames before which a pulse steps
static void
mark_steps(const uint32_t* const phase,
           const int32_t* const  width,
           uint32_t* const       has_break,
           const uint32_t        n)
{
  const uint32_t* const phase_now = phase + 1;
  const int32_t* const  width_now = width + 1;
  for (uint32_t i = 0; i < n; ++i) {
    has_break[i] |=
      shape_is_high(phase_now[i], width_now[i]) ^ shape_is_high(phase[i], width[i]);
  }
}

/// Return a negative number where a phase goes backwards as seen from a pulse's end
static inline int32_t
move_from_width(const int32_t step,
                const int32_t direction,
                const int32_t width_before,
                const int32_t width)
{
  return (directed(step, direction) >> 2) - (width - width_before);
}

/// Mark the frames before which the phase may cross the end of a pulse and turn back
static void
mark_turns(const int32_t* const step,
           const int32_t* const width,
           const int32_t        direction,
           uint32_t* const      has_break,
           const uint32_t       n)
{
  const int32_t* const width_before = width - 1;
  const int32_t* const width_now    = width + 1;
  const int32_t* const width_after  = width + 2;
  const int32_t* const step_now     = step + 1;
  const int32_t* const step_after   = step + 2;
  for (uint32_t i = 0; i < n; ++i) {
    const int32_t before =
      move_from_width(step[i], direction, width_before[i], width[i]);
    const int32_t now = move_from_width(step_now[i], direction, width[i], width_now[i]);
    const int32_t after =
      move_from_width(step_after[i], direction, width_now[i], width_after[i]);
    has_break[i] |= (uint32_t)((before ^ now) | (now ^ after)) >> 31U;
  }
}

/// Mark those of `n` frames from `start` on before which there may be breaks
static void
mark_breaks(const Block* const block,
            const uint32_t     start,
            const int32_t      direction,
            uint32_t* const    has_break,
            const uint32_t     n)
{
  const uint32_t* const phase = block->phase + start;
  const int32_t* const  step  = block->step + start + CURVE_END - 1;
  const int32_t* const  width = block->width + start + CURVE_END - 1;

  mark_wraps(phase, step, has_break, n);
  if (block->in->weight[SHAPE_TRIANGLE]) {
    mark_corners(phase, has_break, n);
  }
  if (block->in->weight[SHAPE_PULSE]) {
    mark_steps(phase, width, has_break, n);
    mark_turns(step, width, direction, has_break, n);
  }
}

/// Add the breaks before frame `i`, which no sync event cuts
static void
break_frame(Block* const block, const uint32_t i, const int32_t direction)
{
  Path phase;
  Path width;
  find_phase(block, i, direction, &phase);
  if (block->in->weight[SHAPE_PULSE]) {
    find_width(block, i, &width);
  }
  add_breaks(block, i, &phase, &width);
}

/// Add the breaks before those of the frames from `start` on that are marked
static void
break_span(Block* const          block,
           const uint32_t        start,
           const int32_t         direction,
           const uint32_t* const has_break)
{
  uint32_t any = 0;
  for (uint32_t i = 0; i < SPAN; ++i) {
    any |= has_break[i];
  }
  for (uint32_t i = 0; any && i < SPAN; ++i) {
    if (has_break[i]) {
      break_frame(block, start + i, direction);
    }
  }
}

/// Run frames in which steps or widths may change
static void
run_moving(Block* const   block,
           const uint32_t start,
           const int32_t  direction,
           const uint32_t n)
{
  uint32_t has_break[OSC_MAX_FRAMES];
  move_phase(block->phase + start, block->step + start + CURVE_END, direction, n);
  mark_breaks(block, start, direction, has_break, n);
  for (uint32_t i = n; i % SPAN; ++i) {
    has_break[i] = 0;
  }
  for (uint32_t i = 0; i < n; i += SPAN) {
    break_span(block, start + i, direction, has_break + i);
  }
}

/// Return in how many frames a steady phase crosses one of the lines 2^`spacing` apart
static uint32_t
frames_to_line(const uint32_t from_line, const int32_t move, const unsigned spacing)
{
  const uint32_t gap   = UINT32_MAX >> (32U - spacing);
  const uint32_t above = from_line & gap;

  return move > 0   ? (gap - above) / (uint32_t)move + 1U
         : move < 0 ? above / (uint32_t)-move + 1U
                    : UINT32_MAX;
}

/// Return in how many frames a steady phase comes to a break, or more than any block
/// has
static uint32_t
frames_to_break(const Block* const block, const uint32_t phase, const int32_t move)
{
  const uint32_t width = (uint32_t)block->in->width[0] << 2U;
  const uint32_t never = OSC_MAX_FRAMES + 1U;
  const uint32_t wrap  = frames_to_line(phase, move, 32U);
  const uint32_t fall =
    block->in->weight[SHAPE_PULSE] ? frames_to_line(phase - width, move, 32U) : never;
  const uint32_t corner  = block->in->weight[SHAPE_TRIANGLE]
                             ? frames_to_line(phase - QUARTER, move, 31U)
                             : never;
  const uint32_t earlier = wrap < fall ? wrap : fall;
  const uint32_t first   = earlier < corner ? earlier : corner;
  return first < never ? first : never;
}

/// Run frames in which neither steps nor widths change
static void
run_steady(Block* const   block,
           const uint32_t start,
           const int32_t  direction,
           const uint32_t n)
{
  const int32_t         move      = directed(block->in->step[0], direction);
  const uint32_t* const phase     = block->phase + start;
  uint32_t* const       phase_now = block->phase + start + 1;
  const uint32_t        first     = phase[0];
  for (uint32_t i = 0; i < n; ++i) {
    phase_now[i] = first + (i + 1U) * (uint32_t)move;
  }
  for (uint32_t i = frames_to_break(block, phase[0], move); i <= n;
       i += frames_to_break(block, phase[i], move)) {
    break_frame(block, start + i - 1U, direction);
  }
}

/// Run `n` frames from `start` on, before which there are no sync events
static void
run_free(const Osc* const self,
         Block* const     block,
         const uint32_t   start,
         const uint32_t   n)
{
  if (block->is_steady) {
    run_steady(block, start, self->direction, n);
  } else {
    run_moving(block, start, self->direction, n);
  }
}

/// Return the next frame from `start` on that has a sync event before it
static uint32_t
next_sync(const Block* const block, const uint32_t start)
{
  uint32_t i = block->has_sync ? start : block->n_frames;
  while (i < block->n_frames && !is_sync(block->sync + i)) {
    ++i;
  }
  return i;
}

static void
run_frames(Osc* const self, Block* const block)
{
  uint32_t start = 0;
  while (start < block->n_frames) {
    const uint32_t end = next_sync(block, start);
    run_free(self, block, start, end - start);
    if (end < block->n_frames) {
      run_sync(self, block, end);
    }
    start = end + 1;
  }
}

// ---- Blocks

/// Return true if an input rests where it has been for all that is remembered
static bool
is_at_rest(const int32_t past[MEMORY], const int32_t* const in, const bool rests)
{
  int32_t changes = !rests;
  for (uint32_t f = 0; f < MEMORY; ++f) {
    changes |= past[f] ^ in[0];
  }

  return !changes;
}

/// Lay out an input after what is remembered of it
static void
lay_out(const int32_t        past[MEMORY],
        const int32_t* const in,
        const bool           rests,
        int32_t* const       all,
        const uint32_t       n_frames)
{
  memcpy(all, past, MEMORY * sizeof(int32_t));
  if (!rests) {
    memcpy(all + MEMORY, in, n_frames * sizeof(int32_t));
    return;
  }

  for (uint32_t i = 0; i < n_frames; ++i) {
    all[MEMORY + i] = in[0];
  }
}

/// Move the last frames of an input to what is remembered of it
static void
remember(int32_t              past[MEMORY],
         const int32_t* const in,
         const bool           rests,
         const uint32_t       n_frames)
{
  for (uint32_t f = 0; f < MEMORY; ++f) {
    const uint32_t at = n_frames + f;
    past[f]           = at < MEMORY ? past[at] : in[rests ? 0 : at - MEMORY];
  }
}

/// Lay out the motion of the phase and of the pulse's end
static void
load_motion(const Osc* const self, Block* const block)
{
  const OscInputs* const in       = block->in;
  const bool             is_pulse = in->weight[SHAPE_PULSE];

  block->step_rests  = is_at_rest(self->past_step, in->step, in->step_rests);
  block->width_rests = is_at_rest(self->past_width, in->width, in->width_rests);
  block->is_steady   = block->step_rests && (block->width_rests || !is_pulse);
  if (!block->is_steady) {
    lay_out(self->past_step, in->step, in->step_rests, block->step, block->n_frames);
  }
  if (is_pulse || block->has_sync) {
    lay_out(
      self->past_width, in->width, in->width_rests, block->width, block->n_frames);
  }
}

/// Lay out the sync input, unless it is 0 together with what is remembered of it
static void
load_sync(const Osc* const self, Block* const block)
{
  bool has_past = false;
  for (uint32_t f = 0; f < MEMORY; ++f) {
    has_past |= self->past_sync[f] != 0.0f;
  }

  block->has_sync = block->in->sync || has_past;
  if (block->has_sync) {
    const size_t size = block->n_frames * sizeof(float);
    memcpy(block->sync, self->past_sync, sizeof(self->past_sync));
    if (block->in->sync) {
      memcpy(block->sync + MEMORY, block->in->sync, size);
    } else {
      memset(block->sync + MEMORY, 0, size);
    }
  }
}

/// Lay out what is remembered, and the inputs after it
static void
load(const Osc* const self, Block* const block)
{
  const size_t size = block->n_frames * sizeof(float);

  load_sync(self, block);
  load_motion(self, block);
  block->phase[0] = self->phase;
  memcpy(block->naive, self->naive, sizeof(self->naive));
  memcpy(block->starts, self->starts, sizeof(self->starts));
  memset(block->starts + MAX_DELAY, 0, size);
  memcpy(block->residual, self->residual, sizeof(self->residual));
  memset(block->residual + BLEP_MAX_TAPS, 0, size);
}

/// Remember what the next block needs
static void
store(Osc* const self, const Block* const block)
{
  const OscInputs* const in = block->in;
  const uint32_t         n  = block->n_frames;

  self->phase = block->phase[n];
  if (!block->step_rests) {
    remember(self->past_step, in->step, in->step_rests, n);
  }
  if (!block->width_rests) {
    remember(self->past_width, in->width, in->width_rests, n);
  }
  if (block->has_sync) {
    memcpy(self->past_sync, block->sync + n, sizeof(self->past_sync));
  }
  memcpy(self->naive, block->naive + n, sizeof(self->naive));
  memcpy(self->starts, block->starts + n, sizeof(self->starts));
  memcpy(self->residual, block->residual + n, sizeof(self->residual));
}

/// Write the sum of shapes
static void
make_shapes(Block* const block)
{
  float* const naive  = block->naive + MAX_DELAY;
  bool         is_sum = false;
  float        shape[OSC_MAX_FRAMES];
  for (uint32_t s = 0; s < N_SHAPES; ++s) {
    const float* const weight = block->in->weight[s];
    if (weight) {
      shape_write((Shape)s,
                  block->phase + 1,
                  block->width + CURVE_END,
                  weight,
                  is_sum ? shape : naive,
                  block->n_frames);
      for (uint32_t i = 0; is_sum && i < block->n_frames; ++i) {
        naive[i] += shape[i];
      }
      is_sum = true;
    }
  }

  if (!is_sum) {
    memset(naive, 0, block->n_frames * sizeof(float));
  }
}

void
osc_process(Osc* const             self,
            const OscInputs* const in,
            float* const           out,
            float* const           sync_out,
            const uint32_t         n_frames)
{
  Block block;
  block.in       = in;
  block.n_frames = n_frames;
  block.n_taps   = self->n_taps;

  load(self, &block);
  run_frames(self, &block);
  make_shapes(&block);
  store(self, &block);

  // Late enough for residuals to be centred on breaks
  const uint32_t     start = MAX_DELAY - self->n_taps / 2U;
  const float* const naive = block.naive + start;
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = naive[i] + block.residual[i];
  }
  memcpy(sync_out, block.starts + start, n_frames * sizeof(float));
}
