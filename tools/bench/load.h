// SPDX-License-Identifier: ISC
/**
   A case of bench that runs, on one instance or more.

   Moving signals come from a buffer of LOAD_FRAMES frames, round and round, for which
   its port is connected anew for every run, as hosts do it.
*/

#ifndef LOAD_H
#define LOAD_H

#include "bench/cases.h"
#include "host/host.h"

#include <stdint.h>

#define LOAD_FRAMES 8192U ///< Length of what moves

typedef struct LoadImpl Load;

/// Start `n_instances`; returns NULL, and says why on stderr, if that can't be
Load*
load_new(Host* host, const Case* of, double sample_rate, uint32_t n_instances);

void
load_free(Load* load);

/// Return how many inputs are connected for no other reason than to be
uint32_t
load_patched(const Load* load);

/// Run one instance for one block, from frame `start` of what moves
void
load_run_one(Load* load, uint32_t instance, uint32_t start, uint32_t block_frames);

/// Run every instance for LOAD_FRAMES frames in blocks of `block_frames`, which divide
/// it
void
load_run(Load* load, uint32_t block_frames);

#endif // LOAD_H
