// SPDX-License-Identifier: ISC
/**
   The figures that say most about our own plugins, each beside its target and the best
   that others reach.
*/

#ifndef HIGHLIGHTS_H
#define HIGHLIGHTS_H

#include "measure/figures.h"
#include "measure/roles.h"

#include <stdio.h>

/// Print a table for documents of the figures that there are
void
highlights_print(const Figures* figures, const Roles* roles, FILE* file);

#endif // HIGHLIGHTS_H
