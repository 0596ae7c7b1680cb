// SPDX-License-Identifier: ISC
/// One subject under study: what every measurement of it needs and does

#ifndef STUDY_H
#define STUDY_H

#include "host/host.h"
#include "measure/figures.h"
#include "measure/probe.h"
#include "measure/roles.h"

typedef struct {
  Figures*       figures; ///< What has been found out
  Host*          host;
  const Subject* subject;
  double         sample_rate;
} Study;

/// Return a new probe, or NULL as probe_new() does
Probe*
study_probe(const Study* study);

/// Add a figure of the subject, as figures_add() does
void
study_add(const Study* study, const char* group, const char* name, double value);

/// Return the larger of two figures; either may be missing
double
study_worse(double a, double b);

#endif // STUDY_H
