// SPDX-License-Identifier: ISC

#include "osc.h"

#include "curve.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define PI 3.14159265358979323846

#define MEMORY OSC_MEMORY
#define MAX_DELAY (BLEP_MAX_TAPS / 2U)
#define LOOKAHEAD 2U ///< Frames after a break that tell when it was

#define QUARTER 0x40000000U
#define HALF 0x80000000U

/// The time of a start just now, because 0 would be none
#define SMALLEST_AGE 0x1p-24

/// Most derivatives that jump when a cycle is cut
#define N_ORDERS (BLEP_MAX_ORDER + 1U)

/**
   A block of frames with what is remembered of those before.

   Frame `i` of the block is `LOOKAHEAD` frames old.  Of the inputs, the six around it
   are from `i` to `i + 5`, that of the frame itself is `i + 3`.
*/
typedef struct {
  const OscInputs* in;
  uint32_t         n_frames;
  uint32_t         n_taps;

  int32_t step[MEMORY + OSC_MAX_FRAMES];
  int32_t width[MEMORY + OSC_MAX_FRAMES];
  float   sync[MEMORY + OSC_MAX_FRAMES];

  uint32_t phase[1 + OSC_MAX_FRAMES]; ///< From the frame before the block
  int32_t  moves[OSC_MAX_FRAMES];     ///< Steps in the direction of the time
  float    naive[MAX_DELAY + OSC_MAX_FRAMES];
  float    starts[MAX_DELAY + OSC_MAX_FRAMES];
  float    residual[BLEP_MAX_TAPS + OSC_MAX_FRAMES];
} Block;

/**
   How a position on the cycle moves between two frames, or in a part of that time.

   The curve is in cycles; the ends are exact, in 2^-32 cycles.  A position may leave
   0 to 1, and is not wrapped.
*/
typedef struct {
  Curve   curve;
  bool    is_straight;
  double  start_time; ///< From 0, the frame before
  double  end_time;   ///< To 1, this frame
  int64_t start;
  int64_t end;
} Path;

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

// ---- Shapes

/// Return 0 at phases 0 and 1/2, 2^30 at 1/4 and -2^30 at 3/4
static inline int32_t
fold(const uint32_t phase)
{
  const int32_t from_top = (int32_t)(phase - QUARTER);

  return (int32_t)QUARTER - (from_top ^ (from_top >> 31));
}

/// Return the sine of a quarter of a cycle times `x`, for `x` of +-1
static inline float
quarter_sine(const float x)
{
  // Minimax by Remez exchange, within 3.4e-9
  const float square = x * x;
  float       sum    = 1.508205646e-4f;
  sum                = sum * square - 4.6722279233e-3f;
  sum                = sum * square + 7.96884805404e-2f;
  sum                = sum * square - 6.459633598659e-1f;
  sum                = sum * square + 1.5707962900224f;
  return sum * x;
}

static inline bool
is_high(const uint32_t phase, const int32_t width)
{
  return (int32_t)(phase >> 2U) < width;
}

static void
add_sine(const Block* const block, const float* const weight, float* const out)
{
  for (uint32_t i = 0; i < block->n_frames; ++i) {
    out[i] += weight[i] * quarter_sine((float)fold(block->phase[i + 1]) * 0x1p-30f);
  }
}

static void
add_triangle(const Block* const block, const float* const weight, float* const out)
{
  for (uint32_t i = 0; i < block->n_frames; ++i) {
    out[i] += weight[i] * ((float)fold(block->phase[i + 1]) * 0x1p-30f);
  }
}

static void
add_saw(const Block* const block, const float* const weight, float* const out)
{
  for (uint32_t i = 0; i < block->n_frames; ++i) {
    out[i] += weight[i] * ((float)(int32_t)(block->phase[i + 1] - HALF) * 0x1p-31f);
  }
}

static void
add_pulse(const Block* const block, const float* const weight, float* const out)
{
  for (uint32_t i = 0; i < block->n_frames; ++i) {
    out[i] +=
      is_high(block->phase[i + 1], block->width[i + 3]) ? weight[i] : -weight[i];
  }
}

static void
add_shapes(Block* const block)
{
  typedef void (*AddShape)(const Block*, const float*, float*);
  static const AddShape add_shape[OSC_N_SHAPES] = {
    add_sine, add_triangle, add_saw, add_pulse};

  float* const out = block->naive + block->n_taps / 2U;
  memset(out, 0, block->n_frames * sizeof(float));
  for (uint32_t s = 0; s < OSC_N_SHAPES; ++s) {
    if (block->in->weight[s]) {
      add_shape[s](block, block->in->weight[s], out);
    }
  }
}

// ---- Paths

/// Return the path of the phase in frame `i`, as if nothing happened to it
static Path
phase_path(const Block* const block, const uint32_t i, const int32_t direction)
{
  const int32_t* const step  = block->step + i;
  const int64_t        start = block->phase[i];
  const int64_t        move  = (int64_t)direction * step[3];

  Path path = {.start = start, .end = start + move, .end_time = 1.0};

  path.is_straight = step[1] == step[3] && step[2] == step[3] && step[4] == step[3] &&
                     step[5] == step[3];
  if (path.is_straight) {
    path.curve = curve_straight((double)start / OSC_CYCLE, (double)move / OSC_CYCLE);
  } else {
    const int64_t before = start - (int64_t)direction * step[2];
    const int64_t after  = path.end + (int64_t)direction * step[4];
    const double  y[]    = {(double)(before - (int64_t)direction * step[1]) / OSC_CYCLE,
                            (double)before / OSC_CYCLE,
                            (double)start / OSC_CYCLE,
                            (double)path.end / OSC_CYCLE,
                            (double)after / OSC_CYCLE,
                            (double)(after + (int64_t)direction * step[5]) / OSC_CYCLE};
    path.curve           = curve_through(y);
  }

  return path;
}

/// Return the path of the pulse width in frame `i`
static Path
width_path(const Block* const block, const uint32_t i)
{
  const int32_t* const width = block->width + i;

  Path path = {
    .start = (int64_t)width[2] * 4, .end = (int64_t)width[3] * 4, .end_time = 1.0};

  path.is_straight = true;
  for (uint32_t f = 0; f < CURVE_N_FRAMES; ++f) {
    path.is_straight = path.is_straight && width[f] == width[3];
  }
  if (path.is_straight) {
    path.curve = curve_straight((double)path.start / OSC_CYCLE, 0.0);
  } else {
    double y[CURVE_N_FRAMES];
    for (uint32_t f = 0; f < CURVE_N_FRAMES; ++f) {
      y[f] = (double)width[f] / OSC_FULL_WIDTH;
    }
    path.curve = curve_through(y);
  }

  return path;
}

/// Return the path from `phase` to the end of a pulse, which wraps where that is
static Path
path_from_width(const Path* const phase, const Path* const width)
{
  Path path = *phase;
  path.start -= width->start;
  path.end -= width->end;
  path.is_straight = phase->is_straight && width->is_straight;
  for (uint32_t c = 0; c < CURVE_N_FRAMES; ++c) {
    path.curve.c[c] -= width->curve.c[c];
  }
  return path;
}

/// End the path at `time`, where it is at `end`
static Path
path_until(const Path* const self, const double time, const int64_t end)
{
  Path path     = *self;
  path.end_time = time;
  path.end      = end;
  return path;
}

/// Begin the path at `time` from `start`, in `direction` times its own
static Path
path_since(const Path* const self,
           const double      time,
           const int64_t     start,
           const double      direction)
{
  const double origin = curve_value(&self->curve, time);

  Path path       = *self;
  path.start_time = time;
  path.start      = start;
  for (uint32_t c = 0; c < CURVE_N_FRAMES; ++c) {
    path.curve.c[c] *= direction;
  }
  path.curve.c[0] += (double)start / OSC_CYCLE - direction * origin;
  path.end = llround(curve_value(&path.curve, 1.0) * OSC_CYCLE);
  return path;
}

/// Return when the path is at `level`, as the age in frames
static double
path_age(const Path* const self, const int64_t level)
{
  const double share =
    (double)(level - self->start) / (double)(self->end - self->start);
  const double time = self->start_time + share * (self->end_time - self->start_time);
  if (self->is_straight) {
    return 1.0 - time;
  }

  return 1.0 - curve_time(&self->curve,
                          (double)level / OSC_CYCLE,
                          time,
                          self->start_time,
                          self->end_time);
}

/// The lines across the cycle that a path crosses, `distance` apart
typedef struct {
  int64_t first;
  int64_t distance;
  int64_t n;    ///< Number of lines
  int32_t sign; ///< 1 upwards, -1 downwards
} Crossings;

/// Return the crossings of lines that are 2^`spacing` apart, one of them at `line`
static Crossings
path_crossings(const Path* const self, const int64_t line, const unsigned spacing)
{
  const int64_t below_start = (self->start - line) >> spacing;
  const int64_t below_end   = (self->end - line) >> spacing;
  const int64_t distance    = (int64_t)1 << spacing;

  if (below_end >= below_start) {
    const Crossings up = {
      line + (below_start + 1) * distance, distance, below_end - below_start, 1};
    return up;
  }

  const Crossings down = {
    line + below_start * distance, -distance, below_start - below_end, -1};
  return down;
}

// ---- Breaks

/// Return the amplitude of a shape in frame `i`
static double
weight_at(const Block* const block, const OscShape shape, const uint32_t i)
{
  const float* const weight = block->in->weight[shape];

  return weight ? (double)weight[i] : 0.0;
}

static void
add_break(Block* const   block,
          const uint32_t i,
          const uint32_t order,
          const double   amount,
          const double   age)
{
  if (amount != 0.0) {
    blep_add(block->n_taps, order, amount, age, block->residual + i);
  }
}

/// Say that a cycle has started
static void
add_start(Block* const block, const uint32_t i, const double age)
{
  block->starts[block->n_taps / 2U + i] =
    (float)(age < SMALLEST_AGE ? SMALLEST_AGE : age);
}

/// Add what happens at phase 0: a saw falls, a pulse rises
static void
add_wraps(Block* const block, const uint32_t i, const Path* const phase)
{
  const double    saw  = weight_at(block, OSC_SAW, i);
  const double    high = weight_at(block, OSC_PULSE, i);
  const Crossings at   = path_crossings(phase, 0, 32U);
  for (int64_t n = 0; n < at.n; ++n) {
    const double age = path_age(phase, at.first + n * at.distance);
    add_break(block, i, 0, at.sign * 2.0 * (high - saw), age);
    add_start(block, i, age);
  }
}

/// Add what happens at the pulse width: a pulse falls
static void
add_falls(Block* const block, const uint32_t i, const Path* const from_width)
{
  const double    high = weight_at(block, OSC_PULSE, i);
  const Crossings at   = path_crossings(from_width, 0, 32U);
  for (int64_t n = 0; n < at.n; ++n) {
    const double age = path_age(from_width, at.first + n * at.distance);
    add_break(block, i, 0, at.sign * -2.0 * high, age);
  }
}

/// Add what happens at phases 1/4 and 3/4: a triangle turns
static void
add_corners(Block* const block, const uint32_t i, const Path* const phase)
{
  const double    high = weight_at(block, OSC_TRIANGLE, i);
  const Crossings at   = path_crossings(phase, QUARTER, 31U);
  for (int64_t n = 0; n < at.n; ++n) {
    const int64_t level  = at.first + n * at.distance;
    const bool    is_top = !((level - (int64_t)QUARTER) & (int64_t)HALF);
    const double  amount = at.sign * (is_top ? -8.0 : 8.0) * high;
    const double  age    = path_age(phase, level);
    const double  time   = 1.0 - age;
    add_break(block, i, 1, amount * curve_slope(&phase->curve, time), age);
    add_break(block, i, 2, amount * curve_bend(&phase->curve, time), age);
    add_break(block, i, 3, amount * curve_twist(&phase->curve, time), age);
  }
}

static void
add_breaks(Block* const      block,
           const uint32_t    i,
           const Path* const phase,
           const Path* const width)
{
  add_wraps(block, i, phase);
  if (block->in->weight[OSC_TRIANGLE]) {
    add_corners(block, i, phase);
  }
  if (block->in->weight[OSC_PULSE]) {
    const Path from_width = path_from_width(phase, width);
    add_falls(block, i, &from_width);
  }
}

// ---- Sync

/// Value of a waveform and its derivatives
typedef struct {
  double order[N_ORDERS];
} Jet;

/// Return the derivatives by phase of a shape at `phase`
static Jet
shape_jet(const OscShape shape, const double phase, const bool high)
{
  Jet jet = {{0.0}};
  switch (shape) {
  case OSC_SINE: {
    double factor = 1.0;
    for (uint32_t n = 0; n < N_ORDERS; ++n) {
      jet.order[n] = factor * sin(2.0 * PI * phase + 0.5 * PI * n);
      factor *= 2.0 * PI;
    }
    break;
  }
  case OSC_TRIANGLE: {
    const double from_top = phase - 0.25 - floor(phase - 0.25);
    const double sign     = from_top < 0.5 ? -1.0 : 1.0;
    jet.order[0]          = sign * 4.0 * (from_top - (from_top < 0.5 ? 0.25 : 0.75));
    jet.order[1]          = sign * 4.0;
    break;
  }
  case OSC_SAW:
    jet.order[0] = 2.0 * (phase - floor(phase)) - 1.0;
    jet.order[1] = 2.0;
    break;
  case OSC_PULSE:
    jet.order[0] = high ? 1.0 : -1.0;
    break;
  case OSC_N_SHAPES:
    break;
  }

  return jet;
}

/// Return the derivatives by time, where the phase is on a path (Faa di Bruno)
static Jet
path_jet(const Path* const path, const double time, const Jet* const shape)
{
  const double* const w   = shape->order;
  const double        a   = curve_slope(&path->curve, time);
  const double        b   = curve_bend(&path->curve, time);
  const double        c   = curve_twist(&path->curve, time);
  const Jet           jet = {
              {w[0],
               w[1] * a,
               w[2] * a * a + w[1] * b,
               w[3] * a * a * a + 3.0 * w[2] * a * b + w[1] * c,
               w[4] * a * a * a * a + 6.0 * w[3] * a * a * b + w[2] * (3.0 * b * b + 4.0 * a * c),
               w[5] * a * a * a * a * a + 10.0 * w[4] * a * a * a * b}};
  return jet;
}

/// Return true if a pulse is high where its phase and its end are
static bool
pulse_is_high(const int64_t phase, const int64_t from_width)
{
  return (phase >> 32) > (from_width >> 32);
}

/// Add the break from one path to the other, of all shapes
static void
add_cut(Block* const      block,
        const uint32_t    i,
        const Path* const before,
        const Path* const after,
        const int64_t     width)
{
  const double time = after->start_time;
  const bool   high = pulse_is_high(before->end, before->end - width);
  const bool   then = pulse_is_high(after->start, after->start - width);

  double jump[N_ORDERS] = {0.0};
  for (uint32_t s = 0; s < OSC_N_SHAPES; ++s) {
    const double weight = weight_at(block, (OscShape)s, i);
    if (weight != 0.0) {
      const Jet shape_before =
        shape_jet((OscShape)s, (double)before->end / OSC_CYCLE, high);
      const Jet shape_after =
        shape_jet((OscShape)s, (double)after->start / OSC_CYCLE, then);
      const Jet jet_before = path_jet(before, time, &shape_before);
      const Jet jet_after  = path_jet(after, time, &shape_after);
      for (uint32_t n = 0; n < N_ORDERS; ++n) {
        jump[n] += weight * (jet_after.order[n] - jet_before.order[n]);
      }
    }
  }

  for (uint32_t n = 0; n < N_ORDERS; ++n) {
    add_break(block, i, n, jump[n], 1.0 - time);
  }
}

/// Return when the sync event of a frame is, from 0, the frame before, to 1
static double
sync_time(const float* const sync)
{
  const double before = (double)sync[2];
  const double now    = (double)sync[3];
  if (before == 0.0 && sync[1] >= 0.0f && now <= 1.0) {
    return 1.0 - now;
  }

  double y[CURVE_N_FRAMES];
  for (uint32_t f = 0; f < CURVE_N_FRAMES; ++f) {
    y[f] = (double)sync[f];
  }
  const Curve curve = curve_through(y);
  return curve_time(&curve, 0.0, before / (before - now), 0.0, 1.0);
}

/// Run frame `i`, in which there is a sync event
static void
run_sync(Osc* const self, Block* const block, const uint32_t i)
{
  const double time  = sync_time(block->sync + i);
  const Path   free  = phase_path(block, i, self->direction);
  const Path   width = width_path(block, i);
  const bool   hard  = block->in->sync_mode == OSC_SYNC_HARD;

  const int32_t direction = hard ? 1 : -self->direction;
  const int64_t end       = llround(curve_value(&free.curve, time) * OSC_CYCLE);
  const Path    before    = path_until(&free, time, end);
  const Path    after =
    path_since(&free, time, hard ? 0 : end, direction * self->direction);

  const double  exact        = curve_value(&width.curve, time);
  const double  bound        = exact < 0.0 ? 0.0 : exact > 1.0 ? 1.0 : exact;
  const int64_t cut_width    = llround(bound * OSC_CYCLE);
  const Path    width_before = path_until(&width, time, cut_width);
  Path          width_after  = width;
  width_after.start          = cut_width;

  add_breaks(block, i, &before, &width_before);
  add_cut(block, i, &before, &after, cut_width);
  if (hard) {
    add_start(block, i, 1.0 - time);
  }
  add_breaks(block, i, &after, &width_after);

  self->direction     = direction;
  block->phase[i + 1] = (uint32_t)after.end;
}

// ---- Frames

/// Move the phase through frames `start` to `end`
static void
move(Block* const   block,
     const uint32_t start,
     const uint32_t end,
     const int32_t  direction)
{
  uint32_t phase = block->phase[start];
  for (uint32_t i = start; i < end; ++i) {
    block->moves[i] = direction * block->step[i + 3];
    phase += (uint32_t)block->moves[i];
    block->phase[i + 1] = phase;
  }
}

/// Write which of the frames have breaks
static void
find_breaks(const Block* const block,
            const uint32_t     start,
            const uint32_t     end,
            uint32_t* const    has_break)
{
  const uint32_t* const phase = block->phase;
  const int32_t* const  width = block->width + 2;
  for (uint32_t i = start; i < end; ++i) {
    const uint32_t backwards = (uint32_t)block->moves[i] >> 31U;
    has_break[i]             = (phase[i + 1] < (uint32_t)block->moves[i]) ^ backwards;
  }
  if (block->in->weight[OSC_TRIANGLE]) {
    for (uint32_t i = start; i < end; ++i) {
      has_break[i] |= ((phase[i + 1] - QUARTER) ^ (phase[i] - QUARTER)) >> 31U;
    }
  }
  if (block->in->weight[OSC_PULSE]) {
    for (uint32_t i = start; i < end; ++i) {
      has_break[i] |= is_high(phase[i + 1], width[i + 1]) ^ is_high(phase[i], width[i]);
    }
  }
}

/// Run frames `start` to `end`, in which there are no sync events
static void
run_free(Osc* const self, Block* const block, const uint32_t start, const uint32_t end)
{
  uint32_t has_break[OSC_MAX_FRAMES];
  move(block, start, end, self->direction);
  find_breaks(block, start, end, has_break);
  for (uint32_t i = start; i < end; ++i) {
    if (has_break[i]) {
      const Path phase = phase_path(block, i, self->direction);
      const Path width = width_path(block, i);
      add_breaks(block, i, &phase, &width);
    }
  }
}

/// Return the next frame from `start` on in which there is a sync event
static uint32_t
next_sync(const Block* const block, const uint32_t start)
{
  if (!block->in->sync) {
    return block->n_frames;
  }

  uint32_t i = start;
  while (i < block->n_frames &&
         !(block->sync[i + 2] <= 0.0f && block->sync[i + 3] > 0.0f)) {
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
    run_free(self, block, start, end);
    if (end < block->n_frames) {
      run_sync(self, block, end);
    }
    start = end + 1;
  }
}

// ---- Blocks

/// Lay out what is remembered, and the inputs after it
static void
begin(const Osc* const self, const OscInputs* const in, Block* const block)
{
  const uint32_t n     = block->n_frames;
  const uint32_t delay = self->n_taps / 2U;

  memcpy(block->step, self->past_step, sizeof(self->past_step));
  memcpy(block->step + MEMORY, in->step, n * sizeof(int32_t));
  memcpy(block->width, self->past_width, sizeof(self->past_width));
  memcpy(block->width + MEMORY, in->width, n * sizeof(int32_t));
  memcpy(block->sync, self->past_sync, sizeof(self->past_sync));
  if (in->sync) {
    memcpy(block->sync + MEMORY, in->sync, n * sizeof(float));
  } else {
    memset(block->sync + MEMORY, 0, n * sizeof(float));
  }

  block->phase[0] = self->phase;
  memcpy(block->naive, self->naive, delay * sizeof(float));
  memcpy(block->starts, self->starts, delay * sizeof(float));
  memset(block->starts + delay, 0, n * sizeof(float));
  memcpy(block->residual, self->residual, self->n_taps * sizeof(float));
  memset(block->residual + self->n_taps, 0, n * sizeof(float));
}

/// Remember what the next block needs
static void
end(Osc* const self, const Block* const block)
{
  const uint32_t n     = block->n_frames;
  const uint32_t delay = self->n_taps / 2U;

  self->phase = block->phase[n];
  memcpy(self->past_step, block->step + n, sizeof(self->past_step));
  memcpy(self->past_width, block->width + n, sizeof(self->past_width));
  memcpy(self->past_sync, block->sync + n, sizeof(self->past_sync));
  memcpy(self->naive, block->naive + n, delay * sizeof(float));
  memcpy(self->starts, block->starts + n, delay * sizeof(float));
  memcpy(self->residual, block->residual + n, self->n_taps * sizeof(float));
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

  begin(self, in, &block);
  run_frames(self, &block);
  add_shapes(&block);
  end(self, &block);

  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = block.naive[i] + block.residual[i];
  }
  memcpy(sync_out, block.starts, n_frames * sizeof(float));
}
