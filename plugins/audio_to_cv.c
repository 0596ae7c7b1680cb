// SPDX-License-Identifier: ISC

#include "audio_to_cv_ports.h"
#include "plugin.h"

#include "filter/dc_block.h"
#include "math/fast_math.h"
#include "modulation/follower.h"
#include "signal/gate.h"
#include "signal/knob.h"
#include "signal/units.h"

#include <assert.h>

static_assert((int)AUDIO_TO_CV_DETECTOR_PEAK == (int)DETECTOR_PEAK, "as in the Turtle");
static_assert((int)AUDIO_TO_CV_DETECTOR_RMS == (int)DETECTOR_RMS, "as in the Turtle");

#define OCTAVE_DB 6.020599913279624 ///< A factor of 2

/// Knobs that glide
typedef enum {
  DC_SHARE, ///< From 0, nothing is taken away, to 1
  SCALE,    ///< In volts, as all but the next
  OFFSET,
  SENSITIVITY, ///< In octaves of gain, 6 dB each
  THRESHOLD,
  N_KNOBS
} KnobName;

typedef struct {
  DcBlock  dc_block;
  Follower follower;
  Gate     gate;
  Knob     knob[N_KNOBS];
} Converter;

static void
reset(void* const state)
{
  Converter* const self = state;

  dc_block_reset(&self->dc_block);
  follower_reset(&self->follower);
  self->gate.high = false;
  knobs_reset(self->knob, N_KNOBS);
}

static void
init(void* const state, const double sample_rate)
{
  Converter* const self = state;

  dc_block_init(&self->dc_block, sample_rate);
  follower_init(&self->follower, sample_rate);
  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Converter* const self = state;

  const double sensitivity_db = (double)control(ports, AUDIO_TO_CV_SENSITIVITY);
  knob_set(&self->knob[DC_SHARE], (double)choice(ports, AUDIO_TO_CV_DC_BLOCK));
  knob_set(&self->knob[SCALE], (double)control(ports, AUDIO_TO_CV_SCALE));
  knob_set(&self->knob[OFFSET], (double)control(ports, AUDIO_TO_CV_OFFSET));
  knob_set(&self->knob[SENSITIVITY], sensitivity_db / OCTAVE_DB);
  knob_set(&self->knob[THRESHOLD], (double)control(ports, AUDIO_TO_CV_THRESHOLD));
  follower_set(&self->follower,
               (Detector)choice(ports, AUDIO_TO_CV_DETECTOR),
               (double)control(ports, AUDIO_TO_CV_ATTACK),
               (double)control(ports, AUDIO_TO_CV_RELEASE));
}

static void
write_volts(const Converter* const self,
            const float* const     in,
            float* const           out_v,
            const uint32_t         n_frames)
{
  const float* const scale_v  = self->knob[SCALE].value;
  const float* const offset_v = self->knob[OFFSET].value;
  for (uint32_t i = 0; i < n_frames; ++i) {
    out_v[i] = scale_v[i] * in[i] + offset_v[i];
  }
}

/// Write 10 V at full scale under the sensitivity, which glides in dB
static void
write_sensitivity(const Knob* const sensitivity_oct,
                  float* const      out_v,
                  const uint32_t    n_frames)
{
  const float* const oct = sensitivity_oct->value;

  const uint32_t n_different = sensitivity_oct->moves ? n_frames : 1U;
  for (uint32_t i = 0; i < n_different; ++i) {
    out_v[i] = (float)((double)CV_MAX_V * fast_exp2((double)oct[i]));
  }
  for (uint32_t i = n_different; i < n_frames; ++i) {
    out_v[i] = out_v[0];
  }
}

static void
write_envelope(Converter* const   self,
               const float* const in,
               float* const       envelope_v,
               const uint32_t     n_frames)
{
  float full_scale_v[BLOCK_FRAMES];

  write_sensitivity(&self->knob[SENSITIVITY], full_scale_v, n_frames);
  follower_process(&self->follower, in, envelope_v, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float volts = full_scale_v[i] * envelope_v[i];
    envelope_v[i]     = volts < CV_MAX_V ? volts : CV_MAX_V;
  }
}

static void
write_gate(Converter* const   self,
           const float* const envelope_v,
           float* const       gate_v,
           const uint32_t     n_frames)
{
  const float* const threshold_v = self->knob[THRESHOLD].value;

  float drive_v[BLOCK_FRAMES]; // Reaches the gate's threshold where it should
  for (uint32_t i = 0; i < n_frames; ++i) {
    drive_v[i] = envelope_v[i] * (GATE_ON_V / threshold_v[i]);
  }

  const uint32_t n_steady = gate_steady_frames(&self->gate, drive_v, n_frames);
  const float    steady_v = self->gate.high ? GATE_HIGH_V : 0.0f;
  for (uint32_t i = 0; i < n_steady; ++i) {
    gate_v[i] = steady_v;
  }
  for (uint32_t i = n_steady; i < n_frames; ++i) {
    gate_next(&self->gate, drive_v[i]);
    gate_v[i] = self->gate.high ? GATE_HIGH_V : 0.0f;
  }
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Converter* const   self     = state;
  const float* const in       = signal_in(ports, AUDIO_TO_CV_IN).frame;
  float* const       envelope = signal_out(ports, AUDIO_TO_CV_ENVELOPE);

  knobs_process(self->knob, N_KNOBS, n_frames);
  float              scratch[BLOCK_FRAMES];
  const float* const sound = dc_block_process(
    &self->dc_block, in, knob_signal(&self->knob[DC_SHARE]), scratch, n_frames);
  write_volts(self, sound, signal_out(ports, AUDIO_TO_CV_OUT), n_frames);
  write_envelope(self, sound, envelope, n_frames);
  write_gate(self, envelope, signal_out(ports, AUDIO_TO_CV_GATE), n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Converter);
}

const Plugin plugin = {
  .uri          = AUDIO_TO_CV_URI,
  .ports        = audio_to_cv_ports,
  .n_ports      = AUDIO_TO_CV_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
};
