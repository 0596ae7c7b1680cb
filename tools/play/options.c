// SPDX-License-Identifier: ISC

#include "play/options.h"

#include "host/find_patch.h"
#include "host/message.h"
#include "host/patch.h"
#include "host/xalloc.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_STATUS_S 3600.0
#define DEFAULT_STATUS_S 1.0 ///< On a terminal

static const char help[] =
  "Usage: %1$s [OPTION]... PATCH\n"
  "Play a patch of LV2 plugins live, as a client of JACK, or of PipeWire by\n"
  "pw-jack %1$s.  PATCH is a file or the name of an installed patch.\n"
  "\n"
  "  --set KNOB=VALUE    turn a knob first: vcf/frequency=\"1.5 kHz\"\n"
  "  --cc NUMBER=KNOB    have a MIDI controller turn a knob: 74=vcf/frequency\n"
  "  --connect WHAT      auto connects audio to the loudspeakers and all keyboards to\n"
  "                      MIDI, none nothing; PORT=JACKPORT connects a port of the\n"
  "                      patch: out=system:playback_3 [auto]\n"
  "  --watch             take over an edited patch, and plugins that are built\n"
  "                      anew\n"
  "  --transport auto|jack|own\n"
  "                      whose song blocks follow: jack for JACK's transport, own for\n"
  "                      the tempo of the patch, auto for its own until JACK's\n"
  "                      transport rolls [auto]\n"
  "  --tempo N           beats a minute of the patch's own song\n"
  "  --name NAME         of the client in JACK [the name of the patch]\n"
  "  --server NAME       of the JACK server, if there are several\n"
  "  --status N          tell load and gaps every N seconds, 0 for never [1 on a\n"
  "                      terminal, else 0]\n"
  "  --help, --version   show this, or the version\n"
  "\n"
  "Lines on the standard input turn knobs, \"vcf/frequency 800 Hz\", and \"quit\" "
  "ends.\n"
  "Plugins are looked for where the environment variable LV2_PATH says.\n";

enum {
  CC = 1,
  CONNECT,
  HELP,
  NAME,
  SERVER,
  SET,
  STATUS,
  TEMPO,
  TRANSPORT,
  VERSION,
  WATCH
};

static const struct option long_options[] = {
  {"cc", required_argument, NULL, CC},
  {"connect", required_argument, NULL, CONNECT},
  {"help", no_argument, NULL, HELP},
  {"name", required_argument, NULL, NAME},
  {"server", required_argument, NULL, SERVER},
  {"set", required_argument, NULL, SET},
  {"status", required_argument, NULL, STATUS},
  {"tempo", required_argument, NULL, TEMPO},
  {"transport", required_argument, NULL, TRANSPORT},
  {"version", no_argument, NULL, VERSION},
  {"watch", no_argument, NULL, WATCH},
  {NULL, 0, NULL, 0}};

static bool
add_setting(RigSetting* const settings,
            uint32_t* const   n_settings,
            const char* const option,
            char* const       text)
{
  char* const value = options_split(option, text);
  if (value) {
    settings[(*n_settings)++] = (RigSetting){text, value};
  }

  return value;
}

static bool
read_connection(PlayOptions* const options, char* const text)
{
  if (!strcmp(text, "auto") || !strcmp(text, "none")) {
    options->connects_itself = text[0] == 'a';
    return true;
  }
  if (!strchr(text, '=')) {
    message_error("--connect", text, "must be auto, none, or look like PORT=JACKPORT");
    return false;
  }

  return add_setting(options->connections, &options->n_connections, "--connect", text);
}

static bool
read_song(PlayOptions* const options, const char* const text)
{
  static const char* const names[] = {
    [DECK_AUTO] = "auto", [DECK_TRANSPORT] = "jack", [DECK_OWN] = "own"};

  for (DeckSong song = DECK_AUTO; song <= DECK_OWN; ++song) {
    if (!strcmp(text, names[song])) {
      options->song = song;
      return true;
    }
  }

  message_error("--transport", text, "must be auto, jack or own");
  return false;
}

static bool
read_name(PlayOptions* const options, const char* const text)
{
  if (!*text || strchr(text, ':')) {
    message_error("--name", text, "must be a name without a colon");
    return false;
  }

  free(options->name);
  options->name = (char*)xalloc(strdup(text));
  return true;
}

static bool
read_option(PlayOptions* const options, const int option, char* const text)
{
  RigPlan* const plan = &options->plan;
  switch (option) {
  case CC:
    return add_setting(plan->controllers, &plan->n_controllers, "--cc", text);
  case CONNECT:
    return read_connection(options, text);
  case NAME:
    return read_name(options, text);
  case SERVER:
    options->server = text;
    return true;
  case SET:
    return add_setting(plan->knobs, &plan->n_knobs, "--set", text);
  case STATUS:
    return options_read_number("--status", text, 0.0, MAX_STATUS_S, &options->status_s);
  case TEMPO:
    return options_read_number(
      "--tempo", text, PATCH_MIN_TEMPO_BPM, PATCH_MAX_TEMPO_BPM, &plan->tempo_bpm);
  case TRANSPORT:
    return read_song(options, text);
  case WATCH:
    return options->watches = true;
  default:
    return false;
  }
}

/// Call the client as its patch is called
static void
find_name(PlayOptions* const options)
{
  const char* const slash = strrchr(options->patch, '/');
  const char* const name  = slash ? slash + 1 : options->patch;
  const char* const dot   = strrchr(name, '.');
  const size_t      size  = dot && dot != name ? (size_t)(dot - name) : strlen(name);

  options->name = (char*)xalloc(strndup(name, size));
  for (char* colon = options->name; (colon = strchr(colon, ':'));) {
    *colon = '_';
  }
}

static OptionsStatus
read_patch(PlayOptions* const options, const int n_files, char* const* const files)
{
  if (n_files != 1) {
    message_error(
      "command line", NULL, "must name a patch; see %s --help", message_program_name());
    return OPTIONS_BAD;
  }

  options->patch     = find_patch(files[0]);
  options->plan.path = options->patch;
  if (options->patch && !options->name) {
    find_name(options);
  }
  return options->patch ? OPTIONS_OK : OPTIONS_BAD;
}

OptionsStatus
play_options_read(PlayOptions* const options, const int argc, char** const argv)
{
  const size_t n = (size_t)argc;
  *options       = (PlayOptions){.connects_itself = true, .song = DECK_AUTO};

  options->status_s         = isatty(STDERR_FILENO) ? DEFAULT_STATUS_S : 0.0;
  options->connections      = (RigSetting*)xarray(n, sizeof(RigSetting));
  options->plan.knobs       = (RigSetting*)xarray(n, sizeof(RigSetting));
  options->plan.controllers = (RigSetting*)xarray(n, sizeof(RigSetting));
  for (int option = 0;
       (option = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
    if (option == HELP) {
      options_help(help);
      return OPTIONS_DONE;
    }
    if (option == VERSION) {
      options_version();
      return OPTIONS_DONE;
    }
    if (!read_option(options, option, optarg)) {
      return OPTIONS_BAD;
    }
  }

  return read_patch(options, argc - optind, argv + optind);
}

void
play_options_free(PlayOptions* const options)
{
  free(options->connections);
  free(options->plan.knobs);
  free(options->plan.controllers);
  free(options->patch);
  free(options->name);
}
