// SPDX-License-Identifier: ISC

#include "phaser_ports.h"
#include "plugin.h"

#include "delay/wobble.h"
#include "delay/wobble_sync.h"
#include "display/drawing.h"
#include "filter/phaser.h"
#include "level/effect_out.h"
#include "math/fast_math.h"
#include "signal/gain.h"
#include "signal/modulate.h"

#include <assert.h>
#include <math.h>

static_assert(PHASER_STAGES_2 == 0 && PHASER_STAGES_4 == 1 && PHASER_STAGES_6 == 2 &&
                PHASER_STAGES_8 == 3 && PHASER_STAGES_12 == 4,
              "as in stages_of_choice");

#define N_SIDES PHASER_N_SIDES
#define MAX_RATE_OCT 6.7       ///< About 100 Hz
#define DEPTH_PER_VOLT 0.4f    ///< The whole range in 10 V
#define FEEDBACK_PER_VOLT 0.1f ///< From 0 to full in 10 V
#define QUARTER 0.25           ///< Of a cycle
#define CYCLES_PER_DEGREE (1.0 / 360.0)
#define TWO_PI 6.283185307179586

static const uint32_t stages_of_choice[] = {2, 4, 6, 8, 12};

/// Knobs that glide
enum {
  RATE, ///< Octaves from 1 Hz
  RATE_AMOUNT,
  FREQUENCY, ///< Octaves from 1 Hz
  FREQUENCY_AMOUNT,
  DEPTH, ///< Octaves, to either side
  DEPTH_AMOUNT,
  FEEDBACK,
  FEEDBACK_AMOUNT,
  AHEAD_COS, ///< Of the cycles by which the right side is ahead
  AHEAD_SIN,
  MIX,
  SIGN, ///< Of the phased signal
  LEVEL,
  SHARE, ///< Of the module in the output: 0 when off, 1 when on
  N_KNOBS
};

typedef struct {
  Knob       knob[N_KNOBS];
  bool       rests; ///< Whether all knobs do
  uint32_t   n_stages;
  Wobble     wobble;
  WobbleSync sync;
  Phaser     phaser;
} Module;

/// The frames of a run
typedef struct {
  float rate_hz[BLOCK_FRAMES];
  float pitch_oct[N_SIDES][BLOCK_FRAMES];
  float feedback[BLOCK_FRAMES];
  float direct[N_SIDES][BLOCK_FRAMES];
} Frames;

static void
reset(void* const state)
{
  Module* const self = state;

  knobs_reset(self->knob, N_KNOBS);
  wobble_reset(&self->wobble);
  wobble_sync_reset(&self->sync);
  phaser_reset(&self->phaser);
  self->rests = false;
}

static void
init(void* const state, const double sample_rate)
{
  Module* const self = state;

  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  wobble_init(&self->wobble, sample_rate);
  wobble_sync_init(&self->sync, sample_rate);
  phaser_init(&self->phaser, sample_rate);
}

static double
number(const Ports* const ports, const uint32_t index)
{
  return (double)control(ports, index);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Module* const self  = state;
  Knob* const   knob  = self->knob;
  const double  ahead = TWO_PI * CYCLES_PER_DEGREE * number(ports, PHASER_SPREAD);

  knob_set(&knob[RATE], log2(number(ports, PHASER_RATE)));
  knob_set(&knob[RATE_AMOUNT], number(ports, PHASER_RATE_AMOUNT));
  knob_set(&knob[FREQUENCY], log2(number(ports, PHASER_FREQUENCY)));
  knob_set(&knob[FREQUENCY_AMOUNT], number(ports, PHASER_FREQUENCY_AMOUNT));
  knob_set(&knob[DEPTH], number(ports, PHASER_DEPTH));
  knob_set(&knob[DEPTH_AMOUNT], number(ports, PHASER_DEPTH_AMOUNT));
  knob_set(&knob[FEEDBACK], 0.01 * number(ports, PHASER_FEEDBACK));
  knob_set(&knob[FEEDBACK_AMOUNT], number(ports, PHASER_FEEDBACK_AMOUNT));
  knob_set(&knob[AHEAD_COS], cos(ahead));
  knob_set(&knob[AHEAD_SIN], sin(ahead));
  knob_set(&knob[MIX], 0.01 * number(ports, PHASER_MIX));
  knob_set(&knob[SIGN], choice(ports, PHASER_INVERT) ? -1.0 : 1.0);
  knob_set(&knob[LEVEL], gain_of_level(number(ports, PHASER_LEVEL)));
  knob_set(&knob[SHARE], (double)choice(ports, PHASER_ENABLED));
  self->n_stages = stages_of_choice[choice(ports, PHASER_STAGES)];
  self->rests    = false;
  wobble_sync_set(&self->sync,
                  choice(ports, PHASER_SYNC) == PHASER_SYNC_TEMPO,
                  (uint32_t)choice(ports, PHASER_NOTE),
                  &self->wobble);
}

static void
transport(void* const state, const Transport* const transport)
{
  Module* const self = state;

  wobble_sync_set_transport(&self->sync, transport, &self->wobble);
}

/// Write a knob moved by a CV, as knob `of` and the one after it say
static void
find(const Module* const self,
     const uint32_t      of,
     const Signal        cv,
     const float         per_volt,
     const Range         range,
     float* const        out,
     const uint32_t      n_frames)
{
  const Knob* const knob = &self->knob[of];

  modulate_floats(&knob[0], &knob[1], cv, per_volt, range, 0, out, n_frames);
}

/// Move the pitch of each side as far as the depth, which is in the right one's place
static void
swing(const Module* const self, Frames* const frames, const uint32_t n_frames)
{
  double            sine[BLOCK_FRAMES];
  double            cosine[BLOCK_FRAMES];
  const Knob* const knob = self->knob;
  wobble_write(&self->wobble, frames->rate_hz, 0.0, sine, n_frames);
  wobble_write(&self->wobble, frames->rate_hz, QUARTER, cosine, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float left  = (float)sine[i];
    const float ahead = (float)cosine[i];
    const float right =
      knob[AHEAD_COS].value[i] * left + knob[AHEAD_SIN].value[i] * ahead;
    const float pitch       = frames->pitch_oct[0][i];
    const float depth       = frames->pitch_oct[1][i];
    frames->pitch_oct[0][i] = pitch + depth * left;
    frames->pitch_oct[1][i] = pitch + depth * right;
  }
}

/// Write pitches and feedback
static void
find_notches(const Module* const self,
             const Ports* const  ports,
             Frames* const       frames,
             const uint32_t      n_frames)
{
  static const Range pitches   = {-30.0, 30.0};
  static const Range depths    = {0.0, 4.0};
  static const Range feedbacks = {-0.95, 0.95};

  const Signal pitch_cv    = signal_in(ports, PHASER_FREQUENCY_CV);
  const Signal depth_cv    = signal_in(ports, PHASER_DEPTH_CV);
  const Signal feedback_cv = signal_in(ports, PHASER_FEEDBACK_CV);
  float* const pitch       = frames->pitch_oct[0];
  float* const depth       = frames->pitch_oct[1];
  float* const feedback    = frames->feedback;
  find(self, FREQUENCY, pitch_cv, 1.0f, pitches, pitch, n_frames);
  find(self, DEPTH, depth_cv, DEPTH_PER_VOLT, depths, depth, n_frames);
  find(self, FEEDBACK, feedback_cv, FEEDBACK_PER_VOLT, feedbacks, feedback, n_frames);
  swing(self, frames, n_frames);
}

/// Write the rate of the LFO
static Signal
find_rate(Module* const      self,
          const Ports* const ports,
          float* const       rate_hz,
          const uint32_t     n_frames)
{
  static const Range rates = {-10.0, MAX_RATE_OCT};

  const bool is_led   = wobble_sync_leads(&self->sync);
  const bool is_still = wobble_sync_process(&self->sync, rate_hz, n_frames);
  if (is_led) {
    return (Signal){rate_hz, is_still};
  }

  const Knob* const knob = self->knob;
  const Signal      cv   = signal_in(ports, PHASER_RATE_CV);
  const bool        is_constant =
    !knob[RATE].moves && (knob_rests_at(&knob[RATE_AMOUNT], 0.0f) ||
                          (!knob[RATE_AMOUNT].moves && signal_is_constant(cv)));
  find(self, RATE, cv, 1.0f, rates, rate_hz, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    rate_hz[i] = fast_exp2f(rate_hz[i]);
  }
  return (Signal){rate_hz, is_constant};
}

/**
   Replace the phased signal by its mix with the input.

   In the middle, the input is what goes into the stages, whose notches are complete
   with any feedback; towards 0 it is more and more the input itself.
*/
static void
mix(const Module* const self,
    const float* const  dry,
    const float* const  direct,
    float* const        out,
    const uint32_t      n_frames)
{
  const Knob* const knob = self->knob;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float part  = knob[MIX].value[i];
    const float twice = part < 0.5f ? 2.0f * part : 1.0f;
    const float input = (1.0f - twice) * dry[i] + twice * direct[i];
    out[i]            = (1.0f - part) * input + part * knob[SIGN].value[i] * out[i];
  }
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Module* const self = state;
  if (!self->rests) {
    self->rests = knobs_process(self->knob, N_KNOBS, n_frames);
  }

  Frames       frames;
  const Signal in[N_SIDES]     = {signal_in(ports, PHASER_IN_LEFT),
                                  signal_in(ports, PHASER_IN_RIGHT)};
  float* const out[N_SIDES]    = {signal_out(ports, PHASER_OUT_LEFT),
                                  signal_out(ports, PHASER_OUT_RIGHT)};
  float* const direct[N_SIDES] = {frames.direct[0], frames.direct[1]};
  const bool   is_silent = signal_stays_at(in[0], 0.0f) && signal_stays_at(in[1], 0.0f);
  const Signal rate_hz   = find_rate(self, ports, frames.rate_hz, n_frames);
  if (!phaser_rests(&self->phaser, is_silent)) {
    find_notches(self, ports, &frames, n_frames);
  }
  wobble_pass(&self->wobble, rate_hz, n_frames);

  const PhaserInputs inputs = {.in        = {in[0].frame, in[1].frame},
                               .pitch_oct = {frames.pitch_oct[0], frames.pitch_oct[1]},
                               .feedback  = frames.feedback,
                               .n_stages  = self->n_stages,
                               .is_silent = signal_stays_at(in[0], 0.0f) &&
                                            signal_stays_at(in[1], 0.0f)};
  phaser_process(&self->phaser, &inputs, direct, out, n_frames);
  for (uint32_t s = 0; s < N_SIDES; ++s) {
    mix(self, in[s].frame, direct[s], out[s], n_frames);
    effect_out(&self->knob[LEVEL], &self->knob[SHARE], in[s].frame, out[s], n_frames);
  }
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Module);
}

// ---- Picture

static const uint8_t watched[] = {PHASER_FREQUENCY_CV,
                                  PHASER_RATE_CV,
                                  PHASER_DEPTH_CV,
                                  PHASER_FEEDBACK_CV};

static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {PHASER_OUT_LEFT};

  draw_response(drawing, PHASER_IN_LEFT, outs, 1);
  draw_number(drawing, draw_value(drawing, PHASER_RATE), "Hz");
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = PHASER_URI,
  .ports        = phaser_ports,
  .n_ports      = PHASER_N_PORTS,
  .forms        = phaser_forms,
  .n_forms      = PHASER_N_FORMS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .transport    = transport,
  .run          = run,
  .view         = &view,
};
