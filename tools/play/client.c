// SPDX-License-Identifier: ISC

#include "play/client.h"

#include "host/clock.h"
#include "host/message.h"
#include "host/xalloc.h"
#include "play/connect.h"

#include <jack/jack.h>
#include <jack/metadata.h>
#include <jack/midiport.h>

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIGNAL_TYPE "http://jackaudio.org/metadata/signal-type"
#define MAX_REASON 256

struct ClientImpl {
  jack_client_t* jack;
  Deck           deck;
  Line**         lines;
  uint32_t       n_lines;
  bool           is_active;
  atomic_uint    rate;
  atomic_uint    n_frames;
  atomic_uint    n_gaps;
  atomic_ullong  busy_ns;
  atomic_ullong  time_ns; ///< That the cycles lasted in which it was busy
  atomic_uint    peak_ppm;
  char           reason[MAX_REASON];
  atomic_bool    has_ended;
};

// ---- In the audio thread

static void
fetch(Line* const line, const uint32_t n_frames)
{
  void* const buffer = jack_port_get_buffer((jack_port_t*)line->port, n_frames);
  if (line->kind != HOST_EVENTS) {
    line->signal = (float*)buffer;
    return;
  }

  const uint32_t n_events = jack_midi_get_event_count(buffer);
  line->n_events          = 0;
  for (uint32_t e = 0; e < n_events && line->n_events < LINE_MAX_EVENTS; ++e) {
    jack_midi_event_t event;
    if (!jack_midi_event_get(&event, buffer, e)) {
      line->events[line->n_events++] =
        (LineEvent){event.time, (uint32_t)event.size, event.buffer};
    }
  }
}

/// Set the bars of a position from those of JACK, whose numbers begin at 1
static void
set_bars(Position* const position, const jack_position_t* const jack)
{
  const double beats_per_second = jack->beats_per_minute / 60.0;
  const double late             = jack->valid & JackBBTFrameOffset
                                    ? (double)jack->bbt_offset / (double)jack->frame_rate
                                    : 0.0;

  position->bar              = jack->bar - 1;
  position->beats_per_bar    = jack->beats_per_bar;
  position->beat_unit        = (int32_t)jack->beat_type;
  position->beats_per_minute = (float)jack->beats_per_minute;
  position->bar_beat         = (float)(jack->beat - 1 + late * beats_per_second +
                               jack->tick / fmax(jack->ticks_per_beat, 1.0));
}

static DeckTransport
read_transport(const Client* const client)
{
  jack_position_t              jack  = {0};
  const jack_transport_state_t state = jack_transport_query(client->jack, &jack);

  DeckTransport transport  = {.has_bars = (jack.valid & JackPositionBBT) &&
                                          jack.beats_per_minute > 0.0 &&
                                          jack.beats_per_bar > 0.0f};
  transport.position.speed = state == JackTransportRolling ? 1.0 : 0.0;
  transport.position.frame = jack.frame;
  if (transport.has_bars) {
    set_bars(&transport.position, &jack);
  }
  return transport;
}

/// Note how long a cycle took of the time that it had
static void
measure(Client* const client, const double took_s, const uint32_t n_frames)
{
  const double had_s = n_frames / client->deck.sample_rate;
  const double part  = had_s > 0.0 ? fmin(took_s / had_s, 1000.0) : 0.0;

  const unsigned ppm = (unsigned)(1e6 * part);
  atomic_fetch_add(&client->busy_ns, (unsigned long long)(1e9 * took_s));
  atomic_fetch_add(&client->time_ns, (unsigned long long)(1e9 * had_s));
  if (ppm > atomic_load(&client->peak_ppm)) {
    atomic_store(&client->peak_ppm, ppm);
  }
}

static int
process(const jack_nframes_t n_frames, void* const data)
{
  Client* const       client    = (Client*)data;
  const double        start_s   = clock_now_s();
  const DeckTransport transport = read_transport(client);

  deck_run(&client->deck, n_frames, &transport);
  measure(client, clock_now_s() - start_s, n_frames);
  return 0;
}

// ---- In other threads of JACK

static int
on_rate(const jack_nframes_t rate, void* const data)
{
  atomic_store(&((Client*)data)->rate, rate);
  return 0;
}

static int
on_size(const jack_nframes_t n_frames, void* const data)
{
  atomic_store(&((Client*)data)->n_frames, n_frames);
  return 0;
}

static int
on_gap(void* const data)
{
  atomic_fetch_add(&((Client*)data)->n_gaps, 1U);
  return 0;
}

static void
on_end(const jack_status_t code, const char* const reason, void* const data)
{
  Client* const client = (Client*)data;
  (void)code;
  snprintf(client->reason, sizeof(client->reason), "%s", reason ? reason : "");
  atomic_store(&client->has_ended, true);
}

static void
ignore(const char* const message)
{
  (void)message;
}

// ---- Opening

static void
report_refusal(const PlayOptions* const options, const jack_status_t status)
{
  const char* const name =
    options->server ? options->server : getenv("JACK_DEFAULT_SERVER");
  if (status & JackServerFailed) {
    message_error("JACK",
                  name,
                  "no server runs%s: start one (jackd -d alsa, or QjackCtl), or with "
                  "PipeWire run pw-jack %s",
                  name ? " of this name" : "",
                  message_program_name());
  } else {
    message_error(
      "JACK", name, "the server refuses the client %s (0x%x)", options->name, status);
  }
}

Client*
client_open(const PlayOptions* const options)
{
  // Complaints of libjack are reported here
  jack_set_error_function(ignore);
  jack_set_info_function(ignore);

  jack_status_t        status = (jack_status_t)0;
  jack_client_t* const jack =
    options->server
      ? jack_client_open(
          options->name, JackNoStartServer | JackServerName, &status, options->server)
      : jack_client_open(options->name, JackNoStartServer, &status);
  if (!jack) {
    report_refusal(options, status);
    return NULL;
  }

  Client* const client = (Client*)xarray(1, sizeof(Client));
  client->jack         = jack;
  atomic_init(&client->rate, jack_get_sample_rate(jack));
  atomic_init(&client->n_frames, jack_get_buffer_size(jack));
  jack_set_process_callback(jack, process, client);
  jack_set_sample_rate_callback(jack, on_rate, client);
  jack_set_buffer_size_callback(jack, on_size, client);
  jack_set_xrun_callback(jack, on_gap, client);
  jack_on_info_shutdown(jack, on_end, client);
  return client;
}

void
client_close(Client* const client)
{
  if (client->is_active && !atomic_load(&client->has_ended)) {
    jack_deactivate(client->jack);
  }
  jack_client_close(client->jack);
  deck_end(&client->deck);
  for (uint32_t l = 0; l < client->n_lines; ++l) {
    line_free(client->lines[l]);
  }
  free(client->lines);
  free(client);
}

const char*
client_name(const Client* const client)
{
  return jack_get_client_name(client->jack);
}

double
client_sample_rate(const Client* const client)
{
  return atomic_load(&client->rate);
}

Deck*
client_deck(Client* const client)
{
  return &client->deck;
}

// ---- Ports

static Line*
find_line(const Client* const client, const char* const name)
{
  for (uint32_t l = 0; l < client->n_lines; ++l) {
    if (!strcmp(client->lines[l]->name, name)) {
      return client->lines[l];
    }
  }

  return NULL;
}

/// Have patchbays see whether a signal is sound, as by default, or volts
static void
set_kind(const Client* const client, Line* const line, const HostPortKind kind)
{
  if (kind == HOST_CV || kind != line->kind) {
    jack_set_property(client->jack,
                      jack_port_uuid((jack_port_t*)line->port),
                      SIGNAL_TYPE,
                      kind == HOST_CV ? "CV" : "AUDIO",
                      "text/plain");
  }
  line->kind = kind;
}

static Line*
add_line(Client* const client, const PatchPort* const port)
{
  const char* const type =
    port->kind == HOST_EVENTS ? JACK_DEFAULT_MIDI_TYPE : JACK_DEFAULT_AUDIO_TYPE;
  const unsigned long way  = port->is_output ? JackPortIsOutput : JackPortIsInput;
  jack_port_t* const  jack = jack_port_register(client->jack, port->name, type, way, 0);
  if (!jack) {
    message_error("JACK", port->name, "the server gives no port of this name");
    return NULL;
  }

  Line* const line = line_new(port->name, port->kind, port->is_output);
  line->port       = jack;
  client->lines    = (Line**)xgrow(client->lines, client->n_lines, sizeof(Line*));
  client->lines[client->n_lines++] = line;
  return line;
}

static bool
add_port(Client* const client, Rig* const rig, const uint32_t index, bool* const is_new)
{
  const PatchPort* const port = &rig->patch.ports[index];
  Line*                  line = find_line(client, port->name);
  *is_new                     = !line;
  if (line && (line->is_output != port->is_output ||
               (line->kind == HOST_EVENTS) != (port->kind == HOST_EVENTS))) {
    message_error(rig->patch.path,
                  port->name,
                  "was a port of another kind, which only a new start can change");
    return false;
  }

  line = line ? line : add_line(client, port);
  if (line) {
    rig->ports[index].line = line;
    set_kind(client, line, port->kind);
  }
  return line;
}

bool
client_add_ports(Client* const client, Rig* const rig, const PlayOptions* const options)
{
  bool ok = true;
  for (uint32_t p = 0; p < rig->patch.n_ports && ok; ++p) {
    bool is_new = false;
    ok          = add_port(client, rig, p, &is_new);
    if (ok && is_new && client->is_active) {
      ok = connect_port(client->jack, &rig->patch, p, options);
    }
  }
  return ok;
}

static bool
has_line(const Rig* const rig, const Line* const line)
{
  for (uint32_t p = 0; p < rig->patch.n_ports; ++p) {
    if (rig->ports[p].line == line) {
      return true;
    }
  }

  return false;
}

void
client_remove_ports(Client* const client, const Rig* const rig)
{
  uint32_t n_kept = 0;
  for (uint32_t l = 0; l < client->n_lines; ++l) {
    Line* const line = client->lines[l];
    if (has_line(rig, line)) {
      client->lines[n_kept++] = line;
    } else {
      jack_port_unregister(client->jack, (jack_port_t*)line->port);
      line_free(line);
    }
  }
  client->n_lines = n_kept;
}

bool
client_start(Client* const client, Rig* const rig, const PlayOptions* const options)
{
  deck_begin(&client->deck, rig, fetch, options->song);
  if (!client_add_ports(client, rig, options)) {
    return false;
  }
  if (jack_activate(client->jack)) {
    message_error("JACK", options->name, "the server does not run the client");
    return false;
  }

  client->is_active = true;
  bool ok           = true;
  for (uint32_t p = 0; p < rig->patch.n_ports; ++p) {
    ok = connect_port(client->jack, &rig->patch, p, options) && ok;
  }
  return ok;
}

// ---- State

const char*
client_end(const Client* const client)
{
  return atomic_load(&client->has_ended) ? client->reason : NULL;
}

ClientState
client_state(Client* const client)
{
  const double busy = (double)atomic_exchange(&client->busy_ns, 0ULL);
  const double time = (double)atomic_exchange(&client->time_ns, 0ULL);

  return (ClientState){.sample_rate = client_sample_rate(client),
                       .n_frames    = atomic_load(&client->n_frames),
                       .load        = time > 0.0 ? busy / time : 0.0,
                       .peak        = 1e-6 * atomic_exchange(&client->peak_ppm, 0U),
                       .n_gaps      = atomic_load(&client->n_gaps)};
}
