// SPDX-License-Identifier: ISC
/**
   The length of a block: everything in a module works on this many frames or fewer.

   Each buffer that holds the frames of a run() has this size, and no other number of
   frames stands anywhere.
*/

#ifndef BLOCK_H
#define BLOCK_H

#define BLOCK_FRAMES 256U ///< Most frames that are ever processed at once

#endif // BLOCK_H
