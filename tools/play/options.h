// SPDX-License-Identifier: ISC
/// The command line of play

#ifndef PLAY_OPTIONS_H
#define PLAY_OPTIONS_H

#include "host/options.h"
#include "live/deck.h"
#include "live/rig.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  RigPlan     plan;
  char*       patch;       ///< Its path
  char*       name;        ///< That of the client
  const char* server;      ///< NULL for the default
  RigSetting* connections; ///< Ports of the patch and of JACK
  uint32_t    n_connections;
  bool        connects_itself; ///< Ports that no connection names
  DeckSong    song;
  bool        watches;
  double      status_s; ///< Time between two reports of the state, 0 for none
} PlayOptions;

OptionsStatus
play_options_read(PlayOptions* options, int argc, char** argv);

void
play_options_free(PlayOptions* options);

#endif // PLAY_OPTIONS_H
