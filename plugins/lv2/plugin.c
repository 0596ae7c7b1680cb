// SPDX-License-Identifier: ISC
// The LV2 side of every plugin, with the rest of this folder: all that knows LV2

#include "plugin.h"

#include "lv2/controls.h"
#include "lv2/descriptor.h"
#include "lv2/display.h"
#include "lv2/events.h"
#include "lv2/files.h"
#include "lv2/float_mode.h"
#include "lv2/instance.h"
#include "lv2/swap.h"
#include "signal/sanitize.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/// Frames for copied inputs and ignored outputs: slices are shorter where these are
/// many
#define SCRATCH_FRAMES (8U * BLOCK_FRAMES)

_Static_assert(SCRATCH_FRAMES / MAX_PORTS >= 16U, "slices are never very short");

// ---- Lifetime

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

/// Get each channel a state of its own, all of them in one piece behind a head, and set
/// it up; returns false if there is no memory
static bool
make_states(Instance* const self, const double sample_rate)
{
  const size_t needed = plugin.state_size(sample_rate);
  const size_t lines  = (needed + STATE_ALIGNMENT - 1U) / STATE_ALIGNMENT;
  const size_t size   = lines * STATE_ALIGNMENT;

  self->memory = calloc(1, self->n_channels * size + 2U * STATE_ALIGNMENT);
  if (!self->memory) {
    return false;
  }

  self->head        = (SwapHead*)align(self->memory);
  self->head->size  = self->n_channels * size;
  char* const first = (char*)self->head + STATE_ALIGNMENT;
  for (uint32_t c = 0; c < self->n_channels; ++c) {
    self->channel[c].state = first + c * size;
    plugin.init(self->channel[c].state, sample_rate);
  }
  return true;
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

  Instance* const self = (Instance*)calloc(1, sizeof(Instance) + files_size());
  if (!self) {
    return NULL;
  }

  self->form       = find_form(descriptor);
  self->n_channels = self->form ? self->form->n_channels : 1;

  const FloatMode mode = float_mode_enter();
  const bool      ok   = make_states(self, sample_rate);
  if (ok) {
    files_open(self, features);
  }
  float_mode_leave(mode);
  if (!ok) {
    free(self);
    return NULL;
  }

  if (plugin.midi || plugin.transport || plugin.message || plugin.file) {
    self->types = map_event_types(features);
  }
  swap_open(self, descriptor->URI, sample_rate, features);
  list_ports(self);
  take_defaults(self);
  display_open(self, sample_rate, features);
  return self;
}

static void
activate(const LV2_Handle instance)
{
  Instance* const self = (Instance*)instance;

  const FloatMode mode = float_mode_enter();
  for (uint32_t c = 0; c < self->n_channels; ++c) {
    plugin.reset(self->channel[c].state);
  }
  files_give(self);
  self->has_controls = false;
  float_mode_leave(mode);
}

static void
cleanup(const LV2_Handle instance)
{
  Instance* const self = (Instance*)instance;

  display_close(self);
  free(self->memory);
  free(self);
}

// ---- Signals

/// Show the module the next frames of all inputs, but those that it needs a copy of as
/// NULL; return true if there are none of these
static bool
show_inputs(Instance* const self, const uint32_t start, const uint32_t n_frames)
{
  bool          all  = true;
  const float*  last = NULL; // Many hosts have one silence for all
  SanitizeCheck look = {true, true};

  const HostSignal* const end = &self->inputs.signal[self->inputs.n];
  for (const HostSignal* in = self->inputs.signal; in < end; ++in) {
    if (in->data) {
      float* const frames = in->data + start;
      look                = frames == last ? look : sanitize_check(frames, n_frames);
      last                = frames;

      const bool is_fine = look.is_clean && in->is_apart;
      *in->shown         = is_fine ? frames : NULL;
      *in->is_constant   = look.is_constant;
      all                = all && is_fine;
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

  const HostSignal* const end = &self->outputs.signal[self->outputs.n];
  for (const HostSignal* out = self->outputs.signal; out < end; ++out) {
    *out->shown = out->is_apart ? out->data + start : NULL;
    all         = all && out->is_apart;
  }
  return all;
}

/// Return true if a signal is connected, but must not be shown as it is
static bool
needs_line(const HostSignal* const signal)
{
  return !*signal->shown && (signal->data || signal->is_output);
}

static uint32_t
count_lines(const HostSignalList* const signals)
{
  uint32_t n = 0;
  for (uint32_t s = 0; s < signals->n; ++s) {
    n += needs_line(&signals->signal[s]);
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

  const uint32_t n_lines = count_lines(&self->inputs) + count_lines(&self->outputs);
  return n_lines <= n_whole ? BLOCK_FRAMES : SCRATCH_FRAMES / n_lines;
}

/// Lend lines of `width` frames to the outputs that need them; return what is left
static float*
lend_outputs(Instance* const self, float* line, const uint32_t width)
{
  for (uint32_t o = 0; o < self->outputs.n; ++o) {
    void** const shown = self->outputs.signal[o].shown;
    if (!*shown) {
      *shown = line;
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
    if (needs_line(in)) {
      sanitize_clean(in->data + start, line, n_frames);
      *in->shown = line;
      line += width;
    }
  }
}

/// Show a channel the inputs that the first has been shown for all
static void
share_inputs(const Instance* const self, Channel* const channel)
{
  const Ports* const first = &self->channel[0].ports;
  Ports* const       ports = &channel->ports;
  for (uint32_t i = 0; i < self->inputs.n; ++i) {
    const HostSignal* const in = &self->inputs.signal[i];
    if (in->is_shared) {
      ports->data[in->index]         = first->data[in->index];
      ports->is_constant[in->index]  = first->is_constant[in->index];
      ports->is_connected[in->index] = first->is_connected[in->index];
    }
  }
}

/// Run a channel that is not the first
static void
run_other(Instance* const self, const uint32_t c, const uint32_t n_frames)
{
  share_inputs(self, &self->channel[c]);
  plugin.run(self->channel[c].state, &self->channel[c].ports, n_frames);
}

/// Run all channels; all inputs have been looked at before any output is written
static inline void
run_channels(Instance* const self, const uint32_t n_frames)
{
  plugin.run(self->channel[0].state, &self->channel[0].ports, n_frames);
  for (uint32_t c = 1; c < self->n_channels; ++c) {
    run_other(self, c, n_frames);
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
  run_channels(self, n);
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

  run_channels(self, n_frames);
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

// ---- Run

/// Give the module an event that it takes, in all channels
static void
give_to_all(const Instance* const self, const LV2_Atom atom, const uint8_t* const bytes)
{
  for (uint32_t c = 0; c < self->n_channels; ++c) {
    give_event(&self->types, self->channel[c].state, atom, bytes);
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
       at += sizeof(event) + padded_size(event.body.size)) {
    memcpy(&event, body + at, sizeof(event));
    if (event.body.size > size - at - sizeof(event)) {
      break;
    }

    const uint8_t* const bytes = body + at + sizeof(event);
    if (is_event_wanted(&self->types, event.body, bytes)) {
      const int64_t time  = event.time.frames;
      const int64_t due   = time < n_frames ? time : n_frames;
      const int64_t start = due > frame ? due : frame;
      run_frames(self, frame, (uint32_t)start);
      frame = (uint32_t)start;
      if (!files_take_event(self, frame, event.body, bytes)) {
        give_to_all(self, event.body, bytes);
      }
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
  if (n_frames != self->n_frames) {
    find_shared_frames(self, n_frames);
  }
  const FloatMode mode = float_mode_enter();
  if (turns) {
    read_controls(self);
  }
  files_begin(self, n_frames);
  if (self->events && self->types.midi) {
    run_events(self, (const LV2_Atom_Sequence*)self->events, n_frames);
  } else {
    run_frames(self, 0, n_frames);
  }
  write_controls(self);
  if (self->display) {
    display_look(self, n_frames);
  }

  float_mode_leave(mode);
}

static const void*
extension_data(const char* const uri)
{
  const void* const display = display_extension(uri);

  return display ? display : swap_extension(uri);
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
                                 extension_data};
  return descriptor;
}
