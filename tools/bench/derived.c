// SPDX-License-Identifier: ISC

#include "bench/derived.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define PORT_AT_MOST 0.015   ///< Cost of a still input, of the first case in the table
#define DENORMAL_AT_MOST 1.1 ///< Cost with denormals, of that with noise
#define NOISE_LEVEL 0.5

static const char* const suffixes[N_DERIVED] = {[DERIVED_STILL]    = "still",
                                                [DERIVED_NOISE]    = "noise",
                                                [DERIVED_DENORMAL] = "denormals"};

/// Feed every input that takes a signal, as far as there is room for feeds
static void
feed_all(Case* const of, const HostPlugin* const plugin, const FeedKind kind)
{
  of->n_feeds = 0;
  for (uint32_t p = 0; p < plugin->n_ports && of->n_feeds < MAX_FEEDS; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (host_is_signal(port) && !port->is_output) {
      of->feeds[of->n_feeds++] = (Feed){port->symbol, kind, NOISE_LEVEL};
    }
  }
}

/// Compare with another case: the model itself, or what is derived from it
static void
compare(Derived* const self, const Case* const model, const char* const with)
{
  snprintf(self->against,
           sizeof(self->against),
           "%s%s%s",
           model->name,
           with ? "+" : "",
           with ? with : "");
  self->of.against = self->against;
}

Derived*
derived_new(Host* const host, const Case* const model, const DerivedKind kind)
{
  Derived* const self = (Derived*)calloc(1, sizeof(Derived));
  if (!self) {
    return NULL;
  }

  const HostPlugin* const plugin = host_plugin(host, model->uri);
  snprintf(self->name, sizeof(self->name), "%s+%s", model->name, suffixes[kind]);
  snprintf(self->label,
           sizeof(self->label),
           "%s + %s everywhere",
           model->label,
           suffixes[kind]);
  self->of               = *model;
  self->of.name          = self->name;
  self->of.label         = self->label;
  self->of.at_most       = (double)NAN;
  self->of.at_most_plain = (double)NAN;

  if (kind == DERIVED_STILL) {
    self->of.is_patched       = true;
    self->of.at_most_per_port = PORT_AT_MOST;
    compare(self, model, NULL);
  } else if (kind == DERIVED_NOISE) {
    feed_all(&self->of, plugin, FEED_NOISE);
    compare(self, model, NULL);
  } else {
    feed_all(&self->of, plugin, FEED_DENORMAL);
    self->of.at_most       = DENORMAL_AT_MOST;
    self->of.at_most_plain = DENORMAL_AT_MOST;
    compare(self, model, suffixes[DERIVED_NOISE]);
  }
  return self;
}

void
derived_free(Derived* const self)
{
  free(self);
}
