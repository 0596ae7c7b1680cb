// SPDX-License-Identifier: ISC
/// The results of measurements: figures of subjects, in groups, printed as tables

#ifndef FIGURES_H
#define FIGURES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct FiguresImpl Figures;

/// Return an empty collection, or NULL if there is no memory
Figures*
figures_new(void);

void
figures_free(Figures* figures);

/**
   Add a figure.

   `subject` and `group` must live as long as the figures; `name` is copied.  NaN is a
   figure that can't be had, for want of a role or because nothing sounds; infinity is
   one that has no bound (never recovers) or, below zero, no trace (an exact result in
   dB).
*/
void
figures_add(Figures*    figures,
            const char* subject,
            const char* group,
            const char* name,
            double      value);

/// Return a figure, or NaN if there is none
double
figures_get(const Figures* figures,
            const char*    subject,
            const char*    group,
            const char*    name);

/// Print a table for each group; a row for each subject that has any figure in it
void
figures_print(const Figures* figures, FILE* file);

/// Print a line for each figure: subject, group, name, value
void
figures_print_tsv(const Figures* figures, FILE* file);

#endif // FIGURES_H
