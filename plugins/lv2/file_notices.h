// SPDX-License-Identifier: ISC
/**
   What the host is sent of a file (patch:Set), in the sequence that it has for that.

   A sequence has as much room as the host says in each block.  What does not fit waits
   for a block with more of it.
*/

#ifndef FILE_NOTICES_H
#define FILE_NOTICES_H

#include "lv2/instance.h"

#include <lv2/atom/atom.h>

#include <stdint.h>

/// Send the path at a frame of the block, if an event asks for that of the file
void
file_notices_answer(const Instance* self,
                    uint32_t        frame,
                    LV2_Atom        atom,
                    const uint8_t*  bytes);

#endif // FILE_NOTICES_H
