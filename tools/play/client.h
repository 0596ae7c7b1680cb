// SPDX-License-Identifier: ISC
/**
   A client of JACK whose ports are the lines of a deck.

   Every function that returns bool returns false after a report.
*/

#ifndef CLIENT_H
#define CLIENT_H

#include "live/deck.h"
#include "live/rig.h"
#include "play/options.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct ClientImpl Client;

/// Load of a client since the last look
typedef struct {
  double   sample_rate;
  uint32_t n_frames; ///< Of a cycle
  double   load;     ///< Part of the time that the rigs took
  double   peak;     ///< The same, of the worst cycle
  uint32_t n_gaps;   ///< Times at which JACK was late, since the client began
} ClientState;

/// Ask the server to have us; NULL after a report
Client*
client_open(const PlayOptions* options);

void
client_close(Client* client);

/// Return what the server calls us
const char*
client_name(const Client* client);

/// Return the sample rate that the server has now
double
client_sample_rate(const Client* client);

/// Give ports to a rig, those that it had in the one before, and connect the others
bool
client_add_ports(Client* client, Rig* rig, const PlayOptions* options);

/// Take away the ports that a rig does not have
void
client_remove_ports(Client* client, const Rig* rig);

/// Begin to play; only then are there connections.  The rig is the client's from here
/// on
bool
client_start(Client* client, Rig* rig, const PlayOptions* options);

/// Return the deck that plays
Deck*
client_deck(Client* client);

/// Return why the server has ended, or NULL if it has not
const char*
client_end(const Client* client);

ClientState
client_state(Client* client);

#endif // CLIENT_H
