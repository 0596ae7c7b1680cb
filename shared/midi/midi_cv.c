// SPDX-License-Identifier: ISC

#include "midi/midi_cv.h"

void
midi_cv_init(MidiCv* const self,
             const double  sample_rate,
             const double  controller_glide_s)
{
  midi_input_reset(&self->input);
  midi_voice_init(&self->voice, sample_rate, controller_glide_s);
}

void
midi_cv_reset(MidiCv* const self)
{
  midi_input_reset(&self->input);
  midi_voice_reset(&self->voice);
}

void
midi_cv_message(MidiCv* const            self,
                const MidiCvKnobs* const knobs,
                const uint8_t* const     bytes,
                const uint32_t           size)
{
  const MidiEvent event = midi_input_message(&self->input, &knobs->input, bytes, size);

  midi_voice_follow(&self->voice, &self->input, &knobs->voice, event);
}

void
midi_cv_process(MidiCv* const                 self,
                const MidiCvKnobs* const      knobs,
                const MidiVoiceOutputs* const outputs,
                const uint32_t                n_frames)
{
  if (midi_input_turn(&self->input, &knobs->input) ||
      knobs->voice.voice != self->voice.voice) {
    midi_voice_follow(&self->voice, &self->input, &knobs->voice, midi_event_none());
  }
  midi_voice_process(&self->voice, &self->input, &knobs->voice, outputs, n_frames);
}
