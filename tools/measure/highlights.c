// SPDX-License-Identifier: ISC

#include "measure/highlights.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/// A figure; with a target of 0 or more, its magnitude counts
typedef struct {
  const char* what;
  const char* subject; ///< Of ours
  const char* others;  ///< What the labels of others must contain, or NULL
  const char* group;
  const char* name;
  double      at_most;
} Highlight;

static const Highlight highlights[] = {
  {"sine: all but its pitch, dB", "Chronus sine", NULL, "aliases, dB", "worst", -130.0},
  {"saw: aliases at any pitch, dB",
   "Chronus saw",
   NULL,
   "aliases, dB",
   "worst",
   -105.0},
  {"pulse: aliases at any pitch, dB",
   "Chronus pulse",
   NULL,
   "aliases, dB",
   "worst",
   -105.0},
  {"triangle: aliases at any pitch, dB",
   "Chronus triangle",
   NULL,
   "aliases, dB",
   "worst",
   -110.0},
  {"saw: treble lost at 19.5 kHz, dB",
   "Chronus saw",
   NULL,
   "oscillator",
   "droop dB",
   0.01},
  {"saw: out of tune, cents", "Chronus saw", NULL, "oscillator", "pitch cent", 0.001},
  {"saw: aliases of through-zero FM, dB",
   "Chronus saw",
   NULL,
   "linear FM, dB",
   "444/666 x3",
   -105.0},
  {"pulse: aliases of PWM at 962 Hz, dB",
   "Chronus pulse",
   NULL,
   "PWM, dB",
   "444/962",
   -105.0},
  {"saw: aliases of hard sync, dB",
   "Chronus saw",
   NULL,
   "hard sync, dB",
   "sine 962",
   -105.0},
  {"low pass: error at 1 kHz, dB",
   "Chronus low pass",
   NULL,
   "error from RBJ, dB",
   "1k",
   0.001},
  {"high pass: error at 16 kHz, dB",
   "Chronus high pass",
   NULL,
   "error from RBJ, dB",
   "16k",
   0.001},
  {"low pass: noise at 20 Hz and 192 kHz, dB",
   "Chronus low pass",
   NULL,
   "filter, dB",
   "noise 192k",
   -140.0},
  {"low pass: clicks of a turned knob, dB",
   "Chronus low pass",
   NULL,
   "filter, dB",
   "step",
   -80.0},
  {"low pass: frames from infinity at its input to sound",
   "Chronus low pass",
   NULL,
   "recovery, frames",
   "in",
   256.0},
  {"envelope: attack of 10 ms, frames off",
   "Chronus ADSR",
   NULL,
   "attack, frames off",
   "10 ms",
   1.0},
  {"envelope: decay of 60 s, frames off",
   "Chronus ADSR",
   NULL,
   "decay, frames off",
   "60 s",
   1.0},
  {"mixer: level off its decibels, dB", "Chronus mixer", NULL, "gain, dB", "law", 0.01},
  {"mixer: clicks of a turned knob, dB",
   "Chronus mixer",
   NULL,
   "gain, dB",
   "step",
   -60.0},
  {"mixer: aliases of the soft clip, dB",
   "Chronus mixer, soft clip",
   "soft clip",
   "gain, dB",
   "aliases",
   -80.0},
  {"VCA: exponential CV off its law, dB",
   "Chronus VCA, exponential",
   "exponential",
   "gain, dB",
   "CV law",
   0.01}};

/// Return how bad a figure is
static double
badness(const Highlight* const self, const double figure)
{
  return self->at_most < 0.0 ? figure : fabs(figure);
}

/// Return true if there is a figure, and its decibels don't say that nothing was right
static bool
is_sane(const Highlight* const self, const double figure)
{
  return !isnan(figure) && (self->at_most >= 0.0 || figure < 0.0);
}

/// Return true if a subject is another's, and can be compared with ours
static bool
is_peer(const Highlight* const self,
        const Subject* const   ours,
        const Subject* const   subject)
{
  static const char own[] = "urn:chronus:";

  return subject->kind == ours->kind && subject->shape == ours->shape &&
         strncmp(subject->uri, own, strlen(own)) != 0 &&
         (!self->others || strstr(subject->label, self->others));
}

/// Return the best of the others, or NULL if none has a figure
static const Subject*
best_peer(const Highlight* const self,
          const Figures* const   figures,
          const Roles* const     roles)
{
  const Subject* const ours = roles_subject(roles, self->subject);

  double               least      = (double)INFINITY;
  const Subject*       best       = NULL;
  uint32_t             n_subjects = 0;
  const Subject* const subjects   = roles_subjects(roles, &n_subjects);
  for (uint32_t i = 0; ours && i < n_subjects; ++i) {
    const double figure =
      figures_get(figures, subjects[i].label, self->group, self->name);
    if (is_peer(self, ours, &subjects[i]) && is_sane(self, figure) &&
        (!best || badness(self, figure) < least)) {
      least = badness(self, figure);
      best  = &subjects[i];
    }
  }

  return best;
}

static void
print_figure(const double figure, FILE* const file)
{
  if (isinf(figure)) {
    fputs(figure < 0.0 ? " exact |" : " never |", file);
  } else {
    fprintf(file, " %.3g |", figure);
  }
}

static void
print_row(const Highlight* const self,
          const Figures* const   figures,
          const Roles* const     roles,
          FILE* const            file)
{
  const double figure = figures_get(figures, self->subject, self->group, self->name);
  if (isnan(figure)) {
    return;
  }

  const Subject* const peer = best_peer(self, figures, roles);
  fprintf(file, "| %s |", self->what);
  print_figure(figure, file);
  print_figure(self->at_most, file);
  if (peer) {
    print_figure(figures_get(figures, peer->label, self->group, self->name), file);
    fprintf(file, " %s |\n", peer->label);
  } else {
    fputs(" | |\n", file);
  }
}

void
highlights_print(const Figures* const figures,
                 const Roles* const   roles,
                 FILE* const          file)
{
  fputs("| figure | Chronus | at most | best other | which |\n|---|---|---|---|---|\n",
        file);
  for (uint32_t i = 0; i < sizeof(highlights) / sizeof(highlights[0]); ++i) {
    print_row(&highlights[i], figures, roles, file);
  }
}
