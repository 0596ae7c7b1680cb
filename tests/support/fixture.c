// SPDX-License-Identifier: ISC

#include "support/fixture.h"

#include "support/test.h"

#include <lv2/midi/midi.h>

#include <string.h>

void*
fixture_data(Fixture* const fixture, const uint32_t index)
{
  const HostPort* const port = &fixture->plugin->ports[index];

  return port->kind == HOST_CONTROL  ? (void*)&fixture->control[index]
         : port->kind != HOST_EVENTS ? (void*)fixture->signal[index]
         : port->is_output           ? (void*)fixture->notices
                                     : (void*)fixture->events;
}

void
fixture_open(Fixture* const fixture, const char* const uri, const double sample_rate)
{
  fixture->host = host_new(TEST_LV2_PATH);
  ck_assert_ptr_nonnull(fixture->host);
  fixture->plugin = host_plugin(fixture->host, uri);
  ck_assert_ptr_nonnull(fixture->plugin);
  ck_assert_uint_le(fixture->plugin->n_ports, FIXTURE_PORTS);
  fixture->instance = host_instantiate(fixture->host, fixture->plugin, sample_rate);
  ck_assert_ptr_nonnull(fixture->instance);
  for (uint32_t p = 0; p < fixture->plugin->n_ports; ++p) {
    lilv_instance_connect_port(fixture->instance, p, fixture_data(fixture, p));
  }
  fixture_start(fixture);
}

void
fixture_close(Fixture* const fixture)
{
  lilv_instance_deactivate(fixture->instance);
  lilv_instance_free(fixture->instance);
  host_free(fixture->host);
}

void
fixture_start(Fixture* const fixture)
{
  memset(fixture->signal, 0, sizeof(fixture->signal));
  for (uint32_t p = 0; p < fixture->plugin->n_ports; ++p) {
    fixture->control[p] = fixture->plugin->ports[p].default_value;
  }
  fixture->notices_size = sizeof(fixture->notices) - sizeof(LV2_Atom);
  fixture_clear_events(fixture);
  lilv_instance_activate(fixture->instance);
}

static uint32_t
index_of(const Fixture* const fixture, const char* const symbol)
{
  const HostPort* const port = host_port(fixture->plugin, symbol);
  ck_assert_msg(port, "%s has no port %s", fixture->plugin->uri, symbol);
  return port->index;
}

float*
fixture_knob(Fixture* const fixture, const char* const symbol)
{
  return &fixture->control[index_of(fixture, symbol)];
}

float*
fixture_signal(Fixture* const fixture, const char* const symbol)
{
  return fixture->signal[index_of(fixture, symbol)];
}

void
fixture_fill(Fixture* const fixture, const char* const symbol, const float value)
{
  float* const signal = fixture_signal(fixture, symbol);
  for (uint32_t i = 0; i < FIXTURE_FRAMES; ++i) {
    signal[i] = value;
  }
}

void
fixture_unplug(Fixture* const fixture, const char* const symbol)
{
  lilv_instance_connect_port(fixture->instance, index_of(fixture, symbol), NULL);
}

LV2_Atom_Sequence*
fixture_sequence(Fixture* const fixture)
{
  return (LV2_Atom_Sequence*)fixture->events;
}

const LV2_Atom_Sequence*
fixture_notices(const Fixture* const fixture)
{
  return (const LV2_Atom_Sequence*)fixture->notices;
}

void
fixture_clear_events(Fixture* const fixture)
{
  memset(fixture->events, 0, sizeof(fixture->events));
  fixture_sequence(fixture)->atom.type = host_map(fixture->host, LV2_ATOM__Sequence);
  fixture_sequence(fixture)->atom.size = sizeof(LV2_Atom_Sequence_Body);
}

void
fixture_add_event(Fixture* const       fixture,
                  const int64_t        frame,
                  const char* const    type,
                  const uint8_t* const bytes,
                  const uint32_t       n_bytes,
                  const uint32_t       size)
{
  const LV2_Atom_Event event = {{.frames = frame},
                                {size, host_map(fixture->host, type)}};

  const uint32_t used =
    (uint32_t)sizeof(LV2_Atom) + fixture_sequence(fixture)->atom.size;
  const uint32_t adds = (uint32_t)sizeof(event) + ((n_bytes + 7U) & ~7U);
  ck_assert_uint_le(used + adds, sizeof(fixture->events));

  uint8_t* const end = (uint8_t*)fixture->events + used;
  memcpy(end, &event, sizeof(event));
  memcpy(end + sizeof(event), bytes, n_bytes);
  fixture_sequence(fixture)->atom.size += adds;
}

void
fixture_add_midi(Fixture* const fixture,
                 const int64_t  frame,
                 const uint8_t  status,
                 const uint8_t  data1,
                 const uint8_t  data2)
{
  const uint8_t bytes[] = {status, data1, data2};

  fixture_add_event(fixture, frame, LV2_MIDI__MidiEvent, bytes, 3, 3);
}

void
fixture_run(Fixture* const fixture, const uint32_t n_frames)
{
  ck_assert_uint_le(n_frames, FIXTURE_FRAMES);
  const LV2_Atom room = {fixture->notices_size,
                         host_map(fixture->host, LV2_ATOM__Chunk)};
  memcpy(fixture->notices, &room, sizeof(room));
  lilv_instance_run(fixture->instance, n_frames);
}
