// SPDX-License-Identifier: ISC

#include "render/outputs.h"

#include "host/atomic_file.h"
#include "host/message.h"
#include "host/xalloc.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

/// Note the level of a block, and how many of its samples are no numbers
static void
meter(Render* const render, const uint32_t channel, const float* const out, uint32_t n)
{
  float    peak    = 0.0f;
  uint64_t n_wrong = 0;
  for (uint32_t i = 0; i < n; ++i) {
    const float size     = fabsf(out[i]);
    const bool  is_wrong = !(size <= 3.402823466e38f);
    peak                 = !is_wrong && size > peak ? size : peak;
    n_wrong += is_wrong;
  }

  const PatchPort* const port = &render->patch->ports[render->channels[channel]];
  float* const total = port->kind == HOST_CV ? &render->cv_peak : &render->audio_peak;
  *total             = peak > *total ? peak : *total;
  render->n_wrong += n_wrong;
}

bool
render_write_outputs(Render* const render, const uint32_t n_frames)
{
  const uint32_t n_channels = render->n_channels;
  for (uint32_t c = 0; c < n_channels; ++c) {
    const float* const out = engine_output(render->engine, render->channels[c]);
    meter(render, c, out, n_frames);
    for (uint32_t i = 0; i < n_frames; ++i) {
      render->frames[i * n_channels + c] = out[i];
    }
  }

  return sound_writer_write(render->writer, render->frames, n_frames);
}

/// Volts go beyond what formats without floats can hold
static bool
check_formats(const Render* const render)
{
  for (uint32_t c = 0; c < render->n_channels; ++c) {
    const PatchPort* const port = &render->patch->ports[render->channels[c]];
    if (port->kind == HOST_CV && !sound_writer_is_float(render->writer)) {
      message_error(render->options->output,
                    port->name,
                    "is CV, in volts, which takes a WAV of 32 bits");
      return false;
    }
  }

  return true;
}

/// The output must not take the place of what it is made from
static bool
check_inputs(const Render* const render)
{
  const char* const output = render->options->output;
  for (uint32_t p = 0; p < render->patch->n_ports; ++p) {
    const InputFile* const source = render->sources[p];
    if (source && !atomic_file_check_apart(output, input_file_path(source))) {
      return false;
    }
  }

  return atomic_file_check_apart(output, render->options->patch);
}

bool
render_open_output(Render* const render)
{
  if (!check_inputs(render)) {
    return false;
  }

  const SoundFormat format = {render->options->type,
                              (int)render->options->sample_rate,
                              (int)render->n_channels,
                              render->options->n_bits,
                              render->n_frames};

  render->frames = (float*)xalloc(calloc(
    (size_t)render->options->block_frames * (render->n_channels + 1U), sizeof(float)));
  render->writer = sound_writer_open(render->options->output, &format);
  return render->writer && check_formats(render);
}
