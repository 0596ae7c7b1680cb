// SPDX-License-Identifier: ISC
// The LV2 side of every plugin: all that knows the LV2 C API, but for descriptor.c

#include "plugin.h"

#include "lv2/descriptor.h"
#include "signal/sanitize.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/midi/midi.h>
#include <lv2/time/time.h>
#include <lv2/urid/urid.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SSE__)
#  include <xmmintrin.h>
#endif

#define STATE_ALIGNMENT 64U ///< A cache line, and enough for any vector

/// Frames for copied inputs and ignored outputs: slices are shorter where these are
/// many
#define SCRATCH_FRAMES (8U * BLOCK_FRAMES)

_Static_assert(MAX_PORTS <= UINT8_MAX, "a place is a byte");
_Static_assert(SCRATCH_FRAMES / MAX_PORTS >= 16U, "slices are never very short");

/// A control that comes in
typedef struct {
  const float* source; ///< Where the host has it, or a default
  uint32_t     bits;   ///< What was last read there
  uint32_t     index;  ///< Of the port
} HostKnob;

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

/// A signal of the host's
typedef struct {
  float*   data; ///< NULL if it isn't connected
  uint32_t index;
  bool     is_apart; ///< Whether data is there, and in no output (before this one)
} HostSignal;

typedef struct {
  uint32_t   n;
  HostSignal signal[MAX_PORTS];
} HostSignalList;

/// What the host calls the events that modules take, and what those are made of
typedef struct {
  LV2_URID midi; ///< 0, as all others, if the host can't say
  LV2_URID object;
  LV2_URID blank; ///< Objects, too, in some hosts
  LV2_URID position;
  LV2_URID bar;
  LV2_URID bar_beat;
  LV2_URID beat_unit;
  LV2_URID beats_per_bar;
  LV2_URID beats_per_minute;
  LV2_URID frame;
  LV2_URID speed;
  LV2_URID int_number;
  LV2_URID long_number;
  LV2_URID float_number;
  LV2_URID double_number;
} EventTypes;

typedef struct {
  const Form*    form;         ///< NULL for the module's own
  void*          state;        ///< The module's own, at a multiple of STATE_ALIGNMENT
  void*          memory;       ///< What it was allocated as
  bool           has_controls; ///< Whether the module was told what the controls are
  uint32_t       n_frames; ///< For which is_apart is known of all signals, 0 for none
  const void*    events;   ///< The sequence that the host connected, or NULL
  HostKnobList   knobs;
  HostMeterList  meters;
  HostSignalList inputs;
  HostSignalList outputs; ///< Of those that share frames, the first is to have them
  Ports          ports;   ///< What the module sees
  float          control[MAX_PORTS];   ///< Knobs, cleaned; and meters
  const Port*    knob_port[MAX_PORTS]; ///< What a knob is, by its index, in the form
  uint8_t        place[MAX_PORTS];     ///< Of each port in the list of its kind
  EventTypes     types;                ///< All 0 for a module without events
} Instance;

// ---- Floating point mode

#if defined(__SSE__)

typedef unsigned FloatMode;

static const unsigned ftz_daz_and_no_traps = 0x9fc0U;

/// Return true if nothing but the record of exceptions differs from what modules need
static bool
is_float_mode_right(const FloatMode mode)
{
  static const unsigned exceptions_so_far = 0x003fU;

  return (mode & ~exceptions_so_far) == ftz_daz_and_no_traps;
}

/**
   Make denormals zero, and return the mode to go back to.

   Whatever the host's mode is, a module rounds to nearest and never traps.  Most
   hosts are in that mode already, and a change costs as much as a short block.
*/
static FloatMode
float_mode_enter(void)
{
  const FloatMode mode = _mm_getcsr();
  if (!is_float_mode_right(mode)) {
    _mm_setcsr(ftz_daz_and_no_traps);
  }
  return mode;
}

static void
float_mode_leave(const FloatMode mode)
{
  if (!is_float_mode_right(mode)) {
    _mm_setcsr(mode);
  }
}

#elif defined(__aarch64__)

typedef uint64_t FloatMode;

static const uint64_t flush_and_no_traps = UINT64_C(1) << 24U;

/// Make denormals zero, and return the mode to go back to; see above
static FloatMode
float_mode_enter(void)
{
  FloatMode mode = 0;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  if (mode != flush_and_no_traps) {
    __asm__ volatile("msr fpcr, %0" : : "r"(flush_and_no_traps));
  }
  return mode;
}

static void
float_mode_leave(const FloatMode mode)
{
  if (mode != flush_and_no_traps) {
    __asm__ volatile("msr fpcr, %0" : : "r"(mode));
  }
}

#else

typedef int FloatMode;

static FloatMode
float_mode_enter(void)
{
  return 0;
}

static void
float_mode_leave(const FloatMode mode)
{
  (void)mode;
}

#endif

// ---- Lifetime

/// Return what the host calls the things in events; all 0 if it has no urid:map
static EventTypes
map_types(const LV2_Feature* const* const features)
{
  static const EventTypes unknown = {0};

  const LV2_URID_Map* map = NULL;
  for (uint32_t i = 0; features && features[i]; ++i) {
    if (!strcmp(features[i]->URI, LV2_URID__map)) {
      map = (const LV2_URID_Map*)features[i]->data;
    }
  }
  if (!map) {
    return unknown;
  }

  return (EventTypes){.midi          = map->map(map->handle, LV2_MIDI__MidiEvent),
                      .object        = map->map(map->handle, LV2_ATOM__Object),
                      .blank         = map->map(map->handle, LV2_ATOM__Blank),
                      .position      = map->map(map->handle, LV2_TIME__Position),
                      .bar           = map->map(map->handle, LV2_TIME__bar),
                      .bar_beat      = map->map(map->handle, LV2_TIME__barBeat),
                      .beat_unit     = map->map(map->handle, LV2_TIME__beatUnit),
                      .beats_per_bar = map->map(map->handle, LV2_TIME__beatsPerBar),
                      .beats_per_minute =
                        map->map(map->handle, LV2_TIME__beatsPerMinute),
                      .frame         = map->map(map->handle, LV2_TIME__frame),
                      .speed         = map->map(map->handle, LV2_TIME__speed),
                      .int_number    = map->map(map->handle, LV2_ATOM__Int),
                      .long_number   = map->map(map->handle, LV2_ATOM__Long),
                      .float_number  = map->map(map->handle, LV2_ATOM__Float),
                      .double_number = map->map(map->handle, LV2_ATOM__Double)};
}

/// Put a control into its list, and let the module see where its value is kept
static void
list_control(Instance* const self, const uint32_t index)
{
  if (plugin.ports[index].is_output) {
    self->place[index]                         = (uint8_t)self->meters.n;
    self->meters.meter[self->meters.n++].index = index;
  } else {
    const Port* const port = &plugin.ports[index];
    const HostKnob    knob = {&port->default_value, 0, index};

    self->knob_port[index]            = port;
    self->place[index]                = (uint8_t)self->knobs.n;
    self->knobs.knob[self->knobs.n++] = knob;
  }
  self->ports.data[index] = &self->control[index];
}

/// Show the module a signal that the host has not connected
static void
show_unconnected(Instance* const self, const uint32_t index)
{
  self->ports.data[index]         = (void*)silent_frames; // An output gets a line
  self->ports.is_constant[index]  = true;
  self->ports.is_connected[index] = false;
}

static void
list_signal(Instance* const self, const uint32_t index)
{
  HostSignalList* const list =
    plugin.ports[index].is_output ? &self->outputs : &self->inputs;

  self->place[index]            = (uint8_t)list->n;
  list->signal[list->n++].index = index;
  show_unconnected(self, index);
}

/// Sort the ports, and let the module see what stays where it is
static void
list_ports(Instance* const self)
{
  for (uint32_t p = 0; p < plugin.n_ports; ++p) {
    if (plugin.ports[p].kind == PORT_CONTROL) {
      list_control(self, p);
    } else if (plugin.ports[p].kind == PORT_SIGNAL) {
      list_signal(self, p);
    }
  }
}

/// Let the knobs of a form have its defaults
static void
take_form(Instance* const self, const Form* const form)
{
  self->form = form;
  for (uint32_t p = 0; form && p < form->n_ports; ++p) {
    const Port* const port = &form->ports[p];
    if (port->kind == PORT_CONTROL && !port->is_output) {
      const uint32_t index = form->places[p];

      self->knob_port[index]                      = port;
      self->knobs.knob[self->place[index]].source = &port->default_value;
    }
  }
}

static void
connect_control(Instance* const self, const uint32_t index, float* const value)
{
  const uint32_t place = self->place[index];

  if (plugin.ports[index].is_output) {
    self->meters.meter[place].target = value;
  } else {
    self->knobs.knob[place].source =
      value ? value : &self->knob_port[index]->default_value;
  }
}

/// Return true if two buffers have frames in common; NULL is far from any
static bool
is_overlap(const float* const a, const float* const b, const uint32_t n_frames)
{
  const uintptr_t distance = (uintptr_t)a - (uintptr_t)b;
  const uintptr_t most     = (uintptr_t)n_frames * sizeof(float) - 1U;

  return distance + most <= 2U * most; // That is, -most <= distance <= most
}

/// Return true if there is `data`, and none of `n` signals has frames of it
static bool
is_apart(const HostSignal* const signals,
         const uint32_t          n,
         const float* const      data,
         const uint32_t          n_frames)
{
  for (uint32_t i = 0; data && i < n; ++i) {
    if (is_overlap(signals[i].data, data, n_frames)) {
      return false;
    }
  }

  return data;
}

/// Connect a signal; what an input shares with outputs is looked for in blocks as
/// before
static void
connect_signal(Instance* const self, const uint32_t index, float* const data)
{
  const bool        is_output = plugin.ports[index].is_output;
  const uint32_t    place     = self->place[index];
  HostSignal* const signal =
    is_output ? &self->outputs.signal[place] : &self->inputs.signal[place];

  if (data != signal->data) {
    const HostSignalList* const outputs = &self->outputs;
    signal->data                        = data;
    signal->is_apart = is_apart(outputs->signal, outputs->n, data, self->n_frames);
    self->n_frames   = is_output ? 0 : self->n_frames;
  }
  if (data) {
    self->ports.is_connected[index] = true;
  } else {
    show_unconnected(self, index);
  }
}

static void
connect_port(const LV2_Handle instance, const uint32_t number, void* const data)
{
  Instance* const   self = (Instance*)instance;
  const Form* const form = self->form;
  if (number >= (form ? form->n_ports : plugin.n_ports)) {
    return;
  }

  const uint32_t index = form ? form->places[number] : number;
  switch (plugin.ports[index].kind) {
  case PORT_CONTROL:
    connect_control(self, index, (float*)data);
    break;
  case PORT_SIGNAL:
    connect_signal(self, index, (float*)data);
    break;
  case PORT_EVENTS:
    self->events = data;
    break;
  }
}

/// Return the form that a descriptor is of, or NULL for the module's own
static const Form*
find_form(const LV2_Descriptor* const descriptor)
{
  for (uint32_t f = 0; f < plugin.n_forms; ++f) {
    if (!strcmp(descriptor->URI, plugin.forms[f].uri)) {
      return &plugin.forms[f];
    }
  }

  return NULL;
}

/// Return the first place for a state within memory that has room for it anywhere
static void*
align(void* const memory)
{
  // Not aligned_alloc(), which Windows does not have
  const uintptr_t over = (uintptr_t)memory % STATE_ALIGNMENT;

  return (char*)memory + (over ? STATE_ALIGNMENT - over : 0U);
}

static LV2_Handle
instantiate(const LV2_Descriptor* const     descriptor,
            const double                    sample_rate,
            const char* const               bundle_path,
            const LV2_Feature* const* const features)
{
  (void)bundle_path;

  // Not one that isn't a number, either
  if (!(sample_rate >= MIN_RATE_HZ && sample_rate <= MAX_RATE_HZ)) {
    return NULL;
  }

  Instance* const self = (Instance*)calloc(1, sizeof(Instance));
  if (!self) {
    return NULL;
  }

  self->memory = calloc(1, plugin.state_size(sample_rate) + STATE_ALIGNMENT);
  if (!self->memory) {
    free(self);
    return NULL;
  }

  self->state = align(self->memory);
  if (plugin.midi || plugin.transport) {
    self->types = map_types(features);
  }
  list_ports(self);
  take_form(self, find_form(descriptor));

  const FloatMode mode = float_mode_enter();
  plugin.init(self->state, sample_rate);
  float_mode_leave(mode);
  return self;
}

static void
activate(const LV2_Handle instance)
{
  Instance* const self = (Instance*)instance;

  const FloatMode mode = float_mode_enter();
  plugin.reset(self->state);
  self->has_controls = false;
  float_mode_leave(mode);
}

static void
cleanup(const LV2_Handle instance)
{
  Instance* const self = (Instance*)instance;

  free(self->memory);
  free(self);
}

// ---- Controls

/// Return `value` within the range of `port`, or the default if it is not a number
static float
clean_control(const Port* const port, const float value)
{
  if (value != value) {
    return port->default_value;
  }

  // With the bounds included, as they equal denormals next to them under DAZ
  return value <= port->minimum   ? port->minimum
         : value >= port->maximum ? port->maximum
                                  : value;
}

/// Return the bits of a control as the host has it
static uint32_t
knob_bits(const HostKnob* const knob)
{
  uint32_t bits = 0;
  memcpy(&bits, knob->source, sizeof(bits));
  return bits;
}

/// Return true if the host has changed a control, by as little as a bit
static bool
has_changed(const HostKnobList* const knobs)
{
#pragma GCC unroll 4
  for (uint32_t k = 0; k < knobs->n; ++k) {
    if (knob_bits(&knobs->knob[k]) != knobs->knob[k].bits) {
      return true;
    }
  }

  return false;
}

static void
read_knob(Instance* const self, HostKnob* const knob)
{
  knob->bits = knob_bits(knob);

  float value = 0.0f;
  memcpy(&value, &knob->bits, sizeof(value));
  self->control[knob->index] = clean_control(self->knob_port[knob->index], value);
}

/// Read the controls, and show them to the module
static void
read_controls(Instance* const self)
{
  for (uint32_t k = 0; k < self->knobs.n; ++k) {
    read_knob(self, &self->knobs.knob[k]);
  }
  if (plugin.set_controls) {
    plugin.set_controls(self->state, &self->ports);
  }
  self->has_controls = true;
}

static void
write_controls(const Instance* const self)
{
  for (uint32_t m = 0; m < self->meters.n; ++m) {
    const HostMeter* const meter = &self->meters.meter[m];
    if (meter->target) {
      *meter->target = self->control[meter->index];
    }
  }
}

// ---- Signals

/// Find which signals share frames, unless all is as in the last block
static void
find_shared_frames(Instance* const self, const uint32_t n_frames)
{
  if (n_frames == self->n_frames) {
    return;
  }

  HostSignal* const in  = self->inputs.signal;
  HostSignal* const out = self->outputs.signal;
  for (uint32_t o = 0; o < self->outputs.n; ++o) {
    out[o].is_apart = is_apart(out, o, out[o].data, n_frames);
  }
  for (uint32_t i = 0; i < self->inputs.n; ++i) {
    in[i].is_apart = is_apart(out, self->outputs.n, in[i].data, n_frames);
  }
  self->n_frames = n_frames;
}

/// Show the module the next frames of all inputs, but those that it needs a copy of as
/// NULL; return true if there are none of these
static bool
show_inputs(Instance* const self, const uint32_t start, const uint32_t n_frames)
{
  bool all = true;
  for (uint32_t i = 0; i < self->inputs.n; ++i) {
    const HostSignal* const in = &self->inputs.signal[i];
    if (in->data) {
      float* const        frames         = in->data + start;
      const SanitizeCheck look           = sanitize_check(frames, n_frames);
      const bool          is_fine        = look.is_clean && in->is_apart;
      self->ports.data[in->index]        = is_fine ? frames : NULL;
      self->ports.is_constant[in->index] = look.is_constant;
      all                                = all && is_fine;
    }
  }
  return all;
}

/// Show the module all outputs, but those that need other frames as NULL; return true
/// if there are none of these
static bool
show_outputs(Instance* const self, const uint32_t start)
{
  bool all = true;
  for (uint32_t o = 0; o < self->outputs.n; ++o) {
    const HostSignal* const out  = &self->outputs.signal[o];
    self->ports.data[out->index] = out->is_apart ? out->data + start : NULL;
    all                          = all && out->is_apart;
  }
  return all;
}

/// Return true if a signal is connected, but must not be shown as it is
static bool
needs_line(const Instance* const self, const HostSignal* const signal)
{
  return !self->ports.data[signal->index] &&
         (signal->data || plugin.ports[signal->index].is_output);
}

static uint32_t
count_lines(const Instance* const self, const HostSignalList* const signals)
{
  uint32_t n = 0;
  for (uint32_t s = 0; s < signals->n; ++s) {
    n += needs_line(self, &signals->signal[s]);
  }
  return n;
}

/// Return how long a line can be, without counting where there is enough for all
static uint32_t
line_width(const Instance* const self, const bool has_inputs)
{
  static const uint32_t n_whole = SCRATCH_FRAMES / BLOCK_FRAMES;

  if (self->outputs.n + (has_inputs ? 0U : self->inputs.n) <= n_whole) {
    return BLOCK_FRAMES;
  }

  const uint32_t n_lines =
    count_lines(self, &self->inputs) + count_lines(self, &self->outputs);
  return n_lines <= n_whole ? BLOCK_FRAMES : SCRATCH_FRAMES / n_lines;
}

/// Lend lines of `width` frames to the outputs that need them; return what is left
static float*
lend_outputs(Instance* const self, float* line, const uint32_t width)
{
  for (uint32_t o = 0; o < self->outputs.n; ++o) {
    const uint32_t index = self->outputs.signal[o].index;
    if (!self->ports.data[index]) {
      self->ports.data[index] = line;
      line += width;
    }
  }
  return line;
}

/// Clean inputs that need it into lines of `width` frames
static void
copy_inputs(Instance* const self,
            const uint32_t  start,
            float*          line,
            const uint32_t  width,
            const uint32_t  n_frames)
{
  for (uint32_t i = 0; i < self->inputs.n; ++i) {
    const HostSignal* const in = &self->inputs.signal[i];
    if (needs_line(self, in)) {
      sanitize_clean(in->data + start, line, n_frames);
      self->ports.data[in->index] = line;
      line += width;
    }
  }
}

/// Run frames with lines where a signal needs one, as many as these have; return how
/// many
static uint32_t
run_lines(Instance* const self,
          const uint32_t  start,
          const bool      has_inputs,
          const uint32_t  n_frames)
{
  float          scratch[SCRATCH_FRAMES];
  const uint32_t width = line_width(self, has_inputs);
  const uint32_t n     = n_frames < width ? n_frames : width;
  float* const   rest  = lend_outputs(self, scratch, width);
  if (!has_inputs) {
    copy_inputs(self, start, rest, width, n);
  }
  plugin.run(self->state, &self->ports, n);
  return n;
}

/// Run the next frames, `n_frames` or fewer, and return how many
static uint32_t
run_slice(Instance* const self, const uint32_t start, const uint32_t n_frames)
{
  const bool has_inputs  = show_inputs(self, start, n_frames);
  const bool has_outputs = show_outputs(self, start);
  if (!has_inputs || !has_outputs) {
    return run_lines(self, start, has_inputs, n_frames);
  }

  plugin.run(self->state, &self->ports, n_frames);
  return n_frames;
}

/// Run frames `start` to `end` of the block
static void
run_frames(Instance* const self, const uint32_t start, const uint32_t end)
{
  for (uint32_t at = start; at < end;) {
    const uint32_t left = end - at;
    at += run_slice(self, at, left < BLOCK_FRAMES ? left : BLOCK_FRAMES);
  }
}

// ---- Events

/// Return the number of bytes that an atom of `size` takes among others
static size_t
padded(const uint32_t size)
{
  return ((size_t)size + 7U) & ~(size_t)7U;
}

/// Return the number that `bytes` hold, or NAN if they are none
static double
read_number(const EventTypes* const types,
            const LV2_Atom          atom,
            const uint8_t* const    bytes)
{
  int32_t int_number    = 0;
  int64_t long_number   = 0;
  float   float_number  = 0.0f;
  double  double_number = NAN;

  if (atom.type == types->int_number && atom.size == sizeof(int_number)) {
    memcpy(&int_number, bytes, sizeof(int_number));
    double_number = (double)int_number;
  } else if (atom.type == types->long_number && atom.size == sizeof(long_number)) {
    memcpy(&long_number, bytes, sizeof(long_number));
    double_number = (double)long_number;
  } else if (atom.type == types->float_number && atom.size == sizeof(float_number)) {
    memcpy(&float_number, bytes, sizeof(float_number));
    double_number = (double)float_number;
  } else if (atom.type == types->double_number && atom.size == sizeof(double_number)) {
    memcpy(&double_number, bytes, sizeof(double_number));
  }

  return isfinite(double_number) ? double_number : NAN;
}

/// Return where a property of the transport is kept, or NULL if modules do not see it
static double*
transport_field(const EventTypes* const types,
                Transport* const        transport,
                const LV2_URID          key)
{
  const struct {
    LV2_URID key;
    double*  field;
  } fields[] = {{types->bar, &transport->bar},
                {types->bar_beat, &transport->bar_beat},
                {types->beat_unit, &transport->beat_unit},
                {types->beats_per_bar, &transport->beats_per_bar},
                {types->beats_per_minute, &transport->beats_per_minute},
                {types->frame, &transport->frame},
                {types->speed, &transport->speed}};

  for (size_t f = 0; f < sizeof(fields) / sizeof(fields[0]); ++f) {
    if (fields[f].key == key) {
      return fields[f].field;
    }
  }
  return NULL;
}

/// Return what `bytes`, the properties of an object, tell of the transport
static Transport
read_transport(const EventTypes* const types,
               const uint8_t* const    bytes,
               const size_t            size)
{
  Transport transport = {NAN, NAN, NAN, NAN, NAN, NAN, NAN};

  LV2_Atom_Property_Body property;
  for (size_t at = 0; at + sizeof(property) <= size;
       at += sizeof(property) + padded(property.value.size)) {
    memcpy(&property, bytes + at, sizeof(property));
    if (property.value.size > size - at - sizeof(property)) {
      break;
    }

    double* const field = transport_field(types, &transport, property.key);
    if (field) {
      *field = read_number(types, property.value, bytes + at + sizeof(property));
    }
  }

  return transport;
}

/// Return true if an event is a position of the transport
static bool
is_position(const EventTypes* const types,
            const LV2_Atom          atom,
            const uint8_t* const    bytes)
{
  LV2_Atom_Object_Body object = {0, 0};
  if ((atom.type != types->object && atom.type != types->blank) ||
      atom.size < sizeof(object)) {
    return false;
  }

  memcpy(&object, bytes, sizeof(object));
  return object.otype == types->position;
}

/// Return true if the module takes an event
static bool
is_wanted(const Instance* const self, const LV2_Atom atom, const uint8_t* const bytes)
{
  return atom.type == self->types.midi
           ? plugin.midi && atom.size > 0
           : plugin.transport && is_position(&self->types, atom, bytes);
}

/// Give the module an event that it takes
static void
give_event(const Instance* const self, const LV2_Atom atom, const uint8_t* const bytes)
{
  static const size_t head_size = sizeof(LV2_Atom_Object_Body);

  if (atom.type == self->types.midi) {
    plugin.midi(self->state, bytes, atom.size);
  } else {
    const Transport transport =
      read_transport(&self->types, bytes + head_size, atom.size - head_size);
    plugin.transport(self->state, &transport);
  }
}

/// Run the whole block, and give the module each event at its frame
static void
run_events(Instance* const                self,
           const LV2_Atom_Sequence* const sequence,
           const uint32_t                 n_frames)
{
  const uint8_t* const body  = (const uint8_t*)&sequence->body;
  const size_t         size  = sequence->atom.size;
  uint32_t             frame = 0;

  // Some hosts align sequences to 4 bytes only, so each header is copied out
  LV2_Atom_Event event;
  for (size_t at = sizeof(sequence->body); at + sizeof(event) <= size;
       at += sizeof(event) + padded(event.body.size)) {
    memcpy(&event, body + at, sizeof(event));
    if (event.body.size > size - at - sizeof(event)) {
      break;
    }

    const uint8_t* const bytes = body + at + sizeof(event);
    if (is_wanted(self, event.body, bytes)) {
      const int64_t time  = event.time.frames;
      const int64_t due   = time < n_frames ? time : n_frames;
      const int64_t start = due > frame ? due : frame;
      run_frames(self, frame, (uint32_t)start);
      frame = (uint32_t)start;
      give_event(self, event.body, bytes);
    }
  }

  run_frames(self, frame, n_frames);
}

static void
run(const LV2_Handle instance, const uint32_t n_frames)
{
  Instance* const self = (Instance*)instance;

  // As late as can be: to ask for the mode takes long just after it was changed
  const bool turns = !self->has_controls || has_changed(&self->knobs);
  find_shared_frames(self, n_frames);
  const FloatMode mode = float_mode_enter();
  if (turns) {
    read_controls(self);
  }
  if (self->events && self->types.midi) {
    run_events(self, (const LV2_Atom_Sequence*)self->events, n_frames);
  } else {
    run_frames(self, 0, n_frames);
  }
  write_controls(self);

  float_mode_leave(mode);
}

const LV2_Descriptor*
plugin_descriptor(const uint32_t index)
{
  static LV2_Descriptor descriptors[MAX_FORMS];

  if (index > plugin.n_forms) {
    return NULL;
  }

  LV2_Descriptor* const descriptor = &descriptors[index];
  *descriptor = (LV2_Descriptor){index ? plugin.forms[index - 1].uri : plugin.uri,
                                 instantiate,
                                 connect_port,
                                 activate,
                                 run,
                                 NULL,
                                 cleanup,
                                 NULL};
  return descriptor;
}
