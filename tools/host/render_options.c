// SPDX-License-Identifier: ISC

#include "host/render_options.h"

#include "host/find_patch.h"
#include "host/host.h"
#include "host/message.h"
#include "host/patch.h"
#include "host/xalloc.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_BLOCK_FRAMES 256U
#define DEFAULT_RATE_HZ 48000.0
#define MIN_RATE_HZ 1000.0
#define MAX_RATE_HZ 768000.0
#define MAX_LENGTH_S 1e7

static const char help[] =
  "Usage: %1$s [OPTION]... PATCH OUT\n"
  "Render a patch of LV2 plugins to a sound file.  PATCH is a file or the name of an\n"
  "installed patch.  OUT ends in .wav, .flac or .ogg, or is - for the standard "
  "output.\n"
  "\n"
  "  --in PORT=FILE      have input PORT of the patch play FILE: a sound file, or a\n"
  "                      MIDI file; of several channels, FILE#2 is the second\n"
  "  --set KNOB=VALUE    turn a knob: osc/waveform=Saw, vcf/frequency=\"1.5 kHz\",\n"
  "                      or osc/level=@0.5 for the middle of its travel\n"
  "  --seconds N         how long; by default as long as the longest input and 2 s\n"
  "                      more (up to 24 hours), or 10 s without inputs\n"
  "  --tempo N           beats a minute at the start of the song that blocks follow;\n"
  "                      MIDI files are scaled to it; by default that of the MIDI\n"
  "                      file or of the patch, or else there is no song to follow\n"
  "  --rate N            sample rate in Hz [48000]\n"
  "  --block N           frames in a block, 1 to 8192 [256]\n"
  "  --format wav|flac|ogg\n"
  "                      of OUT [as it ends, WAV for the standard output]\n"
  "  --bits 16|24|32     of a sample; 32 are floats [32 for WAV, 24 for FLAC]\n"
  "  --swap TIME=BUNDLE  at TIME (1.5s, 250ms) let the plugins of another BUNDLE, "
  "such\n"
  "                      as lv2/chronus.lv2, go on instead of those that play\n"
  "  --profile           tell how much time every block of the patch takes\n"
  "  --list              tell what is in the patch, and render nothing\n"
  "  --help, --version   show this, or the version\n"
  "\n"
  "Plugins are looked for where the environment variable LV2_PATH says.\n";

enum {
  BITS = 1,
  BLOCK,
  FORMAT,
  HELP,
  IN,
  LIST,
  PROFILE,
  RATE,
  SECONDS,
  SET,
  SWAP,
  TEMPO,
  VERSION
};

static const struct option long_options[] = {
  {"bits", required_argument, NULL, BITS},
  {"block", required_argument, NULL, BLOCK},
  {"format", required_argument, NULL, FORMAT},
  {"help", no_argument, NULL, HELP},
  {"in", required_argument, NULL, IN},
  {"list", no_argument, NULL, LIST},
  {"profile", no_argument, NULL, PROFILE},
  {"rate", required_argument, NULL, RATE},
  {"seconds", required_argument, NULL, SECONDS},
  {"set", required_argument, NULL, SET},
  {"swap", required_argument, NULL, SWAP},
  {"tempo", required_argument, NULL, TEMPO},
  {"version", no_argument, NULL, VERSION},
  {NULL, 0, NULL, 0}};

static bool
add_assignment(Assignments* const assignments,
               const char* const  option,
               char* const        text)
{
  char* const value = options_split(option, text);
  if (value) {
    assignments->names[assignments->n]    = text;
    assignments->values[assignments->n++] = value;
  }

  return value;
}

/// Read a number without fraction
static bool
read_whole(const char* const option,
           const char* const text,
           const double      least,
           const double      most,
           double* const     number)
{
  if (!options_read_number(option, text, least, most, number)) {
    return false;
  }
  if (*number != floor(*number)) {
    message_error(option, text, "must be a whole number");
    return false;
  }

  return true;
}

static bool
read_length(RenderOptions* const options, const char* const text)
{
  if (!options_read_number("--seconds", text, 0.0, MAX_LENGTH_S, &options->length_s)) {
    return false;
  }
  if (options->length_s == 0.0) {
    message_error("--seconds", text, "must be more than 0");
  }
  return options->length_s > 0.0;
}

static bool
read_bits(RenderOptions* const options, const char* const text)
{
  options->n_bits = !strcmp(text, "16")   ? 16
                    : !strcmp(text, "24") ? 24
                    : !strcmp(text, "32") ? 32
                                          : 0;
  if (!options->n_bits) {
    message_error("--bits", text, "must be 16, 24 or 32");
  }
  return options->n_bits > 0;
}

static bool
read_block(RenderOptions* const options, const char* const text)
{
  double n_frames = 0.0;
  if (!read_whole("--block", text, 1.0, HOST_MAX_BLOCK_FRAMES, &n_frames)) {
    return false;
  }

  options->block_frames = (uint32_t)n_frames;
  return true;
}

static bool
read_option(RenderOptions* const options, const int option)
{
  switch (option) {
  case BITS:
    return read_bits(options, optarg);
  case BLOCK:
    return read_block(options, optarg);
  case FORMAT:
    options->type = optarg;
    return true;
  case IN:
    return add_assignment(&options->in, "--in", optarg);
  case LIST:
    return options->list = true;
  case PROFILE:
    return options->profile = true;
  case RATE:
    return read_whole(
      "--rate", optarg, MIN_RATE_HZ, MAX_RATE_HZ, &options->sample_rate);
  case SECONDS:
    return read_length(options, optarg);
  case SET:
    return add_assignment(&options->set, "--set", optarg);
  case SWAP:
    return add_assignment(&options->swap, "--swap", optarg);
  case TEMPO:
    return options_read_number(
      "--tempo", optarg, PATCH_MIN_TEMPO_BPM, PATCH_MAX_TEMPO_BPM, &options->tempo_bpm);
  default:
    return false;
  }
}

static OptionsStatus
read_files(RenderOptions* const options, const int n_files, char* const* const files)
{
  const bool has_output = !options->list;
  if (n_files != (has_output ? 2 : 1)) {
    message_error("command line",
                  NULL,
                  has_output ? "must name a patch and an output; see %s --help"
                             : "must name just a patch with --list",
                  message_program_name());
    return OPTIONS_BAD;
  }

  options->patch  = find_patch(files[0]);
  options->output = has_output ? files[1] : NULL;
  return options->patch ? OPTIONS_OK : OPTIONS_BAD;
}

OptionsStatus
render_options_read(RenderOptions* const options, const int argc, char** const argv)
{
  *options = (RenderOptions){.block_frames = DEFAULT_BLOCK_FRAMES,
                             .sample_rate  = DEFAULT_RATE_HZ};

  options->set.names   = (char**)xalloc(calloc((size_t)argc, sizeof(char*)));
  options->set.values  = (char**)xalloc(calloc((size_t)argc, sizeof(char*)));
  options->in.names    = (char**)xalloc(calloc((size_t)argc, sizeof(char*)));
  options->in.values   = (char**)xalloc(calloc((size_t)argc, sizeof(char*)));
  options->swap.names  = (char**)xalloc(calloc((size_t)argc, sizeof(char*)));
  options->swap.values = (char**)xalloc(calloc((size_t)argc, sizeof(char*)));
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
    if (!read_option(options, option)) {
      return OPTIONS_BAD;
    }
  }

  return read_files(options, argc - optind, argv + optind);
}

void
render_options_free(RenderOptions* const options)
{
  free(options->patch);
  free(options->set.names);
  free(options->set.values);
  free(options->in.names);
  free(options->in.values);
  free(options->swap.names);
  free(options->swap.values);
}
