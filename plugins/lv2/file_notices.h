// SPDX-License-Identifier: ISC
/**
   Notices about a file (patch:Set), in the sequence that the host has for that.

   A sequence has as much room as the host gives it in each block.  The rest waits
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
