// SPDX-License-Identifier: ISC
/**
   From MIDI messages to voltages, for one voice: a MidiInput with a MidiVoice.

   Where several play the same messages, and each is another voice, they make up an
   instrument of several voices.
*/

#ifndef MIDI_CV_H
#define MIDI_CV_H

#include "midi/midi_input.h"
#include "midi/midi_voice.h"

#include <stdint.h>

typedef struct {
  MidiInputKnobs input;
  MidiVoiceKnobs voice;
} MidiCvKnobs;

typedef struct {
  MidiInput input;
  MidiVoice voice;
} MidiCv;

/// Set up, with the time constant in which controllers glide
void
midi_cv_init(MidiCv* self, double sample_rate, double controller_glide_s);

void
midi_cv_reset(MidiCv* self);

/// Take a message with the next frame; what is not a whole MIDI message is ignored
void
midi_cv_message(MidiCv*            self,
                const MidiCvKnobs* knobs,
                const uint8_t*     bytes,
                uint32_t           size);

/// Write the next `n_frames` to all outputs
void
midi_cv_process(MidiCv*                 self,
                const MidiCvKnobs*      knobs,
                const MidiVoiceOutputs* outputs,
                uint32_t                n_frames);

#endif // MIDI_CV_H
