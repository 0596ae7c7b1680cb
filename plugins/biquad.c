// SPDX-License-Identifier: ISC

#include "biquad_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "filter/biquad.h"
#include "signal/modulated.h"
#include "signal/signal.h"
#include "signal/smooth.h"
#include "signal/units.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

static_assert((int)BIQUAD_TYPE_LOW_PASS == (int)BIQUAD_LOW_PASS, "as in the Turtle");
static_assert((int)BIQUAD_TYPE_HIGH_PASS == (int)BIQUAD_HIGH_PASS, "as in the Turtle");
static_assert((int)BIQUAD_TYPE_BAND_PASS == (int)BIQUAD_BAND_PASS, "as in the Turtle");
static_assert((int)BIQUAD_TYPE_NOTCH == (int)BIQUAD_NOTCH, "as in the Turtle");
static_assert((int)BIQUAD_TYPE_ALL_PASS == (int)BIQUAD_ALL_PASS, "as in the Turtle");
static_assert((int)BIQUAD_TYPE_PEAK == (int)BIQUAD_PEAK, "as in the Turtle");
static_assert((int)BIQUAD_TYPE_LOW_SHELF == (int)BIQUAD_LOW_SHELF, "as in the Turtle");
static_assert((int)BIQUAD_TYPE_HIGH_SHELF == (int)BIQUAD_HIGH_SHELF,
              "as in the Turtle");
static_assert((int)BIQUAD_RESPONSE_RBJ == (int)BIQUAD_RBJ, "as in the Turtle");
static_assert((int)BIQUAD_RESPONSE_ANALOG == (int)BIQUAD_ANALOG, "as in the Turtle");

#define C4_OCT 8.031359713524660 ///< log2(C4_HZ)

/// How far 1 V moves the gain at an amount of 1: 10 V move it over its whole range
#define GAIN_PER_VOLT_DB (2.0 * BIQUAD_MAX_GAIN_DB / (double)CV_MAX_V)

/// How far a knob may be turned at once and still glide; further, and filters fade
#define MOST_GLIDE_OCT 1.0
#define MOST_GLIDE_DB 6.0

/// Most that are filtered at once where something moves
#define PIECE_FRAMES MODULATED_MAX_FRAMES

/// Where all knobs of the filter are turned to
typedef struct {
  BiquadType     type;
  BiquadResponse response;
  KnobPair       pitch_oct;
  KnobPair       mod_oct;
  KnobPair       q_oct;
  KnobPair       gain_db;
} Knobs;

typedef struct {
  Modulated      pitch_oct;
  Modulated      mod_oct; ///< Added to that, by audio
  Modulated      q_oct;
  Modulated      gain_db;
  BiquadType     type;
  BiquadResponse response;
  bool           has_turned; ///< Whether knobs were read since the reset
  bool           waits;      ///< Whether `next` waits for a fade to end
  Knobs          next;
  Knobs          last; ///< Of the filter from which there is a fade, as they stay
  int            is_on;
  Smoother       share; ///< Of the filter in the output: 0 when off, 1 when on
  Biquad         biquad;
} Filter;

// ---- All knobs

static void
reset(void* const state)
{
  Filter* const self = state;

  modulated_reset(&self->pitch_oct);
  modulated_reset(&self->mod_oct);
  modulated_reset(&self->q_oct);
  modulated_reset(&self->gain_db);
  smooth_reset(&self->share);
  biquad_reset(&self->biquad);
  self->has_turned = false;
  self->waits      = false;
}

static void
init(void* const state, const double sample_rate)
{
  Filter* const self = state;

  modulated_init(&self->pitch_oct, sample_rate, KNOB_GLIDE_S);
  modulated_init(&self->mod_oct, sample_rate, KNOB_GLIDE_S);
  modulated_init(&self->q_oct, sample_rate, KNOB_GLIDE_S);
  modulated_init(&self->gain_db, sample_rate, KNOB_GLIDE_S);
  smooth_init(&self->share, sample_rate, KNOB_GLIDE_S);
  biquad_init(&self->biquad, sample_rate, KNOB_GLIDE_S);
  self->has_turned = false;
  self->waits      = false;
}

static Knobs
read_knobs(const Ports* const ports)
{
  const double pitch_oct = log2((double)control(ports, BIQUAD_FREQUENCY)) - C4_OCT +
                           (double)control(ports, BIQUAD_SHIFT);

  return (Knobs){
    .type      = (BiquadType)choice(ports, BIQUAD_TYPE),
    .response  = (BiquadResponse)choice(ports, BIQUAD_RESPONSE),
    .pitch_oct = {pitch_oct, (double)control(ports, BIQUAD_FREQUENCY_AMOUNT)},
    .mod_oct   = {0.0, (double)control(ports, BIQUAD_FREQUENCY_MOD_AMOUNT)},
    .q_oct     = {log2((double)control(ports, BIQUAD_Q)),
                  (double)control(ports, BIQUAD_Q_AMOUNT)},
    .gain_db   = {(double)control(ports, BIQUAD_GAIN),
                  GAIN_PER_VOLT_DB * (double)control(ports, BIQUAD_GAIN_AMOUNT)}};
}

/// Take knobs as they are turned, from where they are
static void
take(Filter* const self, const Knobs* const knobs)
{
  modulated_set(&self->pitch_oct, knobs->pitch_oct);
  modulated_set(&self->mod_oct, knobs->mod_oct);
  modulated_set(&self->q_oct, knobs->q_oct);
  modulated_set(&self->gain_db, knobs->gain_db);
  self->type     = knobs->type;
  self->response = knobs->response;
}

/// Return true if knobs are too far from where they are to glide there
static bool
is_far(const Filter* const self, const Knobs* const knobs)
{
  return knobs->type != self->type || knobs->response != self->response ||
         modulated_is_far(
           &self->pitch_oct, knobs->pitch_oct, MOST_GLIDE_OCT, (double)CV_MAX_V) ||
         modulated_is_far(
           &self->mod_oct, knobs->mod_oct, MOST_GLIDE_OCT, (double)CV_MAX_V) ||
         modulated_is_far(
           &self->q_oct, knobs->q_oct, MOST_GLIDE_OCT, (double)CV_MAX_V) ||
         (biquad_has_gain(knobs->type) &&
          modulated_is_far(
            &self->gain_db, knobs->gain_db, MOST_GLIDE_DB, (double)CV_MAX_V));
}

/// Fade to a filter that has its knobs where the next ones are
static void
fade(Filter* const self)
{
  self->last = (Knobs){.pitch_oct = modulated_position(&self->pitch_oct),
                       .mod_oct   = modulated_position(&self->mod_oct),
                       .q_oct     = modulated_position(&self->q_oct),
                       .gain_db   = modulated_position(&self->gain_db)};
  biquad_fade(&self->biquad, self->next.type, self->next.response);
  modulated_reset(&self->pitch_oct);
  modulated_reset(&self->mod_oct);
  modulated_reset(&self->q_oct);
  modulated_reset(&self->gain_db);
  take(self, &self->next);
  self->waits = false;
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Filter* const self = state;

  self->next  = read_knobs(ports);
  self->is_on = choice(ports, BIQUAD_ENABLED);
  if (self->has_turned && (self->waits || is_far(self, &self->next))) {
    self->waits = true; // Until filter() finds no other fade
  } else {
    take(self, &self->next);
  }
  self->has_turned = true;
}

// ---- Signals

/// Return a CV from frame `start` on, without frames if it is not connected
static Signal
cv_in(const Ports* const ports, const uint32_t index, const uint32_t start)
{
  return signal_from((Signal){connected_in(ports, index), is_constant(ports, index)},
                     start);
}

/// Return the settings of frames from `start` on, with room for four in `frames`
static BiquadSettings
find_settings(Filter* const      self,
              const Ports* const ports,
              const uint32_t     start,
              double* const      frames,
              const uint32_t     n)
{
  double* const sum_oct = frames + PIECE_FRAMES;
  const SignalD pitch   = modulated_process(
    &self->pitch_oct, cv_in(ports, BIQUAD_FREQUENCY_CV, start), frames, n);
  const SignalD mod = modulated_process(
    &self->mod_oct, cv_in(ports, BIQUAD_FREQUENCY_MOD, start), sum_oct, n);

  return (BiquadSettings){
    modulated_add(pitch, mod, sum_oct, n),
    modulated_process(
      &self->q_oct, cv_in(ports, BIQUAD_Q_CV, start), frames + 2U * PIECE_FRAMES, n),
    modulated_process(&self->gain_db,
                      cv_in(ports, BIQUAD_GAIN_CV, start),
                      frames + 3U * PIECE_FRAMES,
                      n)};
}

/// The same for the filter from which there is a fade
static BiquadSettings
find_last_settings(const Knobs* const last,
                   const Ports* const ports,
                   const uint32_t     start,
                   double* const      frames,
                   const uint32_t     n)
{
  double* const sum_oct = frames + PIECE_FRAMES;
  const SignalD pitch   = modulated_follow(
    &last->pitch_oct, cv_in(ports, BIQUAD_FREQUENCY_CV, start), frames, n);
  const SignalD mod = modulated_follow(
    &last->mod_oct, cv_in(ports, BIQUAD_FREQUENCY_MOD, start), sum_oct, n);

  return (BiquadSettings){
    modulated_add(pitch, mod, sum_oct, n),
    modulated_follow(
      &last->q_oct, cv_in(ports, BIQUAD_Q_CV, start), frames + 2U * PIECE_FRAMES, n),
    modulated_follow(&last->gain_db,
                     cv_in(ports, BIQUAD_GAIN_CV, start),
                     frames + 3U * PIECE_FRAMES,
                     n)};
}

/// Filter frames from `start` on, as knobs and CVs say
static void
filter(Filter* const      self,
       const Ports* const ports,
       const float* const in,
       const uint32_t     start,
       const uint32_t     n_frames)
{
  double               frames[4U * PIECE_FRAMES];
  const BiquadSettings settings = find_settings(self, ports, start, frames, n_frames);
  float* const         out      = signal_out(ports, BIQUAD_OUT);
  biquad_process(&self->biquad,
                 self->type,
                 self->response,
                 &settings,
                 in + start,
                 out + start,
                 n_frames);
}

/// Filter frames of a fade
static void
filter_fading(Filter* const      self,
              const Ports* const ports,
              const float* const in,
              const uint32_t     start,
              const uint32_t     n_frames)
{
  double               frames[4U * PIECE_FRAMES];
  double               last_frames[4U * PIECE_FRAMES];
  const BiquadSettings settings = find_settings(self, ports, start, frames, n_frames);
  const BiquadSettings last_settings =
    find_last_settings(&self->last, ports, start, last_frames, n_frames);

  float* const out = signal_out(ports, BIQUAD_OUT);
  biquad_process_fade(&self->biquad,
                      self->type,
                      self->response,
                      &settings,
                      &last_settings,
                      in + start,
                      out + start,
                      n_frames);
}

static uint32_t
lesser(const uint32_t a, const uint32_t b)
{
  return a < b ? a : b;
}

/// Return true if all frames have the settings of the first
static bool
is_steady(const Filter* const self, const Ports* const ports)
{
  return modulated_stays(&self->pitch_oct, cv_in(ports, BIQUAD_FREQUENCY_CV, 0)) &&
         modulated_stays(&self->mod_oct, cv_in(ports, BIQUAD_FREQUENCY_MOD, 0)) &&
         modulated_stays(&self->q_oct, cv_in(ports, BIQUAD_Q_CV, 0)) &&
         modulated_stays(&self->gain_db, cv_in(ports, BIQUAD_GAIN_CV, 0));
}

/// Filter frames, and let knobs that wait for the end of a fade have it
static void
filter_all(Filter* const      self,
           const Ports* const ports,
           const float* const in,
           const uint32_t     n_frames)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < n_frames; i += n) {
    if (self->waits && !biquad_fade_left(&self->biquad)) {
      fade(self);
    }

    const uint32_t to_end = biquad_fade_left(&self->biquad);
    if (to_end) {
      n = lesser(n_frames - i, lesser(to_end, PIECE_FRAMES));
      filter_fading(self, ports, in, i, n);
    } else {
      n = n_frames - i;
      n = is_steady(self, ports) ? n : lesser(n, PIECE_FRAMES);
      filter(self, ports, in, i, n);
    }
  }
}

/// Fade from filter to input when switched off, to exactly the input, and back
static void
bypass(Filter* const      self,
       const float* const in,
       float* const       out,
       const uint32_t     n_frames)
{
  if (self->is_on && smooth_is_at(&self->share, self->is_on)) {
    return;
  }

  float share[BLOCK_FRAMES];
  smooth_process(&self->share, self->is_on, share, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float faded = in[i] + share[i] * (out[i] - in[i]);

    out[i] = share[i] >= 1.0f ? out[i] : share[i] <= 0.0f ? in[i] : faded;
  }
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Filter* const      self = state;
  const float* const in   = signal_in(ports, BIQUAD_IN).frame;

  filter_all(self, ports, in, n_frames);
  bypass(self, in, signal_out(ports, BIQUAD_OUT), n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Filter);
}

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY("biquad", Filter, biquad, Biquad),
};

// ---- Picture

static const uint8_t watched[] = {BIQUAD_FREQUENCY_CV, BIQUAD_Q_CV, BIQUAD_GAIN_CV};

static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {BIQUAD_OUT};

  const double octaves =
    draw_value(drawing, BIQUAD_SHIFT) + draw_value(drawing, BIQUAD_FREQUENCY_AMOUNT) *
                                          draw_value(drawing, BIQUAD_FREQUENCY_CV);
  draw_response(drawing, BIQUAD_IN, outs, 1);
  draw_number(drawing, draw_value(drawing, BIQUAD_FREQUENCY) * exp2(octaves), "Hz");
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = BIQUAD_URI,
  .ports        = biquad_ports,
  .n_ports      = BIQUAD_N_PORTS,
  .forms        = biquad_forms,
  .n_forms      = BIQUAD_N_FORMS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  CARRIED(carried),
  .view = &view,
};
