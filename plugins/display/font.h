// SPDX-License-Identifier: ISC
/**
   Text on a canvas, in letters of 5 by 7 pixels.

   Letters, digits and some signs of ASCII are there; others leave a gap.
*/

#ifndef FONT_H
#define FONT_H

#include "display/canvas.h"

#include <stdint.h>

#define FONT_ADVANCE 6 ///< Pixels from a letter to the next, at a scale of 1
#define FONT_HEIGHT 7

/// Return how many pixels a text takes from left to right, at a scale of 1
int
font_width(const char* text);

/// Write a text whose upper left corner is at x, y, `scale` times as large
void
font_write(Canvas* canvas, int x, int y, int scale, uint32_t colour, const char* text);

#endif // FONT_H
