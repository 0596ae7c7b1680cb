// SPDX-License-Identifier: ISC
/// How a patch hears of its host's song, as a plugin

#ifndef PATCH_SONG_H
#define PATCH_SONG_H

#include "host/patch.h"

#include <stdbool.h>
#include <stdint.h>

/// Return the first input for events of a patch, or its number of ports if it has none
uint32_t
patch_events_input(const Patch* patch);

/// Return true if a block follows the song
bool
patch_follows_song(const Patch* patch);

#endif // PATCH_SONG_H
