// SPDX-License-Identifier: ISC
/**
   Losses of echoes on their way round: a low cut and a high cut, for two channels.

     low cut   one pole, 6 dB per octave
     high cut  two poles, 12 dB per octave, as flat as can be (Q = 1 / sqrt 2)

   Both are trapezoidal (Zavalishin, The Art of VA Filter Design, 3.10 and 4.4), so they
   may move with every frame.
*/

#ifndef ECHO_FILTER_H
#define ECHO_FILTER_H

#include <stdbool.h>
#include <stdint.h>

/// Two channels side by side
typedef double Sides __attribute__((vector_size(16)));

#define ECHO_FILTER_MAX_FREQ 0.45 ///< Highest cutoff, over the sample rate

typedef struct {
  double c4_cycles; ///< C4_HZ in cycles per frame
  float  low_oct;   ///< What the coefficients are for
  float  high_oct;
  double low_part;  ///< g / (1 + g) of the low cut
  double high_g;    ///< g of the high cut
  double high_part; ///< 1 / (1 + g (g + k))
  Sides  low;       ///< States
  Sides  band;
  Sides  high;
} EchoFilter;

/// Where the cuts are in each frame, in octaves from C4, and how far they count, 0 to
/// 1; one that counts for nothing forgets its input
typedef struct {
  const float* low_oct;
  const float* high_oct;
  const float* low_share;
  const float* high_share;
} EchoFilterInputs;

void
echo_filter_init(EchoFilter* self, double sample_rate);

/// Forget all input
void
echo_filter_reset(EchoFilter* self);

/// Filter both channels in their place
void
echo_filter_process(EchoFilter*             self,
                    const EchoFilterInputs* inputs,
                    float*                  left,
                    float*                  right,
                    uint32_t                n_frames);

#endif // ECHO_FILTER_H
