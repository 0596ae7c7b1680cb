// SPDX-License-Identifier: ISC
/**
   The cases of bench: plugins at work, as cases.ttl describes them.

   A case is a plugin with its knobs set and its inputs fed.
*/

#ifndef CASES_H
#define CASES_H

#include "measure/roles.h"

#include <stdbool.h>
#include <stdint.h>

#define CASES_URI "urn:chronus:bench#" ///< What all terms of the table begin with
#define MAX_FEEDS 16U                  ///< Most of them in one case

typedef enum {
  FEED_STILL,    ///< The level, in a port that is connected
  FEED_SINE,     ///< Up to the level, 6 cycles of it
  FEED_NOISE,    ///< Up to the level
  FEED_GATES,    ///< 0 and the level at random
  FEED_DENORMAL, ///< The smallest numbers that there are
  FEED_NOTHING,  ///< The port is left unconnected
  N_FEED_KINDS
} FeedKind;

typedef struct {
  const char* symbol;
  FeedKind    kind;
  double      level;
} Feed;

typedef struct {
  const char* name; ///< End of its URI
  const char* label;
  const char* uri;     ///< Of the plugin
  const char* against; ///< Name of the case that it is compared with, or NULL
  double      order;   ///< In which it is printed
  double      at_most; ///< Most that it should cost, of `against`; NaN if nobody said
  double      at_most_plain;    ///< The same without AVX2
  double      at_most_per_port; ///< More than `against`, a port, of the first case
  bool        is_patched; ///< Every optional input is connected, and silent if not fed
  bool        is_connected_anew; ///< All signals are, before each run
  Setting     settings[MAX_SETTINGS];
  uint32_t    n_settings;
  Feed        feeds[MAX_FEEDS];
  uint32_t    n_feeds;
} Case;

typedef struct CasesImpl Cases;

/// Read a table of cases; returns NULL, and says why on stderr, if anything is wrong
Cases*
cases_new(const char* path);

void
cases_free(Cases* cases);

/// Let all cases be patched and connected anew before each run, as some hosts do it
void
cases_connect_anew(Cases* cases);

/// Return all cases in order, and how many there are
const Case*
cases_all(const Cases* cases, uint32_t* n_cases);

/// Return the case of that name, or NULL
const Case*
cases_find(const Cases* cases, const char* name);

/// Return true if a case is one of our own plugins
bool
case_is_ours(const Case* of);

/// Return true if a case feeds denormals, which a host may keep from plugins
bool
case_has_denormals(const Case* of);

#endif // CASES_H
