// SPDX-License-Identifier: ISC
/**
   A quantizer of four voices, which have all but their inputs in common.

     in --> hold? --> note of the scale --> + degrees --> pitch --> glide --> +
   transpose ^ trigger

   A pitch moves in the very frame in which its input passes a boundary, or in which a
   trigger rises.  A new scale is decided on anew at once, with what the input was last.
   `changed` sends a trigger wherever the note becomes another one, but for the first,
   and not for what transpose does.

   Degrees count notes of the scale, from the root.  Where inputs are steps, each
   semitone of theirs is such a note, and 0 V is the root.
*/

#ifndef QUANTIZER_H
#define QUANTIZER_H

#include "signal/gate.h"
#include "signal/gate_out.h"
#include "signal/signal.h"
#include "tuning/quantize.h"
#include "tuning/scale.h"

#include <stdbool.h>
#include <stdint.h>

#define QUANTIZER_VOICES 4U
#define QUANTIZER_IN_MAX_V 10.0  ///< Inputs count as no more than this, either way
#define QUANTIZER_OUT_MAX_V 20.0 ///< No pitch is beyond this, either way

/// Meaning of inputs, as scale points number it
typedef enum { QUANTIZER_PITCH, QUANTIZER_STEPS } QuantizerInput;

/// When the note is decided on, as scale points number it
typedef enum { QUANTIZER_ALWAYS, QUANTIZER_AT_TRIGGERS } QuantizerWhen;

typedef struct {
  QuantizerInput input_as;
  QuantizerWhen  when;
  QuantizeRule   rule;
  int32_t        degrees;
  int32_t        octave;
  double         glide_s;
  double         root_oct; ///< Where note 0 is, from C4
  double         zero_oct; ///< Where 0 V is, from C4
} QuantizerKnobs;

typedef struct {
  Signal in[QUANTIZER_VOICES]; ///< Octaves
  Signal trigger;
  Signal transpose; ///< Octaves
  Signal degrees;   ///< Volts: 1 V is as many notes as an octave has
} QuantizerSignals;

typedef struct {
  float* pitch[QUANTIZER_VOICES]; ///< Octaves
  float* changed[QUANTIZER_VOICES];
} QuantizerOutputs;

typedef struct {
  HeldNote note;
  float    held_v;     ///< What the last trigger found at the input
  double   pitch_oct;  ///< Where it is, or where the glide ends
  bool     has_pitch;  ///< Whether there was a frame since the reset
  double   glide_from; ///< Where the glide starts
  uint32_t glide_left; ///< Frames to its end
  uint32_t glide_frames;
  GateOut  changed;
} QuantizerVoice;

typedef struct {
  double         sample_rate;
  Scale          scale;
  QuantizerKnobs knobs;
  bool           is_new; ///< Whether pitches must be looked up, inputs moving or not
  Gate           trigger;
  bool           has_held;  ///< Whether a trigger or the start has found held values
  float          degrees_v; ///< What the last trigger found there
  HeldNote       degrees;
  int32_t        shift; ///< Of the last frame, in notes
  QuantizerVoice voice[QUANTIZER_VOICES];
} Quantizer;

/// Set up in the chromatic scale
void
quantizer_init(Quantizer* self, double sample_rate);

/// Forget all pitches and inputs; scale and knobs stay
void
quantizer_reset(Quantizer* self);

/// Change the scale with the next frame
void
quantizer_set_scale(Quantizer* self, const Scale* scale);

/// Turn the knobs with the next frame
void
quantizer_set(Quantizer* self, const QuantizerKnobs* knobs);

/// Move the root with the next frame, as if the knobs said so
void
quantizer_set_root(Quantizer* self, double root_oct);

/// Write the next `n_frames`, up to BLOCK_FRAMES, to all outputs
void
quantizer_process(Quantizer*              self,
                  const QuantizerSignals* in,
                  const QuantizerOutputs* out,
                  uint32_t                n_frames);

#endif // QUANTIZER_H
