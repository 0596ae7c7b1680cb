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
#include "host/patch.h"
#include "host/xalloc.h"
#include "manual/modules.h"
#include "manual/page.h"

#include <errno.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK_START "<!-- modules: written by tools/manual from the Turtle -->\n"
#define MARK_END "<!-- end of modules -->\n"
#define MAX_PATH_SIZE 4096

/// The pages, and whether they are written or compared with what stands there
typedef struct {
  const char* top; ///< Folder of README.md and docs
  bool        is_check;
  Host*       host;
} Manual;

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
  for (const PlotKind* kind = manual_plots_of(module); *kind != N_PLOT_KINDS; ++kind) {
    char file[MAX_PATH_SIZE];
    snprintf(file,
             sizeof(file),
             "docs/pictures/modules/%s-%s.svg",
             symbol_of(module),
             plot_kind_name(*kind));

    char*       text     = NULL;
    size_t      size     = 0;
    FILE* const out      = (FILE*)xalloc(open_memstream(&text, &size));
    const bool  is_drawn = manual_plot(out, manual->host, module, *kind);
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
    ok &= put_module(manual, "docs/modules/%s.md", *m, manual_page);
    ok &= put_module(manual, "docs/pictures/modules/%s.svg", *m, manual_picture);
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
  manual_index(out, manual->host);
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
    manual_table(out, manual->host);
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
