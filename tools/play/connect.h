// SPDX-License-Identifier: ISC
/// Connections of the ports of a patch in JACK

#ifndef CONNECT_H
#define CONNECT_H

#include "host/patch.h"
#include "play/options.h"

#include <jack/jack.h>

#include <stdbool.h>
#include <stdint.h>

/**
   Connect a port as the options say.

   By itself, audio goes to the loudspeakers in turn, and to the first two if it is all
   the audio that there is; MIDI comes from all keyboards.  Volts and audio inputs,
   which might howl, are left alone.  Returns false after a report.
*/
bool
connect_port(jack_client_t*     jack,
             const Patch*       patch,
             uint32_t           port,
             const PlayOptions* options);

/// Check that every connection is one of a port that the patch has
bool
connect_check(const Patch* patch, const PlayOptions* options);

#endif // CONNECT_H
