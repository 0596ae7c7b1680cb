// SPDX-License-Identifier: ISC
/**
   How clean an oscillator is.

   Aliases are the power that is not at a multiple of the pitch, up to 20 kHz (18 kHz
   at 44.1 kHz), over the power that is, in dB; of a sine, that is THD+N.
*/

#ifndef OSCILLATOR_QUALITY_H
#define OSCILLATOR_QUALITY_H

#include "figures.h"
#include "host.h"
#include "roles.h"

#include <stdbool.h>

/// Measure all that the roles allow; returns false if the plugin can't be run
bool
oscillator_quality(Figures*       figures,
                   Host*          host,
                   const Subject* subject,
                   double         sample_rate);

#endif // OSCILLATOR_QUALITY_H
