// SPDX-License-Identifier: ISC
/// Aliases of sines: a plugin's output beside their harmonics

#ifndef DRIVEN_H
#define DRIVEN_H

#include "measure/probe.h"

/**
   Return the power below 20 kHz that is at no multiple of `base_hz` over that which is,
   in dB, DC aside; infinity if the signal is not finite.
*/
double
driven_others_db(const float* signal,
                 uint32_t     n_frames,
                 double       base_hz,
                 double       sample_rate);

/**
   Return the aliases of what a plugin makes of a signal at ROLE_IN, in dB.

   The signal is played twice, and the second time counts: its harmonics are multiples
   of `base_hz`.
*/
double
driven_alias_db(Probe* probe, const double* in, uint32_t n_frames, double base_hz);

/// The same of a sine
double
driven_sine_db(Probe* probe, double sine_hz, double amplitude);

/**
   The same of a sine that a tanh was driven with by 24 dB, without an alias.

   So it comes out of a good saturator in front of the plugin.
*/
double
driven_clipped_db(Probe* probe, double sine_hz);

#endif // DRIVEN_H
