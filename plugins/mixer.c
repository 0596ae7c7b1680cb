// SPDX-License-Identifier: ISC

#include "mixer_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "shaper/soft_clip.h"
#include "signal/gain.h"
#include "signal/knob.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static_assert((int)MIXER_CV_LAW_LINEAR == (int)CV_LAW_LINEAR, "as in the Turtle");
static_assert((int)MIXER_CV_LAW_EXPONENTIAL == (int)CV_LAW_EXPONENTIAL,
              "as in the Turtle");

#define N_CHANNELS 4U

/// The ports of a channel
typedef struct {
  uint32_t in;
  uint32_t level_cv;
  uint32_t level;
  uint32_t cv_amount;
  uint32_t mute;
  uint32_t invert;
} Strip;

static const Strip strips[N_CHANNELS] = {
  {MIXER_IN_1,
   MIXER_LEVEL_CV_1,
   MIXER_LEVEL_1,
   MIXER_CV_AMOUNT_1,
   MIXER_MUTE_1,
   MIXER_INVERT_1},
  {MIXER_IN_2,
   MIXER_LEVEL_CV_2,
   MIXER_LEVEL_2,
   MIXER_CV_AMOUNT_2,
   MIXER_MUTE_2,
   MIXER_INVERT_2},
  {MIXER_IN_3,
   MIXER_LEVEL_CV_3,
   MIXER_LEVEL_3,
   MIXER_CV_AMOUNT_3,
   MIXER_MUTE_3,
   MIXER_INVERT_3},
  {MIXER_IN_4,
   MIXER_LEVEL_CV_4,
   MIXER_LEVEL_4,
   MIXER_CV_AMOUNT_4,
   MIXER_MUTE_4,
   MIXER_INVERT_4},
};

/// Knobs that glide
typedef enum {
  LEVEL,
  GAIN, ///< Of the first channel: level, mute and invert as one, to go smoothly
  CV_AMOUNT = GAIN + N_CHANNELS,      ///< Of the first channel
  CLIP      = CV_AMOUNT + N_CHANNELS, ///< From 0, uncut, to 1, all of the clipper's
                                      ///< output; moved by that
  N_KNOBS
} KnobName;

typedef struct {
  CvLaw    cv_law;
  SoftClip soft_clip;
  Knob     knob[N_KNOBS];
} Mixer;

static void
reset(void* const state)
{
  Mixer* const self = state;

  knobs_reset(self->knob, N_KNOBS);
  soft_clip_reset(&self->soft_clip);
}

static void
init(void* const state, const double sample_rate)
{
  Mixer* const self = state;

  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  soft_clip_reset(&self->soft_clip);
}

/// Return the gain that the knobs of a channel ask for
static double
strip_gain(const Strip* const strip, const Ports* const ports)
{
  const double gain = gain_of_level((double)control(ports, strip->level));

  return choice(ports, strip->mute) ? 0.0 : choice(ports, strip->invert) ? -gain : gain;
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Mixer* const self = state;

  for (uint32_t c = 0; c < N_CHANNELS; ++c) {
    const double amount = (double)control(ports, strips[c].cv_amount);
    knob_set(&self->knob[GAIN + c], strip_gain(&strips[c], ports));
    knob_set(&self->knob[CV_AMOUNT + c], amount);
  }
  self->cv_law = (CvLaw)choice(ports, MIXER_CV_LAW);
  knob_set(&self->knob[LEVEL], gain_of_level((double)control(ports, MIXER_LEVEL)));
  knob_set(&self->knob[CLIP], (double)choice(ports, MIXER_CLIP));
}

/// Return true if the gain of a channel is the same in all frames
static bool
is_gain_constant(const Mixer* const self, const Ports* const ports, const uint32_t c)
{
  return gain_is_constant(&self->knob[GAIN + c],
                          &self->knob[CV_AMOUNT + c],
                          signal_in(ports, strips[c].level_cv));
}

/// Return the gain of a channel, which knobs and CV make, in each frame
static const float*
find_gain(const Mixer* const self,
          const Ports* const ports,
          const uint32_t     c,
          float* const       scratch,
          const uint32_t     n_frames)
{
  return gain_under_cv(self->cv_law,
                       &self->knob[GAIN + c],
                       &self->knob[CV_AMOUNT + c],
                       signal_in(ports, strips[c].level_cv),
                       scratch,
                       n_frames);
}

/// Write the sum of all channels if their gains are constant; returns false if not
static bool
sum_constant(const Mixer* const self,
             const Ports* const ports,
             float* const       sum,
             const uint32_t     n_frames)
{
  const float* in[N_CHANNELS];
  float        gain[N_CHANNELS];
  uint32_t     n_in = 0;
  for (uint32_t c = 0; c < N_CHANNELS; ++c) {
    if (is_connected(ports, strips[c].in)) {
      if (!is_gain_constant(self, ports, c)) {
        return false;
      }
      gain[n_in] = *find_gain(self, ports, c, &gain[n_in], 1);
      in[n_in++] = signal_in(ports, strips[c].in).frame;
    }
  }

  gain_sum(in, gain, n_in, sum, n_frames);
  return true;
}

/// Write the sum of all channels
static void
sum_channels(const Mixer* const self,
             const Ports* const ports,
             float* const       sum,
             const uint32_t     n_frames)
{
  memset(sum, 0, n_frames * sizeof(float));
  for (uint32_t c = 0; c < N_CHANNELS; ++c) {
    if (is_connected(ports, strips[c].in)) {
      float              scratch[BLOCK_FRAMES];
      const float* const gain = find_gain(self, ports, c, scratch, n_frames);
      gain_add(signal_in(ports, strips[c].in).frame, gain, sum, n_frames);
    }
  }
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Mixer* const self = state;
  float* const sum  = signal_out(ports, MIXER_OUT);

  knobs_process(self->knob, CLIP, n_frames); // All but the clipper's
  if (!sum_constant(self, ports, sum, n_frames)) {
    sum_channels(self, ports, sum, n_frames);
  }
  if (!knob_rests_at(&self->knob[LEVEL], 1.0f)) {
    gain_scale(self->knob[LEVEL].value, sum, n_frames);
  }
  soft_clip_blend(&self->soft_clip, &self->knob[CLIP], sum, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Mixer);
}

// ---- Picture

#define LOW_DB (-60.0) ///< Silence
#define RANGE_DB 72.0

/// Draw the faders, the last one that of the sum
static void
draw(Drawing* const drawing)
{
  static const uint8_t faders[] = {
    MIXER_LEVEL_1, MIXER_LEVEL_2, MIXER_LEVEL_3, MIXER_LEVEL_4, MIXER_LEVEL};
  static const uint8_t mutes[] = {
    MIXER_MUTE_1, MIXER_MUTE_2, MIXER_MUTE_3, MIXER_MUTE_4};

  float bars[sizeof(faders)];
  for (uint32_t f = 0; f < sizeof(faders); ++f) {
    const bool   is_mute = f < sizeof(mutes) && draw_value(drawing, mutes[f]) > 0.5;
    const double level   = (draw_value(drawing, faders[f]) - LOW_DB) / RANGE_DB;
    bars[f]              = is_mute ? 0.0f : (float)level;
  }
  draw_bars(drawing, bars, sizeof(faders), 0.0f, sizeof(faders) - 1);
  draw_number(drawing, draw_value(drawing, MIXER_LEVEL), "dB");
}

static const View view = {.draw = draw};

const Plugin plugin = {
  .uri          = MIXER_URI,
  .ports        = mixer_ports,
  .n_ports      = MIXER_N_PORTS,
  .forms        = mixer_forms,
  .n_forms      = MIXER_N_FORMS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .view         = &view,
};
