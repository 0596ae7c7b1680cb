// SPDX-License-Identifier: ISC
/**
   Draws what a plugin does: its wave, spectrum, response or envelope.

   plot [OPTION]... MODULE OUT.svg, see plot --help
*/

#include "draw/module_plot.h"
#include "draw/scope.h"
#include "host/atomic_file.h"
#include "host/host.h"
#include "host/message.h"
#include "host/module_name.h"
#include "host/options.h"
#include "host/patch.h"
#include "host/xalloc.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_KNOB 256
#define MAX_LENGTH_S 60.0

static const char help[] =
  "Usage: %1$s [OPTION]... MODULE OUT.svg\n"
  "Draw what an LV2 plugin does.  MODULE is its URI, or what comes after "
  "urn:chronus:.\n"
  "\n"
  "  --kind wave|spectrum|response|envelope\n"
  "                      the output over time, its spectrum, the gain of a filter, or\n"
  "                      the output under a gate [wave]\n"
  "  --out PORT          which output [the first]\n"
  "  --in PORT           which input a response or an envelope is of [the first, or\n"
  "                      gate]\n"
  "  --seconds N         length of a wave or an envelope [0.01 of what has a pitch,\n"
  "                      else 2]\n"
  "  --preset NAME       set the knobs as a preset does\n"
  "  --set KNOB=VALUE    turn a knob: waveform=Saw, frequency=\"1.5 kHz\"\n"
  "  --help, --version   show this, or the version\n"
  "\n"
  "Plugins are looked for where the environment variable LV2_PATH says.\n";

enum { KIND = 1, OUT, IN, SECONDS, PRESET, SET, HELP, VERSION };

static const struct option long_options[] = {
  {"kind", required_argument, NULL, KIND},
  {"out", required_argument, NULL, OUT},
  {"in", required_argument, NULL, IN},
  {"seconds", required_argument, NULL, SECONDS},
  {"preset", required_argument, NULL, PRESET},
  {"set", required_argument, NULL, SET},
  {"help", no_argument, NULL, HELP},
  {"version", no_argument, NULL, VERSION},
  {NULL, 0, NULL, 0}};

typedef struct {
  const char* uri;
  const char* path;
  PlotView    view;
  const char* preset;
  char**      settings; ///< KNOB=VALUE
  uint32_t    n_settings;
} PlotOptions;

static bool
read_kind(PlotOptions* const options, const char* const text)
{
  for (PlotKind kind = PLOT_WAVE; kind < N_PLOT_KINDS; ++kind) {
    if (!strcmp(text, plot_kind_name(kind))) {
      options->view.kind = kind;
      return true;
    }
  }

  message_error("--kind", text, "must be wave, spectrum, response or envelope");
  return false;
}

static bool
read_length(PlotOptions* const options, const char* const text)
{
  char* end              = NULL;
  options->view.length_s = strtod(text, &end);
  if (end == text || *end || !(options->view.length_s >= 0.001) ||
      options->view.length_s > MAX_LENGTH_S) {
    message_error("--seconds", text, "must be a number from 0.001 to %g", MAX_LENGTH_S);
    return false;
  }

  return true;
}

static bool
read_option(PlotOptions* const options, const int option, char* const text)
{
  switch (option) {
  case KIND:
    return read_kind(options, text);
  case OUT:
    options->view.out = text;
    return true;
  case IN:
    options->view.in = text;
    return true;
  case SECONDS:
    return read_length(options, text);
  case PRESET:
    options->preset = text;
    return true;
  case SET:
    options->settings[options->n_settings++] = text;
    return true;
  default:
    return false; // getopt() has reported it
  }
}

/// Turn a knob as "KNOB=VALUE" says
static bool
turn_knob(Patch* const patch, const char* const setting)
{
  const char* const mark = strchr(setting, '=');
  char              knob[MAX_KNOB];
  if (!mark || mark == setting || mark - setting >= MAX_KNOB / 2) {
    message_error("--set", setting, "must look like KNOB=VALUE");
    return false;
  }

  snprintf(knob, sizeof(knob), "module/%.*s", (int)(mark - setting), setting);
  return patch_set_text(patch, knob, mark + 1);
}

static bool
build(Patch* const patch, const char* const uri, const PlotOptions* const options)
{
  bool ok = patch_add_block(patch, "module", uri) &&
            (!options->preset || patch_load_preset(patch, "module", options->preset));
  for (uint32_t s = 0; ok && s < options->n_settings; ++s) {
    ok = turn_knob(patch, options->settings[s]);
  }
  return ok;
}

static bool
draw(const PlotOptions* const options)
{
  Host* const host = (Host*)xalloc(host_new(NULL));
  char* const uri  = module_uri(options->uri);
  Patch       patch;
  patch_init(&patch, host, options->uri, SCOPE_RATE_HZ);

  char*       text = NULL;
  size_t      size = 0;
  FILE* const out  = (FILE*)xalloc(open_memstream(&text, &size));
  bool        ok   = build(&patch, uri, options);
  if (ok) {
    const PlotView view = plot_complete(options->view, patch.blocks[0].plugin);
    ok                  = plot_write(out, &patch, &view);
  }
  fclose(out);
  ok = ok && atomic_file_write(options->path, text, size);

  free(text);
  free(uri);
  patch_free(&patch);
  host_free(host);
  return ok;
}

int
main(const int argc, char** const argv)
{
  options_begin(argv[0]);
  PlotOptions options = {.settings =
                           (char**)xalloc(calloc((size_t)argc, sizeof(char*)))};
  bool        ok      = true;
  for (int option = 0;
       ok && (option = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
    if (option == HELP || option == VERSION) {
      if (option == HELP) {
        options_help(help);
      } else {
        options_version();
      }
      free(options.settings);
      return EXIT_SUCCESS;
    }
    ok = read_option(&options, option, optarg);
  }
  if (ok && argc - optind != 2) {
    message_error("command line",
                  NULL,
                  "must name a plugin and an output; see %s --help",
                  message_program_name());
    ok = false;
  }
  if (ok) {
    options.uri  = argv[optind];
    options.path = argv[optind + 1];
    ok           = draw(&options);
  }

  free(options.settings);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
