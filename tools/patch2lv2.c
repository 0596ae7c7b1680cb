// SPDX-License-Identifier: ISC
/**
   Makes LV2 plugins out of patches.

   patch2lv2 PATCH... OUT.lv2, see patch2lv2 --help
*/

#include "host/atomic_file.h"
#include "host/convert.h"
#include "host/intake.h"
#include "host/message.h"
#include "host/patch.h"
#include "host/xalloc.h"
#include "patch2lv2/plugin_bundle.h"
#include "patch2lv2/plugin_knobs.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define URI_START "urn:chronus-patch:"
#define MAX_PATH_SIZE 4096
#define MAX_NAME_SIZE 256 ///< As file systems have it

static const char help[] = "Usage: %1$s PATCH... OUT.lv2\n"
                           "Make an LV2 plugin out of every patch, for hosts without "
                           "cables: a bundle OUT.lv2\n"
                           "of plugins whose ports are audio, MIDI and the knobs that "
                           "the patch has turned.  PATCH\n"
                           "is a file or the name of an installed patch.\n"
                           "\n"
                           "  --help, --version   show this, or the version\n"
                           "\n"
                           "A plugin needs the modules of its patch where LV2_PATH "
                           "says, or in ~/.lv2.  Put the\n"
                           "bundle there too.  A plugin is called like its patch, and "
                           "like the bundle if it is the\n"
                           "only one.\n";

/// The bundle, with what is in it so far; n_patches is known from the start
typedef struct {
  const char* folder;
  int         n_patches;
  char*       list;     ///< plugins.txt
  char*       manifest; ///< What follows its prefixes
} Bundle;

/// A plugin of the bundle
typedef struct {
  const Patch* patch;
  char         name[MAX_NAME_SIZE]; ///< Of its folder in the bundle
  char         uri[MAX_NAME_SIZE + sizeof(URI_START)];
} Plugin;

// ---- Files

/// Write a file of a folder in the bundle
static bool
put_file(const char* const bundle,
         const char* const folder,
         const char* const file,
         const void* const bytes,
         const size_t      size)
{
  char path[2 * MAX_PATH_SIZE];
  snprintf(path, sizeof(path), "%s/%s/%s", bundle, folder, file);
  return atomic_file_write(path, (const char*)bytes, size);
}

/// Copy a file into a folder of the bundle
static bool
copy_file(const char* const bundle,
          const char* const folder,
          const char* const file,
          const char* const from)
{
  size_t         size  = 0;
  uint8_t* const bytes = intake_read(from, &size);
  const bool     ok    = bytes && put_file(bundle, folder, file, bytes, size);
  free(bytes);
  return ok;
}

static bool
make_folder(const char* const path)
{
  if (!mkdir(path, 0777) || errno == EEXIST) {
    return true;
  }

  message_error(path, NULL, "can't be made: %s", strerror(errno));
  return false;
}

static void
write_plugin(FILE* const out, const Plugin* const plugin)
{
  plugin_bundle_write(out, plugin->patch, plugin->uri, plugin->name);
}

static void
write_knobs(FILE* const out, const Plugin* const plugin)
{
  plugin_knobs_write_names(out, plugin->patch);
}

static bool
make_file(const char* const   bundle,
          const char* const   file,
          const Plugin* const plugin,
          void (*const write)(FILE* out, const Plugin* plugin))
{
  char*       text = NULL;
  size_t      size = 0;
  FILE* const out  = (FILE*)xalloc(open_memstream(&text, &size));
  write(out, plugin);
  fclose(out);

  const bool ok = put_file(bundle, plugin->name, file, text, size);
  free(text);
  return ok;
}

/// Find the library that plays patches: beside this program, or where it was installed
static const char*
find_rack(char path[MAX_PATH_SIZE])
{
  const ssize_t length          = readlink("/proc/self/exe", path, MAX_PATH_SIZE - 16U);
  path[length > 0 ? length : 0] = '\0';
  char* const slash             = strrchr(path, '/');
  if (slash) {
    snprintf(slash, 16U, "/rack.so");
  }
  return slash && !access(path, R_OK) ? path : CHRONUS_RACK;
}

// ---- The bundle

/// Call a plugin as its patch, or as its bundle if it is the only one there
static void
find_name(Plugin* const plugin, const Bundle* const bundle)
{
  const char* const path = bundle->n_patches > 1 ? plugin->patch->path : bundle->folder;
  const char* const slash = strrchr(path, '/');
  snprintf(plugin->name, sizeof(plugin->name), "%s", slash ? slash + 1 : path);
  char* const dot = strrchr(plugin->name, '.');
  if (dot) {
    *dot = '\0';
  }
  for (char* c = plugin->name; *c; ++c) {
    if (strchr(" <>\"{}|^`\\", *c)) {
      *c = '_';
    }
  }
  snprintf(plugin->uri, sizeof(plugin->uri), URI_START "%s", plugin->name);
}

/// Return a text with what `write` adds to it; the one before is freed
static char*
append(char* const         before,
       const Plugin* const plugin,
       void (*const write)(FILE* out, const Plugin* plugin))
{
  char*       text = NULL;
  size_t      size = 0;
  FILE* const out  = (FILE*)xalloc(open_memstream(&text, &size));
  fputs(before ? before : "", out);
  write(out, plugin);
  fclose(out);
  free(before);
  return text;
}

static void
write_line(FILE* const out, const Plugin* const plugin)
{
  fprintf(out, "%s %s\n", plugin->uri, plugin->name);
}

static void
write_manifest(FILE* const out, const Plugin* const plugin)
{
  plugin_bundle_write_manifest(out, plugin->uri, plugin->name);
}

static bool
make_plugin(const Plugin* const plugin, const char* const bundle)
{
  char path[MAX_PATH_SIZE];
  snprintf(path, sizeof(path), "%s/%s", bundle, plugin->name);
  return make_folder(path) &&
         copy_file(bundle, plugin->name, "patch.ttl", plugin->patch->path) &&
         make_file(bundle, "knobs.txt", plugin, write_knobs) &&
         make_file(bundle, "plugin.ttl", plugin, write_plugin);
}

/// Name all plugins so far in the bundle, which is complete with each
static bool
list_plugins(Bundle* const bundle, const Plugin* const plugin)
{
  bundle->list     = append(bundle->list, plugin, write_line);
  bundle->manifest = append(bundle->manifest, plugin, write_manifest);
  return put_file(
           bundle->folder, ".", "plugins.txt", bundle->list, strlen(bundle->list)) &&
         put_file(bundle->folder,
                  ".",
                  "manifest.ttl",
                  bundle->manifest,
                  strlen(bundle->manifest));
}

/// The bundle that is made; convert_main() hands over one patch after the other
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
static Bundle made;

static bool
write_checked(const Patch* const patch, const char* const folder)
{
  static Plugin plugin;
  char          rack[MAX_PATH_SIZE];
  plugin      = (Plugin){.patch = patch};
  made.folder = folder;
  find_name(&plugin, &made);
  return plugin_bundle_check(patch) && make_folder(folder) &&
         copy_file(folder, ".", "rack.so", find_rack(rack)) &&
         make_plugin(&plugin, folder) && list_plugins(&made, &plugin);
}

static void
write_prefixes(FILE* const out, const Plugin* const plugin)
{
  (void)plugin;
  plugin_bundle_begin_manifest(out);
}

int
main(const int argc, char** const argv)
{
  made.n_patches   = argc - 2;
  made.manifest    = append(NULL, NULL, write_prefixes);
  const int status = convert_main(help, argc, argv, INT_MAX - 2, write_checked);
  free(made.list);
  free(made.manifest);
  return status;
}
