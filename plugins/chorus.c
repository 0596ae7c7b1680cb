// SPDX-License-Identifier: ISC

#include "chorus_ports.h"
#include "plugin.h"

#include "delay/chorus.h"
#include "display/drawing.h"
#include "math/fast_math.h"
#include "signal/gain.h"
#include "signal/modulate.h"

#include <math.h>

#define N_SIDES CHORUS_N_SIDES
#define N_VOICES CHORUS_N_VOICES
#define TIME_GLIDE_S 0.1 ///< Slow, as it bends the pitch
#define MAX_RATE_OCT 6.7 ///< About 100 Hz
#define DEPTH_PER_VOLT 0.001f

/// Knobs that glide
enum {
  RATE, ///< Octaves from 1 Hz; this and those up to N_TIMES glide slowly
  RATE_AMOUNT,
  DELAY, ///< Octaves from 1 s
  DELAY_AMOUNT,
  DEPTH, ///< Seconds
  DEPTH_AMOUNT,
  N_TIMES,
  FEEDBACK = N_TIMES,
  WIDTH,
  MIX,
  LEVEL,
  SHARE,  ///< Of the module in the output: 0 when off, 1 when on
  WEIGHT, ///< Of the first voice
  N_KNOBS = WEIGHT + N_VOICES
};

typedef struct {
  Knob   knob[N_KNOBS];
  bool   rests;  ///< Whether all knobs do
  Chorus chorus; ///< The last one, for its lines follow
} Module;

/// The frames of a piece of a run
typedef struct {
  float freq_hz[LINE_CHUNK];
  float delay_s[LINE_CHUNK];
  float depth_s[LINE_CHUNK];
} Frames;

static float*
memory_of(Module* const self)
{
  return (float*)(self + 1);
}

static size_t
state_size(const double sample_rate)
{
  return sizeof(Module) + chorus_memory(sample_rate) * sizeof(float);
}

static void
reset(void* const state)
{
  Module* const self = state;

  knobs_reset(self->knob, N_KNOBS);
  chorus_reset(&self->chorus);
  self->rests = false;
}

static void
init(void* const state, const double sample_rate)
{
  Module* const self = state;

  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  knobs_init(&self->knob[RATE], N_TIMES, sample_rate, TIME_GLIDE_S);
  chorus_init(&self->chorus, memory_of(self), sample_rate);
}

static double
number(const Ports* const ports, const uint32_t index)
{
  return (double)control(ports, index);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Module* const self     = state;
  Knob* const   knob     = self->knob;
  const int     n_voices = choice(ports, CHORUS_VOICES);

  knob_set(&knob[RATE], log2(number(ports, CHORUS_RATE)));
  knob_set(&knob[RATE_AMOUNT], number(ports, CHORUS_RATE_AMOUNT));
  knob_set(&knob[DELAY], log2(1e-3 * number(ports, CHORUS_DELAY)));
  knob_set(&knob[DELAY_AMOUNT], number(ports, CHORUS_DELAY_AMOUNT));
  knob_set(&knob[DEPTH], 0.5e-3 * number(ports, CHORUS_DEPTH));
  knob_set(&knob[DEPTH_AMOUNT], number(ports, CHORUS_DEPTH_AMOUNT));
  knob_set(&knob[FEEDBACK], 0.01 * number(ports, CHORUS_FEEDBACK));
  knob_set(&knob[WIDTH], 0.01 * number(ports, CHORUS_WIDTH));
  knob_set(&knob[MIX], 0.01 * number(ports, CHORUS_MIX));
  knob_set(&knob[LEVEL], gain_of_level(number(ports, CHORUS_LEVEL)));
  knob_set(&knob[SHARE], (double)choice(ports, CHORUS_ENABLED));
  for (int v = 0; v < (int)N_VOICES; ++v) {
    knob_set(&knob[WEIGHT + v], v < n_voices ? 1.0 / sqrt(n_voices) : 0.0);
  }
  self->rests = false;
}

/// Write how the voices swing; returns true if all at one frequency
static bool
find_frames(const Module* const self,
            const Ports* const  ports,
            const uint32_t      start,
            Frames* const       frames,
            const uint32_t      n_frames)
{
  static const Range rates  = {-10.0, MAX_RATE_OCT};
  static const Range delays = {-20.0, 0.0};
  static const Range depths = {0.0, 0.5e-2};

  const Knob* const knob    = self->knob;
  const Signal      rate_cv = signal_in(ports, CHORUS_RATE_CV);
  modulate_floats(&knob[RATE],
                  &knob[RATE_AMOUNT],
                  rate_cv,
                  1.0f,
                  rates,
                  start,
                  frames->freq_hz,
                  n_frames);
  modulate_floats(&knob[DELAY],
                  &knob[DELAY_AMOUNT],
                  signal_in(ports, CHORUS_DELAY_CV),
                  1.0f,
                  delays,
                  start,
                  frames->delay_s,
                  n_frames);
  modulate_floats(&knob[DEPTH],
                  &knob[DEPTH_AMOUNT],
                  signal_in(ports, CHORUS_DEPTH_CV),
                  DEPTH_PER_VOLT,
                  depths,
                  start,
                  frames->depth_s,
                  n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    frames->freq_hz[i] = fast_exp2f(frames->freq_hz[i]);
    frames->delay_s[i] = fast_exp2f(frames->delay_s[i]);
  }
  return !knob[RATE].moves &&
         (knob_rests_at(&knob[RATE_AMOUNT], 0.0f) ||
          (!knob[RATE_AMOUNT].moves && signal_is_constant(rate_cv)));
}

/// Replace the voices by their mix with the input
static void
mix(const Module* const self,
    const float* const  dry[N_SIDES],
    const uint32_t      start,
    float* const        out[N_SIDES],
    const uint32_t      n_frames)
{
  const Knob* const knob = self->knob;
  for (uint32_t i = start; i < start + n_frames; ++i) {
    const float part   = knob[MIX].value[i] * knob[SHARE].value[i];
    const float level  = knob[LEVEL].value[i];
    const float middle = 0.5f * (out[0][i] + out[1][i]);
    const float side   = knob[WIDTH].value[i] * 0.5f * (out[0][i] - out[1][i]);
    const float left   = level * (middle + side);
    const float right  = level * (middle - side);
    out[0][i]          = part >= 1.0f ? left : dry[0][i] + part * (left - dry[0][i]);
    out[1][i]          = part >= 1.0f ? right : dry[1][i] + part * (right - dry[1][i]);
  }
}

/// Write a piece of up to LINE_CHUNK frames
static void
process(Module* const      self,
        const Ports* const ports,
        const bool         is_silent,
        const uint32_t     start,
        const uint32_t     n_frames)
{
  const Knob* const  knob         = self->knob;
  float* const       out[N_SIDES] = {signal_out(ports, CHORUS_OUT_LEFT),
                                     signal_out(ports, CHORUS_OUT_RIGHT)};
  const float* const in[N_SIDES]  = {signal_in(ports, CHORUS_IN_LEFT).frame,
                                     signal_in(ports, CHORUS_IN_RIGHT).frame};

  Frames       frames;
  const bool   is_even = find_frames(self, ports, start, &frames, n_frames);
  ChorusInputs inputs  = {.in        = {in[0] + start, in[1] + start},
                          .freq_hz   = {frames.freq_hz, is_even},
                          .delay_s   = frames.delay_s,
                          .depth_s   = frames.depth_s,
                          .feedback  = knob[FEEDBACK].value + start,
                          .is_silent = is_silent};
  for (uint32_t v = 0; v < N_VOICES; ++v) {
    const Knob* const weight = &knob[WEIGHT + v];
    inputs.weight[v] = knob_rests_at(weight, 0.0f) ? NULL : weight->value + start;
  }
  float* const wet[N_SIDES] = {out[0] + start, out[1] + start};
  chorus_process(&self->chorus, memory_of(self), &inputs, wet, n_frames);
  mix(self, in, start, out, n_frames);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Module* const self = state;
  if (!self->rests) {
    self->rests = knobs_process(self->knob, N_KNOBS, n_frames);
  }

  const bool is_silent = signal_stays_at(signal_in(ports, CHORUS_IN_LEFT), 0.0f) &&
                         signal_stays_at(signal_in(ports, CHORUS_IN_RIGHT), 0.0f);
  uint32_t n = 0;
  for (uint32_t start = 0; start < n_frames; start += n) {
    n = n_frames - start < LINE_CHUNK ? n_frames - start : LINE_CHUNK;
    process(self, ports, is_silent, start, n);
  }
}

// ---- Picture

static const uint8_t watched[] = {CHORUS_RATE_CV, CHORUS_DELAY_CV, CHORUS_DEPTH_CV};

static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {CHORUS_OUT_LEFT, CHORUS_OUT_RIGHT};

  draw_response(drawing, CHORUS_IN_LEFT, outs, 2);
  draw_number(drawing, draw_value(drawing, CHORUS_RATE), "Hz");
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = CHORUS_URI,
  .ports        = chorus_ports,
  .n_ports      = CHORUS_N_PORTS,
  .forms        = chorus_forms,
  .n_forms      = CHORUS_N_FORMS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .view         = &view,
};
