// SPDX-License-Identifier: ISC

#include "display/canvas.h"

#include <math.h>
#include <string.h>

#define OPAQUE 0xff000000U
#define FULL_COVER 255.0f
#define AREA_SHARE 0.8f ///< Of an area over what is below it

/// The pixels that a shape may touch
typedef struct {
  int left;
  int top;
  int right; ///< Behind the last
  int bottom;
} Bounds;

static int
clamp(const float value, const int maximum)
{
  return value <= 0.0f ? 0 : value >= (float)maximum ? maximum : (int)value;
}

static Bounds
bounds(const Canvas* const self, const CanvasPoint from, const CanvasPoint to)
{
  return (Bounds){clamp(floorf(from.x), self->width),
                  clamp(floorf(from.y), self->height),
                  clamp(ceilf(to.x), self->width),
                  clamp(ceilf(to.y), self->height)};
}

/// Return a colour that is `share` of the way from one to another
static uint32_t
mix(const uint32_t under, const uint32_t over, const float share)
{
  uint32_t mixed = OPAQUE;
  for (unsigned shift = 0; shift < 24U; shift += 8U) {
    const float a = (float)(under >> shift & 0xffU);
    const float b = (float)(over >> shift & 0xffU);
    mixed |= (uint32_t)(a + (b - a) * share + 0.5f) << shift;
  }
  return mixed;
}

void
canvas_clear(Canvas* const self, const uint32_t colour)
{
  for (int i = 0; i < self->width * self->height; ++i) {
    self->pixels[i] = OPAQUE | colour;
  }
}

void
canvas_mix(Canvas* const  self,
           const int      x,
           const int      y,
           const float    cover,
           const uint32_t colour)
{
  if (x >= 0 && y >= 0 && x < self->width && y < self->height && cover > 0.0f) {
    uint32_t* const pixel = &self->pixels[y * self->width + x];
    *pixel                = mix(*pixel, colour, cover > 1.0f ? 1.0f : cover);
  }
}

/// Return how much of the unit from `at` on lies between two places
static float
overlap(const float at, const float from, const float to)
{
  const float start = at > from ? at : from;
  const float end   = at + 1.0f < to ? at + 1.0f : to;

  return end > start ? end - start : 0.0f;
}

void
canvas_box(Canvas* const     self,
           const CanvasPoint from,
           const CanvasPoint to,
           const uint32_t    colour)
{
  const Bounds b = bounds(self, from, to);
  for (int y = b.top; y < b.bottom; ++y) {
    const float height = overlap((float)y, from.y, to.y);
    for (int x = b.left; x < b.right; ++x) {
      canvas_mix(self, x, y, height * overlap((float)x, from.x, to.x), colour);
    }
  }
}

// ---- Lines

/// Return how far a place is from the way between two points
static float
distance(const CanvasPoint place, const CanvasPoint a, const CanvasPoint b)
{
  const float dx     = b.x - a.x;
  const float dy     = b.y - a.y;
  const float length = dx * dx + dy * dy;
  const float along  = (place.x - a.x) * dx + (place.y - a.y) * dy;
  const float share  = length > 0.0f ? fminf(fmaxf(along / length, 0.0f), 1.0f) : 0.0f;
  const float x      = place.x - a.x - share * dx;
  const float y      = place.y - a.y - share * dy;

  return sqrtf(x * x + y * y);
}

/// Cover the pixels near the way between two points, where they are not already
static void
cover_way(Canvas* const     self,
          const CanvasPoint a,
          const CanvasPoint b,
          const float       radius)
{
  const float       margin = radius + 1.0f;
  const CanvasPoint from   = {fminf(a.x, b.x) - margin, fminf(a.y, b.y) - margin};
  const CanvasPoint to     = {fmaxf(a.x, b.x) + margin, fmaxf(a.y, b.y) + margin};
  const Bounds      box    = bounds(self, from, to);
  for (int y = box.top; y < box.bottom; ++y) {
    uint8_t* const row = self->cover + y * self->width;
    for (int x = box.left; x < box.right; ++x) {
      const CanvasPoint place = {(float)x + 0.5f, (float)y + 0.5f};
      const float       inner = radius + 0.5f - distance(place, a, b);
      const float       share = inner < 0.0f ? 0.0f : inner > 1.0f ? 1.0f : inner;
      const uint8_t     cover = (uint8_t)(share * FULL_COVER + 0.5f);
      row[x]                  = cover > row[x] ? cover : row[x];
    }
  }
}

/// Paint what is covered
static void
paint_cover(Canvas* const self, const uint32_t colour)
{
  const int n = self->width * self->height;
  for (int i = 0; i < n; ++i) {
    if (self->cover[i]) {
      self->pixels[i] =
        mix(self->pixels[i], colour, (float)self->cover[i] / FULL_COVER);
    }
  }
}

void
canvas_line(Canvas* const            self,
            const CanvasPoint* const points,
            const uint32_t           n_points,
            const float              width,
            const uint32_t           colour)
{
  memset(self->cover, 0, (size_t)self->width * (size_t)self->height);
  for (uint32_t i = 1; i < n_points; ++i) {
    cover_way(self, points[i - 1U], points[i], 0.5f * width);
  }
  paint_cover(self, colour);
}

/// Return the height of the line at a place, whose segment is `*i` or a later one
static float
height_at(const CanvasPoint* const points,
          const uint32_t           n_points,
          const float              x,
          uint32_t* const          i)
{
  while (*i + 2U < n_points && points[*i + 1U].x < x) {
    ++*i;
  }

  const CanvasPoint a     = points[*i];
  const CanvasPoint b     = points[*i + 1U];
  const float       share = b.x > a.x ? (x - a.x) / (b.x - a.x) : 0.0f;
  return a.y + (b.y - a.y) * fminf(fmaxf(share, 0.0f), 1.0f);
}

void
canvas_area(Canvas* const            self,
            const CanvasPoint* const points,
            const uint32_t           n_points,
            const float              base,
            const uint32_t           colour)
{
  if (n_points < 2U) {
    return;
  }

  uint32_t  segment = 0;
  const int end     = clamp(ceilf(points[n_points - 1U].x), self->width);
  for (int x = clamp(floorf(points[0].x), self->width); x < end; ++x) {
    const float y      = height_at(points, n_points, (float)x + 0.5f, &segment);
    const float top    = fminf(y, base);
    const float bottom = fmaxf(y, base);
    for (int row = clamp(top, self->height); row < (int)ceilf(bottom); ++row) {
      const float cover = overlap((float)row, top, bottom);
      canvas_mix(self, x, row, AREA_SHARE * cover, colour);
    }
  }
}

void
canvas_disc(Canvas* const     self,
            const CanvasPoint centre,
            const float       radius,
            const uint32_t    colour)
{
  const float  r   = radius + 1.0f;
  const Bounds box = bounds(self,
                            (CanvasPoint){centre.x - r, centre.y - r},
                            (CanvasPoint){centre.x + r, centre.y + r});
  for (int y = box.top; y < box.bottom; ++y) {
    for (int x = box.left; x < box.right; ++x) {
      const CanvasPoint place = {(float)x + 0.5f, (float)y + 0.5f};
      canvas_mix(self, x, y, radius + 0.5f - distance(place, centre, centre), colour);
    }
  }
}
