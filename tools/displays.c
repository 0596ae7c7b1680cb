// SPDX-License-Identifier: ISC
/**
   Writes the small pictures that hosts show of modules, each as a PNG.

   displays FOLDER [WIDTH HEIGHT], see displays --help
*/

#include "draw/png.h"
#include "host/host.h"
#include "host/inline_display.h"
#include "host/message.h"
#include "host/module_name.h"
#include "host/options.h"

#include <lv2/atom/atom.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RATE_HZ 48000.0
#define US_PER_NS 1e-3

enum {
  BLOCK_FRAMES   = 256,
  N_BLOCKS       = 8, ///< Run before the picture is made
  MAX_PORTS      = 128,
  EVENT_WORDS    = 64, ///< Room for events, of 8 bytes each
  DEFAULT_WIDTH  = 300,
  DEFAULT_HEIGHT = 150,
  N_DRAWS        = 10 ///< That --times takes the mean of
};

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

/// Connections of a plugin's ports
typedef struct {
  float    control[MAX_PORTS];
  float    signal[MAX_PORTS][BLOCK_FRAMES];
  uint64_t events[MAX_PORTS][EVENT_WORDS];
} Buffers;

static Buffers buffers;

static void
ignore_queue(void* const handle)
{
  (void)handle;
}

// ---- One module

static void
connect(Host* const host, const HostPlugin* const plugin, LilvInstance* const instance)
{
  memset(&buffers, 0, sizeof(buffers));
  for (uint32_t p = 0; p < plugin->n_ports && p < MAX_PORTS; ++p) {
    const HostPort* const    port     = &plugin->ports[p];
    LV2_Atom_Sequence* const sequence = (LV2_Atom_Sequence*)buffers.events[p];
    sequence->atom.type               = host_map(host, LV2_ATOM__Sequence);
    sequence->atom.size               = port->is_output
                                          ? (uint32_t)(sizeof(buffers.events[p]) - sizeof(LV2_Atom))
                                          : (uint32_t)sizeof(LV2_Atom_Sequence_Body);
    buffers.control[p]                = port->default_value;

    void* const data = port->kind == HOST_CONTROL  ? (void*)&buffers.control[p]
                       : host_is_signal(port)      ? (void*)buffers.signal[p]
                       : port->kind == HOST_EVENTS ? (void*)sequence
                                                   : NULL;
    lilv_instance_connect_port(instance, p, data);
  }
}

static void
print_time(const InlineDisplay* const   display,
           const HostPlugin* const      plugin,
           const DisplaysOptions* const options)
{
  struct timespec from;
  struct timespec to;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
  for (int i = 0; i < N_DRAWS; ++i) {
    inline_display_render(display, options->width, options->height);
  }
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);

  const double ns =
    1e9 * (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec);
  printf("%-40s %8.0f\n", plugin->uri, US_PER_NS * ns / N_DRAWS);
}

static bool
write_picture(const InlineSurface* const surface, const char* const path)
{
  FILE* const out = fopen(path, "wb");
  const bool  is_written =
    out && png_write(out,
                     (const uint32_t*)(const void*)surface->data,
                     (uint32_t)surface->width,
                     (uint32_t)surface->height,
                     (uint32_t)surface->stride / (uint32_t)sizeof(uint32_t));
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
  InlineQueue   queue = {NULL, ignore_queue};
  InlineDisplay display;
  if (!inline_display_open(&display, host, plugin, RATE_HZ, &queue)) {
    message_warning(plugin->uri, NULL, "makes no picture");
    return true;
  }

  connect(host, plugin, display.instance);
  lilv_instance_activate(display.instance);
  for (int b = 0; b < N_BLOCKS; ++b) {
    lilv_instance_run(display.instance, BLOCK_FRAMES);
  }

  char path[4096];
  snprintf(
    path, sizeof(path), "%s/%s.png", options->folder, plugin->uri + strlen(MODULE_URI));
  const InlineSurface* const surface =
    inline_display_render(&display, options->width, options->height);
  const bool ok = surface && write_picture(surface, path);
  if (options->times) {
    print_time(&display, plugin, options);
  }
  inline_display_close(&display);
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
    message_error(NULL, NULL, "see %s --help", message_program_name());
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
