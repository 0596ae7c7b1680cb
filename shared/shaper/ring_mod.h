// SPDX-License-Identifier: ISC
/**
   A ring modulator, as an exact product or with the diodes of the analog one.

     multiplier  out = c m
     diodes      out = A(c + m/2) - A(c - m/2),  A(v) = sqrt(v^2 + h^2)
                     = 2 c m / (A(c + m/2) + A(c - m/2))

   A is a diode's modulus, rounded by the knee h: quiet signals come out as c m / h,
   loud ones chop each other (after J. Parker, "A Simple Digital Model of the
   Diode-Based Ring-Modulator", DAFx-11).  The second form of it loses nothing where
   both terms are alike, and is exactly 0 where c or m is.

   A product of two signals has nothing beyond twice their band, so that twice the
   rate is enough for it; diodes run at about 768 kHz (oversample.h), and only while
   they can be heard.  Either is late by ring_mod_latency() frames.  Where the kind
   changes, the old one fades to the new one within RING_MOD_FADE_S, as soon as the
   diodes' filters are full.
*/

#ifndef RING_MOD_H
#define RING_MOD_H

#include "shaper/oversample.h"

#include <stdbool.h>
#include <stdint.h>

#define RING_MOD_FADE_S 0.01
#define RING_MOD_WARM_FRAMES 64U ///< In which the diodes' filters are full
#define RING_MOD_MAX_LATE 32U    ///< Frames of twice the rate that diodes need

typedef enum { RING_MOD_MULTIPLIER, RING_MOD_DIODES } RingModKind;

/// Pointers to a value for each frame
typedef struct {
  const float* in;
  const float* carrier;
  const float* knee;              ///< h, above 0
  bool         in_is_silent;      ///< Whether all of `in` is 0
  bool         carrier_is_silent; ///< Whether all of `carrier` is
} RingModInputs;

typedef struct {
  OversampleUp   up_in; ///< From twice the rate to that of the diodes
  OversampleUp   up_carrier;
  OversampleDown down;
} RingDiodes;

typedef struct {
  uint32_t          latency;
  SplitOversampling plan;
  OversampleUp      up_in;
  OversampleUp      up_carrier;
  OversampleDown    down;
  RingDiodes        ring;
  float             late[RING_MOD_MAX_LATE]; ///< Products that wait for the diodes
  float             knee;                    ///< Of the last frame
  float             diodes;                  ///< Share of the diodes in the last frame
  float             step;                    ///< By which that may change in a frame
  uint32_t          n_warm; ///< Frames of the diodes, up to RING_MOD_WARM_FRAMES
  bool              has_started;
  uint32_t          n_silent_in; ///< Frames of silence so far, up to OVERSAMPLE_TAIL
  uint32_t          n_silent_carrier;
} RingMod;

void
ring_mod_init(RingMod* self, double sample_rate);

/// Forget all input
void
ring_mod_reset(RingMod* self);

/// Return by how many frames the output is late
static inline uint32_t
ring_mod_latency(const RingMod* const self)
{
  return self->latency;
}

/// Write `n_frames` of both signals modulating each other; `out` may be an input
void
ring_mod_process(RingMod*             self,
                 RingModKind          kind,
                 const RingModInputs* inputs,
                 float*               out,
                 uint32_t             n_frames);

#endif // RING_MOD_H
