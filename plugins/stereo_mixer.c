// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "stereo_mixer_ports.h"

#include "display/drawing.h"
#include "level/pan.h"
#include "shaper/soft_clip.h"
#include "signal/gain.h"
#include "signal/knob.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static_assert((int)STEREO_MIXER_CV_LAW_LINEAR == (int)CV_LAW_LINEAR,
              "as in the Turtle");
static_assert((int)STEREO_MIXER_CV_LAW_EXPONENTIAL == (int)CV_LAW_EXPONENTIAL,
              "as in the Turtle");
static_assert((int)STEREO_MIXER_PAN_LAW_EQUAL_POWER == (int)PAN_LAW_EQUAL_POWER,
              "as in the Turtle");
static_assert((int)STEREO_MIXER_PAN_LAW__4_5_DB == (int)PAN_LAW_MINUS_4_5_DB,
              "as in the Turtle");
static_assert((int)STEREO_MIXER_PAN_LAW_LINEAR == (int)PAN_LAW_LINEAR,
              "as in the Turtle");
static_assert((int)STEREO_MIXER_PAN_LAW_BALANCE == (int)PAN_LAW_BALANCE,
              "as in the Turtle");

#define N_CHANNELS 4U

/// The ports of a channel
typedef struct {
  uint32_t in;
  uint32_t level_cv;
  uint32_t pan_cv;
  uint32_t level;
  uint32_t pan;
  uint32_t mute;
  uint32_t solo;
  uint32_t send;
  uint32_t cv_amount;
  uint32_t pan_amount;
} Strip;

static const Strip strips[N_CHANNELS] = {
  {STEREO_MIXER_IN_1,
   STEREO_MIXER_LEVEL_CV_1,
   STEREO_MIXER_PAN_CV_1,
   STEREO_MIXER_LEVEL_1,
   STEREO_MIXER_PAN_1,
   STEREO_MIXER_MUTE_1,
   STEREO_MIXER_SOLO_1,
   STEREO_MIXER_SEND_1,
   STEREO_MIXER_CV_AMOUNT_1,
   STEREO_MIXER_PAN_AMOUNT_1},
  {STEREO_MIXER_IN_2,
   STEREO_MIXER_LEVEL_CV_2,
   STEREO_MIXER_PAN_CV_2,
   STEREO_MIXER_LEVEL_2,
   STEREO_MIXER_PAN_2,
   STEREO_MIXER_MUTE_2,
   STEREO_MIXER_SOLO_2,
   STEREO_MIXER_SEND_2,
   STEREO_MIXER_CV_AMOUNT_2,
   STEREO_MIXER_PAN_AMOUNT_2},
  {STEREO_MIXER_IN_3,
   STEREO_MIXER_LEVEL_CV_3,
   STEREO_MIXER_PAN_CV_3,
   STEREO_MIXER_LEVEL_3,
   STEREO_MIXER_PAN_3,
   STEREO_MIXER_MUTE_3,
   STEREO_MIXER_SOLO_3,
   STEREO_MIXER_SEND_3,
   STEREO_MIXER_CV_AMOUNT_3,
   STEREO_MIXER_PAN_AMOUNT_3},
  {STEREO_MIXER_IN_4,
   STEREO_MIXER_LEVEL_CV_4,
   STEREO_MIXER_PAN_CV_4,
   STEREO_MIXER_LEVEL_4,
   STEREO_MIXER_PAN_4,
   STEREO_MIXER_MUTE_4,
   STEREO_MIXER_SOLO_4,
   STEREO_MIXER_SEND_4,
   STEREO_MIXER_CV_AMOUNT_4,
   STEREO_MIXER_PAN_AMOUNT_4},
};

/// Both sides, as numbers in arrays
typedef enum { LEFT, RIGHT, N_SIDES } Side;

static const uint32_t outputs[N_SIDES] = {STEREO_MIXER_LEFT, STEREO_MIXER_RIGHT};
static const uint32_t returns[N_SIDES] = {STEREO_MIXER_RETURN_LEFT,
                                          STEREO_MIXER_RETURN_RIGHT};

/// Knobs that glide, most of them the first channel's of N_CHANNELS
typedef enum {
  LEVEL,
  RETURN_LEVEL,
  GAIN, ///< Level, mute and solo as one, to go smoothly
  CV_AMOUNT  = GAIN + N_CHANNELS,
  PAN        = CV_AMOUNT + N_CHANNELS,
  PAN_AMOUNT = PAN + N_CHANNELS,
  SEND_AFTER = PAN_AMOUNT + N_CHANNELS, ///< Share of what is behind the fader
  SEND_INPUT = SEND_AFTER + N_CHANNELS, ///< Share of the input
  CLIP       = SEND_INPUT + N_CHANNELS, ///< The first side's: 0 is uncut, 1 all of the
                                        ///< clipper's output; moved by that
  N_KNOBS = CLIP + N_SIDES
} KnobName;

typedef struct {
  CvLaw    cv_law;
  PanLaw   pan_law;
  SoftClip soft_clip[N_SIDES];
  Knob     knob[N_KNOBS];
} StereoMixer;

/// Gains of a channel in each frame
typedef struct {
  float left[BLOCK_FRAMES];
  float right[BLOCK_FRAMES];
  float send[BLOCK_FRAMES];
} Gains;

/// Outputs in each frame
typedef struct {
  float* side[N_SIDES];
  float* send; ///< NULL if nothing is connected
} Buses;

static void
reset(void* const state)
{
  StereoMixer* const self = state;

  knobs_reset(self->knob, N_KNOBS);
  for (uint32_t s = 0; s < N_SIDES; ++s) {
    soft_clip_reset(&self->soft_clip[s]);
  }
}

static void
init(void* const state, const double sample_rate)
{
  StereoMixer* const self = state;

  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  reset(self);
}

static double
level_gain(const Ports* const ports, const uint32_t index)
{
  return gain_of_level((double)control(ports, index));
}

static bool
is_any_solo(const Ports* const ports)
{
  bool is_any = false;
  for (uint32_t c = 0; c < N_CHANNELS; ++c) {
    is_any = is_any || choice(ports, strips[c].solo);
  }
  return is_any;
}

static void
set_channel(StereoMixer* const self,
            const Ports* const ports,
            const uint32_t     c,
            const bool         is_heard)
{
  const Strip* const strip = &strips[c];
  const double       send  = level_gain(ports, strip->send);
  const bool         is_after =
    choice(ports, STEREO_MIXER_SEND_POINT) == STEREO_MIXER_SEND_POINT_AFTER_FADER;
  Knob* const knob = self->knob + c;

  knob_set(&knob[GAIN], is_heard ? level_gain(ports, strip->level) : 0.0);
  knob_set(&knob[CV_AMOUNT], (double)control(ports, strip->cv_amount));
  knob_set(&knob[PAN], (double)control(ports, strip->pan));
  knob_set(&knob[PAN_AMOUNT], (double)control(ports, strip->pan_amount));
  knob_set(&knob[SEND_AFTER], is_after ? send : 0.0);
  knob_set(&knob[SEND_INPUT], is_after || !is_heard ? 0.0 : send);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  StereoMixer* const self  = state;
  const bool         solos = is_any_solo(ports);

  self->cv_law  = (CvLaw)choice(ports, STEREO_MIXER_CV_LAW);
  self->pan_law = (PanLaw)choice(ports, STEREO_MIXER_PAN_LAW);
  for (uint32_t c = 0; c < N_CHANNELS; ++c) {
    const bool is_muted = choice(ports, strips[c].mute);
    const bool is_solo  = choice(ports, strips[c].solo);
    set_channel(self, ports, c, !is_muted && (is_solo || !solos));
  }
  knob_set(&self->knob[LEVEL], level_gain(ports, STEREO_MIXER_LEVEL));
  knob_set(&self->knob[RETURN_LEVEL], level_gain(ports, STEREO_MIXER_RETURN_LEVEL));
  for (uint32_t s = 0; s < N_SIDES; ++s) {
    knob_set(&self->knob[CLIP + s], (double)choice(ports, STEREO_MIXER_CLIP));
  }
}

static PanPlace
place_of(const StereoMixer* const self, const Ports* const ports, const uint32_t c)
{
  return (PanPlace){knob_signal(&self->knob[PAN + c]),
                    knob_signal(&self->knob[PAN_AMOUNT + c]),
                    signal_in(ports, strips[c].pan_cv)};
}

/// Return true if the gains of a channel are the same in all frames
static bool
are_gains_constant(const StereoMixer* const self,
                   const Ports* const       ports,
                   const uint32_t           c)
{
  const Knob* const knob     = self->knob + c;
  const PanPlace    place    = place_of(self, ports, c);
  const Signal      level_cv = signal_in(ports, strips[c].level_cv);

  return gain_is_constant(&knob[GAIN], &knob[CV_AMOUNT], level_cv) &&
         pan_is_constant(&place) && !knob[SEND_AFTER].moves && !knob[SEND_INPUT].moves;
}

/// Find the gains of a channel in each frame
static void
find_gains(const StereoMixer* const self,
           const Ports* const       ports,
           const uint32_t           c,
           Gains* const             gains,
           const uint32_t           n_frames)
{
  float              scratch[BLOCK_FRAMES];
  const Knob* const  knob  = self->knob + c;
  const PanPlace     place = place_of(self, ports, c);
  const float* const after = knob[SEND_AFTER].value;
  const float* const input = knob[SEND_INPUT].value;
  const float* const fader = gain_under_cv(self->cv_law,
                                           &knob[GAIN],
                                           &knob[CV_AMOUNT],
                                           signal_in(ports, strips[c].level_cv),
                                           scratch,
                                           n_frames);

  pan_gains(self->pan_law, &place, fader, gains->left, gains->right, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    gains->send[i] = after[i] * fader[i] + input[i];
  }
}

/// Write the sums of all channels if their gains are constant; returns false if not
static bool
sum_constant(const StereoMixer* const self,
             const Ports* const       ports,
             const Buses* const       buses,
             const uint32_t           n_frames)
{
  const float* in[N_CHANNELS];
  float        gain[N_SIDES + 1U][N_CHANNELS];
  uint32_t     n_in = 0;
  for (uint32_t c = 0; c < N_CHANNELS; ++c) {
    if (is_connected(ports, strips[c].in)) {
      if (!are_gains_constant(self, ports, c)) {
        return false;
      }
      Gains gains;
      find_gains(self, ports, c, &gains, 1);
      gain[LEFT][n_in]    = gains.left[0];
      gain[RIGHT][n_in]   = gains.right[0];
      gain[N_SIDES][n_in] = gains.send[0];
      in[n_in++]          = signal_in(ports, strips[c].in).frame;
    }
  }

  for (uint32_t s = 0; s < N_SIDES; ++s) {
    gain_sum(in, gain[s], n_in, buses->side[s], n_frames);
  }
  if (buses->send) {
    gain_sum(in, gain[N_SIDES], n_in, buses->send, n_frames);
  }
  return true;
}

/// Write the sums of all channels
static void
sum_channels(const StereoMixer* const self,
             const Ports* const       ports,
             const Buses* const       buses,
             const uint32_t           n_frames)
{
  gain_sum(NULL, NULL, 0, buses->side[LEFT], n_frames);
  gain_sum(NULL, NULL, 0, buses->side[RIGHT], n_frames);
  if (buses->send) {
    gain_sum(NULL, NULL, 0, buses->send, n_frames);
  }
  for (uint32_t c = 0; c < N_CHANNELS; ++c) {
    if (is_connected(ports, strips[c].in)) {
      const float* const in = signal_in(ports, strips[c].in).frame;
      Gains              gains;
      find_gains(self, ports, c, &gains, n_frames);
      gain_add(in, gains.left, buses->side[LEFT], n_frames);
      gain_add(in, gains.right, buses->side[RIGHT], n_frames);
      if (buses->send) {
        gain_add(in, gains.send, buses->send, n_frames);
      }
    }
  }
}

/// Add the return of a side to the sum, and scale and clip that
static void
finish(StereoMixer* const self,
       const Ports* const ports,
       const Side         side,
       float* const       sum,
       const uint32_t     n_frames)
{
  if (is_connected(ports, returns[side])) {
    const float* const in = signal_in(ports, returns[side]).frame;
    gain_add(in, self->knob[RETURN_LEVEL].value, sum, n_frames);
  }
  if (!knob_rests_at(&self->knob[LEVEL], 1.0f)) {
    gain_scale(self->knob[LEVEL].value, sum, n_frames);
  }
  soft_clip_blend(&self->soft_clip[side], &self->knob[CLIP + side], sum, n_frames);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  StereoMixer* const self  = state;
  const Buses        buses = {
           {signal_out(ports, outputs[LEFT]), signal_out(ports, outputs[RIGHT])},
           connected_out(ports, STEREO_MIXER_SEND)};

  knobs_process(self->knob, CLIP, n_frames); // All but the clippers'
  if (!sum_constant(self, ports, &buses, n_frames)) {
    sum_channels(self, ports, &buses, n_frames);
  }
  finish(self, ports, LEFT, buses.side[LEFT], n_frames);
  finish(self, ports, RIGHT, buses.side[RIGHT], n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(StereoMixer);
}

// ---- Picture

#define LOW_DB (-60.0) ///< Silence
#define RANGE_DB 72.0

/// Draw the faders, the last one that of the sum
static void
draw(Drawing* const drawing)
{
  static const uint8_t faders[] = {STEREO_MIXER_LEVEL_1,
                                   STEREO_MIXER_LEVEL_2,
                                   STEREO_MIXER_LEVEL_3,
                                   STEREO_MIXER_LEVEL_4,
                                   STEREO_MIXER_RETURN_LEVEL,
                                   STEREO_MIXER_LEVEL};
  static const uint8_t mutes[]  = {
     STEREO_MIXER_MUTE_1, STEREO_MIXER_MUTE_2, STEREO_MIXER_MUTE_3, STEREO_MIXER_MUTE_4};

  float bars[sizeof(faders)];
  for (uint32_t f = 0; f < sizeof(faders); ++f) {
    const bool   is_mute = f < sizeof(mutes) && draw_value(drawing, mutes[f]) > 0.5;
    const double level   = (draw_value(drawing, faders[f]) - LOW_DB) / RANGE_DB;
    bars[f]              = is_mute ? 0.0f : (float)level;
  }
  draw_bars(drawing, bars, sizeof(faders), 0.0f, sizeof(faders) - 1);
  draw_number(drawing, draw_value(drawing, STEREO_MIXER_LEVEL), "dB");
}

static const View view = {.draw = draw};

const Plugin plugin = {
  .uri          = STEREO_MIXER_URI,
  .ports        = stereo_mixer_ports,
  .n_ports      = STEREO_MIXER_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .view         = &view,
};
