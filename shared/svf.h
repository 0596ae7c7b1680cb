// SPDX-License-Identifier: ISC
/**
   A section of second order: a state variable filter with trapezoidal integrators.

   With what Zavalishin (The Art of VA Filter Design, 3.10) calls them, a frame is

     band = band_state + g (in - k band - low)
     low  = low_state + g band
     out  = dry * in + of_band * band + of_low * low

   and each state becomes twice its integrator's output less itself.  Solved for the
   next states, each written as its last one and a step, which loses nothing where the
   steps get small, that is with d = in - low_state:

     band_state' = band_state - damp * band_state + cross * d
     low_state'  = low_state + cross * band_state + pull * d
     out         = dry * in + of_band / 2 * (band_state + band_state')
                            + of_low / 2 * (low_state + low_state')

   The energy of the states never grows by itself, whatever g and k do from frame to
   frame, so the section can't run away under modulation of any speed.

   Coefficients that last can be settled.  Then groups of SVF_GROUP frames are computed
   at once from the states before them, several times as fast.  Groups are counted from
   the frame of settling, and the inputs of an unfinished one are kept, so it does not
   matter how the frames come.
*/

#ifndef SVF_H
#define SVF_H

#include <stdint.h>

#define SVF_MAX_FRAMES 256U ///< Most frames that are processed at once
#define SVF_GROUP 4U        ///< Frames that are computed at once when settled

/// The coefficients of a frame
typedef struct {
  double damp;
  double cross;
  double pull;
  double dry;
  double half_band; ///< of_band / 2
  double half_low;  ///< of_low / 2
} SvfCoefs;

/// The coefficients of up to SVF_MAX_FRAMES frames
typedef struct {
  double damp[SVF_MAX_FRAMES];
  double cross[SVF_MAX_FRAMES];
  double pull[SVF_MAX_FRAMES];
  double dry[SVF_MAX_FRAMES];
  double half_band[SVF_MAX_FRAMES];
  double half_low[SVF_MAX_FRAMES];
} SvfFrames;

/// Return the coefficients of frame `i`
static inline SvfCoefs
svf_coefs_at(const SvfFrames* const frames, const uint32_t i)
{
  const SvfCoefs coefs = {frames->damp[i],
                          frames->cross[i],
                          frames->pull[i],
                          frames->dry[i],
                          frames->half_band[i],
                          frames->half_low[i]};

  return coefs;
}

/// What the outputs of a group, and the states after it, have of what came before
typedef struct {
  double out_of_in[SVF_GROUP][SVF_GROUP]; ///< Of each input, in each output
  double out_of_band[SVF_GROUP];
  double out_of_low[SVF_GROUP];
  double next_of_in[SVF_GROUP][2]; ///< In the band state, and in the low state
  double next_of_band[2];
  double next_of_low[2];
} SvfGroup;

typedef struct {
  double   band; ///< What the integrators hold, before the group if settled
  double   low;
  float    waiting[SVF_GROUP]; ///< Inputs of an unfinished group
  uint32_t n_waiting;
  SvfCoefs coefs; ///< As settled
  SvfGroup group;
} Svf;

/// Forget all input; not settled
void
svf_reset(Svf* self);

/// Filter frames of `in`, each with coefficients of its own; `out` may be `in`
void
svf_process(Svf*             self,
            const SvfFrames* coefs,
            const float*     in,
            float*           out,
            uint32_t         n_frames);

/// Prepare for frames that all have these coefficients
void
svf_settle(Svf* self, SvfCoefs coefs);

/// Filter frames of `in` once settled; `out` may be `in`
void
svf_process_settled(Svf* self, const float* in, float* out, uint32_t n_frames);

/// Be ready for svf_process() again
void
svf_unsettle(Svf* self);

/// Make states that can't be heard 0: 600 dB under full scale
void
svf_calm(Svf* self);

#endif // SVF_H
