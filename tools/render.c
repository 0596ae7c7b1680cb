// SPDX-License-Identifier: ISC
/**
   Renders a patch to a sound file.

   render [OPTION]... PATCH OUT, see render --help
*/

#include "render/render.h"
#include "host/clock.h"
#include "host/engine.h"
#include "host/host.h"
#include "host/ingen.h"
#include "host/input_file.h"
#include "host/message.h"
#include "host/options.h"
#include "host/patch.h"
#include "host/render_options.h"
#include "host/sound_writer.h"
#include "host/stop.h"
#include "host/xalloc.h"
#include "render/inputs.h"
#include "render/outputs.h"
#include "render/report.h"
#include "render/swaps.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PROGRESS_START_S 1.0 ///< Shorter renders show no progress
#define BAR_LETTERS 40
#define PROGRESS_PERIOD_S 0.25 ///< Time between two looks at the progress

// ---- Rendering

/// Draw a bar on the terminal
static void
show_progress(const uint64_t n_done,
              const uint64_t n_frames,
              const double   rate,
              const double   spent_s)
{
  static const char bar[] = "########################################";

  const double part   = (double)n_done / (double)n_frames;
  const int    n_full = (int)(part * BAR_LETTERS);
  fprintf(stderr,
          "\r%s [%.*s%*s] %3.0f %% of %.0f s, %.0f s left ",
          message_program_name(),
          n_full,
          bar,
          BAR_LETTERS - n_full,
          "",
          100.0 * part,
          (double)n_frames / rate,
          spent_s * (1.0 - part) / part);
  fflush(stderr);
}

static bool
run_block(Render* const render, const uint32_t n_frames)
{
  render_read_inputs(render, n_frames);
  engine_run(render->engine, n_frames);
  return render_write_outputs(render, n_frames);
}

/// Render it all; returns false if that is impossible or a signal came
static bool
run(Render* const render)
{
  const uint32_t block    = render->options->block_frames;
  const bool     is_shown = isatty(STDERR_FILENO);
  const double   start_s  = clock_now_s();
  double         next_s   = start_s + PROGRESS_START_S;
  bool           ok       = true;
  bool           began    = false;
  for (uint64_t done = 0; ok && !stop_asked() && done < render->n_frames;) {
    const uint64_t left     = render->n_frames - done;
    uint32_t       n_frames = left < block ? (uint32_t)left : block;
    ok = render_swap_due(render, done, &n_frames) && run_block(render, n_frames);
    done += n_frames;
    if (is_shown && clock_now_s() >= next_s) {
      show_progress(
        done, render->n_frames, render->options->sample_rate, clock_now_s() - start_s);
      next_s = clock_now_s() + PROGRESS_PERIOD_S;
      began  = true;
    }
  }

  if (began) {
    fprintf(stderr, "\r\033[K");
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
    } else if (!render_open_input(render, p)) {
      return false;
    }
  }

  render->n_frames = render_find_length(render);
  if (!render_check_length(render)) {
    return false;
  }

  render_find_song(render);
  render->engine = engine_new_song(patch,
                                   render->inputs,
                                   render->options->block_frames,
                                   render->song,
                                   render->n_positions);
  if (render->engine && render->options->profile) {
    engine_measure(render->engine);
  }
  return render->engine && render_open_swaps(render) && render_open_output(render);
}

static void
close_render(Render* const render)
{
  if (render->writer) {
    sound_writer_abandon(render->writer);
  }
  if (render->engine) {
    engine_free(render->engine);
  }
  render_close_swaps(render);
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

static bool
render_finish(Render* const render)
{
  SoundWriter* const writer = render->writer;
  render->is_float          = sound_writer_is_float(writer);
  render->writer            = NULL;
  if (!sound_writer_finish(writer)) {
    return false;
  }

  render_report(render);
  return true;
}

static bool
render_patch(const RenderOptions* const options, const Patch* const patch)
{
  Render     render = {.options = options, .patch = patch};
  const bool ok     = open_render(&render) && run(&render) && render_finish(&render);
  close_render(&render);
  return ok;
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
  bool ok = read_patch(options, &patch);
  if (ok && options->list) {
    render_list(&patch);
  } else if (ok) {
    ok = render_patch(options, &patch);
  }
  patch_free(&patch);
  host_free(host);
  return ok;
}

int
main(const int argc, char** const argv)
{
  options_begin(argv[0]);
  stop_watch();

  RenderOptions       options;
  const OptionsStatus status = render_options_read(&options, argc, argv);
  const bool ok = status == OPTIONS_DONE || (status == OPTIONS_OK && work(&options));
  render_options_free(&options);
  stop_end();
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
