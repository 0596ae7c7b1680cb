// SPDX-License-Identifier: ISC
/**
   An instance of a plugin, between the host and the state of its module.

   The host's ports are sorted by kind into lists, so that each run() visits those that
   it has to, and nothing else.
*/

#ifndef INSTANCE_H
#define INSTANCE_H

#include "lv2/events.h"
#include "plugin.h"

#include <lv2/core/lv2.h>

#include <stdbool.h>
#include <stdint.h>

_Static_assert(MAX_PORTS <= UINT8_MAX, "a place is a byte");

#define STATE_ALIGNMENT 64U ///< A cache line, and enough for any vector

#define KNOB_STRIDE 4U ///< Knobs that has_changed() looks at together

_Static_assert(MAX_PORTS % KNOB_STRIDE == 0, "no knob is left over");

#define MAX_SIGNALS MAX_PORTS ///< In all channels of a form; ttl2c refuses more

/// A control that comes in
typedef struct {
  const float* source; ///< Where the host has it, or a default
  uint32_t     bits;   ///< What was last read there
  uint32_t     index;  ///< Of the port
} HostKnob;

/// Knobs, and up to KNOB_STRIDE - 1 behind them that never turn
typedef struct {
  uint32_t n;
  HostKnob knob[MAX_PORTS];
} HostKnobList;

/// A control that goes out
typedef struct {
  float*   target; ///< Where the host wants it, or NULL
  uint32_t index;
} HostMeter;

typedef struct {
  uint32_t  n;
  HostMeter meter[MAX_PORTS];
} HostMeterList;

/// The module, as often as a form has it
typedef struct {
  void*   state;            ///< The module's own
  Ports   ports;            ///< What the module sees
  uint8_t place[MAX_PORTS]; ///< Of each port in the list of its kind
} Channel;

/// A signal of the host's
typedef struct {
  float*   data;        ///< NULL if it isn't connected
  void**   shown;       ///< Where the channel sees it: in its Ports.data
  bool*    is_constant; ///< In its Ports.is_constant
  Channel* channel;     ///< Which the port is of; the first, if it is_shared
  uint32_t index;
  bool     is_output;
  bool     is_shared; ///< Whether all channels have it
  bool     is_apart;  ///< Whether data is there, and in no output (before this one)
} HostSignal;

typedef struct {
  uint32_t   n;
  HostSignal signal[MAX_SIGNALS];
} HostSignalList;

/// Further state of a module with a file (files.c)
typedef struct FilesImpl Files;

/// Further state for a host that shows pictures (display.c)
typedef struct DisplayImpl Display;

/// Head before the states of all channels (swap.h)
typedef struct SwapHeadImpl SwapHead;

/// Where a part of a state is that goes over to another layout
typedef struct {
  uint64_t name; ///< A hash
  uint64_t type; ///< Likewise, of all of its fields
  uint32_t offset;
  uint32_t size;
} SwapPart;

typedef struct {
  const Form*    form;       ///< NULL for the module's own
  void*          memory;     ///< What the states were allocated as
  SwapHead*      head;       ///< With the states behind it
  uint32_t       chunk_type; ///< The host's number for atom:Chunk, or 0
  uint32_t       block_key;  ///< And for the states as such, or 0
  uint32_t       carry_key;  ///< And for where their parts are
  SwapPart       parts[MAX_CARRIED];
  bool           has_controls; ///< Whether the module was told what the controls are
  uint32_t       n_frames; ///< For which is_apart is known of all signals, 0 for none
  uint32_t       n_channels;
  const void*    events;  ///< The sequence that the host connected, or NULL
  void*          notices; ///< Likewise, for what is sent to it
  HostKnobList   knobs;
  HostMeterList  meters;
  HostSignalList inputs;
  HostSignalList outputs; ///< Of those that share frames, the first is to have them
  HostSignal*    signal[MAX_PORTS];  ///< By the number of a port, NULL for other kinds
  float          control[MAX_PORTS]; ///< Knobs, cleaned; and meters
  const Port*    knob_port[MAX_PORTS]; ///< What a knob is, by its index, in the form
  EventTypes     types;                ///< All 0 for a module without events
  Files*         files;                ///< NULL if the module takes none
  Display*       display;              ///< NULL if the host shows no pictures
  Channel        channel[MAX_CHANNELS];
} Instance;

/// Sort the ports, and let the module see what stays where it is
void
list_ports(Instance* self);

/// Let the knobs of the form have its defaults
void
take_defaults(Instance* self);

/// Connect a port of the form, as hosts do
void
connect_port(LV2_Handle instance, uint32_t number, void* data);

/// Find which signals share frames in blocks of `n_frames`
void
find_shared_frames(Instance* self, uint32_t n_frames);

#endif // INSTANCE_H
