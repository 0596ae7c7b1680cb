// SPDX-License-Identifier: ISC
/**
   The saturator of a drum, without latency: out = tanh(drive x) / tanh(drive).

   So a peak of 1 stays one, and what is below comes up.  It runs at a multiple of the
   sample rate (prompt.h).  At DRUM_DRIVE_CLEAN, and 1 in, harmonics are 62 dB down.
*/

#ifndef DRIVE_H
#define DRIVE_H

#include "shaper/prompt.h"

#include <stdint.h>

#define DRUM_DRIVE_CLEAN 0.1  ///< Drive of a knob at 0 dB
#define DRUM_DRIVE_FRAMES 32U ///< Most frames at once
#define DRUM_MAX 8.0f         ///< No drum is louder, however fast it is rolled

typedef struct {
  Prompt prompt;
} DrumDrive;

/// Set up to saturate at about `upper_rate_hz`
void
drum_drive_init(DrumDrive* self, double sample_rate, double upper_rate_hz);

/// Forget all input
void
drum_drive_reset(DrumDrive* self);

/// Return the drive that a knob in dB stands for, as octaves of amplitude
double
drum_drive_oct(double drive_db);

/// Saturate `signal` to within DRUM_MAX, up to DRUM_DRIVE_FRAMES, by the `drive_oct` of
/// each frame
void
drum_drive_process(DrumDrive*   self,
                   const float* drive_oct,
                   float*       signal,
                   uint32_t     n_frames);

#endif // DRIVE_H
