// SPDX-License-Identifier: ISC
/**
   A patch at work: its plugins instantiated, its cables made of memory.

   Everything is allocated before the first block, but room for more MIDI than usual
   where several cables with it meet, so that none is lost.  A cable is a pointer to the
   buffer of the output it comes from; only where several meet at an input they are
   mixed. Signals take turns in the same memory, as blocks run: only as much is needed
   as are to be heard at one time.  An output without a cable gets no buffer if the
   plugin can do without.  Plugins that follow a host are told of a song that begins
   with the first block, if there is one, and of all changes of its tempo and time
   signature.  An unconnected input gets no buffer if the plugin can do without, else 0,
   or its default if it is CV.
*/

#ifndef ENGINE_H
#define ENGINE_H

#include "host/patch.h"
#include "host/position.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct EngineImpl Engine;

/**
   Build the engine of an ordered patch, for blocks of up to `max_frames`.

   `input[p]` is the caller's buffer of every input p of the patch, with floats or an
   atom sequence, which must be filled for every block.  Returns NULL after a report.

   `song` has the positions of the song at its start, frame 0, and at every change, by
   frame; the caller keeps it.  Without any, the tempo of the patch leads, if it has
   one.
*/
Engine*
engine_new_song(const Patch*    patch,
                void* const*    input,
                uint32_t        max_frames,
                const Position* song,
                size_t          n_positions);

/// Build the engine of a patch that no other song leads than its own
Engine*
engine_new(const Patch* patch, void* const* input, uint32_t max_frames);

void
engine_free(Engine* engine);

/// Run the next block
void
engine_run(Engine* engine, uint32_t n_frames);

/// Return where output `port` of the patch is after engine_run()
const float*
engine_output(const Engine* engine, uint32_t port);

/// Return how many signals the engine has memory for, without the caller's
uint32_t
engine_n_signals(const Engine* engine);

/// Return the seconds that a block of the patch has taken so far, if time is measured
double
engine_time_s(const Engine* engine, uint32_t block);

/// Start to measure the time that blocks take, which costs some itself
void
engine_measure(Engine* engine);

#endif // ENGINE_H
