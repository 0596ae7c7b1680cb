// SPDX-License-Identifier: ISC

#include "render/inputs.h"

#include "host/host.h"
#include "host/message.h"
#include "host/xalloc.h"

#include <lv2/atom/atom.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define TAIL_S 2.0            ///< Rendered after the end of the longest source
#define DEFAULT_LENGTH_S 10.0 ///< Of a patch without sources
#define SECONDS_PER_HOUR 3600.0
#define MAX_UNASKED_S (24.0 * SECONDS_PER_HOUR) ///< Longest render without --seconds
#define MAX_BITS 32                             ///< Of a sample, unless it is chosen

static void*
new_input(const Render* const render, const uint32_t index)
{
  const PatchPort* const port   = &render->patch->ports[index];
  const InputFile* const source = render->sources[index];
  const size_t           size   = source ? input_file_buffer_size(source)
                                         : render->options->block_frames * sizeof(float);

  // Without a source this is silence, but an empty sequence has to say so
  void* const buffer = xalloc(calloc(1, size + sizeof(LV2_Atom_Sequence)));
  if (port->kind == HOST_EVENTS && !source) {
    LV2_Atom_Sequence* const events = (LV2_Atom_Sequence*)buffer;
    events->atom.type               = host_map(render->patch->host, LV2_ATOM__Sequence);
    events->atom.size               = sizeof(LV2_Atom_Sequence_Body);
  }
  return buffer;
}

bool
render_open_input(Render* const render, const uint32_t index)
{
  const RenderOptions* const options = render->options;
  const PatchPort* const     port    = &render->patch->ports[index];
  if (port->source) {
    render->sources[index] = input_file_open(render->patch->host,
                                             port->source,
                                             port->kind,
                                             options->sample_rate,
                                             options->block_frames);
    if (!render->sources[index]) {
      return false;
    }
    if (options->tempo_bpm > 0.0) {
      input_file_set_tempo(render->sources[index], options->tempo_bpm);
    }
  } else {
    message_warning(
      render->patch->path,
      port->name,
      "has no file to play, so it stays silent; give it one by --in %s=FILE",
      port->name);
  }

  render->inputs[index] = new_input(render, index);
  return true;
}

void
render_read_inputs(const Render* const render, const uint32_t n_frames)
{
  for (uint32_t p = 0; p < render->patch->n_ports; ++p) {
    InputFile* const source = render->sources[p];
    if (source) {
      input_file_read(source, render->inputs[p], n_frames);
    }
  }
}

void
render_find_song(Render* const render)
{
  const Patch* const patch = render->patch;
  for (uint32_t p = 0; p < patch->n_ports && !render->n_positions; ++p) {
    const InputFile* const source = render->sources[p];
    const bool             leads =
      source && (input_file_has_tempo(source) || patch->tempo_bpm <= 0.0 ||
                 render->options->tempo_bpm > 0.0);
    if (leads) {
      free(render->song);
      render->song = input_file_song(source, &render->n_positions);
    }
  }
}

uint64_t
render_find_length(const Render* const render)
{
  const double sample_rate = render->options->sample_rate;

  bool     has_source = false;
  uint64_t n_longest  = 0;
  for (uint32_t p = 0; p < render->patch->n_ports; ++p) {
    if (render->sources[p]) {
      const uint64_t n_frames = input_file_n_frames(render->sources[p]);
      n_longest               = n_frames > n_longest ? n_frames : n_longest;
      has_source              = true;
    }
  }

  const double length_s = render->options->length_s;
  return length_s > 0.0 ? (uint64_t)ceil(length_s * sample_rate)
         : has_source   ? n_longest + (uint64_t)ceil(TAIL_S * sample_rate)
                        : (uint64_t)ceil(DEFAULT_LENGTH_S * sample_rate);
}

/// Return the bytes left where the output will be, or none if that is not limited
static double
free_bytes(const RenderOptions* const options)
{
  const char* const slash  = strrchr(options->output, '/');
  char* const       folder = (char*)xalloc(
    slash ? strndup(options->output, (size_t)(slash - options->output) + 1U)
          : strdup("."));
  struct stat    info;
  struct statvfs disk;
  const bool     is_file  = stat(options->output, &info) || S_ISREG(info.st_mode);
  const bool     is_known = is_file && !statvfs(folder, &disk);

  free(folder);
  return is_known ? (double)disk.f_bavail * (double)disk.f_frsize : INFINITY;
}

bool
render_check_length(const Render* const render)
{
  const RenderOptions* const options  = render->options;
  const double               n_bits   = options->n_bits ? options->n_bits : MAX_BITS;
  const double               length_s = (double)render->n_frames / options->sample_rate;
  const double n_bytes = (double)render->n_frames * render->n_channels * n_bits / 8.0;
  const bool   is_long = length_s > MAX_UNASKED_S;
  if (options->length_s > 0.0 || (!is_long && n_bytes <= free_bytes(options))) {
    return true;
  }

  message_error(
    options->output,
    NULL,
    "would last %.0f s (%.4g hours), which is more than %s: say --seconds N "
    "to render as much of it",
    length_s,
    length_s / SECONDS_PER_HOUR,
    is_long ? "24 hours" : "the disk has room for");
  return false;
}
