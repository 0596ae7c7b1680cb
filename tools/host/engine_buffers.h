// SPDX-License-Identifier: ISC
/// The memory of an engine, which is freed with it

#ifndef ENGINE_BUFFERS_H
#define ENGINE_BUFFERS_H

#include "host/engine.h"

#include <lv2/atom/atom.h>

#include <stddef.h>

/// Return a new buffer of zeros that begins a cache line
void*
engine_new_buffer(Engine* engine, size_t size);

/// Return a new signal that is `value` all along
float*
engine_new_signal(Engine* engine, float value);

/// Return a signal that nobody reads any more, or else a new one
float*
engine_take_signal(Engine* engine);

/// Leave a signal to the blocks that run later
void
engine_give_signal(Engine* engine, float* signal);

/// Return a new buffer for events, with none in it
LV2_Atom_Sequence*
engine_new_events(Engine* engine, size_t size);

#endif // ENGINE_BUFFERS_H
