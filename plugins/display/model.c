// SPDX-License-Identifier: ISC

#include "display/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 64U
#define TWO_PI 6.28318530717958648
#define TINY 1e-9

void
model_init(Model* const self, const Plugin* const plugin, const float* const values)
{
  *self = (Model){.plugin = plugin, .values = values};
}

void
model_free(Model* const self)
{
  free(self->memory);
  free(self->lines);
  self->memory = NULL;
  self->lines  = NULL;
  self->size   = 0;
}

/// Have memory for a state, all of it 0; return false if there is none
static bool
make_state(Model* const self, const size_t needed)
{
  if (needed > self->size) {
    free(self->memory);
    self->memory = calloc(1, needed + ALIGNMENT);
    self->size   = self->memory ? needed : 0;
  } else {
    memset(self->memory, 0, needed + ALIGNMENT);
  }
  if (!self->memory) {
    return false;
  }

  const uintptr_t over = (uintptr_t)self->memory % ALIGNMENT;
  self->state          = (char*)self->memory + (over ? ALIGNMENT - over : 0U);
  return true;
}

static float*
line_of(const Model* const self, const uint32_t port)
{
  return self->lines + (size_t)port * BLOCK_FRAMES;
}

/// Show the module one port: a control, or a line of frames
static void
show_port(Model* const self, const uint32_t index)
{
  const Port* const port = &self->plugin->ports[index];
  float* const      line = line_of(self, index);
  for (uint32_t i = 0; i < BLOCK_FRAMES; ++i) {
    line[i] = port->is_output ? 0.0f : self->values[index];
  }
  self->ports.data[index]         = port->kind == PORT_EVENTS ? NULL : line;
  self->ports.is_constant[index]  = !port->is_output;
  self->ports.is_connected[index] = !port->is_output && line[0] != 0.0f;
}

static void
start_file(Model* const self)
{
  double            numbers[MAX_FILE_NUMBERS];
  const File* const file = self->plugin->file;
  if (file) {
    file->start(numbers);
    file->take(self->state, numbers);
  }
}

bool
model_start(Model* const         self,
            const double         sample_rate,
            const uint8_t* const outs,
            const uint32_t       n_outs)
{
  const Plugin* const plugin = self->plugin;
  const double        rate   = fmin(fmax(sample_rate, MIN_RATE_HZ), MAX_RATE_HZ);
  if (!self->lines) {
    self->lines = calloc((size_t)plugin->n_ports * BLOCK_FRAMES, sizeof(float));
  }
  if (!self->lines || !make_state(self, plugin->state_size(rate))) {
    return false;
  }

  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    show_port(self, p);
  }
  for (uint32_t o = 0; o < n_outs; ++o) {
    self->ports.is_connected[outs[o]] = true;
  }
  self->sample_rate = rate;
  self->frame       = 0;
  plugin->init(self->state, rate);
  start_file(self);
  if (plugin->set_controls) {
    plugin->set_controls(self->state, &self->ports);
  }
  return true;
}

/// Return what a test signal is at a frame
static float
test_frame(const DrawSignal* const signal,
           const double            sample_rate,
           const uint32_t          frame)
{
  const double time_s  = (double)frame / sample_rate;
  const double lengths = signal->length_s > 0.0 ? time_s / signal->length_s : 0.0;
  const float  range   = signal->high - signal->low;
  switch (signal->kind) {
  case DRAW_IMPULSE:
    return frame ? signal->low : signal->high;
  case DRAW_GATE:
    return time_s < signal->length_s ? signal->high : signal->low;
  case DRAW_PULSES: // Where a frame is at the start of one, to a rounding
    return lengths + TINY - floor(lengths + TINY) < 0.5 ? signal->high : signal->low;
  case DRAW_SINE:
    return signal->low + range * (float)(0.5 + 0.5 * sin(TWO_PI * lengths));
  case DRAW_RAMP:
  default:
    return signal->low + range * (float)fmin(lengths, 1.0);
  }
}

/// Write the next frames of a test signal where the module reads them
static void
feed(Model* const self, const DrawSignal* const signal, const uint32_t n_frames)
{
  float* const line        = line_of(self, signal->port);
  bool         is_constant = true;
  for (uint32_t i = 0; i < n_frames; ++i) {
    line[i]     = test_frame(signal, self->sample_rate, self->frame + i);
    is_constant = is_constant && line[i] == line[0];
  }
  self->ports.is_constant[signal->port]  = is_constant;
  self->ports.is_connected[signal->port] = true;
}

/// Run up to BLOCK_FRAMES, and record what they are from frame `at` of a take on
static void
run_block(Model* const            self,
          const DrawSignal* const signals,
          const uint32_t          n_signals,
          const ModelTake* const  take,
          const uint32_t          at,
          const uint32_t          n_frames)
{
  for (uint32_t s = 0; s < n_signals; ++s) {
    feed(self, &signals[s], n_frames);
  }
  self->plugin->run(self->state, &self->ports, n_frames);
  self->frame += n_frames;
  for (uint32_t o = 0; o < take->n_outs; ++o) {
    memcpy(take->frames + (size_t)o * take->stride + at,
           line_of(self, take->outs[o]),
           n_frames * sizeof(float));
  }
}

void
model_run(Model* const            self,
          const DrawSignal* const signals,
          const uint32_t          n_signals,
          const ModelTake* const  take,
          const uint32_t          n_frames)
{
  for (uint32_t at = 0; at < n_frames; at += BLOCK_FRAMES) {
    const uint32_t left = n_frames - at;
    run_block(
      self, signals, n_signals, take, at, left < BLOCK_FRAMES ? left : BLOCK_FRAMES);
  }
}
