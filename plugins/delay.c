// SPDX-License-Identifier: ISC

#include "delay_ports.h"
#include "plugin.h"

#include "delay/echo.h"
#include "delay/echo_time.h"
#include "delay/wobble.h"
#include "display/drawing.h"
#include "math/fast_math.h"
#include "signal/gain.h"
#include "signal/gate.h"
#include "signal/modulate.h"
#include "signal/units.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static_assert((int)DELAY_SYNC_TIME == (int)ECHO_TIME_FREE, "as in the Turtle");
static_assert((int)DELAY_SYNC_CLOCK == (int)ECHO_TIME_CLOCKED, "as in the Turtle");
static_assert((int)DELAY_SYNC_TEMPO == (int)ECHO_TIME_IN_TEMPO, "as in the Turtle");
static_assert((int)DELAY_RATIO_32 == (int)N_CLOCK_RATIOS - 1, "as in the Turtle");
static_assert((int)DELAY_NOTE_1_32_TRIPLET == (int)N_SONG_NOTES - 1,
              "as in the Turtle");

#define N_SIDES ECHO_N_SIDES
#define WOBBLE_GLIDE_S 0.1 ///< Slow, as it bends the pitch
#define FEEDBACK_PER_VOLT 0.1f
#define MIX_PER_VOLT 0.1f
#define LOW_CUT_OFF_HZ 20.0
#define HIGH_CUT_OFF_HZ 20000.0

/// Knobs that glide
enum {
  PITCH_AMOUNT,
  TIME_AMOUNT, ///< Seconds per volt
  WOBBLE,      ///< Seconds
  WOBBLE_RATE, ///< Hz
  FEEDBACK,
  FEEDBACK_AMOUNT,
  CROSS,     ///< How far echoes change sides
  PING_PONG, ///< How far the input goes to the left alone
  MONO,      ///< How far the left input goes to both sides
  LOW_CUT,   ///< Octaves from C4
  LOW_SHARE, ///< How far the low cut counts
  HIGH_CUT,
  HIGH_CUT_AMOUNT,
  HIGH_SHARE,
  DRIVE,
  MIX,
  MIX_AMOUNT,
  LEVEL,
  SHARE, ///< Of the module in the output: 0 when off, 1 when on
  N_KNOBS
};

typedef struct {
  Knob      knob[N_KNOBS];
  bool      rests; ///< Whether all knobs do
  bool      is_frozen;
  Waveshape shape;
  double    sample_rate;
  Gate      freeze;
  EchoTime  time;
  Wobble    wobble;
  Echo      echo; ///< The last one, for its lines follow
} Delay;

/// The frames of a piece of a run
typedef struct {
  double       pitch_oct[LINE_CHUNK];
  double       moved_s[LINE_CHUNK];
  float        moved[3][LINE_CHUNK]; ///< Knobs that CVs move, for the pointers below
  const float* high_oct;
  const float* feedback;
  const float* mix;
  float        in[N_SIDES][LINE_CHUNK]; ///< For the lines
  float        right[LINE_CHUNK];       ///< What comes in there, or the left input too
  bool         time_is_constant;        ///< Whether CVs leave the time as it is
} Frames;

/// A piece of a run, in which no clock, gate or fade changes anything
typedef struct {
  uint32_t start;
  uint32_t n_frames; ///< Up to LINE_CHUNK
} Piece;

static float*
memory_of(Delay* const self)
{
  return (float*)(self + 1);
}

static size_t
state_size(const double sample_rate)
{
  return sizeof(Delay) + echo_memory(sample_rate) * sizeof(float);
}

static void
reset(void* const state)
{
  Delay* const self = state;

  knobs_reset(self->knob, N_KNOBS);
  self->rests  = false;
  self->freeze = (Gate){false};
  echo_time_reset(&self->time);
  wobble_reset(&self->wobble);
  echo_reset(&self->echo);
}

static void
init(void* const state, const double sample_rate)
{
  Delay* const self = state;

  self->sample_rate = sample_rate;
  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  knob_init(&self->knob[WOBBLE], sample_rate, WOBBLE_GLIDE_S);
  knob_init(&self->knob[WOBBLE_RATE], sample_rate, WOBBLE_GLIDE_S);
  wobble_init(&self->wobble, sample_rate);
  echo_init(&self->echo, memory_of(self), sample_rate);
  echo_time_init(
    &self->time, sample_rate, echo_min_delay(&self->echo), echo_max_delay(&self->echo));
  reset(self);
}

// ---- Controls

static double
number(const Ports* const ports, const uint32_t index)
{
  return (double)control(ports, index);
}

static void
set_time(Delay* const self, const Ports* const ports)
{
  const EchoTimeSettings settings = {(EchoTimeSource)choice(ports, DELAY_SYNC),
                                     number(ports, DELAY_TIME),
                                     (uint32_t)choice(ports, DELAY_RATIO),
                                     (uint32_t)choice(ports, DELAY_NOTE),
                                     0.01 * number(ports, DELAY_RIGHT_TIME),
                                     choice(ports, DELAY_CHANGE) == DELAY_CHANGE_TAPE,
                                     number(ports, DELAY_GLIDE)};

  echo_time_set(&self->time, &settings);
}

static void
set_loop(Delay* const self, const Ports* const ports)
{
  static const Waveshape shapes[] = {WAVESHAPE_TANH, WAVESHAPE_TANH, WAVESHAPE_HARD};

  Knob* const  knob        = self->knob;
  const int    mode        = choice(ports, DELAY_MODE);
  const int    saturation  = choice(ports, DELAY_SATURATION);
  const double low_hz      = number(ports, DELAY_LOW_CUT);
  const double high_hz     = number(ports, DELAY_HIGH_CUT);
  const double high_amount = number(ports, DELAY_HIGH_CUT_AMOUNT);
  knob_set(&knob[FEEDBACK], 0.01 * number(ports, DELAY_FEEDBACK));
  knob_set(&knob[FEEDBACK_AMOUNT], number(ports, DELAY_FEEDBACK_AMOUNT));
  knob_set(&knob[CROSS], mode == DELAY_MODE_STEREO ? 0.0 : 1.0);
  knob_set(&knob[PING_PONG], mode == DELAY_MODE_PING_PONG ? 1.0 : 0.0);
  knob_set(&knob[LOW_CUT], log2(low_hz / C4_HZ));
  knob_set(&knob[LOW_SHARE], low_hz > LOW_CUT_OFF_HZ ? 1.0 : 0.0);
  knob_set(&knob[HIGH_CUT], log2(high_hz / C4_HZ));
  knob_set(&knob[HIGH_CUT_AMOUNT], high_amount);
  knob_set(&knob[HIGH_SHARE],
           high_hz < HIGH_CUT_OFF_HZ || high_amount != 0.0 ? 1.0 : 0.0);
  knob_set(&knob[DRIVE], db_to_gain(number(ports, DELAY_DRIVE)));
  echo_set_saturation(&self->echo, saturation != DELAY_SATURATION_OFF);
  self->shape = saturation != DELAY_SATURATION_OFF ? shapes[saturation] : self->shape;
  self->is_frozen = choice(ports, DELAY_FREEZE) != 0;
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Delay* const self = state;
  Knob* const  knob = self->knob;

  set_time(self, ports);
  set_loop(self, ports);
  knob_set(&knob[PITCH_AMOUNT], number(ports, DELAY_PITCH_AMOUNT));
  knob_set(&knob[TIME_AMOUNT], number(ports, DELAY_TIME_AMOUNT));
  knob_set(&knob[WOBBLE], number(ports, DELAY_WOBBLE) * 1e-3);
  knob_set(&knob[WOBBLE_RATE], number(ports, DELAY_WOBBLE_RATE));
  knob_set(&knob[MONO], (double)choice(ports, DELAY_MONO_IN));
  knob_set(&knob[MIX], 0.01 * number(ports, DELAY_MIX));
  knob_set(&knob[MIX_AMOUNT], number(ports, DELAY_MIX_AMOUNT));
  knob_set(&knob[LEVEL], gain_of_level(number(ports, DELAY_LEVEL)));
  knob_set(&knob[SHARE], (double)choice(ports, DELAY_ENABLED));
  self->rests = false;
}

static void
transport(void* const state, const Transport* const transport)
{
  Delay* const self = state;

  echo_time_set_transport(&self->time, transport);
}

// ---- Frames of a piece

/// Return true if CVs and the wobble leave the time as it is
static bool
time_stays(const Delay* const self, const Ports* const ports)
{
  const Knob* const knob = self->knob;

  return (knob_rests_at(&knob[PITCH_AMOUNT], 0.0f) ||
          signal_stays_at(signal_in(ports, DELAY_PITCH), 0.0f)) &&
         (knob_rests_at(&knob[TIME_AMOUNT], 0.0f) ||
          signal_stays_at(signal_in(ports, DELAY_TIME_CV), 0.0f)) &&
         knob_rests_at(&knob[WOBBLE], 0.0f);
}

/// Write by how much CVs move the time
static void
find_times(const Delay* const self,
           const Ports* const ports,
           const Piece        piece,
           Frames* const      frames)
{
  const Knob* const pitch  = &self->knob[PITCH_AMOUNT];
  const Knob* const amount = &self->knob[TIME_AMOUNT];
  const Signal      oct    = signal_in(ports, DELAY_PITCH);
  const Signal      cv     = signal_in(ports, DELAY_TIME_CV);
  frames->time_is_constant = time_stays(self, ports);
  if (frames->time_is_constant) {
    return;
  }

  for (uint32_t i = 0; i < piece.n_frames; ++i) {
    const uint32_t at    = piece.start + i;
    const double   up    = (double)pitch->value[at] * (double)oct.frame[at];
    frames->pitch_oct[i] = up < -60.0 ? -60.0 : up > 60.0 ? 60.0 : up;
    frames->moved_s[i]   = (double)amount->value[at] * (double)cv.frame[at];
  }
}

/// Write what comes in, as it goes to the output and into the lines
static void
find_inputs(const Delay* const self,
            const Ports* const ports,
            const Piece        piece,
            Frames* const      frames)
{
  const float* const left  = signal_in(ports, DELAY_IN_LEFT).frame + piece.start;
  const float* const right = signal_in(ports, DELAY_IN_RIGHT).frame + piece.start;
  const float* const mono  = self->knob[MONO].value + piece.start;
  const float* const ping  = self->knob[PING_PONG].value + piece.start;
  for (uint32_t i = 0; i < piece.n_frames; ++i) {
    const float faded  = right[i] + mono[i] * (left[i] - right[i]);
    const float other  = mono[i] >= 1.0f ? left[i] : faded;
    const float middle = 0.5f * (left[i] + other);
    frames->right[i]   = other;
    frames->in[0][i]   = left[i] + ping[i] * (middle - left[i]);
    frames->in[1][i]   = other - ping[i] * other;
  }
}

/// Return the frames of a knob, moved by a CV as far as the knob after it sets; those
/// that are moved are written to `out`
static const float*
find_knob(const Knob* const knob,
          const Signal      cv,
          const float       per_volt,
          const Range       range,
          const Piece       piece,
          float* const      out)
{
  if (knob_rests_at(&knob[1], 0.0f)) {
    return knob->value + piece.start;
  }

  modulate_floats(
    knob, &knob[1], cv, per_volt, range, piece.start, out, piece.n_frames);
  return out;
}

/// Write what the loop and the mix are like
static void
find_frames(const Delay* const self,
            const Ports* const ports,
            const Piece        piece,
            Frames* const      frames)
{
  static const Range feedback_range = {0.0, 1.1};
  static const Range octaves        = {-60.0, 60.0};
  static const Range whole          = {0.0, 1.0};

  const Knob* const knob        = self->knob;
  const Signal      high_cv     = signal_in(ports, DELAY_HIGH_CUT_CV);
  const Signal      feedback_cv = signal_in(ports, DELAY_FEEDBACK_CV);
  const Signal      mix_cv      = signal_in(ports, DELAY_MIX_CV);
  find_times(self, ports, piece, frames);
  find_inputs(self, ports, piece, frames);
  frames->high_oct =
    find_knob(&knob[HIGH_CUT], high_cv, 1.0f, octaves, piece, frames->moved[0]);
  frames->feedback = find_knob(&knob[FEEDBACK],
                               feedback_cv,
                               FEEDBACK_PER_VOLT,
                               feedback_range,
                               piece,
                               frames->moved[1]);
  frames->mix =
    find_knob(&knob[MIX], mix_cv, MIX_PER_VOLT, whole, piece, frames->moved[2]);
}

/// Write the delays of a side, in frames
static void
find_delay(Delay* const        self,
           const Frames* const frames,
           const uint32_t      side,
           const Piece         piece,
           double* const       delay)
{
  double base[LINE_CHUNK];
  echo_time_write(&self->time, side, base, piece.n_frames);
  if (frames->time_is_constant) {
    memcpy(delay, base, piece.n_frames * sizeof(double));
    return;
  }

  const double       shortest = echo_min_delay(&self->echo);
  const double       longest  = echo_max_delay(&self->echo);
  const float* const depth_s  = self->knob[WOBBLE].value + piece.start;
  wobble_write(&self->wobble,
               self->knob[WOBBLE_RATE].value + piece.start,
               side ? 0.25 : 0.0,
               delay,
               piece.n_frames);
  for (uint32_t i = 0; i < piece.n_frames; ++i) {
    const double swing_s = (double)depth_s[i] * (1.0 + delay[i]);
    const double time    = base[i] * fast_exp2(-frames->pitch_oct[i]) +
                        self->sample_rate * (frames->moved_s[i] + swing_s);
    const double above = time > shortest ? time : shortest;
    delay[i]           = above < longest ? above : longest;
  }
}

// ---- Pieces of a run

/// Return how many frames pass until a clock, a gate or a fade changes anything
static uint32_t
find_piece(Delay* const       self,
           const Ports* const ports,
           const uint32_t     start,
           const uint32_t     n_frames)
{
  const float* const clock  = signal_in(ports, DELAY_CLOCK).frame + start;
  const float* const freeze = signal_in(ports, DELAY_FREEZE_GATE).frame + start;
  const uint32_t     most   = n_frames < LINE_CHUNK ? n_frames : LINE_CHUNK;

  uint32_t n = echo_time_take(&self->time, clock, most);
  gate_next(&self->freeze, freeze[0]);
  n = 1U + gate_steady_frames(&self->freeze, freeze + 1, n - 1U);
  for (uint32_t s = 0; s < N_SIDES; ++s) {
    if (echo_time_waits(&self->time, s) && !echo_jumps(&self->echo, s)) {
      echo_jump(&self->echo, s);
      echo_time_jump(&self->time, s);
    } else if (echo_time_waits(&self->time, s)) {
      const uint32_t to_end = echo_jump_frames(&self->echo, s);
      n                     = to_end < n ? to_end : n;
    }
  }
  return n;
}

/// Write the echoes of a piece
static void
process_piece(Delay* const        self,
              const Frames* const frames,
              const Piece         piece,
              const bool          is_silent,
              float* const        wet[N_SIDES])
{
  double            delay[N_SIDES][LINE_CHUNK];
  const bool        is_still = frames->time_is_constant && echo_time_rests(&self->time);
  const uint32_t    start    = piece.start;
  const Knob* const knob     = self->knob;
  for (uint32_t s = 0; s < N_SIDES; ++s) {
    find_delay(self, frames, s, piece, delay[s]);
  }

  const EchoInputs inputs       = {.in         = {frames->in[0], frames->in[1]},
                                   .delay      = {delay[0], delay[1]},
                                   .is_still   = is_still,
                                   .feedback   = frames->feedback,
                                   .cross      = knob[CROSS].value + start,
                                   .drive      = knob[DRIVE].value + start,
                                   .filter     = {knob[LOW_CUT].value + start,
                                                  frames->high_oct,
                                                  knob[LOW_SHARE].value + start,
                                                  knob[HIGH_SHARE].value + start},
                                   .has_filter = !knob_rests_at(&knob[LOW_SHARE], 0.0f) ||
                                                 !knob_rests_at(&knob[HIGH_SHARE], 0.0f),
                                   .is_silent = is_silent,
                                   .shape     = self->shape,
                                   .is_frozen = self->is_frozen || self->freeze.high};
  float* const     out[N_SIDES] = {wet[0] + start, wet[1] + start};
  echo_process(&self->echo, memory_of(self), &inputs, out, piece.n_frames);
}

/// Return true if a piece without input is silent, and changes nothing but the time
static bool
rests(const Delay* const self, const Ports* const ports)
{
  const double delay[N_SIDES] = {self->time.side[0].at, self->time.side[1].at};

  return self->rests &&
         echo_rests(&self->echo, delay, self->is_frozen || self->freeze.high) &&
         time_stays(self, ports) && echo_time_rests(&self->time);
}

/// Let time pass
static void
pass(Delay* const self, const Piece piece)
{
  const Knob* const rate = &self->knob[WOBBLE_RATE];

  wobble_pass(
    &self->wobble, signal_from(knob_signal(rate), piece.start), piece.n_frames);
  echo_time_pass(&self->time, piece.n_frames);
}

/// Replace the echoes by their mix with the input
static void
mix(const Delay* const  self,
    const Frames* const frames,
    const float* const  dry,
    const Piece         piece,
    float* const        out)
{
  const float* const level = self->knob[LEVEL].value + piece.start;
  const float* const share = self->knob[SHARE].value + piece.start;
  for (uint32_t i = 0; i < piece.n_frames; ++i) {
    const float part = frames->mix[i] * share[i];
    const float wet  = level[i] * out[i];
    out[i]           = part >= 1.0f ? wet : dry[i] + part * (wet - dry[i]);
  }
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Delay* const self         = state;
  const Signal left         = signal_in(ports, DELAY_IN_LEFT);
  float* const out[N_SIDES] = {signal_out(ports, DELAY_OUT_LEFT),
                               signal_out(ports, DELAY_OUT_RIGHT)};
  if (!self->rests) {
    self->rests = knobs_process(self->knob, N_KNOBS, n_frames);
  }

  const bool is_silent = signal_stays_at(left, 0.0f) &&
                         signal_stays_at(signal_in(ports, DELAY_IN_RIGHT), 0.0f);
  Piece piece = {0, 0};
  for (; piece.start < n_frames; piece.start += piece.n_frames) {
    Frames frames;
    piece.n_frames = find_piece(self, ports, piece.start, n_frames - piece.start);
    if (is_silent && rests(self, ports)) {
      memset(out[0] + piece.start, 0, piece.n_frames * sizeof(float));
      memset(out[1] + piece.start, 0, piece.n_frames * sizeof(float));
    } else {
      find_frames(self, ports, piece, &frames);
      process_piece(self, &frames, piece, is_silent, out);
      mix(self, &frames, left.frame + piece.start, piece, out[0] + piece.start);
      mix(self, &frames, frames.right, piece, out[1] + piece.start);
    }
    pass(self, piece);
  }
}

/// Draw where an impulse comes back
static void
draw(Drawing* const drawing)
{
  draw_set(drawing, DELAY_SYNC, DELAY_SYNC_TIME);
  draw_echoes(drawing, DELAY_IN_LEFT, DELAY_OUT_LEFT, draw_value(drawing, DELAY_TIME));
}

const Plugin plugin = {
  .uri          = DELAY_URI,
  .ports        = delay_ports,
  .n_ports      = DELAY_N_PORTS,
  .forms        = delay_forms,
  .n_forms      = DELAY_N_FORMS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .transport    = transport,
  .view         = &(const View){.draw = draw},
};
