// SPDX-License-Identifier: ISC
/// Pictures of opaque pixels, as PNG

#ifndef PNG_H
#define PNG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/**
   Write rows of 0xrrggbb, `stride` pixels apart.

   The same pixels make the same file.  Returns false if there is no memory, or the file
   cannot be written.
*/
bool
png_write(FILE*           out,
          const uint32_t* pixels,
          uint32_t        width,
          uint32_t        height,
          uint32_t        stride);

#endif // PNG_H
