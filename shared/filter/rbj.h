// SPDX-License-Identifier: ISC
/**
   The responses of R. Bristow-Johnson's Audio EQ Cookbook, as state variable filters.

   With g = tan(pi f / sample rate), k = 1 / Q and A = 10^(gain / 40), and out = dry *
   in + of_band * band + of_low * low, the types are

     type         g          k        dry   of_band        of_low
     low pass     g          k        0     0              1
     high pass    g          k        1     -k             -1
     band pass    g          k        0     k              0        (peak of 0 dB)
     notch        g          k        1     -k             0
     all pass     g          k        1     -2 k           0
     peak         g          k / A    1     k (A^2 - 1)    0        (k is k / A here)
     low shelf    g A^-1/2   k        1     k (A - 1)      A^2 - 1
     high shelf   g A^1/2    k        A^2   k (A - A^2)    1 - A^2

   Types without a low store what svf.h calls scale * band, with a scale of
   k / (1 + k / 8): the output of a resonance that has built up, and of a signal that
   has at a low Q, stays as large as it was when the Q moves, or nearly.  The high pass
   has a lean of 1; so do shelves, on that side of 0 dB on which they then have less of
   k * band in their output.
*/

#ifndef RBJ_H
#define RBJ_H

#include "filter/svf.h"
#include "filter/svf_design.h"

#include <stdint.h>

/// Let a section that stores band and low as they are store what its type does
SvfParams
rbj_store(BiquadType type, double a_oct, SvfParams params);

/**
   Filter 1 to SVF_MAX_FRAMES frames of `in`; `out` may be `in`.

   Returns the coefficients of the last frame.
*/
SvfCoefs
rbj_process(BiquadType          type,
            const BiquadFrames* frames,
            Svf*                svf,
            const float*        in,
            float*              out,
            uint32_t            n_frames);

#endif // RBJ_H
