// SPDX-License-Identifier: ISC
/**
   A curve over two axes, as SVG.

   Text and lines are legible on a white and on a dark page.
*/

#ifndef GRAPH_H
#define GRAPH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
  const char* label; ///< Quantity and unit: "time, ms"
  double      minimum;
  double      maximum;
  bool        is_logarithmic; ///< Then both ends are above 0
} GraphAxis;

typedef struct {
  double x;
  double y; ///< Drawn at the edge if it is beyond the axis
} GraphPoint;

/// Write a curve through `n_points` finite points, from left to right
void
graph_write(FILE*             out,
            const GraphAxis*  x_axis,
            const GraphAxis*  y_axis,
            const GraphPoint* points,
            uint32_t          n_points);

#endif // GRAPH_H
