// SPDX-License-Identifier: ISC
/**
   The voltages of one voice that plays from a MidiInput.

   Notes act in the frame of their message, and so does a change of the tuning, which
   moves the note that sounds or sounded last as another note would.  What comes in
   coarse steps (pitch bend, pressure, modulation, slide) glides.

   A voice of several that is given to a new note while it sounds has its gate low for a
   frame.  With MPE, controllers are at once where those of the new note are, for they
   come before it; and a voice whose note was let go follows its channel until that
   plays another note, elsewhere.
*/

#ifndef MIDI_VOICE_H
#define MIDI_VOICE_H

#include "midi/midi_input.h"
#include "midi/portamento.h"
#include "signal/gate_out.h"
#include "signal/smooth.h"
#include "signal/units.h"

#include <stdbool.h>
#include <stdint.h>

/// Between which notes the pitch glides, as scale points number it
typedef enum {
  GLIDE_ALWAYS, ///< From the last note, however long ago
  GLIDE_LEGATO  ///< From a note that is still held
} GlideMode;

typedef struct {
  uint32_t  voice;     ///< Which one of the input's it is, from 0 on
  bool      retrigger; ///< Whether a note triggers when it takes over from another
  double    glide_s;
  GlideMode glide_mode;
  ZeroVolt  zero_volt;
} MidiVoiceKnobs;

/// Where outputs go, which must not overlap; all are in volts
typedef struct {
  float* pitch; ///< 1 V per octave; C4 until there was a note, then the last one's
  float* gate;
  float* velocity; ///< 0 to 10 V; the last note's
  float* pressure; ///< 0 to 10 V; the larger one of channel's and key's
  float* mod;      ///< 0 to 10 V
  float* trigger;
  float* slide; ///< 0 to 10 V: controller 74; may be NULL
  float* lift;  ///< 0 to 10 V: how fast the last key was let go; may be NULL
} MidiVoiceOutputs;

typedef struct {
  double     sample_rate;
  uint32_t   voice;      ///< As the knob was last
  uint32_t   revision;   ///< Of the tuning, as it was last
  bool       is_on;      ///< Whether a note sounds
  bool       has_played; ///< Whether one ever did
  bool       is_frozen;  ///< Whether `frozen` counts, not what is at the input
  Note       note;       ///< The one that sounds, or sounded last
  double     velocity;   ///< Its velocity, 0 to 1
  double     lift;       ///< How fast the last key was let go, 0 to 1
  double     frozen[N_CONTROLLERS];
  Portamento pitch;
  GateOut    gate;
  Smoother   controller[N_CONTROLLERS]; ///< Volts; bends in octaves
} MidiVoice;

/// Set up, with the time constant in which controllers glide
void
midi_voice_init(MidiVoice* self, double sample_rate, double controller_glide_s);

void
midi_voice_reset(MidiVoice* self);

/// Follow what a message has done to the input, from the next frame on
void
midi_voice_follow(MidiVoice*            self,
                  const MidiInput*      input,
                  const MidiVoiceKnobs* knobs,
                  MidiEvent             event);

/// Return for how many of the next `n_frames` a note sounds, from the first on
uint32_t
midi_voice_sounding_frames(const MidiVoice* self, uint32_t n_frames);

/// Write the next `n_frames` to all outputs
void
midi_voice_process(MidiVoice*              self,
                   const MidiInput*        input,
                   const MidiVoiceKnobs*   knobs,
                   const MidiVoiceOutputs* outputs,
                   uint32_t                n_frames);

#endif // MIDI_VOICE_H
