// SPDX-License-Identifier: ISC
/**
   A section of second order: a state variable filter with trapezoidal integrators.

   With what Zavalishin (The Art of VA Filter Design, 3.10) calls them, a frame is

     band = band_state + g (in - k band - low)
     low  = low_state + g band
     out  = dry * in + of_band * band + of_low * low

   and each state becomes twice its integrator's output less itself.  What is stored are
   not these states, but either of

     band' = scale * band     low' = scale * low                    lean = 0
     band' = scale * band     low' = scale * (low + k * band)       lean = 1

   While g and k stay as they are this makes no difference, but when they move it
   decides what goes on as before.  Whatever g, k and lean do from frame to frame, the
   energy of what is stored, band'^2 + low'^2, never grows by itself, so the section
   can't run away.  With a scale that follows k, the sum of the squares is of k * band,
   which a band pass lets out and which is never larger than the input, so that a
   resonance that has built up at a high Q does not come out many times as loud when the
   Q falls.  A lean of 1 does the same for a high pass, which lets out the input less
   low'.

   With b and l for the means of both band' and of both low' of a frame, and x for
   scale * in, the energy changes in it by exactly

     4 g b (x - k b)                  lean = 0, so by g x^2 / k at most
     4 g (b x + k l (x - l))          lean = 1, so by 4 g |b x| + g k x^2 at most

   Nothing there multiplies what is stored: however g, k, lean and scale move, it takes
   an input to add anything, and each frame of it adds to the root of the energy no more
   than a fixed number.  At the limits in biquad.h, months of the worst input do not get
   the states near 1e20, let alone to infinity; but that holds only while lean is 0 or
   1, and g, k and scale are those of one filter.

   Solved for the next states, each written as its last one and a step, which loses
   nothing where the steps get small, a frame is, with d = scale * in - low':

     band'  <-  band' - damp_band * band' + cross * d
     low'   <-  low' + cross * band' + damp_low * d
     out     =  dry * in + half_band * (both band') + half_low * (both low')

   Coefficients that last can be settled.  Then groups of SVF_GROUP frames are computed
   at once from the states before them, several times as fast.  Groups are counted from
   the frame of settling, and the inputs of an unfinished one are kept, so it does not
   matter how the frames come.
*/

#ifndef SVF_H
#define SVF_H

#include <stdint.h>

#define SVF_MAX_FRAMES 64U ///< Most at once, whose coefficients are on the stack
#define SVF_GROUP 8U       ///< Frames that are computed at once when settled
#define SVF_HALF 4U        ///< Frames between two states of a group

/// The coefficients of a frame
typedef struct {
  double damp_band;
  double cross;
  double damp_low;
  double scale;
  double dry;
  double half_band;
  double half_low;
} SvfCoefs;

/// The coefficients of up to SVF_MAX_FRAMES frames
typedef struct {
  double damp_band[SVF_MAX_FRAMES];
  double cross[SVF_MAX_FRAMES];
  double damp_low[SVF_MAX_FRAMES];
  double scale[SVF_MAX_FRAMES];
  double dry[SVF_MAX_FRAMES];
  double half_band[SVF_MAX_FRAMES];
  double half_low[SVF_MAX_FRAMES];
} SvfFrames;

/// Return the coefficients of frame `i`
static inline SvfCoefs
svf_coefs_at(const SvfFrames* const frames, const uint32_t i)
{
  return (SvfCoefs){frames->damp_band[i],
                    frames->cross[i],
                    frames->damp_low[i],
                    frames->scale[i],
                    frames->dry[i],
                    frames->half_band[i],
                    frames->half_low[i]};
}

/// State of the integrators, as it is stored
typedef struct {
  double band;
  double low;
} SvfStates;

/// The states before every frame and after the last
typedef struct {
  double band[SVF_MAX_FRAMES + 1];
  double low[SVF_MAX_FRAMES + 1];
} SvfPath;

/// Return the states after a frame, in an order that makes none wait for long
static inline SvfStates
svf_next(const SvfStates states, const SvfCoefs coefs, const double in)
{
  const double d = coefs.scale * in - states.low;

  return (SvfStates){(states.band - coefs.damp_band * states.band) + coefs.cross * d,
                     (states.low + coefs.cross * states.band) + coefs.damp_low * d};
}

/// Share of the past in a group's outputs, and in the states after it
typedef struct {
  double out_of_in[SVF_HALF][SVF_HALF]; ///< Of each input, in half of the outputs
  double out_of_band[SVF_HALF];
  double out_of_low[SVF_HALF];
  double next_of_in[SVF_GROUP][4]; ///< In both states after it, and both half-way
  double next_of_band[4];
  double next_of_low[4];
} SvfGroup;

typedef struct {
  SvfStates states;             ///< Before the group if settled
  float     waiting[SVF_GROUP]; ///< Inputs of an unfinished group
  uint32_t  n_waiting;
  SvfCoefs  coefs; ///< As settled
  SvfGroup  group;
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

/// Make states 0 that can't be heard, 600 dB under full scale, or are past all bounds
void
svf_calm(Svf* self);

#endif // SVF_H
