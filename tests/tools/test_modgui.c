// SPDX-License-Identifier: ISC
// Pedals of MOD's interface: every port is there, and every file

#include "support/program.h"
#include "support/scratch.h"
#include "support/test.h"

#include "host/host.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODGUI BUILD_DIR "/bin/modgui"

enum {
  MAX_BYTES        = 400000, ///< Of one template
  MAX_TEXT         = 512,
  PNG_HEAD_BYTES   = 24,
  MAX_THUMB_WIDTH  = 256,
  MAX_THUMB_HEIGHT = 64,
  MAX_BUNDLE_BYTES = 3000000 ///< Of all files together
};

static Host*                    host;
static const HostPlugin* const* plugins;
static int                      n_plugins;
static char                     html[MAX_BYTES];

static const char*
name_of(const HostPlugin* const plugin)
{
  return plugin->uri + strlen(CHRONUS_URI);
}

static void
make(void)
{
  scratch_make();
  setenv("LV2_PATH", TEST_LV2_PATH, 1);
  program_check_works(MODGUI, "modgui");
}

/// Read a file of the folder
static size_t
read_whole(const char* const name, const char* const end, char* const to, size_t size)
{
  char path[MAX_TEXT];
  snprintf(path, sizeof(path), "modgui/%s%s", name, end);
  FILE* const file = fopen(path, "rb");
  ck_assert_msg(file != NULL, "there is no %s", path);
  const size_t n = fread(to, 1, size - 1, file);
  ck_assert_uint_lt(n, size - 1);
  fclose(file);
  to[n] = '\0';
  return n;
}

static unsigned
count(const char* const text, const char* const part)
{
  unsigned n = 0;
  for (const char* at = strstr(text, part); at; at = strstr(at + 1, part)) {
    ++n;
  }
  return n;
}

/// Check that the template has one thing of a role for a port
static void
check_role(const HostPort* const port, const char* const role)
{
  char part[MAX_TEXT];
  snprintf(
    part, sizeof(part), "mod-role=\"%s\" mod-port-symbol=\"%s\"", role, port->symbol);
  ck_assert_msg(
    count(html, part) == 1, "%s is there %u times", part, count(html, part));
}

static void
check_port(const HostPort* const port)
{
  static const char* const kinds[] = {
    [HOST_AUDIO] = "audio", [HOST_CV] = "cv", [HOST_EVENTS] = "midi"};

  char role[32];
  if (host_is_signal(port) || (port->kind == HOST_EVENTS && port->has_midi)) {
    const char* const way = port->is_output ? "output" : "input";
    snprintf(role, sizeof(role), "%s-%s-port", way, kinds[port->kind]);
    check_role(port, role);
  } else if (host_is_knob(port) && !strcmp(port->symbol, "enabled")) {
    ck_assert_uint_eq(count(html, "mod-role=\"bypass\""), 1);
  } else if (host_is_knob(port)) {
    check_role(port, "input-control-port");
  }
}

START_TEST(templates_have_every_port)
{
  read_whole(name_of(plugins[_i]), ".html", html, sizeof(html));
  for (uint32_t p = 0; p < plugins[_i]->n_ports; ++p) {
    check_port(&plugins[_i]->ports[p]);
  }
  ck_assert_uint_eq(count(html, "mod-role=\"drag-handle\""), 1);
  ck_assert_uint_eq(count(html, "mod-role=\"bypass-light\""), 1);
}
END_TEST

START_TEST(templates_have_every_choice)
{
  unsigned n = 0;
  read_whole(name_of(plugins[_i]), ".html", html, sizeof(html));
  for (uint32_t p = 0; p < plugins[_i]->n_ports; ++p) {
    const HostPort* const port = &plugins[_i]->ports[p];
    n += host_is_knob(port) && port->is_enumeration ? port->n_points : 0;
  }
  ck_assert_uint_eq(count(html, "mod-role=\"enumeration-option\""), n);
}
END_TEST

START_TEST(templates_close_what_they_open)
{
  read_whole(name_of(plugins[_i]), ".html", html, sizeof(html));
  ck_assert_uint_eq(count(html, "<div"), count(html, "</div>"));
  ck_assert_uint_eq(count(html, "<span"), count(html, "</span>"));
  ck_assert_uint_eq(count(html, "{{{"), count(html, "}}}"));
}
END_TEST

/// Return a number of four bytes, the highest first
static uint32_t
read_word(const char* const bytes)
{
  const unsigned char* const b = (const unsigned char*)bytes;

  return (uint32_t)b[0] << 24U | (uint32_t)b[1] << 16U | (uint32_t)b[2] << 8U | b[3];
}

/// Check a picture, and find its size
static void
check_picture(const char* const name, const char* const end, uint32_t size[2])
{
  const size_t n = read_whole(name, end, html, sizeof(html));
  ck_assert_uint_gt(n, PNG_HEAD_BYTES);
  ck_assert_mem_eq(html, "\x89PNG\r\n\x1a\n", 8);
  ck_assert_mem_eq(html + 12, "IHDR", 4);
  ck_assert_mem_eq(html + n - 8, "IEND\xae\x42\x60\x82", 8);
  size[0] = read_word(html + 16);
  size[1] = read_word(html + 20);
}

START_TEST(pictures_have_their_sizes)
{
  uint32_t    size[2];
  char        style[MAX_TEXT];
  const char* name = name_of(plugins[_i]);
  check_picture(name, "-screenshot.png", size);
  read_whole(name, ".html", html, sizeof(html));
  snprintf(style, sizeof(style), "width:%upx;height:%upx", size[0], size[1]);
  ck_assert_uint_eq(count(html, style), 1);

  check_picture(name, "-plot.png", size);
  ck_assert_uint_ge(size[0], 100);
  ck_assert_uint_ge(size[1], 50);
  check_picture(name, "-thumbnail.png", size);
  ck_assert_uint_le(size[0], MAX_THUMB_WIDTH);
  ck_assert_uint_le(size[1], MAX_THUMB_HEIGHT);
  ck_assert_uint_ge(size[1], MAX_THUMB_HEIGHT / 3);
}
END_TEST

/// Return whether a file of the folder is there
static bool
is_there(const char* const uri)
{
  char* const path  = lilv_file_uri_parse(uri, NULL);
  FILE* const file  = path ? fopen(path, "rb") : NULL;
  const bool  found = file;
  if (file) {
    fclose(file);
  }
  lilv_free(path);
  return found;
}

START_TEST(turtle_names_files_that_are_there)
{
  static const char* const names[] = {
    "iconTemplate", "stylesheet", "screenshot", "thumbnail"};

  char text[2 * MAX_TEXT];
  snprintf(text,
           sizeof(text),
           "<%s> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <modgui/%s.ttl> .\n",
           plugins[_i]->uri,
           name_of(plugins[_i]));
  write_text("manifest.ttl", text);
  snprintf(text, sizeof(text), "%s/", scratch_path());
  LilvWorld* const world  = lilv_world_new();
  LilvNode* const  bundle = lilv_new_file_uri(world, NULL, text);
  LilvNode* const  uri    = lilv_new_uri(world, plugins[_i]->uri);
  LilvNode* const  gui    = lilv_new_uri(world, "http://moddevices.com/ns/modgui#gui");
  lilv_world_load_bundle(world, bundle);
  ck_assert_int_eq(lilv_world_load_resource(world, uri), 1);

  LilvNode* const node = lilv_world_get(world, uri, gui, NULL);
  ck_assert_ptr_nonnull(node);
  for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); ++n) {
    char property[MAX_TEXT];
    snprintf(
      property, sizeof(property), "http://moddevices.com/ns/modgui#%s", names[n]);
    LilvNode* const key   = lilv_new_uri(world, property);
    LilvNode* const value = lilv_world_get(world, node, key, NULL);
    ck_assert_msg(value && is_there(lilv_node_as_uri(value)), "%s", names[n]);
    lilv_node_free(value);
    lilv_node_free(key);
  }
  lilv_node_free(node);
  lilv_node_free(gui);
  lilv_node_free(uri);
  lilv_node_free(bundle);
  lilv_world_free(world);
}
END_TEST

START_TEST(files_are_small)
{
  static const char* const ends[] = {
    ".ttl", ".html", "-plot.png", "-screenshot.png", "-thumbnail.png"};

  size_t n = 0;
  for (int p = 0; p < n_plugins; ++p) {
    for (size_t e = 0; e < sizeof(ends) / sizeof(ends[0]); ++e) {
      n += read_whole(name_of(plugins[p]), ends[e], html, sizeof(html));
    }
  }
  ck_assert_uint_le(n, MAX_BUNDLE_BYTES);
}
END_TEST

START_TEST(command_lines_are_refused)
{
  program_check_refused(
    MODGUI, "", "modgui: FOLDER: must be given, see modgui --help\n");
  program_check_refused(
    MODGUI, "a b", "modgui: FOLDER: must be given, see modgui --help\n");
}
END_TEST

int
main(void)
{
  host    = host_new(TEST_LV2_PATH);
  plugins = host ? host_plugins(host, CHRONUS_URI) : NULL;
  while (plugins && plugins[n_plugins]) {
    ++n_plugins;
  }

  Suite* const suite = suite_create("modgui");
  TCase* const tests = tcase_create("modgui");
  tcase_add_unchecked_fixture(tests, make, scratch_remove);
  tcase_add_loop_test(tests, templates_have_every_port, 0, n_plugins);
  tcase_add_loop_test(tests, templates_have_every_choice, 0, n_plugins);
  tcase_add_loop_test(tests, templates_close_what_they_open, 0, n_plugins);
  tcase_add_loop_test(tests, pictures_have_their_sizes, 0, n_plugins);
  tcase_add_loop_test(tests, turtle_names_files_that_are_there, 0, n_plugins);
  tcase_add_test(tests, files_are_small);
  tcase_add_test(tests, command_lines_are_refused);
  suite_add_tcase(suite, tests);

  const int status = run_tests(suite);
  host_free(host);
  return status;
}
