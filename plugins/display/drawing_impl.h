// SPDX-License-Identifier: ISC
/// Pictures from inside: for those who make them, and for the files of drawing.h

#ifndef DRAWING_IMPL_H
#define DRAWING_IMPL_H

#include "display/canvas.h"
#include "display/drawing.h"
#include "display/model.h"
#include "plugin.h"

#include <stdbool.h>
#include <stdint.h>

enum {
  DRAW_MAX_WIDTH  = 1024, ///< Larger pictures are not made
  DRAW_MAX_HEIGHT = 512,
  DRAW_FRAMES     = 65536,             ///< Recorded for a picture, of all outputs
  DRAW_POINTS     = 4 * DRAW_MAX_WIDTH ///< Of a curve
};

struct DrawingImpl {
  const float* given;             ///< Values of all ports, as the host has them
  const float* figures;           ///< DRAW_FIGURES
  float        values[MAX_PORTS]; ///< The same, as they are drawn
  double       sample_rate;       ///< Of the instance that is pictured
  Canvas       canvas;
  uint32_t     n_pixels; ///< That there is memory for
  Model        model;
  float*       frames;   ///< DRAW_FRAMES
  CanvasPoint* points;   ///< DRAW_POINTS
  uint32_t     n_points; ///< Of the line that was drawn last
  int          n_texts;
};

/// Set up without any memory; `given` and `figures` are read in every draw
void
drawing_init(Drawing*      self,
             const Plugin* plugin,
             const float*  given,
             const float*  figures,
             double        sample_rate);

void
drawing_free(Drawing* self);

/**
   Draw the module, no larger than some pixels, into memory that is kept.

   Returns false if there is no memory, or no pixel.
*/
bool
drawing_draw(Drawing* self, uint32_t max_width, uint32_t max_height);

/// Return the plot of the picture in the making
DrawPlot
drawing_plot(const Drawing* self);

/// Return the pixel of a place in the plot
CanvasPoint
drawing_point(const Drawing* self, double x, double y);

/// Draw a line through self->points, and fill what is below if it is the main one
void
drawing_curve(Drawing* self, uint32_t n_points, float base, bool is_main);

/// Draw a grid line at x or y
void
drawing_grid_x(Drawing* self, double x);

void
drawing_grid_y(Drawing* self, double y);

#endif // DRAWING_IMPL_H
