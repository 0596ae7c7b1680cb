// SPDX-License-Identifier: ISC
/**
   Files that are read as a whole.

   A file is opened once, so it does not matter what becomes of its name meanwhile.
   It may be a pipe.  What never ends, as /dev/zero, is refused once it is longer than
   any such file should be.
*/

#ifndef INTAKE_H
#define INTAKE_H

#include <stddef.h>
#include <stdint.h>

#define INTAKE_MAX_SIZE 0x4000000U ///< Longest file, in bytes: 64 MB

/**
   Return the content of a file, to be freed, or NULL after a report.

   It has `size` bytes, and a zero behind them.
*/
uint8_t*
intake_read(const char* path, size_t* size);

#endif // INTAKE_H
