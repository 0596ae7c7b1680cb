// SPDX-License-Identifier: ISC

#include "desk.h"

#include "test.h"

#include <lv2/midi/midi.h>

#include <string.h>

static void
connect_port(Desk* const desk, const uint32_t index)
{
  const HostPort* const port = &desk->plugin->ports[index];

  void* const data = port->kind == HOST_CONTROL  ? (void*)&desk->control[index]
                     : port->kind == HOST_EVENTS ? (void*)desk->events
                                                 : (void*)desk->signal[index];
  lilv_instance_connect_port(desk->instance, index, data);
}

void
desk_open(Desk* const desk, const char* const uri, const double sample_rate)
{
  desk->host = host_new(TEST_LV2_PATH);
  ck_assert_ptr_nonnull(desk->host);
  desk->plugin = host_plugin(desk->host, uri);
  ck_assert_ptr_nonnull(desk->plugin);
  ck_assert_uint_le(desk->plugin->n_ports, DESK_PORTS);
  desk->instance = host_instantiate(desk->host, desk->plugin, sample_rate);
  ck_assert_ptr_nonnull(desk->instance);
  for (uint32_t p = 0; p < desk->plugin->n_ports; ++p) {
    connect_port(desk, p);
  }
  desk_start(desk);
}

void
desk_close(Desk* const desk)
{
  lilv_instance_deactivate(desk->instance);
  lilv_instance_free(desk->instance);
  host_free(desk->host);
}

void
desk_start(Desk* const desk)
{
  memset(desk->signal, 0, sizeof(desk->signal));
  for (uint32_t p = 0; p < desk->plugin->n_ports; ++p) {
    desk->control[p] = desk->plugin->ports[p].default_value;
  }
  desk_clear_events(desk);
  lilv_instance_activate(desk->instance);
}

static uint32_t
index_of(const Desk* const desk, const char* const symbol)
{
  const HostPort* const port = host_port(desk->plugin, symbol);
  ck_assert_msg(port, "%s has no port %s", desk->plugin->uri, symbol);
  return port->index;
}

float*
desk_knob(Desk* const desk, const char* const symbol)
{
  return &desk->control[index_of(desk, symbol)];
}

float*
desk_signal(Desk* const desk, const char* const symbol)
{
  return desk->signal[index_of(desk, symbol)];
}

void
desk_fill(Desk* const desk, const char* const symbol, const float value)
{
  float* const signal = desk_signal(desk, symbol);
  for (uint32_t i = 0; i < DESK_FRAMES; ++i) {
    signal[i] = value;
  }
}

void
desk_unplug(Desk* const desk, const char* const symbol)
{
  lilv_instance_connect_port(desk->instance, index_of(desk, symbol), NULL);
}

LV2_Atom_Sequence*
desk_sequence(Desk* const desk)
{
  return (LV2_Atom_Sequence*)desk->events;
}

void
desk_clear_events(Desk* const desk)
{
  memset(desk->events, 0, sizeof(desk->events));
  desk_sequence(desk)->atom.type = host_map(desk->host, LV2_ATOM__Sequence);
  desk_sequence(desk)->atom.size = sizeof(LV2_Atom_Sequence_Body);
}

void
desk_add_event(Desk* const          desk,
               const int64_t        frame,
               const char* const    type,
               const uint8_t* const bytes,
               const uint32_t       n_bytes,
               const uint32_t       size)
{
  const LV2_Atom_Event event = {{.frames = frame}, {size, host_map(desk->host, type)}};

  const uint32_t used = (uint32_t)sizeof(LV2_Atom) + desk_sequence(desk)->atom.size;
  const uint32_t adds = (uint32_t)sizeof(event) + ((n_bytes + 7U) & ~7U);
  ck_assert_uint_le(used + adds, sizeof(desk->events));

  uint8_t* const end = (uint8_t*)desk->events + used;
  memcpy(end, &event, sizeof(event));
  memcpy(end + sizeof(event), bytes, n_bytes);
  desk_sequence(desk)->atom.size += adds;
}

void
desk_add_midi(Desk* const   desk,
              const int64_t frame,
              const uint8_t status,
              const uint8_t data1,
              const uint8_t data2)
{
  const uint8_t bytes[] = {status, data1, data2};

  desk_add_event(desk, frame, LV2_MIDI__MidiEvent, bytes, 3, 3);
}

void
desk_run(Desk* const desk, const uint32_t n_frames)
{
  ck_assert_uint_le(n_frames, DESK_FRAMES);
  lilv_instance_run(desk->instance, n_frames);
}
