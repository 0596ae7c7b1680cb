// SPDX-License-Identifier: ISC

#include "measure/study.h"

#include <math.h>

Probe*
study_probe(const Study* const study)
{
  return probe_new(study->host, study->subject, study->sample_rate);
}

void
study_add(const Study* const study,
          const char* const  group,
          const char* const  name,
          const double       value)
{
  figures_add(study->figures, study->subject->label, group, name, value);
}

double
study_worse(const double a, const double b)
{
  return isnan(a) || b > a ? b : a;
}
