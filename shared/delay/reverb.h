// SPDX-License-Identifier: ISC
/**
   A stereo reverberator: a feedback delay network of 16 lines.

   The input passes a pre-delay, two cuts of 6 dB per octave, and four allpasses for
   each channel (Dattorro, "Effect Design", JAES 45, 1997).  A lossless matrix then
   mixes what comes out of 16 delay lines, and feeds it back to them:

      in -- pre-delay -- cuts -- allpasses --(+)--> 16 lines --> absorption --+--> out
                                             ^                                |
                                             +-- turn pairs <-- Hadamard <----+

   Absorption is a one-pole low pass for each line.  Its gains are 10^(-3 L / (rate T))
   at 0 Hz and at the damping frequency, with L the length of the line and T the decay
   there (Jot and Chaigne, 1991), so decays are exact at both frequencies.

   Pairs of lines are turned by slowly swinging angles, which moves the resonances
   without any loss and without a change of pitch (Schlecht and Habets, "Time-varying
   feedback matrices", JASA 138, 2015).

   A change of size or pre-delay fades from the old to the new lengths while the lines
   sound on.  Where anything but the turning moves, the lines are clamped, so they are
   bounded whatever is modulated, and so is the output.

   Settings are read once in REVERB_STEP_FRAMES, and gains are interpolated in between.
   Nothing is late but by the pre-delay.  When input and tail are below 1e-9, the output
   is 0 exactly, and costs nothing.
*/

#ifndef REVERB_H
#define REVERB_H

#include "signal/signal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REVERB_LINES 16U
#define REVERB_PAIRS 8U         ///< Pairs of lines that are turned
#define REVERB_DIFFUSERS 4U     ///< Allpasses of a channel
#define REVERB_MAX_SIZE_OCT 2.0 ///< Four times the lengths of a size of 1
#define REVERB_MAX_PRE_DELAY_S 0.5
#define REVERB_STEP_FRAMES 32U
#define REVERB_MAX_OUT 64.0f ///< No output is larger than this
#define REVERB_FADE_S 0.04   ///< Of a change of size or pre-delay

/// The states of a channel's cuts
typedef struct {
  float below_low;  ///< State of the low cut
  float below_high; ///< State of the high cut
} ReverbChannel;

/// A one-pole low pass, four frames at once
typedef struct {
  float gain;
  float pole;
  float pole_2;
  float pole_1_to_4[4];
} ReverbCut;

/// All that is set, as it is in one frame
typedef struct {
  double decay_oct;      ///< log2 of the seconds in which 60 dB are lost at 0 Hz
  double size_oct;       ///< log2 of the size, where 1 is a hall
  double high_decay_oct; ///< log2 of the decay's part at the damping frequency, <= 0
  double damping_oct;    ///< log2 of the damping frequency in Hz
  double pre_delay_s;
  double low_cut_oct;  ///< log2 of Hz
  double high_cut_oct; ///< log2 of Hz
  double motion;       ///< How far the pairs are turned, 0 to 1
  double motion_oct;   ///< log2 of the mean frequency in Hz at which they swing
} ReverbSettings;

/// Inputs, with a frame for each; settings are within limits, and see ReverbSettings
typedef struct {
  const float* left;
  const float* right;
  SignalD      decay_oct;
  SignalD      size_oct;
  const float* high_decay_oct;
  const float* damping_oct;
  const float* pre_delay_s;
  const float* low_cut_oct;
  const float* high_cut_oct;
  const float* motion;
  const float* motion_oct;
  const bool*  freezes;   ///< Whether nothing comes in and nothing decays
  bool         is_silent; ///< Whether both inputs are known to be 0
} ReverbInputs;

/// The state, and behind it the lines, allpasses and pre-delays
typedef struct {
  double   sample_rate;
  uint32_t n_line; ///< Frames of each line
  uint32_t n_pre_delay;
  uint32_t n_diffuser; ///< Frames of each ring of an allpass
  uint32_t diffuser_length[2][REVERB_DIFFUSERS];

  uint32_t       fade_groups; ///< Length of a fade, in fours
  uint32_t       sleep_steps; ///< Silence after which nothing is left anywhere
  ReverbSettings settings;    ///< Those of the last step
  bool           is_asleep;
  bool           waits; ///< Whether settings wait for the end of a fade
  bool           moves; ///< Whether lengths or gains do in this step
  uint32_t       at;    ///< Where the frames of this step go in all lines
  uint32_t       pre_at;
  uint32_t       diffuser_at;
  uint32_t       group;          ///< Fours of frames since the start of the step
  uint32_t       quiet;          ///< Steps for which nothing was to be heard
  float          energy[4];      ///< Of input and output in this step
  uint32_t       fade_left;      ///< Fours of a fade
  uint32_t       pre_delay;      ///< In frames
  uint32_t       pre_delay_from; ///< From where the fade is
  uint32_t       length[REVERB_LINES];
  uint32_t       length_from[REVERB_LINES];
  uint32_t       read[REVERB_LINES]; ///< Where this step reads, in all memory
  uint32_t       read_from[REVERB_LINES];
  uint32_t       read_pre_delay[2];
  uint32_t       read_pre_delay_from[2];
  uint32_t       read_diffuser[2][REVERB_DIFFUSERS];
  double         hold;      ///< How far it is frozen, 0 to 1, at the end of the step
  float          open;      ///< Gain of the input at the start of the step
  float          open_step; ///< From one frame to the next
  float          gain[REVERB_LINES]; ///< Of the absorption, at the start of the step
  float          pole[REVERB_LINES];
  float          gain_step[REVERB_LINES]; ///< From one four to the next
  float          pole_step[REVERB_LINES];
  float          gain_to[REVERB_LINES]; ///< At the end of the step
  float          pole_to[REVERB_LINES];
  float          gain_aim[REVERB_LINES]; ///< When no fade is left
  float          pole_aim[REVERB_LINES];
  float          gain_from[REVERB_LINES]; ///< Where the fade is from
  float          pole_from[REVERB_LINES];
  float          low[REVERB_LINES];         ///< States of the absorption
  float          turn_cos[REVERB_PAIRS][4]; ///< At the start of the step, four times
  float          turn_sin[REVERB_PAIRS][4];
  float          turn_cos_to[REVERB_PAIRS]; ///< At the end of the step
  float          turn_sin_to[REVERB_PAIRS];
  float          turn_cos_step[REVERB_PAIRS][4]; ///< From one frame to the next
  float          turn_sin_step[REVERB_PAIRS][4];
  float          swing_cos[REVERB_PAIRS]; ///< Oscillators of the turning
  float          swing_sin[REVERB_PAIRS];
  float          swing_rate_cos[REVERB_PAIRS];
  float          swing_rate_sin[REVERB_PAIRS];
  ReverbCut      low_cut;
  ReverbCut      high_cut;
  ReverbChannel  channel[2];
  uint32_t       n_pending;                ///< Frames of a four that is not complete
  float          pending_in[2][4];         ///< Its input
  float          pending_out[2][4];        ///< Its output
  float          pending[REVERB_LINES][4]; ///< Its lines, after the absorption
} Reverb;

/// Return the bytes of a Reverb with its lines
size_t
reverb_size(double sample_rate);

/// Set up memory of that size, which is 0
void
reverb_init(Reverb* self, double sample_rate);

/// Forget all input
void
reverb_reset(Reverb* self);

/// Write the reverberation alone; outputs may not overlap inputs
void
reverb_process(Reverb*             self,
               const ReverbInputs* inputs,
               float*              left,
               float*              right,
               uint32_t            n_frames);

#endif // REVERB_H
