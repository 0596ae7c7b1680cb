// SPDX-License-Identifier: ISC
/**
   Lists modules, their ports and presets, and installed patches.

   list [OPTION]... [MODULE]..., see list --help
*/

#include "host/find_patch.h"
#include "host/host.h"
#include "host/message.h"
#include "host/module_name.h"
#include "host/options.h"
#include "host/preset_labels.h"
#include "host/value.h"
#include "host/xalloc.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE_HZ 48000.0 ///< At which ranges that follow the sample rate are told

static const char help[] =
  "Usage: %1$s [OPTION]... [MODULE]...\n"
  "List the modules of Chronus, or the ports and presets of those that are named.\n"
  "MODULE is a plugin's URI, or what comes after urn:chronus:.\n"
  "\n"
  "  --all               list all LV2 plugins, by their URIs\n"
  "  --patches           list the installed patches, which other programs know by "
  "name\n"
  "  --presets           list presets only, a line each\n"
  "  --help, --version   show this, or the version\n"
  "\n"
  "Plugins are looked for where the environment variable LV2_PATH says.\n";

enum { ALL = 1, HELP, PATCHES, PRESETS, VERSION };

static const struct option long_options[] = {{"all", no_argument, NULL, ALL},
                                             {"help", no_argument, NULL, HELP},
                                             {"patches", no_argument, NULL, PATCHES},
                                             {"presets", no_argument, NULL, PRESETS},
                                             {"version", no_argument, NULL, VERSION},
                                             {NULL, 0, NULL, 0}};

typedef struct {
  bool         all;
  bool         patches;
  bool         presets;
  char* const* modules;
  int          n_modules;
} ListOptions;

/// Return what a module is called on the command line
static const char*
short_name(const HostPlugin* const plugin)
{
  const size_t length = strlen(MODULE_URI);

  return strncmp(plugin->uri, MODULE_URI, length) != 0 ? plugin->uri
                                                       : plugin->uri + length;
}

// ---- One module

static const char*
kind_name(const HostPort* const port)
{
  static const char* const kinds[] = {[HOST_CONTROL] = "shown value",
                                      [HOST_AUDIO]   = "audio",
                                      [HOST_CV]      = "CV",
                                      [HOST_EVENTS]  = "events",
                                      [HOST_UNKNOWN] = "other"};

  return host_is_knob(port)                            ? "knob"
         : port->kind == HOST_EVENTS && port->has_midi ? "MIDI"
                                                       : kinds[port->kind];
}

static void
print_port(const HostPort* const original)
{
  const HostPort    port = host_port_at_rate(original, RATE_HZ);
  const char* const way  = port.kind == HOST_CONTROL ? ""
                           : port.is_output          ? " output"
                                                     : " input";
  printf("  %-20s %s%s, %s", port.symbol, kind_name(&port), way, port.name);
  if (host_is_knob(&port)) {
    char value[VALUE_TEXT_SIZE] = "";
    char range[VALUE_TEXT_SIZE] = "";
    value_print(&port, port.default_value, value, sizeof(value));
    value_print_range(&port, range, sizeof(range));
    printf(": %s (%s)", value, range);
  }
  printf("\n");
}

static void
print_presets(Host* const             host,
              const HostPlugin* const plugin,
              const char* const       before)
{
  size_t       n_labels = 0;
  char** const labels   = preset_labels(host, plugin, &n_labels);
  for (size_t i = 0; i < n_labels; ++i) {
    printf("%s%s\n", before, labels[i]);
    free(labels[i]);
  }
  free(labels);
}

static void
print_module(Host* const host, const HostPlugin* const plugin)
{
  printf("%s\n%s\n\nPorts\n", plugin->name, plugin->uri);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    print_port(&plugin->ports[p]);
  }
  printf("\nPresets\n");
  print_presets(host, plugin, "  ");
}

static bool
list_module(Host* const host, const ListOptions* const options, const int index)
{
  char* const             uri    = module_uri(options->modules[index]);
  const HostPlugin* const plugin = host_plugin(host, uri);
  if (!plugin) {
    message_error(options->modules[index],
                  NULL,
                  "there is no plugin <%s>; %s --all lists them",
                  uri,
                  message_program_name());
  } else if (options->presets) {
    print_presets(host, plugin, "");
  } else {
    printf("%s", index ? "\n" : "");
    print_module(host, plugin);
  }
  free(uri);
  return plugin;
}

// ---- All of them

static bool
list_modules(Host* const host, const ListOptions* const options)
{
  const HostPlugin* const* const found =
    host_plugins(host, options->all ? "" : MODULE_URI);
  for (size_t i = 0; found[i]; ++i) {
    if (options->presets) {
      printf("%s\n", short_name(found[i]));
      print_presets(host, found[i], "  ");
    } else {
      printf("%-24s %s\n", short_name(found[i]), found[i]->name);
    }
  }
  if (!found[0]) {
    message_error("LV2_PATH", NULL, "leads to no module: install Chronus");
  }
  return found[0];
}

static bool
list_patches(void)
{
  const PatchNames names = find_patch_names();
  for (size_t i = 0; i < names.n; ++i) {
    printf("%s\n", names.names[i]);
  }
  find_patch_names_free(&names);
  return true;
}

static bool
list(const ListOptions* const options)
{
  if (options->patches) {
    return list_patches();
  }

  Host* const host = (Host*)xalloc(host_new(NULL));
  bool        ok   = options->n_modules || list_modules(host, options);
  for (int m = 0; m < options->n_modules; ++m) {
    ok = list_module(host, options, m) && ok;
  }
  host_free(host);
  return ok;
}

// ---- The program

static OptionsStatus
read_options(ListOptions* const options, const int argc, char** const argv)
{
  for (int option = 0;
       (option = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
    options->all     = options->all || option == ALL;
    options->patches = options->patches || option == PATCHES;
    options->presets = options->presets || option == PRESETS;
    if (option == HELP) {
      options_help(help);
      return OPTIONS_DONE;
    }
    if (option == VERSION) {
      options_version();
      return OPTIONS_DONE;
    }
    if (option == '?') {
      return OPTIONS_BAD; // getopt() has reported it
    }
  }

  options->modules   = argv + optind;
  options->n_modules = argc - optind;
  return OPTIONS_OK;
}

int
main(const int argc, char** const argv)
{
  options_begin(argv[0]);

  ListOptions         options = {.all = false};
  const OptionsStatus status  = read_options(&options, argc, argv);
  const bool ok = status == OPTIONS_DONE || (status == OPTIONS_OK && list(&options));
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
