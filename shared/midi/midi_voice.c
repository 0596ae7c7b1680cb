// SPDX-License-Identifier: ISC

#include "midi/midi_voice.h"

#include "signal/fill.h"

#include <math.h>

#define DATA_MAX 127.0

void
midi_voice_init(MidiVoice* const self,
                const double     sample_rate,
                const double     controller_glide_s)
{
  self->sample_rate = sample_rate;
  gate_out_init(&self->gate, sample_rate);
  for (uint32_t c = 0; c < N_CONTROLLERS; ++c) {
    smooth_init(&self->controller[c], sample_rate, controller_glide_s);
  }
  midi_voice_reset(self);
}

void
midi_voice_reset(MidiVoice* const self)
{
  self->voice      = 0;
  self->revision   = 0;
  self->is_on      = false;
  self->has_played = false;
  self->is_frozen  = false;
  self->note       = (Note){1, 0};
  self->velocity   = 0.0;
  self->lift       = 0.0;
  portamento_reset(&self->pitch);
  gate_out_reset(&self->gate);
  for (uint32_t c = 0; c < N_CONTROLLERS; ++c) {
    smooth_reset(&self->controller[c]);
    self->frozen[c] = 0.0;
  }
}

// ---- Notes

static void
follow_glide_knob(MidiVoice* const self, const MidiVoiceKnobs* const knobs)
{
  const double n_frames = knobs->glide_s * self->sample_rate;

  portamento_set_time(&self->pitch, (uint32_t)lround(n_frames));
}

/// Go to the pitch of the note that sounds now; its key may have lost that since
static void
follow_pitch(MidiVoice* const            self,
             const MidiInput* const      input,
             const MidiVoiceKnobs* const knobs,
             const bool                  was_on)
{
  const KeyPitches* const pitches = &input->tuning.pitches;
  const uint32_t          key     = self->note.key;
  const double            target_oct =
    pitches->sounds[key] ? pitches->oct[key] : self->pitch.target_oct;
  const bool glides = self->has_played && (knobs->glide_mode == GLIDE_ALWAYS || was_on);

  follow_glide_knob(self, knobs);
  if (!glides) {
    portamento_jump(&self->pitch, target_oct);
  } else if (target_oct != self->pitch.target_oct) {
    portamento_glide(&self->pitch, target_oct);
  }
}

/// Go to the pitch that the last note has in another tuning
static void
follow_tuning(MidiVoice* const            self,
              const MidiInput* const      input,
              const MidiVoiceKnobs* const knobs)
{
  const KeyPitches* const pitches = &input->tuning.pitches;
  const uint32_t          key     = self->note.key;
  if (self->has_played && pitches->sounds[key] &&
      pitches->oct[key] != self->pitch.target_oct) {
    follow_pitch(self, input, knobs, self->is_on);
  }
  self->revision = input->tuning.revision;
}

/// Keep controllers where they are when another note takes over their channel
static void
freeze(MidiVoice* const self, const MidiInput* const input, const MidiEvent event)
{
  if (input->routing.mpe == MPE_OFF || self->is_on || self->is_frozen ||
      event.kind != MIDI_EVENT_STRIKE || event.note.channel != self->note.channel) {
    return;
  }

  for (uint32_t c = 0; c < N_CONTROLLERS; ++c) {
    self->frozen[c] = midi_input_controller(input, (Controller)c, self->note);
  }
  self->is_frozen = true;
}

/// Start with the controllers of a note where they are
static void
start_controllers(MidiVoice* const self, const MidiInput* const input)
{
  self->is_frozen = false;
  for (uint32_t c = 0; input->routing.mpe != MPE_OFF && c < N_CONTROLLERS; ++c) {
    smooth_reset(&self->controller[c]);
  }
}

static bool
is_same(const Note a, const Note b)
{
  return a.channel == b.channel && a.key == b.key;
}

/// Return true if an event has struck the note that a voice plays now
static bool
is_struck(const MidiVoice* const self,
          const MidiInput* const input,
          const MidiEvent        event)
{
  if (event.kind != MIDI_EVENT_STRIKE || !self->is_on) {
    return false;
  }

  return midi_input_allocates(input) ? event.voice == self->voice
                                     : is_same(self->note, event.note);
}

void
midi_voice_follow(MidiVoice* const            self,
                  const MidiInput* const      input,
                  const MidiVoiceKnobs* const knobs,
                  const MidiEvent             event)
{
  const bool was_on    = self->is_on;
  const bool allocates = midi_input_allocates(input);
  const bool lifts =
    event.kind == MIDI_EVENT_LET_GO && was_on && is_same(self->note, event.note);

  freeze(self, input, event);
  self->voice    = knobs->voice;
  self->is_on    = midi_input_note(input, knobs->voice, &self->note);
  self->lift     = lifts ? event.velocity / DATA_MAX : self->lift;
  const bool hit = is_struck(self, input, event);

  if (allocates && hit && was_on) {
    gate_out_set(&self->gate, false);
  }
  gate_out_set(&self->gate, self->is_on);
  if (self->is_on) {
    follow_pitch(self, input, knobs, was_on);
    self->velocity   = note_stack_key(&input->notes, self->note)->velocity / DATA_MAX;
    self->has_played = true;
  }
  if (hit) {
    start_controllers(self, input);
  }
  if (allocates ? hit : (self->is_on && !was_on) || (hit && knobs->retrigger)) {
    gate_out_trigger(&self->gate);
  }
}

// ---- Output

/// Return a controller of the note: 0 to 1, bends in octaves
static double
controller(const MidiVoice* const self,
           const MidiInput* const input,
           const Controller       c)
{
  const double own =
    self->is_frozen ? self->frozen[c] : midi_input_controller(input, c, self->note);
  const double master = midi_input_master(input, c, self->note);

  return c == CONTROLLER_BEND ? own + master : fmax(own, master);
}

/// Return where a controller is going to, in what its output has
static double
controller_goal(const MidiVoice* const self,
                const MidiInput* const input,
                const Controller       c)
{
  const double full_v = c == CONTROLLER_BEND ? 1.0 : (double)CV_MAX_V;

  return full_v * controller(self, input, c);
}

static void
process_controller(MidiVoice* const       self,
                   const MidiInput* const input,
                   const Controller       c,
                   float* const           out,
                   const uint32_t         n_frames)
{
  smooth_process(&self->controller[c], controller_goal(self, input, c), out, n_frames);
}

static void
process_pitch(MidiVoice* const       self,
              const MidiInput* const input,
              const ZeroVolt         zero_volt,
              float* const           out,
              const uint32_t         n_frames)
{
  const double bend_oct   = controller_goal(self, input, CONTROLLER_BEND);
  const double origin_oct = zero_volt_oct(zero_volt);

  if (portamento_rests(&self->pitch) &&
      smooth_is_at(&self->controller[CONTROLLER_BEND], bend_oct)) {
    const double target_oct = self->pitch.target_oct - origin_oct;
    fill_frames(out, (float)((double)(float)bend_oct + target_oct), n_frames);
    return;
  }
  smooth_process(&self->controller[CONTROLLER_BEND], bend_oct, out, n_frames);
  portamento_add(&self->pitch, origin_oct, out, n_frames);
}

static void
write_constant(float* const out, const double value, const uint32_t n_frames)
{
  fill_frames(out, (float)(value * (double)CV_MAX_V), n_frames);
}

uint32_t
midi_voice_sounding_frames(const MidiVoice* const self, const uint32_t n_frames)
{
  const uint32_t n_tail = gate_out_tail(&self->gate);

  return self->is_on || n_tail > n_frames ? n_frames : n_tail;
}

void
midi_voice_process(MidiVoice* const              self,
                   const MidiInput* const        input,
                   const MidiVoiceKnobs* const   knobs,
                   const MidiVoiceOutputs* const outputs,
                   const uint32_t                n_frames)
{
  follow_glide_knob(self, knobs);
  if (self->revision != input->tuning.revision) {
    follow_tuning(self, input, knobs);
  }
  process_pitch(self, input, knobs->zero_volt, outputs->pitch, n_frames);
  gate_out_process(&self->gate, outputs->gate, outputs->trigger, n_frames);
  write_constant(outputs->velocity, self->velocity, n_frames);
  process_controller(self, input, CONTROLLER_PRESSURE, outputs->pressure, n_frames);
  process_controller(self, input, CONTROLLER_MOD, outputs->mod, n_frames);
  if (outputs->slide) {
    process_controller(self, input, CONTROLLER_SLIDE, outputs->slide, n_frames);
  }
  if (outputs->lift) {
    write_constant(outputs->lift, self->lift, n_frames);
  }
}
