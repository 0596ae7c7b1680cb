// SPDX-License-Identifier: ISC
/**
   Renders a patch to a sound file.

   render [OPTION]... PATCH.ttl OUT.wav, see render --help
*/

#include "host/atomic_file.h"
#include "host/clock.h"
#include "host/engine.h"
#include "host/host.h"
#include "host/ingen.h"
#include "host/input_file.h"
#include "host/message.h"
#include "host/patch.h"
#include "host/render_options.h"
#include "host/sound_writer.h"
#include "host/stop.h"
#include "host/value.h"
#include "host/xalloc.h"

#include <lv2/atom/atom.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define TAIL_S 2.0            ///< Rendered after the end of the longest source
#define DEFAULT_LENGTH_S 10.0 ///< Of a patch without sources
#define SECONDS_PER_HOUR 3600.0
#define MAX_UNASKED_S (24.0 * SECONDS_PER_HOUR) ///< Longest render without --seconds
#define MAX_BITS 32                             ///< Of a sample, unless it is chosen
#define PROGRESS_START_S 1.0                    ///< Shorter renders show no progress
#define PROGRESS_PERIOD_S 0.25 ///< Time between two looks at the progress

/// What goes into a patch, what comes out, and how loud it is
typedef struct {
  const RenderOptions* options;
  const Patch*         patch;
  InputFile**          sources;  ///< By port of the patch, NULL where there is none
  void**               inputs;   ///< Buffers, by port of the patch
  uint32_t*            channels; ///< Outputs of the patch
  uint32_t             n_channels;
  Engine*              rack;
  SoundWriter*         sink;
  float*               frames; ///< A block of all channels in turn
  uint64_t             n_frames;
  Position*            song; ///< Changes of a MIDI file's tempo and time signature
  size_t               n_positions;
  float                audio_peak;
  float                cv_peak;
  uint64_t             n_wrong;  ///< Samples that are no finite number
  bool                 is_float; ///< Whether the output holds what is above full scale
} Render;

// ---- What comes in

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

static bool
open_input(Render* const render, const uint32_t index)
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

static void
read_inputs(const Render* const render, const uint32_t n_frames)
{
  for (uint32_t p = 0; p < render->patch->n_ports; ++p) {
    InputFile* const source = render->sources[p];
    if (source) {
      input_file_read(source, render->inputs[p], n_frames);
    }
  }
}

/**
   Take the song from the first MIDI file with a map of tempos.

   A file that sets no tempo leaves it to the patch, if that has one.
*/
static void
find_song(Render* const render)
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

/// Return how many frames to render
static uint64_t
find_length(const Render* const render)
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

/// Refuse what no one can want who has not asked for so much
static bool
check_length(const Render* const render)
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

// ---- What comes out

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

static bool
write_outputs(Render* const render, const uint32_t n_frames)
{
  const uint32_t n_channels = render->n_channels;
  for (uint32_t c = 0; c < n_channels; ++c) {
    const float* const out = engine_output(render->rack, render->channels[c]);
    meter(render, c, out, n_frames);
    for (uint32_t i = 0; i < n_frames; ++i) {
      render->frames[i * n_channels + c] = out[i];
    }
  }

  return sound_writer_write(render->sink, render->frames, n_frames);
}

/// Volts go beyond what formats without floats can hold
static bool
check_formats(const Render* const render)
{
  for (uint32_t c = 0; c < render->n_channels; ++c) {
    const PatchPort* const port = &render->patch->ports[render->channels[c]];
    if (port->kind == HOST_CV && !sound_writer_is_float(render->sink)) {
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

static bool
open_output(Render* const render)
{
  if (!check_inputs(render)) {
    return false;
  }

  const SinkFormat format = {(int)render->options->sample_rate,
                             (int)render->n_channels,
                             render->options->n_bits,
                             render->n_frames};

  render->frames = (float*)xalloc(calloc(
    (size_t)render->options->block_frames * (render->n_channels + 1U), sizeof(float)));
  render->sink   = sound_writer_open(render->options->output, &format);
  return render->sink && check_formats(render);
}

// ---- Rendering

static void
show_progress(const uint64_t n_done, const uint64_t n_frames, const double rate)
{
  fprintf(stderr,
          "render: %3.0f %% of %.0f s\r",
          100.0 * (double)n_done / (double)n_frames,
          (double)n_frames / rate);
  fflush(stderr);
}

static bool
run_block(Render* const render, const uint32_t n_frames)
{
  read_inputs(render, n_frames);
  engine_run(render->rack, n_frames);
  return write_outputs(render, n_frames);
}

/// Render it all; returns false if that is impossible or a signal came
static bool
run(Render* const render)
{
  const uint32_t block    = render->options->block_frames;
  const bool     is_shown = isatty(STDERR_FILENO);
  double         next_s   = clock_now_s() + PROGRESS_START_S;
  bool           ok       = true;
  bool           began    = false;
  for (uint64_t done = 0; ok && !stop_asked() && done < render->n_frames;) {
    const uint64_t left     = render->n_frames - done;
    const uint32_t n_frames = left < block ? (uint32_t)left : block;
    ok                      = run_block(render, n_frames);
    done += n_frames;
    if (is_shown && clock_now_s() >= next_s) {
      show_progress(done, render->n_frames, render->options->sample_rate);
      next_s = clock_now_s() + PROGRESS_PERIOD_S;
      began  = true;
    }
  }

  if (began) {
    fprintf(stderr, "%40s\r", "");
  }
  return ok && !stop_asked();
}

/// Open everything that the patch needs, inputs and plugins first
static bool
open_render(Render* const render)
{
  const Patch* const patch = render->patch;

  render->sources  = (InputFile**)xalloc(calloc(patch->n_ports, sizeof(InputFile*)));
  render->inputs   = (void**)xalloc(calloc(patch->n_ports, sizeof(void*)));
  render->channels = (uint32_t*)xalloc(calloc(patch->n_ports, sizeof(uint32_t)));
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    if (patch->ports[p].is_output) {
      render->channels[render->n_channels++] = p;
    } else if (!open_input(render, p)) {
      return false;
    }
  }

  render->n_frames = find_length(render);
  if (!check_length(render)) {
    return false;
  }

  find_song(render);
  render->rack = engine_new_song(patch,
                                 render->inputs,
                                 render->options->block_frames,
                                 render->song,
                                 render->n_positions);
  if (render->rack && render->options->profile) {
    engine_measure(render->rack);
  }
  return render->rack && open_output(render);
}

static void
close_render(Render* const render)
{
  if (render->sink) {
    sound_writer_abandon(render->sink);
  }
  if (render->rack) {
    engine_free(render->rack);
  }
  for (uint32_t p = 0; p < render->patch->n_ports; ++p) {
    if (render->sources[p]) {
      input_file_close(render->sources[p]);
    }
    free(render->inputs[p]);
  }
  free(render->frames);
  free(render->song);
  free(render->channels);
  free(render->inputs);
  free(render->sources);
}

// ---- What is told

/// Write a level, "-6.02 dB" or "10 V", or "silent"
static void
print_peak(const Render* const render, char* const text, const size_t size)
{
  const double peak   = (double)render->audio_peak;
  const double peak_v = (double)render->cv_peak;
  if (peak > 0.0) {
    snprintf(text, size, "peak %.2f dB", 20.0 * log10(peak));
  } else if (peak_v > 0.0) {
    snprintf(text, size, "peak %.3g V", peak_v);
  } else {
    snprintf(text, size, "silent");
  }
}

static void
tell_facts(const Render* const render)
{
  const double sample_rate = render->options->sample_rate;
  char         peak[64]    = "";
  print_peak(render, peak, sizeof(peak));
  printf("%s: %.3f s, %u channel%s at %.0f Hz, %s\n",
         render->options->output,
         (double)render->n_frames / sample_rate,
         render->n_channels,
         render->n_channels == 1 ? "" : "s",
         sample_rate,
         peak);
}

static void
warn_of_levels(const Render* const render)
{
  const char* const output = render->options->output;
  if (render->audio_peak > 1.0f) {
    message_warning(output,
                    NULL,
                    "goes %.2f dB above full scale%s",
                    20.0 * log10((double)render->audio_peak),
                    render->is_float ? "" : " and is clipped there");
  }
  if (render->n_wrong) {
    message_warning(output,
                    NULL,
                    "holds %llu samples that are not finite numbers",
                    (unsigned long long)render->n_wrong);
  }
}

static void
tell_profile(const Render* const render)
{
  const Patch* const patch    = render->patch;
  const double       n_frames = (double)render->n_frames;
  for (uint32_t i = 0; i < patch->n_blocks; ++i) {
    const PatchBlock* const block  = &patch->blocks[patch->order[i]];
    const double            time_s = engine_time_s(render->rack, patch->order[i]);
    printf("  %-16s %8.2f ns/frame %7.3f %%  %s\n",
           block->name,
           1e9 * time_s / n_frames,
           100.0 * time_s * render->options->sample_rate / n_frames,
           block->plugin->name);
  }
}

static bool
finish(Render* const render)
{
  SoundWriter* const sink = render->sink;
  render->is_float        = sound_writer_is_float(sink);
  render->sink            = NULL;
  if (!sound_writer_finish(sink)) {
    return false;
  }

  tell_facts(render);
  warn_of_levels(render);
  if (render->options->profile) {
    tell_profile(render);
  }
  return true;
}

static bool
render_patch(const RenderOptions* const options, const Patch* const patch)
{
  Render     render = {.options = options, .patch = patch};
  const bool ok     = open_render(&render) && run(&render) && finish(&render);
  close_render(&render);
  return ok;
}

// ---- Listing

static void
list_knob(const Patch* const patch, const PatchBlock* const block, const uint32_t index)
{
  const HostPort port =
    host_port_at_rate(&block->plugin->ports[index], patch->sample_rate);

  char value[VALUE_TEXT_SIZE] = "";
  char range[VALUE_TEXT_SIZE] = "";
  value_print(&port, block->values[index], value, sizeof(value));
  value_print_range(&port, range, sizeof(range));
  printf("  %s/%s = %s (%s)\n", block->name, port.symbol, value, range);
}

static bool
list_patch(const Patch* const patch)
{
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    const PatchPort* const port = &patch->ports[p];
    printf("%s: %s%s%s\n",
           port->name,
           port->is_output ? "output" : "input",
           port->source ? ", plays " : "",
           port->source ? port->source : "");
  }
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    const PatchBlock* const block = &patch->blocks[patch->order[b]];
    printf("%s: %s\n", block->name, block->plugin->name);
    for (uint32_t p = 0; p < block->plugin->n_ports; ++p) {
      const HostPort* const port = &block->plugin->ports[p];
      if (host_is_knob(port)) {
        list_knob(patch, block, p);
      }
    }
  }
  return true;
}

// ---- The program

/// Read the patch, and change it as the command line says
static bool
read_patch(const RenderOptions* const options, Patch* const patch)
{
  if (!ingen_read(patch, options->patch)) {
    return false;
  }

  bool ok =
    options->tempo_bpm > 0.0 ? patch_set_tempo(patch, options->tempo_bpm) : true;
  for (int i = 0; i < options->set.n; ++i) {
    ok = patch_set_text(patch, options->set.names[i], options->set.values[i]) && ok;
  }
  for (int i = 0; i < options->in.n; ++i) {
    ok = patch_set_source(patch, options->in.names[i], options->in.values[i]) && ok;
  }
  return ok && patch_order(patch);
}

static bool
work(const RenderOptions* const options)
{
  Host* const host = (Host*)xalloc(host_new(NULL));

  Patch patch;
  patch_init(&patch, host, options->patch, options->sample_rate);
  const bool ok = read_patch(options, &patch) &&
                  (options->list ? list_patch(&patch) : render_patch(options, &patch));
  patch_free(&patch);
  host_free(host);
  return ok;
}

int
main(const int argc, char** const argv)
{
  message_program("render");
  stop_watch();

  RenderOptions       options;
  const OptionsStatus status = render_options_read(&options, argc, argv);
  const bool ok = status == OPTIONS_DONE || (status == OPTIONS_OK && work(&options));
  render_options_free(&options);
  stop_end();
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
