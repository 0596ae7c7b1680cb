// SPDX-License-Identifier: ISC

#include "measure/panner_quality.h"

#include "measure/waves.h"
#include "measure/zipper.h"

#include <math.h>

#define GROUP "pan"
#define PI 3.14159265358979323846
#define SETTLE_S 0.3
#define N_FRAMES 64U
#define N_STEPS 41

/// Gains of both sides
typedef struct {
  double left;
  double right;
} Sides;

/// Return the gain of the right side by the closed form, at a place from 0 to 1
static double
law_gain(const Shape law, const double place)
{
  const double of_power = sin(0.5 * PI * place);

  return law == SHAPE_EQUAL_POWER ? of_power
         : law == SHAPE_EQUAL_SUM ? place
         : law == SHAPE_BETWEEN   ? sqrt(of_power * place)
                                  : fmin(2.0 * place, 1.0);
}

/// Return the gains of a constant, at rest
static Sides
found_gains(Probe* const probe)
{
  static const double level = 0.5;

  float left[N_FRAMES];
  float right[N_FRAMES];
  probe_set(probe, ROLE_IN, level);
  probe_settle(probe, SETTLE_S);
  probe_render(probe, ROLE_OUT, left, N_FRAMES, N_FRAMES);
  probe_render(probe, ROLE_OUT_RIGHT, right, N_FRAMES, N_FRAMES);
  return (Sides){(double)left[0] / level, (double)right[0] / level};
}

/// Return the largest error of the law
static double
law_error(const Study* const self)
{
  Probe* const probe = study_probe(self);
  double       worst = (double)NAN;
  for (int i = 0; i < N_STEPS; ++i) {
    const double pan   = probe_set(probe, ROLE_PAN, 2.0 * i / (N_STEPS - 1) - 1.0);
    const double place = 0.5 + 0.5 * pan;
    const Sides  found = found_gains(probe);
    const Shape  law   = self->subject->shape;
    worst = study_worse(worst, fabs(found.left - law_gain(law, 1.0 - place)));
    worst = study_worse(worst, fabs(found.right - law_gain(law, place)));
  }

  probe_free(probe);
  return worst;
}

/// Return what is left at the far side of the ends
static double
far_side(const Study* const self)
{
  Probe* const probe = study_probe(self);
  probe_set(probe, ROLE_PAN, -1.0);
  const double right = found_gains(probe).right;
  probe_set(probe, ROLE_PAN, 1.0);
  const double left = found_gains(probe).left;

  probe_free(probe);
  return fmax(fabs(left), fabs(right));
}

static double
step_db(const Study* const self)
{
  Probe* const probe  = study_probe(self);
  const double result = zipper_step_db(probe, ROLE_PAN, -1.0, 0.5);

  probe_free(probe);
  return result;
}

void
panner_quality(const Study* const study)
{
  study_add(study, GROUP, "law", law_error(study));
  study_add(study, GROUP, "far side", far_side(study));
  study_add(study, GROUP, "step dB", step_db(study));
}
