// SPDX-License-Identifier: ISC
/**
   Makes what MOD's interface shows of plugins: a template, a stylesheet and pictures.

   modgui FOLDER, see modgui --help
*/

#include "draw/png.h"
#include "draw/portrait.h"
#include "host/host.h"
#include "host/message.h"
#include "host/module_name.h"
#include "host/options.h"
#include "modgui/screenshot.h"
#include "modgui/template.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
  THUMBNAIL_WIDTH  = 256, ///< As large as MOD's lists have room for
  THUMBNAIL_HEIGHT = 64,
  MAX_PATH         = 4096
};

static const char help[] =
  "Usage: %1$s FOLDER\n"
  "Write what MOD's interface shows of the modules into FOLDER, whose name is modgui:\n"
  "MODULE.ttl, and the template, stylesheet and pictures that it names.\n"
  "\n"
  "  --help, --version   show this, or the version\n"
  "\n"
  "Plugins are looked for where the environment variable LV2_PATH says.\n";

static const char turtle_head[] =
  "# SPDX-License-Identifier: ISC\n"
  "# Made by modgui: change the plugins' Turtle instead\n"
  "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
  "@prefix modgui: <http://moddevices.com/ns/modgui#> .\n";

// ---- Files

/// Open a file of the folder, or report and return NULL
__attribute__((format(printf, 2, 3))) static FILE*
open_file(const char* const folder, const char* const format, ...)
{
  char    name[MAX_PATH];
  char    path[MAX_PATH];
  va_list args;
  va_start(args, format);
  vsnprintf(name, sizeof(name), format, args);
  va_end(args);

  const int length = snprintf(path, sizeof(path), "%s/%s", folder, name);
  FILE*     file   = length < MAX_PATH ? fopen(path, "wb") : NULL;
  if (!file) {
    message_error(name, NULL, "cannot be written");
  }
  return file;
}

/// Close a file, and return true if all of it is there
static bool
close_file(FILE* const file)
{
  if (!file) {
    return false;
  }

  const bool has_failed = ferror(file);
  return !fclose(file) && !has_failed;
}

static bool
write_picture(FILE* const file, const Portrait* const picture)
{
  const bool is_written =
    file &&
    png_write(file, picture->pixels, picture->width, picture->height, picture->width);
  return close_file(file) && is_written;
}

// ---- One module

static bool
write_pictures(Host* const             host,
               const HostPlugin* const plugin,
               const char* const       folder,
               const char* const       name)
{
  const TemplateLayout layout = template_layout(plugin);
  const uint32_t       width  = layout.width - 2U * TEMPLATE_SIDE;
  const Portrait       plot = portrait_make(host, plugin, width, TEMPLATE_PLOT_HEIGHT);
  if (!plot.pixels) {
    message_error(plugin->uri, NULL, "makes no picture");
    return false;
  }

  const Portrait whole = screenshot_make(plugin, &layout, &plot);
  const Portrait thumb = screenshot_shrink(&whole, THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT);
  const bool     ok    = write_picture(open_file(folder, "%s-plot.png", name), &plot) &&
                  write_picture(open_file(folder, "%s-screenshot.png", name), &whole) &&
                  write_picture(open_file(folder, "%s-thumbnail.png", name), &thumb);
  free(plot.pixels);
  free(whole.pixels);
  free(thumb.pixels);
  return ok;
}

static void
write_turtle(FILE* const out, const HostPlugin* const plugin, const char* const name)
{
  fprintf(out,
          "%s\n<%s>\n"
          "\tmodgui:gui [\n"
          "\t\tmodgui:resourcesDirectory <../modgui> ;\n"
          "\t\tmodgui:iconTemplate <%s.html> ;\n"
          "\t\tmodgui:stylesheet <style.css> ;\n"
          "\t\tmodgui:screenshot <%s-screenshot.png> ;\n"
          "\t\tmodgui:thumbnail <%s-thumbnail.png> ;\n"
          "\t\tmodgui:brand \"Chronus\" ;\n"
          "\t\tmodgui:label \"%s\"",
          turtle_head,
          plugin->uri,
          name,
          name,
          name,
          strncmp(plugin->name, "Chronus ", 8) != 0 ? plugin->name : plugin->name + 8);
  uint32_t n = 0;
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (template_is_knob(port)) {
      fprintf(out,
              " ;\n\t\tmodgui:port [ lv2:index %u ; lv2:symbol \"%s\" ; "
              "lv2:name \"%s\" ]",
              n++,
              port->symbol,
              port->name);
    }
  }
  fprintf(out, "\n\t] .\n");
}

static bool
make_gui(Host* const host, const HostPlugin* const plugin, const char* const folder)
{
  const char* const name   = plugin->uri + strlen(MODULE_URI);
  FILE* const       html   = open_file(folder, "%s.html", name);
  FILE* const       turtle = open_file(folder, "%s.ttl", name);
  if (html && turtle) {
    template_write(html, plugin, name);
    write_turtle(turtle, plugin, name);
  }
  const bool has_html = close_file(html);
  return close_file(turtle) && has_html && write_pictures(host, plugin, folder, name);
}

// ---- All of them

static bool
make_guis(Host* const host, const char* const folder)
{
  FILE* const style = open_file(folder, "style.css");
  if (style) {
    template_write_style(style);
  }

  bool                           ok  = close_file(style);
  const HostPlugin* const* const all = ok ? host_plugins(host, MODULE_URI) : NULL;
  for (uint32_t p = 0; ok && all && all[p]; ++p) {
    ok = make_gui(host, all[p], folder);
  }
  return ok && all;
}

int
main(int argc, char** argv)
{
  options_begin(argv[0]);
  const OptionsStatus status = options_answer(help, argc, argv);
  if (status != OPTIONS_OK) {
    return status == OPTIONS_DONE ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  if (argc != 2) {
    message_error(
      "FOLDER", NULL, "must be given, see %s --help", message_program_name());
    return EXIT_FAILURE;
  }

  if (mkdir(argv[1], 0777) && errno != EEXIST) {
    message_error(argv[1], NULL, "cannot be made");
    return EXIT_FAILURE;
  }

  Host* const host = host_new(NULL);
  const bool  ok   = host && make_guis(host, argv[1]);
  host_free(host);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
