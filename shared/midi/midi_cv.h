// SPDX-License-Identifier: ISC
/**
   From MIDI messages to voltages, for one voice.

   Notes act in the frame of their message.  What comes in coarse steps (pitch bend,
   pressure, modulation) glides.  A controller counts for its channel; what any channel
   sent last counts where all channels do.

   message --> keys that are held --pick--> note --> pitch, velocity, gate, trigger
           \-> controllers --glide--> mod, pressure, bend of the pitch
*/

#ifndef MIDI_CV_H
#define MIDI_CV_H

#include "midi/bend_range.h"
#include "midi/note_stack.h"
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
  uint32_t  channel; ///< 1 to MIDI_CHANNELS, or ALL_CHANNELS
  Priority  priority;
  bool      retrigger;      ///< Whether a note triggers when it takes over from another
  double    bend_range_oct; ///< Of channels that have not sent their own
  double    glide_s;
  GlideMode glide_mode;
  ZeroVolt  zero_volt;
} MidiCvKnobs;

/// Where outputs go, which must not overlap; all are in volts
typedef struct {
  float* pitch; ///< 1 V per octave; C4 until there was a note, then the last one's
  float* gate;
  float* velocity; ///< 0 to 10 V; the last note's
  float* pressure; ///< 0 to 10 V; the larger one of channel's and key's
  float* mod;      ///< 0 to 10 V
  float* trigger;
} MidiCvOutputs;

typedef enum { CONTROLLER_MOD, CONTROLLER_PRESSURE, CONTROLLER_BEND } Controller;

#define N_CONTROLLERS 3U

typedef struct {
  double     sample_rate;
  NoteStack  notes;
  double     controllers[1U + MIDI_CHANNELS][N_CONTROLLERS]; ///< 0 to 1, bend -1 to 1
  BendRange  bend_range;
  uint32_t   bend_channel; ///< Which one sent the last bend, 1 to MIDI_CHANNELS
  uint32_t   channel;      ///< As the knob was last
  Priority   priority;
  bool       is_on;      ///< Whether a note sounds
  bool       has_played; ///< Whether one ever did
  Note       note;       ///< The one that sounds, or sounded last
  double     velocity;   ///< Its velocity, 0 to 1
  Portamento pitch;
  GateOut    gate;
  Smoother   bend_oct;
  Smoother   pressure_v;
  Smoother   mod_v;
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

/// Return for how many of the next `n_frames` a note sounds, from the first on
uint32_t
midi_cv_sounding_frames(const MidiCv* self, uint32_t n_frames);

/// Write the next `n_frames` to all outputs
void
midi_cv_process(MidiCv*              self,
                const MidiCvKnobs*   knobs,
                const MidiCvOutputs* outputs,
                uint32_t             n_frames);

#endif // MIDI_CV_H
