// SPDX-License-Identifier: ISC
/// How sounds die away

#ifndef DECAY_H
#define DECAY_H

#include <stdint.h>

/**
   Return the time in which a reverberation falls by 60 dB, in seconds.

   From the line through the energy that is still to come (Schroeder, "New method of
   measuring reverberation time", 1965), between -5 and -35 dB of all of it: so the
   response has to be longer than that by far.  NaN if it is silent.
*/
double
decay_t60_s(const float* response, uint32_t n_frames, double sample_rate);

/**
   Return when echoes are as dense as noise is to a part of `density`, in seconds from
   the first frame of the response; infinity if they never are.

   Density is the share of frames beyond the standard deviation in a window of 20 ms,
   over that of Gaussian noise (Abel and Huang, "A simple, robust measure of
   reverberation echo density", 2006).
*/
double
decay_dense_at_s(const float* response,
                 uint32_t     n_frames,
                 double       sample_rate,
                 double       density);

/**
   Return by how many dB a second a tone of `freq_hz` falls.

   From its amplitudes in the two halves of the signal.  NaN if there is no memory.
*/
double
decay_tone_db_s(const float* signal,
                uint32_t     n_frames,
                double       sample_rate,
                double       freq_hz);

#endif // DECAY_H
