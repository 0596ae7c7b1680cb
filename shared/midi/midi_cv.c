// SPDX-License-Identifier: ISC

#include "midi/midi_cv.h"

#include <math.h>
#include <string.h>

#define DATA_MAX 127.0
#define BEND_CENTER 8192
#define KEY_OF_C4 60.0
#define KEYS_PER_OCTAVE 12.0

/// Kinds of messages, in the upper half of the status byte
typedef enum {
  NOTE_OFF         = 0x80,
  NOTE_ON          = 0x90,
  KEY_PRESSURE     = 0xA0,
  CONTROL_CHANGE   = 0xB0,
  PROGRAM_CHANGE   = 0xC0,
  CHANNEL_PRESSURE = 0xD0,
  PITCH_BEND       = 0xE0,
  SYSTEM           = 0xF0
} Status;

/// Numbers of control changes
typedef enum {
  CC_MOD               = 1,
  CC_SUSTAIN           = 64,
  CC_ALL_SOUND_OFF     = 120,
  CC_RESET_CONTROLLERS = 121,
  CC_ALL_NOTES_OFF     = 123 ///< And all from here, which change the mode
} ControlNumber;

void
midi_cv_init(MidiCv* const self,
             const double  sample_rate,
             const double  controller_glide_s)
{
  self->sample_rate = sample_rate;
  gate_out_init(&self->gate, sample_rate);
  smooth_init(&self->bend_oct, sample_rate, controller_glide_s);
  smooth_init(&self->pressure_v, sample_rate, controller_glide_s);
  smooth_init(&self->mod_v, sample_rate, controller_glide_s);
  midi_cv_reset(self);
}

void
midi_cv_reset(MidiCv* const self)
{
  note_stack_reset(&self->notes);
  memset(self->controllers, 0, sizeof(self->controllers));
  bend_range_reset(&self->bend_range);
  self->bend_channel = 1;
  self->channel      = ALL_CHANNELS;
  self->priority     = PRIORITY_LAST;
  self->is_on        = false;
  self->has_played   = false;
  self->note         = (Note){1, 0};
  self->velocity     = 0.0;
  portamento_reset(&self->pitch);
  gate_out_reset(&self->gate);
  smooth_reset(&self->bend_oct);
  smooth_reset(&self->pressure_v);
  smooth_reset(&self->mod_v);
}

// ---- Notes

static void
follow_glide_knob(MidiCv* const self, const MidiCvKnobs* const knobs)
{
  const double n_frames = knobs->glide_s * self->sample_rate;

  portamento_set_time(&self->pitch, (uint32_t)lround(n_frames));
}

/// Go to the pitch of the note that sounds now
static void
follow_pitch(MidiCv* const self, const MidiCvKnobs* const knobs, const bool was_on)
{
  const double target_oct = (self->note.key - KEY_OF_C4) / KEYS_PER_OCTAVE;
  const bool glides = self->has_played && (knobs->glide_mode == GLIDE_ALWAYS || was_on);

  follow_glide_knob(self, knobs);
  if (!glides) {
    portamento_jump(&self->pitch, target_oct);
  } else if (target_oct != self->pitch.target_oct) {
    portamento_glide(&self->pitch, target_oct);
  }
}

/// Sound what the keys and the knobs ask for now
static void
update_note(MidiCv* const self, const MidiCvKnobs* const knobs)
{
  const bool was_on = self->is_on;

  self->channel  = knobs->channel;
  self->priority = knobs->priority;
  self->is_on =
    note_stack_pick(&self->notes, knobs->channel, knobs->priority, &self->note);

  gate_out_set(&self->gate, self->is_on);
  if (self->is_on) {
    follow_pitch(self, knobs, was_on);
    self->velocity   = note_stack_key(&self->notes, self->note)->velocity / DATA_MAX;
    self->has_played = true;
    if (!was_on) {
      gate_out_trigger(&self->gate);
    }
  }
}

static void
strike(MidiCv* const            self,
       const MidiCvKnobs* const knobs,
       const Note               note,
       const uint8_t            velocity)
{
  const bool was_on = self->is_on;

  note_stack_strike(&self->notes, note, velocity);
  update_note(self, knobs);

  const bool is_connected =
    self->is_on && self->note.channel == note.channel && self->note.key == note.key;
  if (was_on && is_connected && knobs->retrigger) {
    gate_out_trigger(&self->gate);
  }
}

static void
let_go(MidiCv* const self, const MidiCvKnobs* const knobs, const Note note)
{
  note_stack_let_go(&self->notes, note);
  update_note(self, knobs);
}

// ---- Controllers

static void
set_controller(MidiCv* const    self,
               const uint32_t   channel,
               const Controller controller,
               const double     value)
{
  self->controllers[channel][controller]      = value;
  self->controllers[ALL_CHANNELS][controller] = value;
}

static void
reset_controllers(MidiCv* const self, const uint32_t channel)
{
  note_stack_unpress_all(&self->notes, channel);
  note_stack_set_pedal(&self->notes, channel, false);
  bend_range_deselect(&self->bend_range, channel);
  for (uint32_t c = 0; c < N_CONTROLLERS; ++c) {
    set_controller(self, channel, (Controller)c, 0.0);
  }
}

static void
change_control(MidiCv* const  self,
               const uint32_t channel,
               const uint8_t  number,
               const uint8_t  value)
{
  if (number == CC_MOD) {
    set_controller(self, channel, CONTROLLER_MOD, value / DATA_MAX);
  } else if (number == CC_SUSTAIN) {
    note_stack_set_pedal(&self->notes, channel, value >= 64U);
  } else if (number == CC_ALL_SOUND_OFF) {
    note_stack_silence(&self->notes, channel);
  } else if (number == CC_RESET_CONTROLLERS) {
    reset_controllers(self, channel);
  } else if (number >= CC_ALL_NOTES_OFF) {
    note_stack_let_go_all(&self->notes, channel);
  } else {
    bend_range_control(&self->bend_range, channel, number, value);
  }
}

/// Return how far a bend wheel is turned, -1 to 1, of which both ends are reached
static double
bend(const uint8_t low, const uint8_t high)
{
  const int position = (high << 7) + low - BEND_CENTER;

  return position > 0 ? position / (BEND_CENTER - 1.0) : position / (double)BEND_CENTER;
}

// ---- Messages

/// Return true if `bytes` are one whole message of a channel
static bool
is_channel_message(const uint8_t* const bytes, const uint32_t size)
{
  if (size < 2U || bytes[0] < NOTE_OFF || bytes[0] >= SYSTEM || bytes[1] > 127U) {
    return false;
  }

  const unsigned status = bytes[0] & 0xF0U;
  return status == PROGRAM_CHANGE || status == CHANNEL_PRESSURE
           ? size == 2U
           : size == 3U && bytes[2] <= 127U;
}

void
midi_cv_message(MidiCv* const            self,
                const MidiCvKnobs* const knobs,
                const uint8_t* const     bytes,
                const uint32_t           size)
{
  if (!is_channel_message(bytes, size)) {
    return;
  }

  const uint32_t channel = (bytes[0] & 0x0FU) + 1U;
  const Note     note    = {channel, bytes[1]};
  bend_range_turn(&self->bend_range, knobs->bend_range_oct);
  switch (bytes[0] & 0xF0U) {
  case NOTE_OFF:
    let_go(self, knobs, note);
    break;
  case NOTE_ON:
    if (bytes[2]) {
      strike(self, knobs, note, bytes[2]);
    } else {
      let_go(self, knobs, note);
    }
    break;
  case KEY_PRESSURE:
    note_stack_press(&self->notes, note, bytes[2]);
    break;
  case CONTROL_CHANGE:
    change_control(self, channel, bytes[1], bytes[2]);
    update_note(self, knobs);
    break;
  case CHANNEL_PRESSURE:
    set_controller(self, channel, CONTROLLER_PRESSURE, bytes[1] / DATA_MAX);
    break;
  case PITCH_BEND:
    set_controller(self, channel, CONTROLLER_BEND, bend(bytes[1], bytes[2]));
    self->bend_channel = channel;
    break;
  default:
    break;
  }
}

// ---- Output

/// Return the bend of a channel, or of the one that sent the last, in octaves
static double
bend_oct(const MidiCv* const self, const uint32_t channel)
{
  const uint32_t sender = channel == ALL_CHANNELS ? self->bend_channel : channel;

  return bend_range_oct(&self->bend_range, sender) *
         self->controllers[channel][CONTROLLER_BEND];
}

static void
process_pitch(MidiCv* const            self,
              const MidiCvKnobs* const knobs,
              float* const             out,
              const uint32_t           n_frames)
{
  bend_range_turn(&self->bend_range, knobs->bend_range_oct);
  follow_glide_knob(self, knobs);
  smooth_process(&self->bend_oct, bend_oct(self, knobs->channel), out, n_frames);
  portamento_add(&self->pitch, zero_volt_oct(knobs->zero_volt), out, n_frames);
}

/// Return the pressure on the whole channel or on the key, whichever is more
static double
pressure(const MidiCv* const self, const uint32_t channel)
{
  return fmax(self->controllers[channel][CONTROLLER_PRESSURE],
              note_stack_key(&self->notes, self->note)->pressure / DATA_MAX);
}

static void
process_velocity(const MidiCv* const self, float* const out, const uint32_t n_frames)
{
  const float velocity_v = (float)(self->velocity * (double)CV_MAX_V);
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = velocity_v;
  }
}

uint32_t
midi_cv_sounding_frames(const MidiCv* const self, const uint32_t n_frames)
{
  const uint32_t n_tail = gate_out_tail(&self->gate);

  return self->is_on || n_tail > n_frames ? n_frames : n_tail;
}

void
midi_cv_process(MidiCv* const              self,
                const MidiCvKnobs* const   knobs,
                const MidiCvOutputs* const outputs,
                const uint32_t             n_frames)
{
  if (knobs->channel != self->channel || knobs->priority != self->priority) {
    update_note(self, knobs);
  }

  const double full_v     = (double)CV_MAX_V;
  const double pressure_v = full_v * pressure(self, knobs->channel);
  const double mod_v      = full_v * self->controllers[knobs->channel][CONTROLLER_MOD];
  process_pitch(self, knobs, outputs->pitch, n_frames);
  process_velocity(self, outputs->velocity, n_frames);
  gate_out_process(&self->gate, outputs->gate, outputs->trigger, n_frames);
  smooth_process(&self->pressure_v, pressure_v, outputs->pressure, n_frames);
  smooth_process(&self->mod_v, mod_v, outputs->mod, n_frames);
}
