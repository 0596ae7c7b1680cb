// SPDX-License-Identifier: ISC
/*
  Wire a JACK graph, play notes into it and record it, faster than real time.

  jack_take OUT.wav reads what to do from its standard input, a line each:

    connect SOURCE DESTINATION            ports, awaited until they are there
    note NUMBER VELOCITY START_S LENGTH_S comes out of the port notes:out
    control NUMBER VALUE START_S          a controller, from there too
    record PORT                           the next channel of the recording
    seconds LENGTH_S                      of the recording
    realtime                              is how long these take

  It prints the signal type that each recorded port declares, "audio" by default, and
  with --signals only prints those of all signals that there are, and with
  --connections all pairs of connected audio ports.  Without an argument
  it waits until there is a server. The graph runs freewheeling otherwise, so that a
  loaded machine can't make it skip.
*/

#include <jack/jack.h>
#include <jack/metadata.h>
#include <jack/midiport.h>
#include <sndfile.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_WIRES 64
#define MAX_EVENTS 64
#define MAX_CHANNELS 16
#define PATIENCE 1000 ///< Naps to wait for a port, or for the recording to go on
#define NAP_S 0.01
#define SIGNAL_TYPE "http://jackaudio.org/metadata/signal-type"

typedef struct {
  char source[256];
  char destination[256];
} Wire;

typedef struct {
  double           start_s;
  jack_midi_data_t bytes[3];
} Event;

/// What to do, as the lines of the plan say
typedef struct {
  Wire   wires[MAX_WIRES];
  int    n_wires;
  Event  events[MAX_EVENTS]; ///< By start
  int    n_events;
  char   channels[MAX_CHANNELS][256];
  int    n_channels;
  double length_s;
  bool   is_realtime; ///< Whether it takes that long
} Plan;

/// The client that plays the notes
typedef struct {
  const Plan*    plan;
  jack_client_t* client;
  jack_port_t*   out;
  atomic_bool*   rolls;
  double         sample_rate;
  jack_nframes_t frame;
} Player;

/// The client that records
typedef struct {
  jack_client_t* client;
  jack_port_t*   in[MAX_CHANNELS];
  int            n_channels;
  atomic_bool*   rolls;
  float*         frames; ///< Interleaved
  jack_nframes_t n_frames;
  atomic_uint    frame; ///< Frames recorded so far
} Tape;

static int
fail(const char* const reason, const char* const what)
{
  fprintf(stderr, "jack_take: %s: %s\n", reason, what);
  return EXIT_FAILURE;
}

static void
nap(void)
{
  const struct timespec length = {0, (long)(NAP_S * 1e9)};
  nanosleep(&length, NULL);
}

static void
add_event(Plan* const  plan,
          const double start_s,
          const int    status,
          const int    number,
          const int    velocity)
{
  if (plan->n_events < MAX_EVENTS) {
    Event* const event = &plan->events[plan->n_events++];
    event->start_s     = start_s;
    event->bytes[0]    = (jack_midi_data_t)status;
    event->bytes[1]    = (jack_midi_data_t)number;
    event->bytes[2]    = (jack_midi_data_t)velocity;
  }
}

static int
compare_events(const void* const a, const void* const b)
{
  const double a_s = ((const Event*)a)->start_s;
  const double b_s = ((const Event*)b)->start_s;
  return (a_s > b_s) - (a_s < b_s);
}

/// Read one line into the plan; returns whether it is one
static bool
read_line(const char* const line, Plan* const plan)
{
  Wire   wire;
  int    number   = 0;
  int    velocity = 0;
  double start_s  = 0.0;
  double length_s = 0.0;
  if (plan->n_wires < MAX_WIRES &&
      sscanf(line, "connect %255s %255s", wire.source, wire.destination) == 2) {
    plan->wires[plan->n_wires++] = wire;
  } else if (sscanf(
               line, "note %d %d %lf %lf", &number, &velocity, &start_s, &length_s) ==
             4) {
    add_event(plan, start_s, 0x90, number, velocity);
    add_event(plan, start_s + length_s, 0x80, number, 0);
  } else if (sscanf(line, "control %d %d %lf", &number, &velocity, &start_s) == 3) {
    add_event(plan, start_s, 0xB0, number, velocity);
  } else if (plan->n_channels < MAX_CHANNELS &&
             sscanf(line, "record %255s", plan->channels[plan->n_channels]) == 1) {
    ++plan->n_channels;
  } else if (!strncmp(line, "realtime", 8)) {
    plan->is_realtime = true;
  } else {
    return sscanf(line, "seconds %lf", &plan->length_s) == 1;
  }
  return true;
}

static bool
read_plan(FILE* const in, Plan* const plan)
{
  char line[600];
  while (fgets(line, sizeof(line), in)) {
    if (!read_line(line, plan)) {
      fail("no such order", line);
      return false;
    }
  }
  qsort(plan->events, (size_t)plan->n_events, sizeof(Event), compare_events);
  return plan->n_channels > 0 && plan->length_s > 0.0;
}

/// Play the events that fall into this block
static int
play(const jack_nframes_t n_frames, void* const data)
{
  Player* const self   = data;
  void* const   buffer = jack_port_get_buffer(self->out, n_frames);

  jack_midi_clear_buffer(buffer);
  if (atomic_load(self->rolls)) {
    for (int e = 0; e < self->plan->n_events; ++e) {
      const Event* const   event = &self->plan->events[e];
      const jack_nframes_t frame = (jack_nframes_t)(event->start_s * self->sample_rate);
      if (frame >= self->frame && frame < self->frame + n_frames) {
        jack_midi_event_write(
          buffer, frame - self->frame, event->bytes, sizeof(event->bytes));
      }
    }
    self->frame += n_frames;
  }
  return 0;
}

static int
record(const jack_nframes_t n_frames, void* const data)
{
  Tape* const          self  = data;
  const jack_nframes_t start = atomic_load(&self->frame);
  const jack_nframes_t left  = self->n_frames - start;
  const jack_nframes_t count = !atomic_load(self->rolls) ? 0
                               : n_frames < left         ? n_frames
                                                         : left;

  for (int c = 0; c < self->n_channels; ++c) {
    const float* const in = jack_port_get_buffer(self->in[c], n_frames);
    for (jack_nframes_t i = 0; i < count; ++i) {
      self->frames[(start + i) * (jack_nframes_t)self->n_channels + (jack_nframes_t)c] =
        in[i];
    }
  }
  atomic_store(&self->frame, start + count);
  return 0;
}

/// Connect two ports, as soon as they are there and their clients run
static bool
connect_ports(jack_client_t* const client,
              const char* const    source,
              const char* const    destination)
{
  for (int naps = 0; naps < PATIENCE; ++naps) {
    if (jack_port_by_name(client, source) && jack_port_by_name(client, destination) &&
        !jack_connect(client, source, destination)) {
      return true;
    }
    nap();
  }
  fprintf(stderr, "jack_take: can't connect %s to %s\n", source, destination);
  return false;
}

static void
print_signal_type(jack_client_t* const client, const char* const name)
{
  char*             value = NULL;
  char*             type  = NULL;
  const jack_uuid_t uuid  = jack_port_uuid(jack_port_by_name(client, name));

  printf("%s %s\n",
         name,
         jack_get_property(uuid, SIGNAL_TYPE, &value, &type) ? "audio" : value);
  jack_free(value);
  jack_free(type);
}

/// Print the signal types of all signals in the graph
static int
print_signals(void)
{
  jack_client_t* const client = jack_client_open("list", JackNoStartServer, NULL);
  if (!client) {
    return fail("no JACK server", "none of this name runs");
  }

  const char** const names = jack_get_ports(client, NULL, JACK_DEFAULT_AUDIO_TYPE, 0);
  for (size_t n = 0; names && names[n]; ++n) {
    print_signal_type(client, names[n]);
  }
  jack_free(names);
  jack_client_close(client);
  return EXIT_SUCCESS;
}

static void
print_connections_of(jack_client_t* const client, const char* const name)
{
  const char** const others =
    jack_port_get_all_connections(client, jack_port_by_name(client, name));
  for (size_t o = 0; others && others[o]; ++o) {
    printf("%s %s\n", name, others[o]);
  }
  jack_free(others);
}

/// Print all pairs of connected audio ports, the source first
static int
print_connections(void)
{
  jack_client_t* const client = jack_client_open("list", JackNoStartServer, NULL);
  if (!client) {
    return fail("no JACK server", "none of this name runs");
  }

  const char** const names =
    jack_get_ports(client, NULL, JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput);
  for (size_t n = 0; names && names[n]; ++n) {
    print_connections_of(client, names[n]);
  }
  jack_free(names);
  jack_client_close(client);
  return EXIT_SUCCESS;
}

/// Connect all that the plan says
static bool
wire(const Plan* const plan, Tape* const tape)
{
  for (int w = 0; w < plan->n_wires; ++w) {
    if (!connect_ports(
          tape->client, plan->wires[w].source, plan->wires[w].destination)) {
      return false;
    }
  }
  for (int c = 0; c < plan->n_channels; ++c) {
    if (!connect_ports(tape->client, plan->channels[c], jack_port_name(tape->in[c]))) {
      return false;
    }
    print_signal_type(tape->client, plan->channels[c]);
  }
  return true;
}

/// Let the graph run until the tape is full; returns whether it got there
static bool
roll(Tape* const tape, const bool is_realtime)
{
  if (!is_realtime) {
    jack_set_freewheel(tape->client, 1);
  }
  atomic_store(tape->rolls, true);

  unsigned last = 0;
  int      naps = 0;
  while (last < tape->n_frames && naps < PATIENCE) {
    nap();
    const unsigned now = atomic_load(&tape->frame);
    naps               = now == last ? naps + 1 : 0;
    last               = now;
  }

  atomic_store(tape->rolls, false);
  if (!is_realtime) {
    jack_set_freewheel(tape->client, 0);
  }
  return last == tape->n_frames;
}

static bool
write_tape(const Tape* const tape, const char* const path)
{
  SF_INFO info        = {0};
  info.samplerate     = (int)jack_get_sample_rate(tape->client);
  info.channels       = tape->n_channels;
  info.format         = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  if (!file) {
    return false;
  }

  const sf_count_t n_frames = (sf_count_t)tape->n_frames;
  const bool       written  = sf_writef_float(file, tape->frames, n_frames) == n_frames;
  return !sf_close(file) && written;
}

static bool
open_player(Player* const self, const Plan* const plan, atomic_bool* const rolls)
{
  self->plan   = plan;
  self->rolls  = rolls;
  self->client = jack_client_open("notes", JackNoStartServer | JackUseExactName, NULL);
  if (!self->client) {
    return false;
  }

  self->sample_rate = jack_get_sample_rate(self->client);
  self->out         = jack_port_register(
    self->client, "out", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
  jack_set_process_callback(self->client, play, self);
  return self->out && !jack_activate(self->client);
}

static bool
open_tape(Tape* const self, const Plan* const plan, atomic_bool* const rolls)
{
  self->rolls      = rolls;
  self->n_channels = plan->n_channels;
  self->client = jack_client_open("tape", JackNoStartServer | JackUseExactName, NULL);
  if (!self->client) {
    return false;
  }

  self->n_frames =
    (jack_nframes_t)(plan->length_s * jack_get_sample_rate(self->client));
  self->frames =
    calloc((size_t)self->n_frames * (size_t)self->n_channels, sizeof(float));
  for (int c = 0; c < self->n_channels; ++c) {
    char name[16];
    snprintf(name, sizeof(name), "in_%d", c + 1);
    self->in[c] = jack_port_register(
      self->client, name, JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
  }
  jack_set_process_callback(self->client, record, self);
  return self->frames && !jack_activate(self->client);
}

static void
close_client(jack_client_t* const client)
{
  if (client) {
    jack_client_close(client);
  }
}

/// Wire the graph, record it and write what it gave
static int
take(const Plan* const plan, Tape* const tape, const char* const path)
{
  if (!wire(plan, tape)) {
    return EXIT_FAILURE;
  }
  if (!roll(tape, plan->is_realtime)) {
    return fail("the graph stands still", path);
  }
  return write_tape(tape, path) ? EXIT_SUCCESS : fail("cannot write", path);
}

static void
ignore(const char* const message)
{
  (void)message;
}

/// Wait for the server; libjack complains about each attempt, which is no news here
static int
await_server(void)
{
  jack_client_t* client = NULL;
  jack_set_error_function(ignore);
  jack_set_info_function(ignore);
  for (int naps = 0; !client && naps < PATIENCE; ++naps) {
    client = jack_client_open("knock", JackNoStartServer, NULL);
    if (!client) {
      nap();
    }
  }
  close_client(client);
  return client ? EXIT_SUCCESS : fail("no JACK server", "none of this name came");
}

int
main(const int argc, char** const argv)
{
  if (argc < 2) {
    return await_server();
  }
  if (!strcmp(argv[1], "--signals")) {
    return print_signals();
  }
  if (!strcmp(argv[1], "--connections")) {
    return print_connections();
  }

  Plan plan = {.length_s = 0.0};
  if (argc != 2 || !read_plan(stdin, &plan)) {
    return fail("nothing to do", "a file to write and a plan are needed");
  }

  atomic_bool rolls  = false;
  Player      player = {0};
  Tape        tape   = {0};
  const bool  is_open =
    open_player(&player, &plan, &rolls) && open_tape(&tape, &plan, &rolls);
  const int status = is_open ? take(&plan, &tape, argv[1])
                             : fail("no JACK server", "none of this name runs");

  close_client(player.client);
  close_client(tape.client);
  free(tape.frames);
  return status;
}
