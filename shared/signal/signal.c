// SPDX-License-Identifier: ISC

#include "signal/signal.h"

const float silent_frames[BLOCK_FRAMES] = {0.0f};
