// SPDX-License-Identifier: ISC
/**
   A surface of pixels, and antialiased shapes on it.

   Pixels are ARGB32 in the byte order of the machine, all of them opaque.  x goes to
   the right and y down; the pixel in the corner covers 0 to 1 of both.  What lies
   outside is cut off.  Nothing here allocates.
*/

#ifndef CANVAS_H
#define CANVAS_H

#include <stdint.h>

typedef struct {
  float x;
  float y;
} CanvasPoint;

typedef struct {
  uint32_t* pixels; ///< `width` in a row, rows without gaps
  uint8_t*  cover;  ///< As many: how far the shape in the making covers each
  int       width;
  int       height;
} Canvas;

/// Colours, as 0xrrggbb
enum {
  CANVAS_BACK  = 0x14181c,
  CANVAS_GRID  = 0x2c343c,
  CANVAS_AREA  = 0x26485a,
  CANVAS_FAINT = 0x4f7a90,
  CANVAS_LINE  = 0x8cd9ff,
  CANVAS_MARK  = 0xffb454,
  CANVAS_TEXT  = 0xd4dce4
};

/// Make all pixels one colour
void
canvas_clear(Canvas* self, uint32_t colour);

/// Fill a rectangle; edges between pixels cover these in part
void
canvas_box(Canvas* self, CanvasPoint from, CanvasPoint to, uint32_t colour);

/// Draw a line of `width` pixels through points, with round ends
void
canvas_line(Canvas*            self,
            const CanvasPoint* points,
            uint32_t           n_points,
            float              width,
            uint32_t           colour);

/// Shade what lies between a line, whose points go from left to right, and height
/// `base`
void
canvas_area(Canvas*            self,
            const CanvasPoint* points,
            uint32_t           n_points,
            float              base,
            uint32_t           colour);

/// Fill a circle
void
canvas_disc(Canvas* self, CanvasPoint centre, float radius, uint32_t colour);

/// Mix a colour into one pixel, as far as `cover`, 0 to 1, tells; any place will do
void
canvas_mix(Canvas* self, int x, int y, float cover, uint32_t colour);

#endif // CANVAS_H
