// SPDX-License-Identifier: ISC
/**
   The pages on modules, written from the Turtle: a page for every module with its
   ports, knobs, presets and picture, a list of them all, and the table in the README.

   manual LV2_PATH TOP           writes TOP/docs/modules, and the table in TOP/README.md
   manual --check LV2_PATH TOP   fails if they are not what the Turtle describes
*/

#include "draw/module_plot.h"
#include "draw/picture.h"
#include "draw/scope.h"
#include "host/atomic_file.h"
#include "host/host.h"
#include "host/ingen.h"
#include "host/message.h"
#include "host/xalloc.h"

#include <errno.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHRONUS_URI "urn:chronus:"
#define MARK_START "<!-- modules: written by tools/manual from the Turtle -->\n"
#define MARK_END "<!-- end of modules -->\n"
#define MAX_PATH_SIZE 4096

#define NS_RDFS "http://www.w3.org/2000/01/rdf-schema#"
#define NS_PSET "http://lv2plug.in/ns/ext/presets#"
#define NS_DOAP "http://usefulinc.com/ns/doap#"
#define NS_LV2 "http://lv2plug.in/ns/lv2core#"

/// The pages, and whether they are written or compared with what stands there
typedef struct {
  const char* top; ///< Folder of README.md and docs
  bool        is_check;
  Host*       host;
} Manual;

// ---- Tables

/// Print text as a cell of a table may hold it
static void
print_cell(FILE* const out, const char* const text)
{
  for (const char* c = text; *c; ++c) {
    fputs(*c == '|' ? "\\|" : (char[]){*c, '\0'}, out);
  }
}

/// Print a number with its unit, or the name that the port gives it
static void
print_value(FILE* const out, const HostPort* const port, const float value)
{
  for (uint32_t i = 0; i < port->n_points; ++i) {
    if (port->points[i].value == value) {
      print_cell(out, port->points[i].label);
      return;
    }
  }

  if (port->is_toggled) {
    fputs(value > 0.0f ? "on" : "off", out);
  } else {
    fprintf(out, "%.7g%s%s", (double)value, *port->unit ? " " : "", port->unit);
  }
}

static void
print_range(FILE* const out, const HostPort* const port)
{
  if (port->is_enumeration && port->n_points <= 8) {
    for (uint32_t i = 0; i < port->n_points; ++i) {
      fputs(i ? ", " : "", out);
      print_cell(out, port->points[i].label);
    }
  } else if (port->is_toggled) {
    fputs("off, on", out);
  } else if (port->kind == HOST_CONTROL || port->kind == HOST_CV) {
    print_value(out, port, port->minimum);
    fputs(" to ", out);
    print_value(out, port, port->maximum);
  }
}

static const char*
kind_name(const HostPort* const port)
{
  static const char* const names[][2] = {{"knob", "meter"},
                                         {"audio in", "audio out"},
                                         {"CV in", "CV out"},
                                         {"MIDI in", "MIDI out"},
                                         {"in", "out"}};

  return !port->has_transport ? names[port->kind][port->is_output]
         : port->has_midi     ? "MIDI and transport in"
                              : "transport in";
}

static void
print_port(FILE* const out, const HostPort* const port)
{
  fprintf(out, "| %s | `%s` | %s | ", port->name, port->symbol, kind_name(port));
  print_range(out, port);
  fputs(" | ", out);
  if (host_is_knob(port)) {
    print_value(out, port, port->default_value);
  }
  fputs(" | ", out);
  print_cell(out, port->comment);
  fputs(" |\n", out);
}

/// Return a text of the Turtle on a plugin as a whole, or "", to be freed
static char*
plugin_text(Host* const             host,
            const HostPlugin* const plugin,
            const char* const       predicate)
{
  LilvWorld* const world   = host_world(host);
  LilvNode* const  uri     = lilv_new_uri(world, predicate);
  LilvNode* const  subject = lilv_new_uri(world, plugin->uri);
  LilvNode* const  node    = lilv_world_get(world, subject, uri, NULL);
  char* const      text = (char*)xalloc(strdup(node ? lilv_node_as_string(node) : ""));

  lilv_node_free(node);
  lilv_node_free(subject);
  lilv_node_free(uri);
  return text;
}

static void
print_text(FILE* const             out,
           Host* const             host,
           const HostPlugin* const plugin,
           const char* const       predicate)
{
  char* const text = plugin_text(host, plugin, predicate);

  fprintf(out, "%s\n\n", text);
  free(text);
}

static int
compare_strings(const void* const a, const void* const b)
{
  return strcmp(*(char* const*)a, *(char* const*)b);
}

/// Return the label of a preset, which the caller frees
static char*
preset_label(LilvWorld* const world, const LilvNode* const preset)
{
  LilvNode* const predicate = lilv_new_uri(world, NS_RDFS "label");
  lilv_world_load_resource(world, preset);
  LilvNode* const label = lilv_world_get(world, preset, predicate, NULL);
  char* const     text  = strdup(label ? lilv_node_as_string(label) : "");

  lilv_node_free(label);
  lilv_node_free(predicate);
  return text;
}

static void
print_presets(FILE* const out, Host* const host, const HostPlugin* const plugin)
{
  LilvWorld* const world   = host_world(host);
  LilvNode* const class    = lilv_new_uri(world, NS_PSET "Preset");
  LilvNodes* const presets = lilv_plugin_get_related(plugin->lilv, class);

  size_t       n_labels = 0;
  char** const labels   = (char**)calloc(lilv_nodes_size(presets) + 1U, sizeof(char*));
  LILV_FOREACH (nodes, i, presets) {
    labels[n_labels++] = preset_label(world, lilv_nodes_get(presets, i));
  }

  qsort(labels, n_labels, sizeof(char*), compare_strings);
  fputs("Presets: ", out);
  for (size_t i = 0; i < n_labels; ++i) {
    fprintf(out, "%s%s", i ? ", " : "", labels[i]);
    free(labels[i]);
  }
  fputs(".\n\n", out);

  free(labels);
  lilv_nodes_free(presets);
  lilv_node_free(class);
}

static void
print_plugin(FILE* const out, Host* const host, const HostPlugin* const plugin)
{
  fprintf(out, "`%s`\n\n", plugin->uri);
  print_text(out, host, plugin, NS_RDFS "comment");
  print_text(out, host, plugin, NS_LV2 "documentation");

  fputs("| port | symbol | kind | range | default | what it does |\n"
        "|---|---|---|---|---|---|\n",
        out);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    print_port(out, &plugin->ports[p]);
  }
  fputs("\n", out);
  print_presets(out, host, plugin);
}

// ---- Modules and their forms

/// Return the part of a plugin's URI that names its page and files
static const char*
symbol_of(const HostPlugin* const plugin)
{
  return plugin->uri + strlen(CHRONUS_URI);
}

/// Return a plugin's name without the brand
static const char*
plain_name(const HostPlugin* const plugin)
{
  static const char brand[] = "Chronus ";

  return plugin->name +
         (strncmp(plugin->name, brand, strlen(brand)) ? 0 : strlen(brand));
}

/// Return true for a form of a module, named after it: "biquad-track"
static bool
is_form(const HostPlugin* const plugin)
{
  return strchr(symbol_of(plugin), '-');
}

static bool
is_form_of(const HostPlugin* const form, const HostPlugin* const module)
{
  const size_t length = strlen(module->uri);

  return !strncmp(form->uri, module->uri, length) && form->uri[length] == '-';
}

/// Return a module's trade as LV2 names it: "Filter Plugin"
static const char*
trade_of(const HostPlugin* const plugin)
{
  const LilvPluginClass* const class = lilv_plugin_get_class(plugin->lilv);

  return lilv_node_as_string(lilv_plugin_class_get_label(class));
}

/// Print a module's trade without the word "Plugin"
static void
print_trade(FILE* const out, const HostPlugin* const plugin)
{
  const char* const trade  = trade_of(plugin);
  const char* const ending = strstr(trade, " Plugin");

  fprintf(out, "%.*s", (int)(ending ? (size_t)(ending - trade) : strlen(trade)), trade);
}

static int
compare_modules(const void* const a, const void* const b)
{
  const HostPlugin* const left  = *(const HostPlugin* const*)a;
  const HostPlugin* const right = *(const HostPlugin* const*)b;
  const int               order = strcmp(trade_of(left), trade_of(right));

  return order ? order : strcmp(left->name, right->name);
}

/// Return all modules by trade and name, without their forms; NULL ends them
static const HostPlugin**
list_modules(Host* const host)
{
  const HostPlugin* const* const plugins = host_plugins(host, CHRONUS_URI);

  size_t n_plugins = 0;
  while (plugins[n_plugins]) {
    ++n_plugins;
  }

  const HostPlugin** const modules =
    (const HostPlugin**)xalloc(calloc(n_plugins + 1U, sizeof(HostPlugin*)));
  size_t n_modules = 0;
  for (size_t p = 0; p < n_plugins; ++p) {
    if (!is_form(plugins[p])) {
      modules[n_modules++] = plugins[p];
    }
  }
  qsort(modules, n_modules, sizeof(HostPlugin*), compare_modules);
  return modules;
}

// ---- Pages

/// Return which graphs show what a module does, by its class; N_PLOT_KINDS ends them
static const PlotKind*
plots_of(const HostPlugin* const module)
{
  static const struct {
    const char* trade;
    PlotKind    plots[3];
  } plots[] = {{"Oscillator Plugin", {PLOT_WAVE, PLOT_SPECTRUM, N_PLOT_KINDS}},
               {"Generator Plugin", {PLOT_SPECTRUM, N_PLOT_KINDS}},
               {"Filter Plugin", {PLOT_RESPONSE, N_PLOT_KINDS}},
               {"Envelope Plugin", {PLOT_ENVELOPE, N_PLOT_KINDS}},
               {"Modulator Plugin", {PLOT_WAVE, N_PLOT_KINDS}}};
  static const PlotKind none = N_PLOT_KINDS;

  for (size_t p = 0; p < sizeof(plots) / sizeof(plots[0]); ++p) {
    if (!strcmp(trade_of(module), plots[p].trade)) {
      return plots[p].plots;
    }
  }
  return &none;
}

static void
print_page(FILE* const out, Host* const host, const HostPlugin* const module)
{
  fprintf(out,
          "# %s\n\n![Ports of %s](../pictures/modules/%s.svg)\n\n",
          module->name,
          module->name,
          symbol_of(module));
  for (const PlotKind* kind = plots_of(module); *kind != N_PLOT_KINDS; ++kind) {
    const char* const name = plot_kind_name(*kind);
    fprintf(out,
            "![%s of %s at its defaults](../pictures/modules/%s-%s.svg)\n\n",
            name,
            module->name,
            symbol_of(module),
            name);
  }
  print_plugin(out, host, module);
  for (const HostPlugin* const* p = host_plugins(host, CHRONUS_URI); *p; ++p) {
    if (is_form_of(*p, module)) {
      fprintf(out, "## %s\n\n", (*p)->name);
      print_plugin(out, host, *p);
    }
  }
  fputs("[All modules](README.md)\n", out);
}

/// Print the list of all modules, each with the first words on it
static void
print_index(FILE* const out, Host* const host)
{
  fputs("# Modules\n\nEvery page has a module's ports, knobs, ranges and presets.\n\n"
        "| kind | module | |\n|---|---|---|\n",
        out);
  const HostPlugin** const modules = list_modules(host);
  for (const HostPlugin** m = modules; *m; ++m) {
    char* const text = plugin_text(host, *m, NS_DOAP "shortdesc");
    fputs("| ", out);
    print_trade(out, *m);
    fprintf(out, " | [%s](%s.md) | ", (*m)->name, symbol_of(*m));
    print_cell(out, text);
    fputs(" |\n", out);
    free(text);
  }
  free(modules);
}

/// Print the README's table, a row for every trade
static void
print_table(FILE* const out, Host* const host)
{
  const HostPlugin** const modules = list_modules(host);

  fputs("| kind | modules |\n|---|---|\n", out);
  for (const HostPlugin** m = modules; *m; ++m) {
    if (m == modules || strcmp(trade_of(m[-1]), trade_of(*m)) != 0) {
      fputs("| ", out);
      print_trade(out, *m);
      fputs(" |", out);
    }
    const bool is_last = !m[1] || strcmp(trade_of(*m), trade_of(m[1])) != 0;
    fprintf(out,
            " [%s](docs/modules/%s.md)%s",
            plain_name(*m),
            symbol_of(*m),
            is_last ? " |\n" : ",");
  }
  free(modules);
}

static void
print_picture(FILE* const out, Host* const host, const HostPlugin* const module)
{
  (void)host;
  picture_write_module(out, module);
}

/// Print the graph of a module at its defaults
static bool
print_plot(FILE* const             out,
           Host* const             host,
           const HostPlugin* const module,
           const PlotKind          kind)
{
  Patch patch;
  patch_init(&patch, host, module->uri, SCOPE_RATE_HZ);
  const PlotView view = plot_complete((PlotView){.kind = kind}, module);
  const bool     ok   = patch_add_block(&patch, symbol_of(module), module->uri) &&
                  plot_write(out, &patch, &view);
  patch_free(&patch);
  return ok;
}

// ---- Files

/// Return all of a file as a string that the caller frees, or NULL
static char*
read_file(const char* const path)
{
  FILE* const in = fopen(path, "rb");
  if (!in) {
    return NULL;
  }

  char*       text = NULL;
  size_t      size = 0;
  FILE* const copy = (FILE*)xalloc(open_memstream(&text, &size));
  for (int c = fgetc(in); c != EOF; c = fgetc(in)) {
    fputc(c, copy);
  }
  fclose(in);
  fclose(copy);
  return text;
}

/// Write a file, or compare what it holds
static bool
put_file(const Manual* const manual, const char* const file, const char* const text)
{
  char path[MAX_PATH_SIZE];
  snprintf(path, sizeof(path), "%s/%s", manual->top, file);
  if (!manual->is_check) {
    return atomic_file_write(path, text, strlen(text));
  }

  char* const old     = read_file(path);
  const bool  is_same = old && !strcmp(old, text);
  if (!is_same) {
    message_error(path, NULL, "is not what the Turtle describes: run manual on it");
  }
  free(old);
  return is_same;
}

typedef void (*PrintModule)(FILE* out, Host* host, const HostPlugin* module);

/// Write what `print` prints of a module to a file
static bool
put_module(const Manual* const     manual,
           const char* const       format,
           const HostPlugin* const module,
           const PrintModule       print)
{
  char file[MAX_PATH_SIZE];
  snprintf(file, sizeof(file), format, symbol_of(module));

  char*       text = NULL;
  size_t      size = 0;
  FILE* const out  = (FILE*)xalloc(open_memstream(&text, &size));
  print(out, manual->host, module);
  fclose(out);
  const bool ok = put_file(manual, file, text);
  free(text);
  return ok;
}

/// Write all graphs of a module to files
static bool
put_plots(const Manual* const manual, const HostPlugin* const module)
{
  bool ok = true;
  for (const PlotKind* kind = plots_of(module); *kind != N_PLOT_KINDS; ++kind) {
    char file[MAX_PATH_SIZE];
    snprintf(file,
             sizeof(file),
             "docs/pictures/modules/%s-%s.svg",
             symbol_of(module),
             plot_kind_name(*kind));

    char*       text     = NULL;
    size_t      size     = 0;
    FILE* const out      = (FILE*)xalloc(open_memstream(&text, &size));
    const bool  is_drawn = print_plot(out, manual->host, module, *kind);
    fclose(out);
    ok &= is_drawn && put_file(manual, file, text);
    free(text);
  }

  return ok;
}

static bool
put_modules(const Manual* const manual)
{
  const HostPlugin** const modules = list_modules(manual->host);

  bool ok = true;
  for (const HostPlugin** m = modules; *m; ++m) {
    ok &= put_module(manual, "docs/modules/%s.md", *m, print_page);
    ok &= put_module(manual, "docs/pictures/modules/%s.svg", *m, print_picture);
    ok &= put_plots(manual, *m);
  }
  free(modules);
  return ok;
}

static bool
put_index(const Manual* const manual)
{
  char*       text = NULL;
  size_t      size = 0;
  FILE* const out  = (FILE*)xalloc(open_memstream(&text, &size));
  print_index(out, manual->host);
  fclose(out);
  const bool ok = put_file(manual, "docs/modules/README.md", text);
  free(text);
  return ok;
}

/// Write the README with the table between its marks written anew
static bool
put_readme(const Manual* const manual)
{
  char path[MAX_PATH_SIZE];
  snprintf(path, sizeof(path), "%s/README.md", manual->top);
  char* const old = read_file(path);
  if (!old) {
    message_error(path, NULL, "%s", strerror(errno));
    return false;
  }

  const char* const start = strstr(old, MARK_START);
  const char* const end   = start ? strstr(start, MARK_END) : NULL;
  bool              ok    = false;
  if (!end) {
    message_error(path, NULL, "has no marks to write the modules between");
  } else {
    char*       text = NULL;
    size_t      size = 0;
    FILE* const out  = (FILE*)xalloc(open_memstream(&text, &size));
    fwrite(old, 1, (size_t)(start - old), out);
    fputs(MARK_START "\n", out);
    print_table(out, manual->host);
    fprintf(out, "\n%s", end);
    fclose(out);
    ok = put_file(manual, "README.md", text);
    free(text);
  }
  free(old);
  return ok;
}

// ---- Patches

/// Return the name of a patch's file without folder and ending, to be freed
static char*
patch_name(const char* const path)
{
  const char* const slash = strrchr(path, '/');
  char* const       name  = (char*)xalloc(strdup(slash ? slash + 1 : path));
  char* const       dot   = strrchr(name, '.');
  if (dot) {
    *dot = '\0';
  }
  return name;
}

/// Print a patch's section of the page, and write its picture
static bool
put_patch(const Manual* const manual, FILE* const page, const Patch* const patch)
{
  char* const name = patch_name(patch->path);
  char        file[MAX_PATH_SIZE];
  snprintf(file, sizeof(file), "docs/pictures/patches/%s.svg", name);
  fprintf(
    page,
    "\n## %s\n\n`%s`: %s\n\n![The modules and cables of %s](pictures/patches/%s.svg)\n",
    patch->label ? patch->label : name,
    name,
    patch->comment ? patch->comment : "",
    name,
    name);

  char*       text = NULL;
  size_t      size = 0;
  FILE* const out  = (FILE*)xalloc(open_memstream(&text, &size));
  picture_write_patch(out, patch);
  fclose(out);
  const bool ok = put_file(manual, file, text);
  free(text);
  free(name);
  return ok;
}

static bool
read_patch(const Manual* const manual, FILE* const page, const char* const path)
{
  Patch patch;
  patch_init(&patch, manual->host, path, SCOPE_RATE_HZ);
  const bool ok =
    ingen_read(&patch, path) && patch_order(&patch) && put_patch(manual, page, &patch);
  patch_free(&patch);
  return ok;
}

/// Write the page of all patches
static bool
put_patches(const Manual* const manual)
{
  char pattern[MAX_PATH_SIZE];
  snprintf(pattern, sizeof(pattern), "%s/presets/patches/*.ttl", manual->top);
  glob_t paths;
  if (glob(pattern, 0, NULL, &paths)) {
    message_error(pattern, NULL, "there are no patches");
    return false;
  }

  bool        ok   = true;
  char*       text = NULL;
  size_t      size = 0;
  FILE* const page = (FILE*)xalloc(open_memstream(&text, &size));
  fputs("# Patches\n\n"
        "Each is a file to play with `chronus-render`, and a project of Carla. Blue "
        "cables are\n"
        "audio, orange ones CV, red ones MIDI.\n",
        page);
  for (size_t p = 0; p < paths.gl_pathc; ++p) {
    ok &= read_patch(manual, page, paths.gl_pathv[p]);
  }
  fclose(page);
  ok &= put_file(manual, "docs/patches.md", text);
  free(text);
  globfree(&paths);
  return ok;
}

int
main(int argc, char** argv)
{
  message_program("manual");
  const bool is_check = argc == 4 && !strcmp(argv[1], "--check");
  if (argc != 3 && !is_check) {
    fprintf(stderr, "usage: manual [--check] LV2_PATH TOP\n");
    return EXIT_FAILURE;
  }

  const Manual manual = {
    argv[argc - 1], is_check, (Host*)xalloc(host_new(argv[argc - 2]))};
  const bool has_modules = put_modules(&manual);
  const bool has_index   = put_index(&manual);
  const bool has_readme  = put_readme(&manual);
  const bool has_patches = put_patches(&manual);
  host_free(manual.host);
  return has_modules && has_index && has_readme && has_patches ? EXIT_SUCCESS
                                                               : EXIT_FAILURE;
}
