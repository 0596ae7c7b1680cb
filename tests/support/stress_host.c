// SPDX-License-Identifier: ISC

#include "support/stress_host.h"

#include "support/test.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/midi/midi.h>
#include <lv2/patch/patch.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const uint32_t sentinel_bits = 0x7fc5a5a5U; ///< A NaN that no sum ever yields

static Host*             host;
static const HostPlugin* plugins[STRESS_HOST_PLUGINS];

// ---- The bundle

int
stress_host_load(void)
{
  host = host_new(TEST_LV2_PATH);

  const char* const wanted    = getenv("TEST_PLUGIN");
  int               n_plugins = 0;
  for (const HostPlugin* const* p = host_plugins(host, CHRONUS_URI); *p; ++p) {
    if (!wanted || strstr((*p)->uri, wanted)) {
      if (n_plugins == STRESS_HOST_PLUGINS) {
        abort();
      }
      plugins[n_plugins++] = *p;
    }
  }
  return n_plugins;
}

void
stress_host_unload(void)
{
  host_free(host);
}

Host*
stress_host_host(void)
{
  return host;
}

const HostPlugin*
stress_host_plugin(const int i)
{
  return plugins[i];
}

// ---- Takes

/// Return a random number from 0 to below 1
static double
next_random(uint32_t* const random)
{
  *random = *random * 1664525U + 1013904223U;
  return (double)(*random >> 8U) / 16777216.0;
}

float
knob_value(const HostPort* const knob, const double position)
{
  const double minimum = (double)knob->minimum;
  const double maximum = (double)knob->maximum;
  const double value = knob->is_logarithmic ? minimum * pow(maximum / minimum, position)
                                            : minimum + position * (maximum - minimum);

  const float whole = knob->is_integer ? (float)round(value) : (float)value;
  return fminf(fmaxf(whole, knob->minimum), knob->maximum);
}

/// Make a tone with noise, now and then with a pause
static void
fill_audio(float* const out, const uint32_t n_frames, uint32_t* const random)
{
  const double   step  = 0.3 * next_random(random);
  const uint32_t pause = next_random(random) < 0.3 ? n_frames / 4U : n_frames;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double sound = 0.8 * sin(step * i) + 0.4 * (2.0 * next_random(random) - 1.0);
    out[i]             = i < pause || i > pause + n_frames / 2U ? (float)sound : 0.0f;
  }
}

/// Return a level that a CV might stand at: often low or high, sometimes beyond
static float
random_level(const HostPort* const port, uint32_t* const random)
{
  const double span = (double)(port->maximum - port->minimum);
  const double draw = next_random(random);

  return draw < 0.3 ? 0.0f
         : draw < 0.6
           ? port->maximum
           : (float)((double)port->minimum + span * (1.2 * next_random(random) - 0.1));
}

/// Make steps, slopes and noise that will do as a gate, a pitch or an envelope
static void
fill_cv(float* const          out,
        const HostPort* const port,
        const uint32_t        n_frames,
        uint32_t* const       random)
{
  float    level = 0.0f;
  float    slope = 0.0f;
  double   noise = 0.0;
  uint32_t left  = 0;
  for (uint32_t i = 0; i < n_frames; ++i, --left) {
    if (!left) {
      left  = 1U + (uint32_t)(600.0 * pow(next_random(random), 3.0));
      level = random_level(port, random);
      slope = next_random(random) < 0.3 ? -level / (float)left : 0.0f;
      noise = next_random(random) < 0.3 ? 0.1 : 0.0;
    }
    out[i] = level + (float)(noise * next_random(random));
    level += slope;
  }
}

static void
fill_knobs(Take* const take, const HostPlugin* const plugin, const uint32_t seed)
{
  // Long enough between the third and the fourth for the longest block
  static const uint32_t crossfade_frame[STRESS_HOST_TURNS] = {
    0, 150, 401, 8600, 8633, 8700, 8890};

  uint32_t random = seed;
  memcpy(take->crossfade_frame, crossfade_frame, sizeof(crossfade_frame));
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    for (uint32_t t = 0; t < STRESS_HOST_TURNS; ++t) {
      const double turn     = next_random(&random);
      const double position = 1.4 * next_random(&random) - 0.2;
      take->knob[t][p]      = !seed                 ? port->default_value
                              : t > 0 && turn < 0.6 ? take->knob[t - 1][p]
                                                    : knob_value(port, position);
    }
  }
}

static void
fill_messages(Take* const take, const uint32_t seed)
{
  static const uint8_t statuses[] = {0x90, 0x80, 0x80, 0xb0, 0xe0, 0xd0, 0xc0, 0xf0};
  // Few, so that often none is held; all of them play drums
  static const uint8_t keys[] = {36, 38, 42, 46};

  uint32_t random = seed + 99U;
  uint32_t frame  = 0;
  for (uint32_t m = 0; m < STRESS_HOST_MESSAGES; ++m) {
    StressHostMessage* const message = &take->message[m];
    const uint8_t            status  = statuses[(uint32_t)(8.0 * next_random(&random))];

    message->frame    = frame;
    message->size     = status == 0xf0 ? 6U : (status & 0xf0U) > 0xb0 ? 2U : 3U;
    message->size     = status == 0xe0 ? 3U : message->size;
    message->bytes[0] = status;
    for (uint32_t b = 1; b < sizeof(message->bytes); ++b) {
      message->bytes[b] = (uint8_t)(128.0 * next_random(&random));
    }
    if (status == 0x90 || status == 0x80) {
      message->bytes[1] = keys[message->bytes[1] % sizeof(keys)];
    }
    frame += (uint32_t)(2.0 * STRESS_HOST_FRAMES / STRESS_HOST_MESSAGES *
                        pow(next_random(&random), 2.0));
  }
}

void
take_fill(Take* const take, const HostPlugin* const plugin, const uint32_t seed)
{
  take->n_frames = STRESS_HOST_FRAMES;
  fill_knobs(take, plugin, seed);
  fill_messages(take, seed);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port   = &plugin->ports[p];
    uint32_t              random = (seed + 1U) * 1000U + p;
    if (port->kind == HOST_AUDIO) {
      fill_audio(take->in[p], STRESS_HOST_FRAMES, &random);
    } else if (port->kind == HOST_CV) {
      fill_cv(take->in[p], port, STRESS_HOST_FRAMES, &random);
    }
  }
}

// ---- Takes within all ranges

/// Return the lowest value of an input signal that a host should send
static float
least_of(const HostPort* const port)
{
  return port->kind == HOST_AUDIO ? -1.0f : port->minimum;
}

static float
most_of(const HostPort* const port)
{
  return port->kind == HOST_AUDIO ? 1.0f : port->maximum;
}

/// Return a value at the ends of a range, at 0 or in between
static float
value_within(const float least, const float most, uint32_t* const random)
{
  const double draw  = next_random(random);
  const double place = next_random(random);

  return draw < 0.3   ? least
         : draw < 0.6 ? most
         : draw < 0.75
           ? fminf(fmaxf(0.0f, least), most)
           : (float)((double)least + ((double)most - (double)least) * place);
}

/// Write steps, from one value to another and back in a period
static void
fill_square(float* const    out,
            const float     a,
            const float     b,
            const uint32_t  n_frames,
            uint32_t* const random)
{
  const uint32_t period = 2U + (uint32_t)(3000.0 * pow(next_random(random), 3.0));
  const uint32_t n_high = 1U + (uint32_t)(next_random(random) * (period - 1U));
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = i % period < n_high ? a : b;
  }
}

/// Write a way from one value to another that begins again with every period
static void
fill_saw(float* const    out,
         const float     a,
         const float     b,
         const uint32_t  n_frames,
         uint32_t* const random)
{
  const uint32_t period = 2U + (uint32_t)(3000.0 * pow(next_random(random), 3.0));
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = a + (b - a) * (float)(i % period) / (float)period;
  }
}

/// Write noise, with a new value in each frame or after some
static void
fill_noise(float* const    out,
           const float     least,
           const float     most,
           const uint32_t  n_frames,
           uint32_t* const random)
{
  const uint32_t longest = next_random(random) < 0.5 ? 1U : 300U;

  uint32_t left  = 0;
  float    value = 0.0f;
  for (uint32_t i = 0; i < n_frames; ++i, --left) {
    if (!left) {
      left  = 1U + (uint32_t)(next_random(random) * longest);
      value = value_within(least, most, random);
    }
    out[i] = value;
  }
}

static void
fill_within(float* const          out,
            const HostPort* const port,
            const uint32_t        n_frames,
            uint32_t* const       random)
{
  const float  least = least_of(port);
  const float  most  = most_of(port);
  const float  a     = value_within(least, most, random);
  const float  b     = value_within(least, most, random);
  const double kind  = next_random(random);
  if (kind < 0.25) {
    fill_square(out, a, b, n_frames, random);
  } else if (kind < 0.5) {
    fill_saw(out, a, b, n_frames, random);
  } else if (kind < 0.75) {
    fill_noise(out, least, most, n_frames, random);
  } else {
    fill_square(out, a, a, n_frames, random);
  }
}

static void
fill_knobs_within(Take* const             take,
                  const HostPlugin* const plugin,
                  uint32_t* const         random)
{
  const double turns = next_random(random) < 0.5 ? 0.0 : 0.3;
  const double kind  = next_random(random);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    for (uint32_t t = 0; t < STRESS_HOST_TURNS; ++t) {
      const bool   stays = t > 0 && next_random(random) >= turns;
      const double draw  = next_random(random);
      const double place = draw < 0.2 ? 0.0 : draw < 0.4 ? 1.0 : next_random(random);
      const double end   = kind < 0.1 ? 0.0 : kind < 0.2 ? 1.0 : place;
      take->knob[t][p]   = stays ? take->knob[t - 1U][p] : knob_value(port, end);
    }
  }
}

void
take_fill_within(Take* const take, const HostPlugin* const plugin, const uint32_t seed)
{
  uint32_t random = seed * 7919U + 1U;
  take_fill(take, plugin, seed);
  fill_knobs_within(take, plugin, &random);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    if (is_input_signal(&plugin->ports[p])) {
      fill_within(take->in[p], &plugin->ports[p], STRESS_HOST_FRAMES, &random);
    }
  }
}

/// Fill input signal `p` for take_still()
static void
fill_still(Take* const           take,
           const HostPort* const port,
           const uint32_t        p,
           const bool            is_constant,
           const bool            is_moving)
{
  const float value = 0.4f * (p % 2U ? least_of(port) : most_of(port));
  const float rest  = value != 0.0f ? value : 0.3f * most_of(port);
  for (uint32_t i = 0; i < STRESS_HOST_FRAMES; ++i) {
    const bool rests = is_constant && (!is_moving || i / 350U % 2U == p % 2U);
    take->in[p][i]   = rests       ? rest
                       : is_moving ? rest * (float)sin(0.01 * (1.0 + p) * i)
                                   : 0.0f;
  }
}

void
take_still(Take* const             take,
           const HostPlugin* const plugin,
           const uint64_t          still,
           const uint64_t          moving)
{
  uint32_t n = 0;
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (is_input_signal(port)) {
      ck_assert_uint_lt(n, 64U);
      fill_still(take, port, p, still >> n & 1U, moving >> n & 1U);
      ++n;
    }
  }
}

void
take_open_amounts(Take* const take, const HostPlugin* const plugin, const bool rest)
{
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    for (uint32_t t = 0; strstr(port->symbol, "amount") && t < STRESS_HOST_TURNS; ++t) {
      const float value = take->knob[rest ? 0U : t][p];
      take->knob[t][p]  = value != 0.0f ? value : 0.7f * port->maximum;
    }
  }
}

// ---- What is set in takes

void
take_set_knob(Take* const take, const uint32_t index, const float value)
{
  for (uint32_t t = 0; t < STRESS_HOST_TURNS; ++t) {
    take->knob[t][index] = value;
  }
}

void
take_set_signal(Take* const take, const uint32_t index, const float value)
{
  for (uint32_t i = 0; i < take->n_frames; ++i) {
    take->in[index][i] = value;
  }
}

void
take_clear_messages(Take* const take)
{
  for (uint32_t m = 0; m < STRESS_HOST_MESSAGES; ++m) {
    take->message[m].frame = UINT32_MAX;
  }
}

// ---- Rigs

void
stress_host_open(StressHost* const       self,
                 const HostPlugin* const plugin,
                 const double            sample_rate)
{
  self->plugin   = plugin;
  self->instance = host_instantiate(host, plugin, sample_rate);
  ck_assert_msg(self->instance, "%s cannot be instantiated", plugin->uri);

  self->frame = self->shift = 0;
  self->stays               = false;
  for (uint32_t p = 0; p < STRESS_HOST_PORTS; ++p) {
    self->wire[p] = p;
  }
  lilv_instance_activate(self->instance);
}

void
stress_host_close(StressHost* const self)
{
  lilv_instance_deactivate(self->instance);
  lilv_instance_free(self->instance);
}

void
stress_host_reset(StressHost* const self)
{
  lilv_instance_deactivate(self->instance);
  lilv_instance_activate(self->instance);
  self->frame = 0;
}

/// Return the first frame of a port's buffer, which is aligned as a float only
static float*
buffer_of(StressHost* const self, const uint32_t port)
{
  return self->buffer[self->wire[port]] + STRESS_HOST_GUARD_FRAMES + self->shift;
}

static void
fill_sentinel(float* const frames, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    memcpy(frames + i, &sentinel_bits, sizeof(sentinel_bits));
  }
}

/// Return the bits of a frame, by which 0 and -0 differ and NaNs compare
static uint32_t
frame_bits(const float frame)
{
  uint32_t bits = 0;
  memcpy(&bits, &frame, sizeof(bits));
  return bits;
}

static bool
is_sentinel(const float* const frame)
{
  return frame_bits(*frame) == sentinel_bits;
}

static void
set_knobs(StressHost* const self, const Take* const take)
{
  for (uint32_t t = 0; t < STRESS_HOST_TURNS; ++t) {
    if (take->crossfade_frame[t] == self->frame) {
      memcpy(self->control, take->knob[t], sizeof(self->control));
    }
  }
}

/// Append a message to the sequence of a block
static void
append_message(const StressHostMessage* const message,
               const int64_t                  at,
               LV2_Atom_Sequence* const       sequence)
{
  LV2_Atom_Event* const event =
    (LV2_Atom_Event*)((char*)&sequence->body + sequence->atom.size);

  event->time.frames = at;
  event->body.type   = host_map(host, LV2_MIDI__MidiEvent);
  event->body.size   = message->size;
  memcpy(event + 1, message->bytes, message->size);
  sequence->atom.size += (uint32_t)sizeof(LV2_Atom_Event) + 8U;
}

/// Return the position that the bytes of a message stand for
static Position
position_of(const StressHostMessage* const message)
{
  return (Position){.speed            = message->bytes[1] < 100 ? 1.0 : 0.0,
                    .frame            = message->frame,
                    .bar              = message->bytes[2],
                    .bar_beat         = (float)message->bytes[3] / 32.0f,
                    .beat_unit        = 4,
                    .beats_per_bar    = 4.0f,
                    .beats_per_minute = 50.0f + (float)message->bytes[4]};
}

/// Ask for the values of all properties
static void
append_question(const int64_t at, LV2_Atom_Sequence* const sequence)
{
  struct {
    LV2_Atom_Event       event;
    LV2_Atom_Object_Body body;
  } question = {
    {{.frames = at}, {sizeof(LV2_Atom_Object_Body), host_map(host, LV2_ATOM__Object)}},
    {0, host_map(host, LV2_PATCH__Get)}};

  memcpy((uint8_t*)&sequence->atom + sizeof(LV2_Atom) + sequence->atom.size,
         &question,
         sizeof(question));
  sequence->atom.size += (uint32_t)sizeof(question);
}

/// Offer room for what the plugin sends: sometimes none, or less than it needs
static void
offer_room(StressHost* const rig)
{
  static const uint32_t sizes[] = {0, 4, 8, 64, 100, 1000, 2032};

  const uint32_t n  = (uint32_t)(sizeof(sizes) / sizeof(sizes[0]));
  rig->notices_size = sizes[(rig->frame / 3U + rig->n_frames) % n];
  memset(rig->notices, 0xa5, sizeof(rig->notices));
  const LV2_Atom room = {rig->notices_size, host_map(host, LV2_ATOM__Chunk)};
  memcpy(rig->notices, &room, sizeof(room));
}

/// Check that a plugin has written a sequence, and nothing beyond its room
static void
check_notices(const StressHost* const rig)
{
  const LV2_Atom_Sequence* const sequence = (const LV2_Atom_Sequence*)rig->notices;
  const uint8_t* const           bytes    = (const uint8_t*)rig->notices;
  for (size_t i = sizeof(LV2_Atom) + rig->notices_size; i < sizeof(rig->notices); ++i) {
    if (bytes[i] != 0xa5) {
      ck_abort_msg("%s sends more than there is room for", rig->plugin->uri);
    }
  }

  int64_t last = 0;
  ck_assert_uint_le(sequence->atom.size, rig->notices_size);
  LV2_ATOM_SEQUENCE_FOREACH(sequence, event)
  {
    ck_assert_int_ge(event->time.frames, last);
    ck_assert_int_lt(event->time.frames, rig->n_frames);
    ck_assert_uint_eq(event->body.type, host_map(host, LV2_ATOM__Object));
    last = event->time.frames;
  }
}

/// Write the events of the next block as the sequence that a host would send
static void
set_events(StressHost* const self, const Take* const take)
{
  LV2_Atom_Sequence* const sequence = (LV2_Atom_Sequence*)self->events;

  sequence->atom.type = host_map(host, LV2_ATOM__Sequence);
  sequence->atom.size = sizeof(LV2_Atom_Sequence_Body);
  sequence->body.unit = sequence->body.pad = 0;
  for (uint32_t m = 0; m < STRESS_HOST_MESSAGES; ++m) {
    const StressHostMessage* const message = &take->message[m];
    const int64_t                  at      = (int64_t)message->frame - self->frame;
    if (at >= 0 && at < self->n_frames) {
      append_message(message, at, sequence);
      if (m % STRESS_HOST_POSITION == 0) {
        const Position position = position_of(message);
        position_append(&position, host, at, message->bytes[5] % 2 == 0, sequence);
        append_question(at, sequence);
      }
    }
  }
}

/// Return what is to be connected to a port
static void*
connection(StressHost* const self, const uint32_t port)
{
  if (self->wire[port] == STRESS_HOST_UNPATCHED) {
    return NULL;
  }

  switch (self->plugin->ports[port].kind) {
  case HOST_CONTROL:
    return &self->control[port];
  case HOST_EVENTS:
    return self->plugin->ports[port].is_output ? self->notices : self->events;
  case HOST_AUDIO:
  case HOST_CV:
    return buffer_of(self, port);
  case HOST_UNKNOWN:
    break;
  }

  return NULL;
}

void
stress_host_connect(StressHost* const self, const uint32_t port)
{
  lilv_instance_connect_port(self->instance, port, connection(self, port));
}

void
stress_host_set_block(StressHost* const self,
                      const Take* const take,
                      const uint32_t    n_frames)
{
  self->n_frames = n_frames;
  self->shift =
    self->stays ? self->shift : (self->shift + 5U) % STRESS_HOST_GUARD_FRAMES;
  set_knobs(self, take);
  set_events(self, take);
  offer_room(self);

  const uint32_t n_ports = self->plugin->n_ports;
  for (uint32_t p = 0; p < n_ports; ++p) {
    if (host_is_signal(&self->plugin->ports[p]) &&
        self->wire[p] != STRESS_HOST_UNPATCHED) {
      fill_sentinel(buffer_of(self, p) - STRESS_HOST_GUARD_FRAMES,
                    n_frames + 2 * STRESS_HOST_GUARD_FRAMES);
    }
  }

  for (uint32_t p = 0; p < n_ports; ++p) {
    const HostPort* const port = &self->plugin->ports[p];
    if (is_input_signal(port) && self->wire[p] != STRESS_HOST_UNPATCHED) {
      memcpy(buffer_of(self, p), take->in[p] + self->frame, n_frames * sizeof(float));
    }
    if (!self->stays) {
      stress_host_connect(self, p);
    }
  }
}

void
stress_host_stay(StressHost* const self)
{
  self->stays = true;
  self->shift = 1;
  for (uint32_t p = self->plugin->n_ports; p-- > 0;) {
    stress_host_connect(self, p);
  }
}

static void
check_guards(StressHost* const self, const uint32_t port)
{
  const float* const buffer = buffer_of(self, port);
  for (uint32_t i = 0; i < STRESS_HOST_GUARD_FRAMES; ++i) {
    if (!is_sentinel(buffer - 1 - i) || !is_sentinel(buffer + self->n_frames + i)) {
      ck_abort_msg("%s writes beyond the buffer of %s",
                   self->plugin->uri,
                   self->plugin->ports[port].symbol);
    }
  }
}

static void
check_output(StressHost* const self, const uint32_t port)
{
  const float* const buffer = buffer_of(self, port);
  for (uint32_t i = 0; i < self->n_frames; ++i) {
    if (!isfinite(buffer[i])) {
      ck_abort_msg("%s has %s at frame %u of %s",
                   self->plugin->uri,
                   is_sentinel(buffer + i) ? "nothing written" : "no finite value",
                   self->frame + i,
                   self->plugin->ports[port].symbol);
    }
  }
}

/// Check that an output control shows something within its range
static void
check_meter(const StressHost* const self, const uint32_t port)
{
  const HostPort* const meter = &self->plugin->ports[port];
  const float           value = self->control[port];
  if (!(value >= meter->minimum && value <= meter->maximum)) {
    ck_abort_msg("%s shows %g at %s after frame %u",
                 self->plugin->uri,
                 (double)value,
                 meter->symbol,
                 self->frame);
  }
}

/// Return true if an output has the buffer of `port`
static bool
is_overwritten(const StressHost* const self, const uint32_t port)
{
  for (uint32_t p = 0; p < self->plugin->n_ports; ++p) {
    if (is_output_signal(&self->plugin->ports[p]) &&
        self->wire[p] == self->wire[port]) {
      return true;
    }
  }

  return false;
}

static void
check_input(StressHost* const self, const Take* const take, const uint32_t port)
{
  const size_t size = self->n_frames * sizeof(float);

  // An assertion that holds costs much more than this
  if (!is_overwritten(self, port) &&
      memcmp(buffer_of(self, port), take->in[port] + self->frame, size) != 0) {
    ck_abort_msg(
      "%s writes to its input %s", self->plugin->uri, self->plugin->ports[port].symbol);
  }
}

void
stress_host_get_block(StressHost* const self,
                      const Take* const take,
                      Recording* const  recording)
{
  for (uint32_t p = 0; p < self->plugin->n_ports; ++p) {
    const HostPort* const port = &self->plugin->ports[p];
    if (is_meter(port) && self->wire[p] != STRESS_HOST_UNPATCHED) {
      check_meter(self, p);
      recording->shown[p] = self->control[p];
    }
    if (port->kind == HOST_EVENTS && port->is_output &&
        self->wire[p] != STRESS_HOST_UNPATCHED) {
      check_notices(self);
    }
    if (!host_is_signal(port) || self->wire[p] == STRESS_HOST_UNPATCHED) {
      continue;
    }

    check_guards(self, p);
    if (port->is_output) {
      check_output(self, p);
      memcpy(recording->out[p] + self->frame,
             buffer_of(self, p),
             self->n_frames * sizeof(float));
    } else {
      check_input(self, take, p);
    }
  }

  self->frame += self->n_frames;
}

uint32_t
stress_host_next_block(const StressHost* const self,
                       const Take* const       take,
                       const uint32_t          block_frames)
{
  uint32_t end = self->frame + block_frames;
  for (uint32_t t = 0; t < STRESS_HOST_TURNS; ++t) {
    if (take->crossfade_frame[t] > self->frame && take->crossfade_frame[t] < end) {
      end = take->crossfade_frame[t];
    }
  }

  return (end < take->n_frames ? end : take->n_frames) - self->frame;
}

void
stress_host_play(StressHost* const self,
                 const Take* const take,
                 const uint32_t    block_frames,
                 Recording* const  recording)
{
  uint32_t random = 1;
  while (self->frame < take->n_frames) {
    const uint32_t longest = block_frames == STRESS_HOST_RANDOM
                               ? 1U + (uint32_t)(300.0 * next_random(&random))
                               : block_frames;

    stress_host_set_block(self, take, stress_host_next_block(self, take, longest));
    lilv_instance_run(self->instance, self->n_frames);
    stress_host_get_block(self, take, recording);
  }
}

// ---- Recordings

/// Return the first frame at which two signals differ, or `n_frames`
static uint32_t
first_difference(const float* const a, const float* const b, const uint32_t n_frames)
{
  uint32_t i = 0;
  while (i < n_frames && frame_bits(a[i]) == frame_bits(b[i])) {
    ++i;
  }
  return i;
}

void
stress_host_check_same(const StressHost* const self,
                       const Take* const       take,
                       const Recording* const  expected,
                       const Recording* const  actual)
{
  for (uint32_t p = 0; p < self->plugin->n_ports; ++p) {
    const HostPort* const port = &self->plugin->ports[p];
    if (is_meter(port) && self->wire[p] != STRESS_HOST_UNPATCHED &&
        frame_bits(expected->shown[p]) != frame_bits(actual->shown[p])) {
      ck_abort_msg("%s shows %.9g instead of %.9g at %s",
                   self->plugin->uri,
                   (double)actual->shown[p],
                   (double)expected->shown[p],
                   port->symbol);
    }
    if (is_output_signal(port) && self->wire[p] != STRESS_HOST_UNPATCHED) {
      const float* const x = expected->out[p];
      const float* const y = actual->out[p];
      const uint32_t     i = first_difference(x, y, take->n_frames);
      if (i < take->n_frames) {
        ck_abort_msg("%s has %.9g instead of %.9g at frame %u of %s",
                     self->plugin->uri,
                     (double)y[i],
                     (double)x[i],
                     i,
                     port->symbol);
      }
    }
  }
}

bool
stress_host_is_different(const StressHost* const self,
                         const Take* const       take,
                         const Recording* const  a,
                         const Recording* const  b)
{
  for (uint32_t p = 0; p < self->plugin->n_ports; ++p) {
    const HostPort* const port = &self->plugin->ports[p];
    if ((is_output_signal(port) &&
         first_difference(a->out[p], b->out[p], take->n_frames) < take->n_frames) ||
        (is_meter(port) && frame_bits(a->shown[p]) != frame_bits(b->shown[p]))) {
      return true;
    }
  }

  return false;
}
