// SPDX-License-Identifier: ISC

#include "biquad_ports.h"
#include "plugin.h"

#include "biquad.h"
#include "glide.h"
#include "units.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

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
static_assert(BLOCK_FRAMES <= BIQUAD_MAX_FRAMES, "a slice is filtered at once");

#define C4_OCT 8.031359713524660 ///< log2(C4_HZ)

/// How far 1 V moves the gain at an amount of 1: 10 V move it over its whole range
#define GAIN_PER_VOLT_DB (2.0 * BIQUAD_MAX_GAIN_DB / (double)CV_MAX_V)

/// A knob that a CV moves, as far as a second knob says
typedef struct {
  Glide value;
  Glide per_volt;
} Modulated;

/// A knob in Hz or of a ratio, and its value in octaves
typedef struct {
  float  value;
  double octaves;
} LogKnob;

typedef struct {
  LogKnob   frequency;
  LogKnob   q;
  Modulated pitch_oct;
  Modulated q_oct;
  Modulated gain_db;
  Glide     share; ///< Of the filter in the output: 0 when off, 1 when on
  Biquad    biquad;
} Filter;

static void
modulated_init(Modulated* const self, const double sample_rate)
{
  glide_init(&self->value, sample_rate, KNOB_GLIDE_S);
  glide_init(&self->per_volt, sample_rate, KNOB_GLIDE_S);
}

static void
modulated_reset(Modulated* const self)
{
  glide_reset(&self->value);
  glide_reset(&self->per_volt);
}

/// Return true if all frames of `cv` have the first one's value
static bool
is_level(const float* const cv, const uint32_t n_frames)
{
  int32_t n_others = 0;
  for (uint32_t i = 1; i < n_frames; ++i) {
    n_others += cv[i] != cv[0];
  }

  return n_others == 0;
}

/// Move a knob that rests by its CV, if there is one
static BiquadSetting
modulate_resting(const float        value,
                 const float        factor,
                 const float* const cv,
                 float* const       out,
                 const uint32_t     n_frames)
{
  const bool          is_still = !cv || is_level(cv, n_frames);
  const uint32_t      n_wanted = is_still ? 1 : n_frames;
  const BiquadSetting setting  = {out, is_still};

  out[0] = value;
  for (uint32_t i = 0; cv && i < n_wanted; ++i) {
    out[i] = value + factor * cv[i];
  }
  return setting;
}

/// Move a knob, also by its CV, and write the frames that it takes to `out`
static BiquadSetting
modulated_process(Modulated* const   self,
                  const double       value,
                  const double       per_volt,
                  const float* const cv,
                  float* const       out,
                  const uint32_t     n_frames)
{
  if (glide_is_at(&self->value, value) && glide_is_at(&self->per_volt, per_volt)) {
    return modulate_resting((float)value, (float)per_volt, cv, out, n_frames);
  }

  float factor[BLOCK_FRAMES];
  glide_process(&self->value, value, out, n_frames);
  glide_process(&self->per_volt, per_volt, factor, n_frames);
  for (uint32_t i = 0; cv && i < n_frames; ++i) {
    out[i] += factor[i] * cv[i];
  }
  const BiquadSetting setting = {out, false};
  return setting;
}

/// Return log2(value), which takes long unless the knob stands still
static double
log_knob(LogKnob* const self, const float value)
{
  if (value != self->value) {
    self->value   = value;
    self->octaves = log2((double)value);
  }

  return self->octaves;
}

static void
reset(void* const state)
{
  Filter* const self = state;

  modulated_reset(&self->pitch_oct);
  modulated_reset(&self->q_oct);
  modulated_reset(&self->gain_db);
  glide_reset(&self->share);
  biquad_reset(&self->biquad);
}

static void
init(void* const state, const double sample_rate)
{
  Filter* const self = state;

  modulated_init(&self->pitch_oct, sample_rate);
  modulated_init(&self->q_oct, sample_rate);
  modulated_init(&self->gain_db, sample_rate);
  glide_init(&self->share, sample_rate, KNOB_GLIDE_S);
  biquad_init(&self->biquad, sample_rate, KNOB_GLIDE_S);
}

/// Filter `in` as knobs and CVs say
static void
filter(Filter* const      self,
       void* const        port[],
       const float* const in,
       const uint32_t     n_frames)
{
  const double frequency_oct =
    log_knob(&self->frequency, control(port, BIQUAD_FREQUENCY)) - C4_OCT;
  const double q_knob_oct = log_knob(&self->q, control(port, BIQUAD_Q));

  float                pitch_oct[BLOCK_FRAMES];
  float                q_oct[BLOCK_FRAMES];
  float                gain_db[BLOCK_FRAMES];
  const BiquadSettings settings = {
    modulated_process(&self->pitch_oct,
                      frequency_oct + (double)control(port, BIQUAD_SHIFT),
                      (double)control(port, BIQUAD_FREQUENCY_AMOUNT),
                      port[BIQUAD_FREQUENCY_CV],
                      pitch_oct,
                      n_frames),
    modulated_process(&self->q_oct,
                      q_knob_oct,
                      (double)control(port, BIQUAD_Q_AMOUNT),
                      port[BIQUAD_Q_CV],
                      q_oct,
                      n_frames),
    modulated_process(&self->gain_db,
                      (double)control(port, BIQUAD_GAIN),
                      GAIN_PER_VOLT_DB * (double)control(port, BIQUAD_GAIN_AMOUNT),
                      port[BIQUAD_GAIN_CV],
                      gain_db,
                      n_frames)};

  const BiquadType     type     = (BiquadType)choice(port, BIQUAD_TYPE);
  const BiquadResponse response = (BiquadResponse)choice(port, BIQUAD_RESPONSE);
  biquad_process(
    &self->biquad, type, response, &settings, in, port[BIQUAD_OUT], n_frames);
}

/// Fade from filter to input when switched off, to exactly the input, and back
static void
bypass(Filter* const      self,
       void* const        port[],
       const float* const in,
       const uint32_t     n_frames)
{
  const int is_on = choice(port, BIQUAD_ENABLED);
  if (is_on && glide_is_at(&self->share, is_on)) {
    return;
  }

  float* const out = port[BIQUAD_OUT];
  float        share[BLOCK_FRAMES];
  glide_process(&self->share, is_on, share, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float faded = in[i] + share[i] * (out[i] - in[i]);

    out[i] = share[i] >= 1.0f ? out[i] : share[i] <= 0.0f ? in[i] : faded;
  }
}

static void
run(void* const state, void* const port[], const uint32_t n_frames)
{
  static const float silence[BLOCK_FRAMES] = {0.0f};

  Filter* const      self = state;
  const float* const in   = port[BIQUAD_IN] ? port[BIQUAD_IN] : silence;

  filter(self, port, in, n_frames);
  bypass(self, port, in, n_frames);
}

const Plugin plugin = {
  .uri        = BIQUAD_URI,
  .ports      = biquad_ports,
  .n_ports    = BIQUAD_N_PORTS,
  .state_size = sizeof(Filter),
  .init       = init,
  .reset      = reset,
  .run        = run,
};
