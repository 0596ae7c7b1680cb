// SPDX-License-Identifier: ISC
/**
   Cases of bench that follow from what a plugin is, and stand in no table.

   All are like a model, a case of the same plugin, but for what its inputs are fed
   with.
*/

#ifndef DERIVED_H
#define DERIVED_H

#include "bench/cases.h"
#include "host/host.h"

typedef enum {
  DERIVED_STILL,    ///< As the model, and every optional input connected and still
  DERIVED_NOISE,    ///< Noise in every input
  DERIVED_DENORMAL, ///< The smallest numbers that there are in every input
  N_DERIVED
} DerivedKind;

typedef struct {
  Case of;
  char name[64];
  char label[96];
  char against[64];
} Derived;

/// Make a case of what `model` is, and compare it with the model, or with noise
Derived*
derived_new(Host* host, const Case* model, DerivedKind kind);

void
derived_free(Derived* derived);

#endif // DERIVED_H
