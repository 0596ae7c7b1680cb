// SPDX-License-Identifier: ISC

#include "measure/highlights.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/// A figure of a subject with a limit; if that is 0 or more, its magnitude counts
typedef struct {
  const char* what;
  const char* subject; ///< Of ours
  const char* others;  ///< What the labels of others must contain, or NULL
  const char* group;
  const char* name;
} Highlight;

static const Highlight highlights[] = {
  {"sine: all but its pitch, dB", "Chronus sine", NULL, "aliases, dB", "worst"},
  {"saw: aliases at any pitch, dB", "Chronus saw", NULL, "aliases, dB", "worst"},
  {"pulse: aliases at any pitch, dB", "Chronus pulse", NULL, "aliases, dB", "worst"},
  {"triangle: aliases at any pitch, dB",
   "Chronus triangle",
   NULL,
   "aliases, dB",
   "worst"},
  {"saw: treble lost at 19.5 kHz, dB", "Chronus saw", NULL, "oscillator", "droop dB"},
  {"saw: out of tune, cents", "Chronus saw", NULL, "oscillator", "pitch cent"},
  {"saw: aliases of through-zero FM, dB",
   "Chronus saw",
   NULL,
   "linear FM, dB",
   "444/666 x3"},
  {"pulse: aliases of PWM at 962 Hz, dB", "Chronus pulse", NULL, "PWM, dB", "444/962"},
  {"saw: aliases of hard sync, dB", "Chronus saw", NULL, "hard sync, dB", "sine 962"},
  {"low pass: error at 1 kHz, dB",
   "Chronus low pass",
   NULL,
   "error from RBJ, dB",
   "1k"},
  {"high pass: error at 16 kHz, dB",
   "Chronus high pass",
   NULL,
   "error from RBJ, dB",
   "16k"},
  {"low pass: noise at 20 Hz and 192 kHz, dB",
   "Chronus low pass",
   NULL,
   "filter, dB",
   "noise 192k"},
  {"low pass: clicks of a turned knob, dB",
   "Chronus low pass",
   NULL,
   "filter, dB",
   "step"},
  {"low pass: frames from infinity at its input to sound",
   "Chronus low pass",
   NULL,
   "recovery, frames",
   "in"},
  {"envelope: attack of 10 ms, frames off",
   "Chronus ADSR",
   NULL,
   "attack, frames off",
   "10 ms"},
  {"envelope: decay of 60 s, frames off",
   "Chronus ADSR",
   NULL,
   "decay, frames off",
   "60 s"},
  {"mixer: level off its decibels, dB", "Chronus mixer", NULL, "gain, dB", "law"},
  {"mixer: clicks of a turned knob, dB", "Chronus mixer", NULL, "gain, dB", "step"},
  {"mixer: aliases of the soft clip, dB",
   "Chronus mixer, soft clip",
   "soft clip",
   "gain, dB",
   "aliases"},
  {"VCA: exponential CV off its law, dB",
   "Chronus VCA, exponential",
   "exponential",
   "gain, dB",
   "CV law"},
  {"SVF: out of tune when it oscillates, to 5 kHz, cents",
   "Chronus SVF, 150 %",
   NULL,
   "self-oscillation",
   "cent to 5k"},
  {"ladder: the same", "Chronus ladder, 150 %", NULL, "self-oscillation", "cent to 5k"},
  {"ladder: aliases of 5 kHz, driven by 12 dB, dB",
   "Chronus ladder, low",
   NULL,
   "drive aliases, dB",
   "5k +12"},
  {"shaper: aliases of 5 kHz, driven by 24 dB, dB",
   "Chronus shaper, tanh",
   NULL,
   "drive aliases, dB",
   "5k +24"},
  {"wavefolder: the same",
   "Chronus wavefolder, sine",
   NULL,
   "drive aliases, dB",
   "5k +24"},
  {"ring modulator: aliases of its diodes, dB",
   "Chronus ring_mod, diodes",
   NULL,
   "ring",
   "x4 dB"},
  {"resonator: out of tune to 12 kHz, cents",
   "Chronus resonator, string",
   NULL,
   "resonator",
   "cent to 12k"},
  {"delay: treble lost to 18 kHz, dB", "Chronus delay", NULL, "delay", "flat dB"},
  {"delay: clicks of a new time, dB", "Chronus delay", NULL, "delay", "step dB"},
  {"reverb: decay of 2.5 s, percent off", "Chronus reverb", NULL, "reverb", "2.5 s, %"},
  {"reverb: as dense as noise after, ms",
   "Chronus reverb",
   NULL,
   "reverb",
   "dense, ms"},
  {"meter: pitch of a tone off, cents", "Chronus meter", NULL, "meter", "sine, cent"},
  {"clock: ticks of ten minutes off, frames",
   "Chronus clock",
   NULL,
   "clock",
   "frames off"}};

/// Return how bad a figure is
static double
badness(const double at_most, const double figure)
{
  return at_most < 0.0 ? figure : fabs(figure);
}

/// Return true if there is a figure, and its decibels don't say that nothing was right
static bool
is_sane(const double at_most, const double figure)
{
  return !isnan(figure) && (at_most >= 0.0 || figure < 0.0);
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
          const Subject* const   ours,
          const Figures* const   figures,
          const Roles* const     roles)
{
  const double at_most = subject_at_most(ours, self->group, self->name);

  double               least      = (double)INFINITY;
  const Subject*       best       = NULL;
  uint32_t             n_subjects = 0;
  const Subject* const subjects   = roles_subjects(roles, &n_subjects);
  for (uint32_t i = 0; i < n_subjects; ++i) {
    const double figure =
      figures_get(figures, subjects[i].label, self->group, self->name);
    if (is_peer(self, ours, &subjects[i]) && is_sane(at_most, figure) &&
        (!best || badness(at_most, figure) < least)) {
      least = badness(at_most, figure);
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
  const Subject* const ours = roles_subject(roles, self->subject);
  const double figure = figures_get(figures, self->subject, self->group, self->name);
  if (!ours || isnan(figure)) {
    return;
  }

  const Subject* const peer = best_peer(self, ours, figures, roles);
  fprintf(file, "| %s |", self->what);
  print_figure(figure, file);
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
  fputs("| figure | Chronus | best other | which |\n|---|---|---|---|\n", file);
  for (uint32_t i = 0; i < sizeof(highlights) / sizeof(highlights[0]); ++i) {
    print_row(&highlights[i], figures, roles, file);
  }
}
