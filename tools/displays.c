// SPDX-License-Identifier: ISC
/**
   Writes the small pictures that hosts show of modules, each as a PNG.

   displays FOLDER [WIDTH HEIGHT], see displays --help
*/

#include "draw/png.h"
#include "draw/portrait.h"
#include "host/host.h"
#include "host/message.h"
#include "host/module_name.h"
#include "host/options.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_WIDTH = 300, DEFAULT_HEIGHT = 150 };

#define US_PER_S 1e6

static const char help[] =
  "Usage: %1$s [--times] FOLDER [WIDTH HEIGHT]\n"
  "Write the pictures that modules make of themselves for hosts' mixers and canvases\n"
  "into FOLDER, which is there: MODULE.png for each, of WIDTH by HEIGHT pixels, 300 "
  "by\n"
  "150 if these are not given.\n"
  "\n"
  "  --times             print how long each takes, in microseconds\n"
  "  --help, --version   show this, or the version\n"
  "\n"
  "Plugins are looked for where the environment variable LV2_PATH says.\n";

typedef struct {
  const char* folder;
  uint32_t    width;
  uint32_t    height;
  bool        times;
} DisplaysOptions;

// ---- One module

static bool
write_portrait(const Portrait* const portrait, const char* const path)
{
  FILE* const out = fopen(path, "wb");
  const bool  is_written =
    out && png_write(
             out, portrait->pixels, portrait->width, portrait->height, portrait->width);
  const bool is_closed = out && !fclose(out);
  if (!is_written || !is_closed) {
    message_error(path, NULL, "cannot be written");
  }
  return is_written && is_closed;
}

static bool
draw_module(Host* const                  host,
            const HostPlugin* const      plugin,
            const DisplaysOptions* const options)
{
  const Portrait portrait =
    portrait_make(host, plugin, options->width, options->height);
  if (!portrait.pixels) {
    message_error(plugin->uri, NULL, "makes no picture");
    return false;
  }
  if (options->times) {
    printf("%-40s %8.0f\n", plugin->uri, US_PER_S * portrait.render_s);
  }

  char              path[4096];
  const char* const name = plugin->uri + strlen(MODULE_URI);
  snprintf(path, sizeof(path), "%s/%s.png", options->folder, name);
  const bool ok = write_portrait(&portrait, path);
  free(portrait.pixels);
  return ok;
}

// ---- All of them

/// Read the command line; return false if it is none of ours
static bool
read_options(DisplaysOptions* const options, const int argc, char* const* const argv)
{
  int at         = 1;
  *options       = (DisplaysOptions){NULL, DEFAULT_WIDTH, DEFAULT_HEIGHT, false};
  options->times = at < argc && !strcmp(argv[at], "--times");
  at += options->times;
  if (argc - at != 1 && argc - at != 3) {
    return false;
  }

  options->folder = argv[at];
  if (argc - at == 3) {
    options->width  = (uint32_t)strtoul(argv[at + 1], NULL, 10);
    options->height = (uint32_t)strtoul(argv[at + 2], NULL, 10);
  }
  return options->width && options->height;
}

int
main(int argc, char** argv)
{
  DisplaysOptions options;
  options_begin(argv[0]);
  const OptionsStatus status = options_answer(help, argc, argv);
  if (status != OPTIONS_OK) {
    return status == OPTIONS_DONE ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  if (!read_options(&options, argc, argv)) {
    message_error(
      "FOLDER", NULL, "must be given, see %s --help", message_program_name());
    return EXIT_FAILURE;
  }

  Host* const                    host = host_new(NULL);
  const HostPlugin* const* const all  = host ? host_plugins(host, MODULE_URI) : NULL;
  bool                           ok   = all;
  for (uint32_t p = 0; all && all[p]; ++p) {
    ok = draw_module(host, all[p], &options) && ok;
  }
  host_free(host);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
