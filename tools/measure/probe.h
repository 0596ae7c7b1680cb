// SPDX-License-Identifier: ISC
/**
   One plugin on the bench: its ports set by role, its output in a buffer.

   Ports without a role or setting have their default; inputs that are optional
   are left unconnected, the others are silent.
*/

#ifndef PROBE_H
#define PROBE_H

#include "host/host.h"
#include "measure/roles.h"

#include <stdbool.h>
#include <stdint.h>

#define PROBE_BLOCK_FRAMES 64U ///< Frames of a run, unless said otherwise

typedef struct ProbeImpl Probe;

/**
   Instantiate and activate the plugin of `subject`.

   Returns NULL, and says why on stderr, if the plugin isn't installed, refuses, or
   lacks a port that the subject names.  `subject` has to live as long.
*/
Probe*
probe_new(Host* host, const Subject* subject, double sample_rate);

void
probe_free(Probe* probe);

double
probe_sample_rate(const Probe* probe);

/// Return true if the subject has the role
bool
probe_has(const Probe* probe, RoleName name);

/// Return true if the role takes `quantity`: it is there, and that is within its range
bool
probe_takes(const Probe* probe, RoleName name, double quantity);

/**
   Set a role to a physical quantity, and return what it really is now.

   A port is a float, so that the quantity is not quite the one asked for.
   Returns NaN, and changes nothing, where probe_takes() says no.
*/
double
probe_set(Probe* probe, RoleName name, double quantity);

/**
   Feed a role with a signal of physical quantities, one for every frame from now on.

   The next probe_render() may not be longer than the signal is, and uses it up.
   If the role is a knob then it takes the first value of each block.
*/
void
probe_feed(Probe* probe, RoleName name, const double* quantities, uint32_t n_frames);

/// As probe_feed(), with what the port itself takes, bit for bit (NaN, for instance)
void
probe_feed_raw(Probe* probe, RoleName name, const float* values, uint32_t n_frames);

/// Send three bytes of MIDI at a frame of the next block, to the first port that takes
/// it
void
probe_send(Probe* probe, uint32_t frame, int status, int number, int value);

/// Run `n_frames` in blocks of `block_frames` and write the role's output, or none
void
probe_render(Probe*   probe,
             RoleName name,
             float*   out,
             uint32_t n_frames,
             uint32_t block_frames);

/// Return the quantity that a role shows, a control output; NaN if it has no port
double
probe_shown(const Probe* probe, RoleName name);

/// Run for `time_s`, so that knobs come to rest
void
probe_settle(Probe* probe, double time_s);

#endif // PROBE_H
