// SPDX-License-Identifier: ISC
/// Cables that meet at an input: signals are added, events merged by time

#ifndef ENGINE_JUNCTIONS_H
#define ENGINE_JUNCTIONS_H

#include "host/engine_impl.h"

#include <stdint.h>

/// Mix what has come to some junctions
void
engine_run_junctions(Engine*   engine,
                     Junction* junctions,
                     uint32_t  n_junctions,
                     uint32_t  n_frames);

#endif // ENGINE_JUNCTIONS_H
