// SPDX-License-Identifier: ISC

#include "play/connect.h"

#include "host/message.h"
#include "host/patch_names.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/// Connect a port of ours, called by its full name; two that are connected stay so
static bool
connect_to(jack_client_t* const jack,
           const bool           is_output,
           const char* const    ours,
           const char* const    other)
{
  const int status =
    is_output ? jack_connect(jack, ours, other) : jack_connect(jack, other, ours);
  return !status || status == EEXIST;
}

static bool
connect_named(jack_client_t* const jack,
              const PatchPort*     port,
              const char* const    ours,
              const char* const    other)
{
  if (!connect_to(jack, port->is_output, ours, other)) {
    message_error("--connect",
                  other,
                  jack_port_by_name(jack, other)
                    ? "does not fit the port %s of the patch"
                    : "is no port of JACK, so %s of the patch is not connected",
                  port->name);
    return false;
  }

  return true;
}

/// Return the number of a port among the audio outputs, and in `n_outputs` how many
/// there are
static uint32_t
channel_of(const Patch* const patch, const uint32_t index, uint32_t* const n_outputs)
{
  uint32_t channel = 0;
  *n_outputs       = 0;
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    if (patch->ports[p].is_output && patch->ports[p].kind == HOST_AUDIO) {
      channel += p < index;
      ++*n_outputs;
    }
  }
  return channel;
}

static void
connect_loudspeakers(jack_client_t* const jack,
                     const Patch* const   patch,
                     const uint32_t       index,
                     const char* const    ours)
{
  uint32_t           n_outputs = 0;
  const uint32_t     channel   = channel_of(patch, index, &n_outputs);
  const char** const speakers  = jack_get_ports(
    jack, NULL, JACK_DEFAULT_AUDIO_TYPE, JackPortIsPhysical | JackPortIsInput);
  for (uint32_t s = 0; speakers && speakers[s]; ++s) {
    if (s == channel || (n_outputs == 1 && s == 1)) {
      connect_to(jack, true, ours, speakers[s]);
    }
  }
  jack_free(speakers);
}

static void
connect_keyboards(jack_client_t* const jack, const char* const ours)
{
  const char** const keyboards = jack_get_ports(
    jack, NULL, JACK_DEFAULT_MIDI_TYPE, JackPortIsPhysical | JackPortIsOutput);
  for (uint32_t k = 0; keyboards && keyboards[k]; ++k) {
    connect_to(jack, false, ours, keyboards[k]);
  }
  jack_free(keyboards);
}

bool
connect_port(jack_client_t* const     jack,
             const Patch* const       patch,
             const uint32_t           index,
             const PlayOptions* const options)
{
  const PatchPort* const port = &patch->ports[index];

  char ours[512] = "";
  snprintf(ours, sizeof(ours), "%s:%s", jack_get_client_name(jack), port->name);

  bool ok       = true;
  bool is_named = false;
  for (uint32_t c = 0; c < options->n_connections; ++c) {
    if (!strcmp(options->connections[c].name, port->name)) {
      is_named = true;
      ok       = connect_named(jack, port, ours, options->connections[c].value) && ok;
    }
  }
  if (!is_named && options->connects_itself) {
    if (port->kind == HOST_EVENTS && !port->is_output) {
      connect_keyboards(jack, ours);
    } else if (port->kind == HOST_AUDIO && port->is_output) {
      connect_loudspeakers(jack, patch, index, ours);
    }
  }
  return ok;
}

bool
connect_check(const Patch* const patch, const PlayOptions* const options)
{
  for (uint32_t c = 0; c < options->n_connections; ++c) {
    const char* const name = options->connections[c].name;
    if (!patch_find_port(patch, name)) {
      message_error("--connect", name, "is no port of the patch");
      return false;
    }
  }

  return true;
}
