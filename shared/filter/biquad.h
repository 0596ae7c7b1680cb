// SPDX-License-Identifier: ISC
/**
   A filter of second order: the eight types of Bristow-Johnson's cookbook.

   Either the response is the cookbook's (see rbj.h), which is squeezed together below
   half the sample rate, or the one of the analog filter that the cookbook starts from.

   With the analog response, three sections of the same kind come after the main one,
   and the poles and zeros of all four are what analog.h makes of the analog ones.  At
   44.1 kHz and from there up it is within 0.01 dB up to 20 kHz, at all settings, at
   lower rates up to 0.45 of the rate.  That is about magnitudes; phases still bend
   next to half the sample rate.

   A filter never becomes one of another type or response, for nothing bounds what lies
   in between.  Instead there are two filters for six times the time constant of a knob:
   the last one goes on, and its output fades out, while the new one starts at rest and
   has its input faded in, so that it is not struck.  Each of them keeps to the energy
   argument in svf.h by itself, and so does their sum, as one part falls while the
   other rises.  Under a steady sine it stays within twice the louder of both settings,
   but for where both are all but silent, and for resonances below some 200 Hz, which
   the fade is too short not to strike.

   Whatever type, response, frequency, Q and gain do from frame to frame, the output
   stays within BIQUAD_MAX_OUT times the largest input.  (A low shelf of 36 dB with a Q
   of 50 has a resonance of A^2 Q, which is 3150, while it stands still.)  The energy
   argument makes any output finite; this number comes of random searches, with inputs
   that are resonant or always push the filter on: the worst of 1.3e9 frames was 16850,
   of a low shelf, and 1260 for types without a gain.  test_biquad.c has a part of them.
*/

#ifndef BIQUAD_H
#define BIQUAD_H

#include "filter/analog_match.h"
#include "filter/svf.h"
#include "filter/svf_design.h"
#include "signal/block.h"
#include "signal/signal.h"

#include <stdbool.h>
#include <stdint.h>

#define BIQUAD_SECTIONS ANALOG_SECTIONS

#define BIQUAD_MIN_HZ 0.1
#define BIQUAD_MAX_CYCLES 0.49 ///< Highest frequency, in cycles per frame
#define BIQUAD_MIN_Q 0.1
#define BIQUAD_MAX_Q 50.0
#define BIQUAD_MAX_GAIN_DB 36.0 ///< Either way

/// More than it puts out, whatever moves, of inputs within 1
#define BIQUAD_MAX_OUT 65536.0f

/// How the filter is brought into the digital world, as scale points number it
typedef enum { BIQUAD_RBJ, BIQUAD_ANALOG } BiquadResponse;

/// The filter keeps all of these within its limits by itself
typedef struct {
  SignalD pitch_oct; ///< log2(frequency / C4_HZ)
  SignalD q_oct;     ///< log2(Q)
  SignalD gain_db;   ///< Of the peak and the shelves
} BiquadSettings;

/// The settings of a frame
typedef struct {
  double pitch_oct;
  double q_oct;
  double gain_db; ///< 0 for types without a gain
} BiquadPoint;

/// Settings at the sample rate
typedef struct {
  double    c4_cycles; ///< C4_HZ in cycles per frame
  double    min_pitch_oct;
  double    max_pitch_oct;
  double    min_q_oct;
  double    max_q_oct;
  AnalogMap map;
} BiquadRate;

/// A filter that stays what it is
typedef struct {
  BiquadType     type;
  BiquadResponse response;
  uint32_t       n_still;    ///< Frames with the settings of the last one
  bool           is_settled; ///< Whether the sections have been settled on them
  BiquadPoint    last;       ///< Settings of the last frame
  SvfCoefs       coefs[BIQUAD_SECTIONS]; ///< Of the last frame
  Svf            svf[BIQUAD_SECTIONS]; ///< The others are for the analog response only
} BiquadFilter;

typedef struct {
  bool         started;  ///< Whether there has been a frame since the reset
  uint32_t     now;      ///< Which filter it is, or becomes
  uint32_t     n_left;   ///< Frames that are left of a fade from the other filter
  uint32_t     n_fade;   ///< Frames of a whole fade
  uint32_t     n_frames; ///< Since states were last calmed
  BiquadFilter filter[2];
  BiquadRate   rate;
} Biquad;

/// Set up for `glide_s`, the time constant of a knob: a fade takes six times as long
void
biquad_init(Biquad* self, double sample_rate, double glide_s);

/// Forget all input, type and response: the next ones are taken at once
void
biquad_reset(Biquad* self);

/**
   Fade to another filter: the next settings are its first ones, and need not go on from
   where they were.

   Only if no frames of a fade are left: until then, the next one has to wait.
*/
void
biquad_fade(Biquad* self, BiquadType type, BiquadResponse response);

/// Return the number of frames until a fade is over, 0 if there is none
static inline uint32_t
biquad_fade_left(const Biquad* const self)
{
  return self->n_left;
}

/**
   Filter 1 to BLOCK_FRAMES frames of `in`, which are finite; `out` may be `in`.

   Another type or response than before fades in, as soon as no other fade is left.
*/
void
biquad_process(Biquad*               self,
               BiquadType            type,
               BiquadResponse        response,
               const BiquadSettings* settings,
               const float*          in,
               float*                out,
               uint32_t              n_frames);

/// The same, but with settings of its own for the filter from which a fade comes
void
biquad_process_fade(Biquad*               self,
                    BiquadType            type,
                    BiquadResponse        response,
                    const BiquadSettings* settings,
                    const BiquadSettings* last_settings,
                    const float*          in,
                    float*                out,
                    uint32_t              n_frames);

#endif // BIQUAD_H
