// SPDX-License-Identifier: ISC

#include "measure/figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 24, SUBJECT_WIDTH = 30, VALUE_WIDTH = 10 };

typedef struct {
  const char* subject;
  const char* group;
  char        name[NAME_BYTES];
  double      value;
} Figure;

struct FiguresImpl {
  Figure*  figures; ///< In the order in which they came
  uint32_t n_figures;
};

Figures*
figures_new(void)
{
  return (Figures*)calloc(1, sizeof(Figures));
}

void
figures_free(Figures* const self)
{
  free(self->figures);
  free(self);
}

void
figures_add(Figures* const    self,
            const char* const subject,
            const char* const group,
            const char* const name,
            const double      value)
{
  Figure* const figures =
    (Figure*)realloc(self->figures, (self->n_figures + 1U) * sizeof(Figure));
  if (!figures) {
    fprintf(stderr, "figures: no memory\n");
    return;
  }

  self->figures        = figures;
  Figure* const figure = &figures[self->n_figures++];
  *figure              = (Figure){subject, group, "", value};
  snprintf(figure->name, NAME_BYTES, "%s", name);
}

static const Figure*
find(const Figures* const self,
     const char* const    subject,
     const char* const    group,
     const char* const    name)
{
  for (uint32_t i = 0; i < self->n_figures; ++i) {
    const Figure* const figure = &self->figures[i];
    if (!strcmp(figure->group, group) &&
        (!subject || !strcmp(figure->subject, subject)) &&
        (!name || !strcmp(figure->name, name))) {
      return figure;
    }
  }

  return NULL;
}

double
figures_get(const Figures* const self,
            const char* const    subject,
            const char* const    group,
            const char* const    name)
{
  const Figure* const figure = find(self, subject, group, name);

  return figure ? figure->value : (double)NAN;
}

// ---- Printing

/// Return true if any figure of a subject in a group is a number
static bool
has_any(const Figures* const self, const char* const subject, const char* const group)
{
  for (uint32_t i = 0; i < self->n_figures; ++i) {
    const Figure* const figure = &self->figures[i];
    if (!strcmp(figure->group, group) && !strcmp(figure->subject, subject) &&
        !isnan(figure->value)) {
      return true;
    }
  }

  return false;
}

static void
print_value(const double value, FILE* const file)
{
  if (isnan(value)) {
    fprintf(file, " %*s", VALUE_WIDTH, "-");
  } else {
    fprintf(file, " %*.4g", VALUE_WIDTH, value);
  }
}

static void
print_row(const Figures* const self, const Figure* const first, FILE* const file)
{
  fprintf(file, "%-*s", SUBJECT_WIDTH, first->subject);
  for (uint32_t i = 0; i < self->n_figures; ++i) {
    const Figure* const column = &self->figures[i];
    if (!strcmp(column->group, first->group) &&
        column == find(self, NULL, column->group, column->name)) {
      print_value(figures_get(self, first->subject, column->group, column->name), file);
    }
  }
  fprintf(file, "\n");
}

static void
print_header(const Figures* const self, const char* const group, FILE* const file)
{
  fprintf(file, "\n%-*s", SUBJECT_WIDTH, group);
  for (uint32_t i = 0; i < self->n_figures; ++i) {
    const Figure* const column = &self->figures[i];
    if (!strcmp(column->group, group) &&
        column == find(self, NULL, column->group, column->name)) {
      fprintf(file, " %*s", VALUE_WIDTH, column->name);
    }
  }
  fprintf(file, "\n");
}

static void
print_group(const Figures* const self, const char* const group, FILE* const file)
{
  bool is_started = false;
  for (uint32_t i = 0; i < self->n_figures; ++i) {
    const Figure* const figure = &self->figures[i];
    if (!strcmp(figure->group, group) &&
        figure == find(self, figure->subject, group, NULL) &&
        has_any(self, figure->subject, group)) {
      if (!is_started) {
        print_header(self, group, file);
        is_started = true;
      }
      print_row(self, figure, file);
    }
  }
}

void
figures_print(const Figures* const self, FILE* const file)
{
  for (uint32_t i = 0; i < self->n_figures; ++i) {
    const Figure* const figure = &self->figures[i];
    if (figure == find(self, NULL, figure->group, NULL)) {
      print_group(self, figure->group, file);
    }
  }
}

void
figures_print_tsv(const Figures* const self, FILE* const file)
{
  for (uint32_t i = 0; i < self->n_figures; ++i) {
    const Figure* const figure = &self->figures[i];
    fprintf(file, "%s\t%s\t%s\t", figure->subject, figure->group, figure->name);
    fprintf(file, isnan(figure->value) ? "-\n" : "%.9g\n", figure->value);
  }
}
