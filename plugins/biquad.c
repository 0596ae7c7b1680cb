// SPDX-License-Identifier: ISC

#include "biquad_ports.h"
#include "plugin.h"

#include "filter/biquad.h"
#include "signal/smooth.h"
#include "signal/units.h"

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
  Smoother value;
  Smoother per_volt;
  double   knob; ///< Where they have been turned to
  double   amount;
  bool     rests; ///< Whether they are there
} Modulated;

typedef struct {
  Modulated      pitch_oct;
  Modulated      mod_oct; ///< Added to that, by audio
  Modulated      q_oct;
  Modulated      gain_db;
  BiquadType     type;
  BiquadResponse response;
  int            is_on;
  Smoother       share; ///< Of the filter in the output: 0 when off, 1 when on
  Biquad         biquad;
} Filter;

static void
modulated_init(Modulated* const self, const double sample_rate)
{
  smooth_init(&self->value, sample_rate, KNOB_GLIDE_S);
  smooth_init(&self->per_volt, sample_rate, KNOB_GLIDE_S);
}

static void
modulated_reset(Modulated* const self)
{
  smooth_reset(&self->value);
  smooth_reset(&self->per_volt);
  self->rests = false;
}

/// Turn the knob and that of its amount
static void
modulated_set(Modulated* const self, const double knob, const double amount)
{
  self->knob   = knob;
  self->amount = amount;
  self->rests =
    smooth_is_at(&self->value, knob) && smooth_is_at(&self->per_volt, amount);
}

/// Write the frames of a knob that moves; where it arrives, it is all that it should be
static void
glide_frames(Smoother* const glide,
             const double    target,
             double* const   out,
             const uint32_t  n_frames)
{
  float frames[BLOCK_FRAMES];
  smooth_process(glide, target, frames, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = frames[i] == (float)target ? target : (double)frames[i];
  }
}

/// Move a knob that moves by itself, also by its CV, which may be NULL
static BiquadSetting
modulate_moving(Modulated* const   self,
                const float* const cv,
                double* const      out,
                const uint32_t     n_frames)
{
  double factor[BLOCK_FRAMES];
  glide_frames(&self->value, self->knob, out, n_frames);
  glide_frames(&self->per_volt, self->amount, factor, n_frames);
  for (uint32_t i = 0; cv && i < n_frames; ++i) {
    out[i] += factor[i] * (double)cv[i];
  }
  modulated_set(self, self->knob, self->amount);
  return (BiquadSetting){out, false};
}

/// Move a knob by itself and by its CV, and write the frames that it takes to `out`
static BiquadSetting
modulate(Modulated* const self,
         void* const      port[],
         const uint32_t   cv_index,
         double* const    out,
         const uint32_t   n_frames)
{
  const float* const cv = port[cv_index];
  if (!self->rests) {
    return modulate_moving(self, cv, out, n_frames);
  }
  if (!cv || self->amount == 0.0) {
    return (BiquadSetting){&self->knob, true};
  }

  const double   knob   = self->knob;
  const double   amount = self->amount;
  const bool     rests  = is_constant(port, cv_index);
  const uint32_t n_own  = rests ? 1 : n_frames;
  for (uint32_t i = 0; i < n_own; ++i) {
    out[i] = knob + amount * (double)cv[i];
  }
  return (BiquadSetting){out, rests};
}

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
}

static void
init(void* const state, const double sample_rate)
{
  Filter* const self = state;

  modulated_init(&self->pitch_oct, sample_rate);
  modulated_init(&self->mod_oct, sample_rate);
  modulated_init(&self->q_oct, sample_rate);
  modulated_init(&self->gain_db, sample_rate);
  smooth_init(&self->share, sample_rate, KNOB_GLIDE_S);
  biquad_init(&self->biquad, sample_rate, KNOB_GLIDE_S);
}

static void
set_controls(void* const state, void* const port[])
{
  Filter* const self = state;

  modulated_set(&self->pitch_oct,
                log2((double)control(port, BIQUAD_FREQUENCY)) - C4_OCT +
                  (double)control(port, BIQUAD_SHIFT),
                (double)control(port, BIQUAD_FREQUENCY_AMOUNT));
  modulated_set(
    &self->mod_oct, 0.0, (double)control(port, BIQUAD_FREQUENCY_MOD_AMOUNT));
  modulated_set(&self->q_oct,
                log2((double)control(port, BIQUAD_Q)),
                (double)control(port, BIQUAD_Q_AMOUNT));
  modulated_set(&self->gain_db,
                (double)control(port, BIQUAD_GAIN),
                GAIN_PER_VOLT_DB * (double)control(port, BIQUAD_GAIN_AMOUNT));
  self->type     = (BiquadType)choice(port, BIQUAD_TYPE);
  self->response = (BiquadResponse)choice(port, BIQUAD_RESPONSE);
  self->is_on    = choice(port, BIQUAD_ENABLED);
}

/// Return the sum of two settings, for which there is room in `out`
static BiquadSetting
add(const BiquadSetting a,
    const BiquadSetting b,
    double* const       out,
    const uint32_t      n_frames)
{
  if (b.is_constant && b.frames[0] == 0.0) {
    return a;
  }

  const bool     is_constant = a.is_constant && b.is_constant;
  const uint32_t n_own       = is_constant ? 1 : n_frames;
  for (uint32_t i = 0; i < n_own; ++i) {
    out[i] = a.frames[a.is_constant ? 0 : i] + b.frames[b.is_constant ? 0 : i];
  }
  return (BiquadSetting){out, is_constant};
}

/// Filter `in` as knobs and CVs say
static void
filter(Filter* const      self,
       void* const        port[],
       const float* const in,
       const uint32_t     n_frames)
{
  double              pitch_oct[BLOCK_FRAMES];
  double              mod_oct[BLOCK_FRAMES];
  double              q_oct[BLOCK_FRAMES];
  double              gain_db[BLOCK_FRAMES];
  const BiquadSetting pitch =
    modulate(&self->pitch_oct, port, BIQUAD_FREQUENCY_CV, pitch_oct, n_frames);
  const BiquadSetting mod =
    modulate(&self->mod_oct, port, BIQUAD_FREQUENCY_MOD, mod_oct, n_frames);
  const BiquadSettings settings = {
    add(pitch, mod, mod_oct, n_frames),
    modulate(&self->q_oct, port, BIQUAD_Q_CV, q_oct, n_frames),
    modulate(&self->gain_db, port, BIQUAD_GAIN_CV, gain_db, n_frames)};

  biquad_process(&self->biquad,
                 self->type,
                 self->response,
                 &settings,
                 in,
                 port[BIQUAD_OUT],
                 n_frames);
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
run(void* const state, void* const port[], const uint32_t n_frames)
{
  static const float silence[BLOCK_FRAMES] = {0.0f};

  Filter* const      self = state;
  const float* const in   = port[BIQUAD_IN] ? port[BIQUAD_IN] : silence;

  filter(self, port, in, n_frames);
  bypass(self, in, port[BIQUAD_OUT], n_frames);
}

const Plugin plugin = {
  .uri          = BIQUAD_URI,
  .ports        = biquad_ports,
  .n_ports      = BIQUAD_N_PORTS,
  .forms        = biquad_forms,
  .n_forms      = BIQUAD_N_FORMS,
  .state_size   = sizeof(Filter),
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
};
