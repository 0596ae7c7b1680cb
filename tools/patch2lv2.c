// SPDX-License-Identifier: ISC
/**
   Makes an LV2 plugin out of a patch.

   patch2lv2 PATCH OUT.lv2, see patch2lv2 --help
*/

#include "host/atomic_file.h"
#include "host/convert.h"
#include "host/intake.h"
#include "host/message.h"
#include "host/patch.h"
#include "host/xalloc.h"
#include "patch2lv2/plugin_bundle.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define URI_START "urn:chronus-patch:"
#define MAX_PATH_SIZE 4096

static const char help[] = "Usage: %1$s PATCH OUT.lv2\n"
                           "Make an LV2 plugin out of a patch, for hosts without "
                           "cables: a bundle OUT.lv2 whose\n"
                           "ports are audio, MIDI and the knobs that the patch has "
                           "turned.  PATCH is a file or the\n"
                           "name of an installed patch.\n"
                           "\n"
                           "  --help, --version   show this, or the version\n"
                           "\n"
                           "The plugin needs the modules of the patch where LV2_PATH "
                           "says, or in ~/.lv2.  Put the\n"
                           "bundle there too.\n";

/// Parts of the bundle
typedef struct {
  const Patch* patch;
  const char*  folder;
  char         name[MAX_PATH_SIZE]; ///< Last part of the folder, without its ending
  char         uri[MAX_PATH_SIZE + sizeof(URI_START)];
} Bundle;

// ---- Files

static bool
put_file(const Bundle* const bundle,
         const char* const   file,
         const void* const   bytes,
         const size_t        size)
{
  char path[MAX_PATH_SIZE];
  snprintf(path, sizeof(path), "%s/%s", bundle->folder, file);
  return atomic_file_write(path, (const char*)bytes, size);
}

/// Copy a file into the bundle
static bool
copy_file(const Bundle* const bundle, const char* const file, const char* const from)
{
  size_t         size  = 0;
  uint8_t* const bytes = intake_read(from, &size);
  const bool     ok    = bytes && put_file(bundle, file, bytes, size);
  free(bytes);
  return ok;
}

static void
write_plugin(FILE* const out, const Bundle* const bundle)
{
  plugin_bundle_write(out, bundle->patch, bundle->uri, bundle->name);
}

static void
write_manifest(FILE* const out, const Bundle* const bundle)
{
  plugin_bundle_write_manifest(out, bundle->uri);
}

static void
write_knobs(FILE* const out, const Bundle* const bundle)
{
  plugin_bundle_write_knobs(out, bundle->patch);
}

static void
write_uri(FILE* const out, const Bundle* const bundle)
{
  fprintf(out, "%s\n", bundle->uri);
}

static bool
make_file(const Bundle* const bundle,
          const char* const   file,
          void (*const write)(FILE* out, const Bundle* bundle))
{
  char*       text = NULL;
  size_t      size = 0;
  FILE* const out  = (FILE*)xalloc(open_memstream(&text, &size));
  write(out, bundle);
  fclose(out);

  const bool ok = put_file(bundle, file, text, size);
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

/// Call the plugin as its bundle is called
static void
find_name(Bundle* const bundle)
{
  const char* const slash = strrchr(bundle->folder, '/');
  snprintf(
    bundle->name, sizeof(bundle->name), "%s", slash ? slash + 1 : bundle->folder);
  char* const dot = strrchr(bundle->name, '.');
  if (dot) {
    *dot = '\0';
  }
  for (char* c = bundle->name; *c; ++c) {
    if (strchr(" <>\"{}|^`\\", *c)) {
      *c = '_';
    }
  }
  snprintf(bundle->uri, sizeof(bundle->uri), URI_START "%s", bundle->name);
}

static bool
make_bundle(const Patch* const patch, const char* const folder)
{
  static Bundle bundle;
  char          rack[MAX_PATH_SIZE];
  bundle = (Bundle){.patch = patch, .folder = folder};
  find_name(&bundle);
  if (mkdir(folder, 0777) && errno != EEXIST) {
    message_error(folder, NULL, "can't be made: %s", strerror(errno));
    return false;
  }

  return copy_file(&bundle, "rack.so", find_rack(rack)) &&
         copy_file(&bundle, "patch.ttl", patch->path) &&
         make_file(&bundle, "knobs.txt", write_knobs) &&
         make_file(&bundle, "uri.txt", write_uri) &&
         make_file(&bundle, "plugin.ttl", write_plugin) &&
         make_file(&bundle, "manifest.ttl", write_manifest);
}

static bool
write_checked(const Patch* const patch, const char* const folder)
{
  return plugin_bundle_check(patch) && make_bundle(patch, folder);
}

int
main(const int argc, char** const argv)
{
  return convert_main(help, argc, argv, write_checked);
}
