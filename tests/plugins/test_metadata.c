// SPDX-License-Identifier: ISC
// Metadata of every plugin of the bundle, read as a host does

#include "support/stress_host.h"
#include "support/test.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/log/log.h>
#include <lv2/midi/midi.h>
#include <lv2/patch/patch.h>
#include <lv2/port-groups/port-groups.h>
#include <lv2/port-props/port-props.h>
#include <lv2/presets/presets.h>
#include <lv2/state/state.h>
#include <lv2/time/time.h>
#include <lv2/units/units.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NS_DOAP "http://usefulinc.com/ns/doap#"
#define NS_FOAF "http://xmlns.com/foaf/0.1/"
#define NS_IDISP "http://harrisonconsoles.com/lv2/inlinedisplay#"
#define NS_MOD "http://moddevices.com/ns/mod#"
#define NS_RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define NS_RDFS "http://www.w3.org/2000/01/rdf-schema#"
#define NS_PARAM "http://lv2plug.in/ns/ext/parameters#"

#define BUNDLE BUILD_DIR "/lv2/chronus.lv2"

enum { TEXT_BYTES = 4096, MAX_SHORT_NAME = 15, MIN_PRESETS = 8 };

static int        n_plugins = 0;
static StressHost rig;
static Take       take;
static Recording  recording;

// ---- Reading

static LilvNodes*
find(const LilvNode* const subject, const char* const predicate)
{
  LilvNode* const  uri = lilv_new_uri(host_world(stress_host_host()), predicate);
  LilvNodes* const found =
    lilv_world_find_nodes(host_world(stress_host_host()), subject, uri, NULL);

  lilv_node_free(uri);
  return found;
}

static unsigned
count(const LilvNode* const subject, const char* const predicate)
{
  LilvNodes* const found = find(subject, predicate);
  const unsigned   n     = found ? lilv_nodes_size(found) : 0;

  lilv_nodes_free(found);
  return n;
}

static bool
is(const LilvNode* const subject, const char* const predicate, const char* const object)
{
  LilvNode* const p  = lilv_new_uri(host_world(stress_host_host()), predicate);
  LilvNode* const o  = lilv_new_uri(host_world(stress_host_host()), object);
  const bool      is = lilv_world_ask(host_world(stress_host_host()), subject, p, o);

  lilv_node_free(o);
  lilv_node_free(p);
  return is;
}

/// Return the one object of `predicate`, which is the caller's; fail unless there is
/// one
static LilvNode*
one(const LilvNode* const subject, const char* const predicate)
{
  LilvNodes* const found = find(subject, predicate);
  ck_assert_msg(found && lilv_nodes_size(found) == 1,
                "<%s> has %u of <%s>",
                lilv_node_as_string(subject),
                found ? lilv_nodes_size(found) : 0,
                predicate);

  LilvNode* const node = lilv_node_duplicate(lilv_nodes_get_first(found));
  lilv_nodes_free(found);
  return node;
}

/// Write the one text of `predicate` to `text`
static void
read_text(const LilvNode* const subject, const char* const predicate, char* const text)
{
  LilvNode* const node = one(subject, predicate);
  ck_assert_msg(lilv_node_is_string(node) || lilv_node_is_uri(node),
                "<%s> of <%s> is not a text",
                predicate,
                lilv_node_as_string(subject));
  snprintf(text, TEXT_BYTES, "%s", lilv_node_as_string(node));
  lilv_node_free(node);
}

static const LilvNode*
plugin_node(const HostPlugin* const plugin)
{
  return lilv_plugin_get_uri(plugin->lilv);
}

static const LilvNode*
port_node(const HostPlugin* const plugin, const uint32_t port)
{
  return lilv_port_get_node(plugin->lilv,
                            lilv_plugin_get_port_by_index(plugin->lilv, port));
}

/// Return the part of a plugin's URI that is its own
static const char*
short_uri(const HostPlugin* const plugin)
{
  return plugin->uri + strlen(CHRONUS_URI);
}

// ---- Words

static bool
ends_with(const char* const text, const char* const end)
{
  const size_t length = strlen(text);

  return length >= strlen(end) && !strcmp(text + length - strlen(end), end);
}

/// Fail unless a comment is a sentence or more
static void
check_sentence(const LilvNode* const subject)
{
  char text[TEXT_BYTES];
  read_text(subject, NS_RDFS "comment", text);
  ck_assert_msg(strlen(text) > 10 && !islower((unsigned char)*text) &&
                  ends_with(text, ".") && !strstr(text, "  ") && !strchr(text, '\n'),
                "\"%s\" is not a sentence",
                text);
}

/// Fail unless a name is short, and neither begins nor ends with a space
static void
check_name(const char* const name, const size_t longest)
{
  const size_t length = strlen(name);
  ck_assert_msg(length > 0 && length <= longest && !isspace((unsigned char)*name) &&
                  !isspace((unsigned char)name[length - 1]),
                "\"%s\" is not a name of 1 to %zu letters",
                name,
                longest);
}

static void
check_short_name(const LilvNode* const subject)
{
  char name[TEXT_BYTES];
  read_text(subject, LV2_CORE_PREFIX "shortName", name);
  check_name(name, MAX_SHORT_NAME);
}

START_TEST(plugin_explains_itself)
{
  static const char* const start  = "Chronus ";
  const HostPlugin* const  plugin = stress_host_plugin(_i);
  const LilvNode* const    node   = plugin_node(plugin);

  char text[TEXT_BYTES];
  read_text(node, NS_DOAP "name", text);
  ck_assert_msg(!strncmp(text, start, strlen(start)), "name is \"%s\"", text);
  check_name(text + strlen(start), 30);
  check_short_name(node);

  read_text(node, NS_DOAP "shortdesc", text);
  check_name(text, 100);
  ck_assert_msg(!ends_with(text, "."), "\"%s\" ends with a full stop", text);

  check_sentence(node);
  read_text(node, LV2_CORE__documentation, text);
  ck_assert_uint_gt(strlen(text), 100);
}
END_TEST

START_TEST(plugins_have_different_names)
{
  for (int i = 0; i < _i; ++i) {
    char a[TEXT_BYTES];
    char b[TEXT_BYTES];
    ck_assert_str_ne(stress_host_plugin(i)->name, stress_host_plugin(_i)->name);
    read_text(plugin_node(stress_host_plugin(i)), LV2_CORE_PREFIX "shortName", a);
    read_text(plugin_node(stress_host_plugin(_i)), LV2_CORE_PREFIX "shortName", b);
    ck_assert_str_ne(a, b);
  }
}
END_TEST

// ---- What kind of plugin it is

START_TEST(plugin_is_valid)
{
  ck_assert(lilv_plugin_verify(stress_host_plugin(_i)->lilv));
}
END_TEST

START_TEST(plugin_has_one_specific_class)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  const LilvNode* const   node   = plugin_node(plugin);
  bool                    has_cv = false;
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    has_cv = has_cv || plugin->ports[p].kind == HOST_CV;
  }
  ck_assert(is(node, NS_RDF "type", LV2_CORE__Plugin));
  ck_assert_int_eq(is(node, NS_RDF "type", NS_MOD "ControlVoltagePlugin"), has_cv);
  ck_assert_uint_eq(count(node, NS_RDF "type"), has_cv ? 3 : 2);

  const LilvNode* const class =
    lilv_plugin_class_get_uri(lilv_plugin_get_class(plugin->lilv));
  ck_assert_str_ne(lilv_node_as_uri(class), LV2_CORE__Plugin);
  ck_assert(is(node, NS_RDF "type", lilv_node_as_uri(class)));
}
END_TEST

/// Return the version of one kind, which must be an even number
static int
read_version(const LilvNode* const plugin, const char* const predicate)
{
  LilvNode* const node = one(plugin, predicate);
  ck_assert(lilv_node_is_int(node));

  const int version = lilv_node_as_int(node);
  lilv_node_free(node);
  ck_assert_int_eq(version % 2, 0);
  return version;
}

START_TEST(plugin_has_a_release_version)
{
  const LilvNode* const node = plugin_node(stress_host_plugin(_i));
  ck_assert_int_ge(read_version(node, LV2_CORE__minorVersion), 2);
  ck_assert_int_ge(read_version(node, LV2_CORE__microVersion), 0);
}
END_TEST

/// Return true if a property of a plugin is the path of a file
static bool
takes_file(const LilvNode* const node)
{
  bool             takes = false;
  LilvNodes* const found = find(node, LV2_PATCH__writable);
  LILV_FOREACH (nodes, i, found) {
    takes = takes || is(lilv_nodes_get(found, i), NS_RDFS "range", LV2_ATOM__Path);
  }
  lilv_nodes_free(found);
  return takes;
}

/// Features that a plugin with a file uses, and can do without
static const char* const file_features[] = {LV2_LOG__log,
                                            LV2_STATE__freePath,
                                            LV2_STATE__mapPath,
                                            LV2_WORKER__schedule};

enum {
  N_FILE_FEATURES    = sizeof(file_features) / sizeof(file_features[0]),
  N_DISPLAY_FEATURES = 2
};

START_TEST(plugin_asks_little_of_a_host)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  const LilvNode* const   node   = plugin_node(plugin);

  const unsigned n_files = takes_file(node) ? 1 : 0;
  ck_assert(is(node, LV2_CORE__optionalFeature, LV2_CORE__hardRTCapable));
  ck_assert_uint_eq(count(node, LV2_CORE__optionalFeature) +
                      count(node, LV2_CORE__requiredFeature),
                    2 + N_DISPLAY_FEATURES + n_files * N_FILE_FEATURES);
  ck_assert_uint_eq(is(node, LV2_CORE__optionalFeature, LV2_URID__map) +
                      is(node, LV2_CORE__requiredFeature, LV2_URID__map),
                    1);
  for (unsigned f = 0; n_files && f < N_FILE_FEATURES; ++f) {
    ck_assert(is(node, LV2_CORE__optionalFeature, file_features[f]));
  }
  ck_assert_uint_eq(count(node, LV2_CORE__extensionData), 2 + n_files);
  ck_assert(is(node, LV2_CORE__extensionData, LV2_STATE__interface));
  ck_assert(is(node, LV2_CORE__extensionData, NS_IDISP "interface"));
  ck_assert(is(node, LV2_CORE__optionalFeature, NS_IDISP "queue_draw"));
  ck_assert(is(node, LV2_CORE__optionalFeature, NS_IDISP "in_gui"));
  ck_assert_uint_eq(is(node, LV2_CORE__extensionData, LV2_WORKER__interface), n_files);
}
END_TEST

START_TEST(license_and_publisher_are_known)
{
  const LilvNode* const node    = plugin_node(stress_host_plugin(_i));
  LilvNode* const       license = one(node, NS_DOAP "license");
  ck_assert(lilv_node_is_uri(license));
  ck_assert_str_eq(lilv_node_as_uri(license), "http://opensource.org/licenses/ISC");

  LilvNode* const project = one(node, LV2_CORE__project);
  ck_assert_str_eq(lilv_node_as_uri(project), CHRONUS_URI "project");
  ck_assert(is(project, NS_RDF "type", NS_DOAP "Project"));
  ck_assert(is(project, NS_DOAP "license", lilv_node_as_uri(license)));

  char text[TEXT_BYTES];
  read_text(project, NS_DOAP "name", text);
  ck_assert_str_eq(text, "Chronus");

  LilvNode* const maintainer = one(project, NS_DOAP "maintainer");
  read_text(maintainer, NS_FOAF "name", text);
  check_name(text, 60);
  read_text(maintainer, NS_FOAF "mbox", text);
  ck_assert_msg(!strncmp(text, "mailto:", 7) && strchr(text, '@'), "mail is %s", text);
  read_text(maintainer, NS_FOAF "homepage", text);
  ck_assert_msg(!strncmp(text, "http", 4), "page is %s", text);

  lilv_node_free(maintainer);
  lilv_node_free(project);
  lilv_node_free(license);
}
END_TEST

START_TEST(library_knows_the_plugin)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);

  char* const path = lilv_file_uri_parse(
    lilv_node_as_uri(lilv_plugin_get_library_uri(plugin->lilv)), NULL);
  ck_assert_int_eq(access(path, R_OK), 0);
  ck_assert(!strncmp(path, BUNDLE "/", strlen(BUNDLE "/")));
  lilv_free(path);

  stress_host_open(&rig, plugin, 48000.0);
  ck_assert_str_eq(lilv_instance_get_uri(rig.instance), plugin->uri);
  stress_host_close(&rig);
}
END_TEST

// ---- Ports

START_TEST(ports_have_one_kind_and_direction)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  ck_assert_uint_gt(plugin->n_ports, 0);
  ck_assert_uint_le(plugin->n_ports, STRESS_HOST_PORTS);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const LilvNode* const node  = port_node(plugin, p);
    const bool            is_cv = plugin->ports[p].kind == HOST_CV;
    ck_assert_uint_eq(count(node, NS_RDF "type"), is_cv ? 3 : 2);
    ck_assert_int_eq(is(node, NS_RDF "type", NS_MOD "CVPort"), is_cv);
    ck_assert_int_ne(plugin->ports[p].kind, HOST_UNKNOWN);
    ck_assert_uint_eq(is(node, NS_RDF "type", LV2_CORE__InputPort) +
                        is(node, NS_RDF "type", LV2_CORE__OutputPort),
                      1);
  }
}
END_TEST

/// Return the place of a port among others: outputs, inputs, knobs, and events last,
/// unless they are what the module is about
static int
port_rank(const HostPlugin* const plugin, const uint32_t p)
{
  const HostPort* const port = &plugin->ports[p];

  return port->kind == HOST_EVENTS && p + 1 == plugin->n_ports ? 3
         : port->kind == HOST_CONTROL                          ? 2
         : port->is_output                                     ? 0
                                                               : 1;
}

START_TEST(ports_come_in_the_order_of_the_rack)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t p = 1; p < plugin->n_ports; ++p) {
    ck_assert_msg(port_rank(plugin, p - 1) <= port_rank(plugin, p),
                  "%s: %s comes after %s",
                  plugin->uri,
                  plugin->ports[p].symbol,
                  plugin->ports[p - 1].symbol);
  }
}
END_TEST

/// Return the place of an input signal: what is played or goes through comes first
static int
input_rank(const HostPort* const port)
{
  static const char* const first[] = {"in", "in_left", "in_right", "pitch", "gate"};

  const int n    = (int)(sizeof(first) / sizeof(first[0]));
  int       rank = 0;
  while (rank < n && strcmp(port->symbol, first[rank]) != 0) {
    ++rank;
  }
  return rank;
}

START_TEST(main_inputs_come_before_modulation)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t p = 1; p < plugin->n_ports; ++p) {
    const HostPort* const before = &plugin->ports[p - 1];
    const HostPort* const port   = &plugin->ports[p];
    ck_assert_msg(!is_input_signal(before) || !is_input_signal(port) ||
                    input_rank(before) <= input_rank(port),
                  "%s: %s comes after %s",
                  plugin->uri,
                  port->symbol,
                  before->symbol);
  }
}
END_TEST

START_TEST(outputs_are_of_one_kind)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  ck_assert(plugin->ports[0].is_output);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    if (is_output_signal(&plugin->ports[p])) {
      ck_assert_int_eq(plugin->ports[p].kind, plugin->ports[0].kind);
    }
  }
}
END_TEST

START_TEST(ports_have_symbols_and_names_of_their_own)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    ck_assert_uint_eq(strspn(port->symbol, "abcdefghijklmnopqrstuvwxyz_0123456789"),
                      strlen(port->symbol));
    ck_assert(islower((unsigned char)*port->symbol));
    check_name(port->name, 25);
    for (uint32_t q = 0; q < p; ++q) {
      ck_assert_str_ne(port->symbol, plugin->ports[q].symbol);
      ck_assert_str_ne(port->name, plugin->ports[q].name);
    }
  }
}
END_TEST

START_TEST(ports_explain_themselves)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    check_sentence(port_node(plugin, p));
    check_short_name(port_node(plugin, p));
    for (uint32_t q = 0; q < p; ++q) {
      ck_assert_str_ne(plugin->ports[p].comment, plugin->ports[q].comment);
    }
  }
}
END_TEST

// ---- Short names

/// A word that Carla shortens, and what it leaves of it
typedef struct {
  const char* word;
  const char* part; ///< Without the first letter
  const char* stump;
} Shortening;

/// Write `name` in small letters
static void
write_small(const char* const name, char* const small)
{
  size_t i = 0;
  for (; name[i]; ++i) {
    small[i] = (char)tolower((unsigned char)name[i]);
  }
  small[i] = '\0';
}

/// Leave out all of `part`, and put `stump` in its place
static void
shorten_part(char* const name, const char* const part, const char* const stump)
{
  const size_t length = strlen(stump);
  for (char* at = strstr(name, part); at; at = strstr(at, part)) {
    memmove(at + length, at + strlen(part), strlen(at + strlen(part)) + 1U);
    memcpy(at, stump, length);
    at += length;
  }
}

/// Shorten the first word of a list that stands in `name`
static void
shorten_words(char* const name)
{
  static const Shortening shortenings[] = {{"attack", "ttack", "tk"},
                                           {"bandwidth", "andwidth", "w"},
                                           {"damping", "amping", "amp"},
                                           {"distortion", "istortion", "ist"},
                                           {"feedback", "eedback", "b"},
                                           {"frequency", "requency", "req"},
                                           {"input", "nput", "n"},
                                           {"makeup", "akeup", "kUp"},
                                           {"output", "utput", "ut"},
                                           {"random", "andom", "nd"},
                                           {"threshold", "hreshold", "hres"}};

  char small[TEXT_BYTES];
  write_small(name, small);
  for (size_t i = 0; i < sizeof(shortenings) / sizeof(shortenings[0]); ++i) {
    if (strstr(small, shortenings[i].word)) {
      shorten_part(name, shortenings[i].part, shortenings[i].stump);
      return;
    }
  }
}

/// Cut a unit, an explanation, or an empty last word
static void
cut_end(char* const name)
{
  static const char* const ends[] = {"/", " (", " ["};
  for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); ++i) {
    char* const end = strstr(name, ends[i]);
    if (end) {
      *end = '\0';
    }
  }

  char small[TEXT_BYTES];
  write_small(name, small);
  if (ends_with(small, " level") || ends_with(small, " time")) {
    *strrchr(name, ' ') = '\0';
  }
}

/// Join the first two words where that can be read
static void
join_words(char* const name)
{
  char* const space = strchr(name, ' ');
  if (space && space > name &&
      ((islower((unsigned char)space[-1]) && isupper((unsigned char)space[1])) ||
       strspn(space + 1, "0123456789") == strlen(space + 1))) {
    memmove(space, space + 1, strlen(space));
  }
}

/// Write the name that Carla's racks show for a knob, of at most 7 letters
static void
write_rack_name(const char* const name, char* const out)
{
  static const size_t n_letters = 7;

  snprintf(out, TEXT_BYTES, "%s", name);
  cut_end(out);
  shorten_words(out);
  join_words(out);
  if (strlen(out) > n_letters) {
    for (const char* vowel = "aeiou"; *vowel; ++vowel) {
      shorten_part(out, (const char[]){*vowel, '\0'}, "");
    }
  }
  if (strlen(out) > n_letters) {
    out[n_letters] = '\0';
  }
}

START_TEST(rack_names_are_as_in_carla)
{
  static const char* const names[][2] = {{"Attack Curve", "AtkCrv"},
                                         {"CV Amount 1", "CV Amnt"},
                                         {"Frequency", "Freq"},
                                         {"Input Level", "In"},
                                         {"Probability", "Prbblty"},
                                         {"Probability CV Amount", "Prbblty"},
                                         {"Time Scale", "TmScl"},
                                         {"Level 1", "Level1"}};

  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); ++i) {
    char name[TEXT_BYTES];
    write_rack_name(names[i][0], name);
    ck_assert_str_eq(name, names[i][1]);
  }
}
END_TEST

START_TEST(knobs_have_rack_names_of_their_own)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    for (uint32_t q = 0; q < p; ++q) {
      if (host_is_knob(&plugin->ports[p]) && host_is_knob(&plugin->ports[q])) {
        char a[TEXT_BYTES];
        char b[TEXT_BYTES];
        write_rack_name(plugin->ports[p].name, a);
        write_rack_name(plugin->ports[q].name, b);
        ck_assert_msg(strcmp(a, b) != 0,
                      "%s: %s and %s are both \"%s\"",
                      plugin->uri,
                      plugin->ports[p].symbol,
                      plugin->ports[q].symbol,
                      a);
      }
    }
  }
}
END_TEST

START_TEST(ports_have_short_names_of_their_own)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    for (uint32_t q = 0; q < p; ++q) {
      char a[TEXT_BYTES];
      char b[TEXT_BYTES];
      read_text(port_node(plugin, p), LV2_CORE_PREFIX "shortName", a);
      read_text(port_node(plugin, q), LV2_CORE_PREFIX "shortName", b);
      ck_assert_msg(strcmp(a, b) != 0, "%s: \"%s\" is there twice", plugin->uri, a);
    }
  }
}
END_TEST

static bool
has_property(const HostPlugin* const plugin,
             const uint32_t          port,
             const char* const       property)
{
  return is(port_node(plugin, port), LV2_CORE__portProperty, property);
}

START_TEST(port_properties_are_known)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    LilvNodes* const properties = find(port_node(plugin, p), LV2_CORE__portProperty);
    LILV_FOREACH (nodes, i, properties) {
      const LilvNode* const property = lilv_nodes_get(properties, i);
      ck_assert_msg(is(property, NS_RDF "type", LV2_CORE__PortProperty),
                    "%s: %s has property <%s>",
                    plugin->uri,
                    plugin->ports[p].symbol,
                    lilv_node_as_string(property));
    }
    lilv_nodes_free(properties);
  }
}
END_TEST

/// Return true if a plugin is the form of a module for tracks
static bool
is_form(const HostPlugin* const plugin)
{
  return strchr(short_uri(plugin), '-') != NULL;
}

START_TEST(forms_have_two_to_four_knobs_in_mixers)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  unsigned                n      = 0;
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    if (has_property(plugin, p, "http://ardour.org/lv2/ext#inlineMixerControl")) {
      ck_assert(host_is_knob(&plugin->ports[p]));
      ++n;
    }
  }
  ck_assert_uint_le(n, is_form(plugin) ? 4 : 0);
  ck_assert_uint_ge(n, is_form(plugin) ? 2 : 0);
}
END_TEST

START_TEST(cv_may_stay_unpatched)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (port->kind == HOST_CV) {
      ck_assert(port->is_optional);
      ck_assert_uint_eq(has_property(plugin, p, LV2_PORT_PROPS__continuousCV) +
                          has_property(plugin, p, LV2_PORT_PROPS__discreteCV),
                        1);
    }
    if (is_input_signal(port) && port->kind == HOST_CV) {
      ck_assert_float_eq(port->default_value, 0.0f);
    }
  }
}
END_TEST

START_TEST(audio_may_stay_unpatched_beside_the_main_ports)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (port->kind == HOST_AUDIO && !port->is_optional) {
      LilvNode* const   group = one(port_node(plugin, p), LV2_PORT_GROUPS__group);
      const char* const main =
        port->is_output ? LV2_PORT_GROUPS__mainOutput : LV2_PORT_GROUPS__mainInput;
      ck_assert_msg(is(plugin_node(plugin), main, lilv_node_as_uri(group)),
                    "%s: %s must be patched",
                    plugin->uri,
                    port->symbol);
      lilv_node_free(group);
    }
  }
}
END_TEST

/// Return how many channels a form for hosts with tracks is for, by the name that its
/// URI gives it, or 0 if it is none
static unsigned
track_channels(const HostPlugin* const plugin)
{
  const char* const form = strchr(short_uri(plugin), '-');

  return !form ? 0 : !strncmp(form, "-stereo", strlen("-stereo")) ? 2 : 1;
}

/// A form for hosts with tracks, which have no CV, and count main ports to find
/// channels
START_TEST(track_forms_suit_tracks)
{
  const HostPlugin* const plugin     = stress_host_plugin(_i);
  const unsigned          n_channels = track_channels(plugin);
  if (!n_channels) {
    return;
  }

  unsigned n_main[2] = {0};
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    ck_assert_int_ne(port->kind, HOST_CV);
    if (port->kind == HOST_AUDIO) {
      const bool is_sidechain = has_property(plugin, p, LV2_CORE_PREFIX "isSideChain");
      ck_assert(!is_sidechain || !port->is_output);
      ck_assert_int_eq(is_sidechain,
                       has_property(plugin, p, LV2_CORE__connectionOptional));
      n_main[port->is_output] += !is_sidechain;
    }
  }
  ck_assert(n_main[false] == 0 || n_main[false] == n_channels);
  ck_assert_uint_eq(n_main[true], n_channels);
  ck_assert_msg(ends_with(plugin->name, n_channels == 1 ? " Track" : " Stereo"),
                "is named \"%s\"",
                plugin->name);
}
END_TEST

/// Return how much of a group is designated `designation`
static unsigned
count_designated(const HostPlugin* const plugin,
                 const LilvNode* const   group,
                 const char* const       designation)
{
  unsigned n = 0;
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    n += is(port_node(plugin, p), LV2_PORT_GROUPS__group, lilv_node_as_uri(group)) &&
         is(port_node(plugin, p), LV2_CORE__designation, designation);
  }
  return n;
}

START_TEST(main_groups_have_all_channels)
{
  static const char* const mains[] = {LV2_PORT_GROUPS__mainInput,
                                      LV2_PORT_GROUPS__mainOutput};

  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (size_t m = 0; m < sizeof(mains) / sizeof(mains[0]); ++m) {
    if (count(plugin_node(plugin), mains[m])) {
      LilvNode* const group = one(plugin_node(plugin), mains[m]);
      const unsigned  pair  = is(group, NS_RDF "type", LV2_PORT_GROUPS__StereoGroup);
      if (track_channels(plugin)) { // A module may be stereo by itself
        ck_assert_uint_eq(track_channels(plugin) == 2, pair);
      }
      ck_assert_uint_eq(count_designated(plugin, group, LV2_PORT_GROUPS__left), pair);
      ck_assert_uint_eq(count_designated(plugin, group, LV2_PORT_GROUPS__right), pair);
      lilv_node_free(group);
    }
  }
}
END_TEST

/// Strips of mixers and displays of control surfaces have room for so many letters
START_TEST(forms_differ_where_names_are_cut)
{
  static const size_t n_letters = 15;

  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (int i = 0; track_channels(plugin) && i < n_plugins; ++i) {
    const HostPlugin* const other = stress_host_plugin(i);
    ck_assert_msg(i == _i || strncmp(plugin->name, other->name, n_letters) != 0,
                  "\"%s\" is cut as \"%s\" is",
                  plugin->name,
                  other->name);
  }
}
END_TEST

START_TEST(events_are_midi_transport_or_messages)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    if (plugin->ports[p].kind == HOST_EVENTS) {
      const LilvNode* const node = port_node(plugin, p);
      ck_assert(!plugin->ports[p].is_output ||
                is(node, LV2_ATOM__supports, LV2_PATCH__Message));
      ck_assert(is(node, LV2_ATOM__bufferType, LV2_ATOM__Sequence));
      unsigned n_known = is(node, LV2_ATOM__supports, LV2_MIDI__MidiEvent);
      n_known += is(node, LV2_ATOM__supports, LV2_TIME__Position);
      n_known += is(node, LV2_ATOM__supports, LV2_PATCH__Message);
      ck_assert_uint_gt(n_known, 0);
      ck_assert_uint_eq(n_known, count(node, LV2_ATOM__supports));
      ck_assert(plugin->ports[p].is_optional);
      ck_assert(is(node, LV2_CORE__designation, LV2_CORE__control));
    }
  }
}
END_TEST

START_TEST(designations_are_known_and_used_once)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    LilvNodes* const designations = find(port_node(plugin, p), LV2_CORE__designation);
    LILV_FOREACH (nodes, i, designations) {
      const LilvNode* const designation = lilv_nodes_get(designations, i);
      const char* const     uri         = lilv_node_as_uri(designation);
      ck_assert_msg(
        !strncmp(uri, NS_PARAM, strlen(NS_PARAM)) ||
          !strncmp(uri, LV2_CORE_PREFIX, strlen(LV2_CORE_PREFIX)) ||
          !strncmp(uri, LV2_PORT_GROUPS_PREFIX, strlen(LV2_PORT_GROUPS_PREFIX)),
        "designation is <%s>",
        uri);
      ck_assert_msg(count(designation, NS_RDF "type") > 0, "<%s> is not known", uri);
      for (uint32_t q = 0; q < p; ++q) {
        ck_assert_msg(!is(port_node(plugin, q), LV2_CORE__designation, uri) ||
                        plugin->ports[p].is_output != plugin->ports[q].is_output,
                      "%s: <%s> is designated twice",
                      plugin->uri,
                      uri);
      }
    }
    ck_assert_uint_le(count(port_node(plugin, p), LV2_CORE__designation), 1);
    lilv_nodes_free(designations);
  }
}
END_TEST

// ---- Ranges

/// Fail unless a bound or default is a number that hosts read as it is meant
static void
check_number(const HostPlugin* const plugin,
             const uint32_t          port,
             const char* const       predicate,
             const float             expected)
{
  LilvNode* const node = one(port_node(plugin, port), predicate);
  ck_assert_msg(plugin->ports[port].is_integer ? lilv_node_is_int(node)
                                               : lilv_node_is_float(node),
                "%s: %s has a number of the wrong type",
                plugin->uri,
                plugin->ports[port].symbol);
  ck_assert_float_eq(lilv_node_as_float(node), expected);
  lilv_node_free(node);
}

START_TEST(ranges_are_complete_and_in_order)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    const bool is_input_audio  = port->kind == HOST_AUDIO && !port->is_output; // +-1
    if (port->kind != HOST_EVENTS && !is_input_audio) {
      check_number(plugin, p, LV2_CORE__minimum, port->minimum);
      check_number(plugin, p, LV2_CORE__maximum, port->maximum);
      ck_assert_float_lt(port->minimum, port->maximum);
    }
    if (host_is_knob(port) || (port->kind == HOST_CV && !port->is_output)) {
      check_number(plugin, p, LV2_CORE__default, port->default_value);
      ck_assert_float_ge(port->default_value, port->minimum);
      ck_assert_float_le(port->default_value, port->maximum);
    }
  }
}
END_TEST

START_TEST(knobs_are_of_one_kind)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    ck_assert(!port->is_logarithmic || port->minimum > 0.0f);
    ck_assert(!port->is_logarithmic || !port->is_integer);
    ck_assert(!(port->is_toggled && port->is_enumeration));
    if (port->is_toggled || port->is_enumeration) {
      ck_assert(port->is_integer);
    }
    if (port->is_toggled) {
      ck_assert_float_eq(port->minimum, 0.0f);
      ck_assert_float_eq(port->maximum, 1.0f);
    }
    ck_assert(!has_property(plugin, p, LV2_CORE__sampleRate));
  }
}
END_TEST

START_TEST(choices_have_a_name_for_every_value)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    ck_assert_uint_eq(count(port_node(plugin, p), LV2_CORE__scalePoint),
                      port->n_points);
    ck_assert_uint_eq(port->n_points > 0, port->is_enumeration);
    for (uint32_t i = 0; i < port->n_points; ++i) {
      check_name(port->points[i].label, 25);
      ck_assert_float_eq(port->points[i].value, (float)i);
      for (uint32_t j = 0; j < i; ++j) {
        ck_assert_str_ne(port->points[i].label, port->points[j].label);
      }
    }
    if (port->is_enumeration) {
      ck_assert_float_eq(port->minimum, 0.0f);
      ck_assert_float_eq(port->maximum, (float)port->n_points - 1.0f);
    }
  }
}
END_TEST

START_TEST(units_can_be_shown)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (port->kind != HOST_CONTROL && port->kind != HOST_CV) {
      ck_assert_uint_eq(count(port_node(plugin, p), LV2_UNITS__unit), 0);
      continue;
    }

    LilvNode* const unit = one(port_node(plugin, p), LV2_UNITS__unit);
    ck_assert(is(unit, NS_RDF "type", LV2_UNITS__Unit));
    char text[TEXT_BYTES];
    read_text(unit, LV2_UNITS__render, text);
    ck_assert_msg(strstr(text, "%f"), "unit is shown as \"%s\"", text);
    // Some hosts write the end of a unit's URI behind the name of a knob
    ck_assert_msg(strcmp(lilv_node_as_string(unit), LV2_UNITS__coef) != 0,
                  "%s: %s has units:coef",
                  plugin->uri,
                  port->symbol);
    if (lilv_node_is_blank(unit)) {
      read_text(unit, LV2_UNITS__symbol, text);
      read_text(unit, NS_RDFS "label", text);
    }
    lilv_node_free(unit);
  }
}
END_TEST

/// Write a plugin's name, up to the sign of a form if `is_module`, as C can have it
static void
write_c_name(const HostPlugin* const plugin, const bool is_module, char name[64])
{
  snprintf(name, 64, "%s", short_uri(plugin));
  for (char* sign = strchr(name, '-'); sign; sign = strchr(sign, '-')) {
    *sign = is_module ? '\0' : '_';
  }
}

/// Open the header that was generated for a plugin, at its table of ports
static FILE*
open_port_table(const HostPlugin* const plugin)
{
  char name[64];
  char path[1024];
  write_c_name(plugin, true, name);
  snprintf(path, sizeof(path), BUILD_DIR "/ports/%s_ports.h", name);
  FILE* const file = fopen(path, "r");
  ck_assert_msg(file, "%s is missing", path);

  char line[256];
  char start[256];
  write_c_name(plugin, false, name);
  snprintf(start, sizeof(start), "static const Port %s_ports[] = {\n", name);
  while (fgets(line, sizeof(line), file) && strcmp(line, start) != 0) {
  }
  return file;
}

/// Return true if a line of a table is one of a port that a form of `plugin` has
static bool
is_port_of_form(const HostPlugin* const plugin, const char* const line)
{
  const char* const symbol = strstr(line, "// ");
  const size_t      length = strlen(plugin->uri);
  for (int i = 0; symbol && i < n_plugins; ++i) {
    const HostPlugin* const form = stress_host_plugin(i);
    const bool              is_form =
      !strncmp(form->uri, plugin->uri, length) && form->uri[length] == '-';
    for (uint32_t p = 0; is_form && p < form->n_ports; ++p) {
      const char* const name = form->ports[p].symbol;
      if (!strncmp(symbol + 3, name, strlen(name)) &&
          symbol[3 + strlen(name)] == '\n') {
        return true;
      }
    }
  }

  return false;
}

/// Fail unless a line of the generated table says what the Turtle does
static void
check_port_line(const HostPort* const port, const char* const line)
{
  char  kind[32];
  char  symbol[64];
  int   is_output = 0;
  float minimum   = 0.0f;
  float maximum   = 0.0f;
  float normal    = 0.0f;
  ck_assert_int_eq(sscanf(line,
                          "  {PORT_%31[^,], %d, %ff, %ff, %ff}, // %63s",
                          kind,
                          &is_output,
                          &minimum,
                          &maximum,
                          &normal,
                          symbol),
                   6);

  ck_assert_str_eq(symbol, port->symbol);
  ck_assert_int_eq(is_output, port->is_output);
  ck_assert_str_eq(kind,
                   port->kind == HOST_CONTROL  ? "CONTROL"
                   : port->kind == HOST_EVENTS ? "EVENTS"
                                               : "SIGNAL");
  if (port->kind == HOST_CONTROL) {
    ck_assert_float_eq(minimum, port->minimum);
    ck_assert_float_eq(maximum, port->maximum);
    ck_assert(port->is_output || normal == port->default_value);
  }
}

START_TEST(code_has_the_same_ports_as_turtle)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  FILE* const             file   = open_port_table(plugin);

  char line[256];
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    ck_assert(fgets(line, sizeof(line), file));
    check_port_line(&plugin->ports[p], line);
  }
  while (fgets(line, sizeof(line), file) && strcmp(line, "};\n") != 0) {
    ck_assert_msg(is_port_of_form(plugin, line), "%s is in the code only", line);
  }
  fclose(file);
}
END_TEST

// ---- Groups

/// Return how many groups the ports of a plugin name before they name one
static unsigned
group_place(const HostPlugin* const plugin, const char* const uri)
{
  char     last[TEXT_BYTES] = "";
  unsigned n                = 0;
  for (uint32_t p = 0; p < plugin->n_ports && strcmp(last, uri) != 0; ++p) {
    LilvNode* const group  = one(port_node(plugin, p), LV2_PORT_GROUPS__group);
    bool            is_new = true;
    for (uint32_t q = 0; q < p; ++q) {
      is_new =
        is_new &&
        !is(port_node(plugin, q), LV2_PORT_GROUPS__group, lilv_node_as_uri(group));
    }
    n += is_new;
    snprintf(last, sizeof(last), "%s", lilv_node_as_uri(group));
    lilv_node_free(group);
  }
  return n;
}

/// Fail unless the URI of a group says its place and symbol, as some hosts sort by it
static void
check_group_uri(const HostPlugin* const plugin,
                const char* const       symbol,
                const char* const       uri)
{
  char start[256];
  snprintf(start, sizeof(start), "%s#%02u_", plugin->uri, group_place(plugin, uri));
  ck_assert_msg(!strncmp(uri, start, strlen(start)) &&
                  !strcmp(uri + strlen(start), symbol),
                "group <%s> must be <%s%s>",
                uri,
                start,
                symbol);
}

/// Fail unless a group can be shown, and goes with its `port`
static void
check_group(const HostPlugin* const plugin,
            const HostPort* const   port,
            const LilvNode* const   group)
{
  ck_assert(lilv_node_is_uri(group));
  const char* const uri = lilv_node_as_uri(group);
  ck_assert_msg(!strncmp(uri, plugin->uri, strlen(plugin->uri)) &&
                  uri[strlen(plugin->uri)] == '#',
                "%s has group <%s>",
                plugin->uri,
                uri);
  ck_assert(is(group, NS_RDF "type", LV2_PORT_GROUPS__Group));
  ck_assert(!is(group, NS_RDF "type", LV2_PORT_GROUPS__InputGroup) || !port->is_output);
  ck_assert(!is(group, NS_RDF "type", LV2_PORT_GROUPS__OutputGroup) || port->is_output);

  char text[TEXT_BYTES];
  read_text(group, LV2_CORE__name, text);
  check_name(text, 25);
  char label[TEXT_BYTES];
  read_text(group, NS_RDFS "label", label);
  ck_assert_str_eq(text, label);

  read_text(group, LV2_CORE__symbol, text);
  ck_assert_ptr_null(host_port(plugin, text));
  check_group_uri(plugin, text, uri);
}

START_TEST(ports_are_in_groups)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    LilvNode* const group = one(port_node(plugin, p), LV2_PORT_GROUPS__group);
    check_group(plugin, &plugin->ports[p], group);
    lilv_node_free(group);
  }
}
END_TEST

/// Fail if the first port of a kind is not in the group that is the main one
static void
check_main_group(const HostPlugin* const plugin,
                 const char* const       predicate,
                 const bool              is_output)
{
  if (!count(plugin_node(plugin), predicate)) {
    return;
  }

  LilvNode* const group = one(plugin_node(plugin), predicate);
  uint32_t        p     = 0;
  while (p < plugin->n_ports && (!host_is_signal(&plugin->ports[p]) ||
                                 plugin->ports[p].is_output != is_output)) {
    ++p;
  }
  ck_assert_uint_lt(p, plugin->n_ports);
  ck_assert(is(port_node(plugin, p), LV2_PORT_GROUPS__group, lilv_node_as_uri(group)));
  lilv_node_free(group);
}

START_TEST(main_ports_come_first)
{
  const HostPlugin* const plugin = stress_host_plugin(_i);
  ck_assert_uint_eq(count(plugin_node(plugin), LV2_PORT_GROUPS__mainOutput), 1);
  check_main_group(plugin, LV2_PORT_GROUPS__mainOutput, true);
  check_main_group(plugin, LV2_PORT_GROUPS__mainInput, false);
}
END_TEST

// ---- Presets

static LV2_URID
map(const LV2_URID_Map_Handle handle, const char* const uri)
{
  return host_map((Host*)handle, uri);
}

/// Values of a preset
typedef struct {
  const HostPlugin* plugin;
  float             value[STRESS_HOST_PORTS];
  unsigned          n_times[STRESS_HOST_PORTS];
} Settings;

static void
set_value(const char* const symbol,
          void* const       data,
          const void* const value,
          const uint32_t    size,
          const uint32_t    type)
{
  Settings* const       settings = (Settings*)data;
  const HostPort* const port     = host_port(settings->plugin, symbol);
  ck_assert_msg(port && host_is_knob(port), "%s is set, which is no knob", symbol);

  const bool is_int = type == host_map(stress_host_host(), LV2_ATOM__Int);
  ck_assert_uint_eq(size, 4);
  ck_assert(is_int || type == host_map(stress_host_host(), LV2_ATOM__Float));
  ck_assert_msg(is_int == port->is_integer, "%s is set to the wrong type", symbol);

  const float number = is_int ? (float)*(const int32_t*)value : *(const float*)value;
  ck_assert_msg(number >= port->minimum && number <= port->maximum,
                "%s is set to %g",
                symbol,
                (double)number);
  settings->value[port->index] = number;
  ++settings->n_times[port->index];
}

/// Read a preset the way a host does
static void
read_preset(const HostPlugin* const plugin,
            const LilvNode* const   preset,
            Settings* const         settings)
{
  LV2_URID_Map urid_map = {stress_host_host(), map};

  ck_assert_int_ge(lilv_world_load_resource(host_world(stress_host_host()), preset), 0);
  LilvState* const state =
    lilv_state_new_from_world(host_world(stress_host_host()), &urid_map, preset);
  ck_assert_ptr_nonnull(state);
  ck_assert(lilv_node_equals(lilv_state_get_plugin_uri(state), plugin_node(plugin)));

  memset(settings, 0, sizeof(*settings));
  settings->plugin = plugin;
  lilv_state_restore(state, NULL, set_value, settings, 0, NULL);
  lilv_state_free(state);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    ck_assert_msg(settings->n_times[p] == host_is_knob(&plugin->ports[p]),
                  "%s sets %s %u times",
                  lilv_node_as_uri(preset),
                  plugin->ports[p].symbol,
                  settings->n_times[p]);
  }
}

static LilvNodes*
find_presets(const HostPlugin* const plugin)
{
  LilvNode* const class =
    lilv_new_uri(host_world(stress_host_host()), LV2_PRESETS__Preset);
  LilvNodes* const presets = lilv_plugin_get_related(plugin->lilv, class);

  lilv_node_free(class);
  ck_assert_uint_ge(lilv_nodes_size(presets), MIN_PRESETS);
  return presets;
}

START_TEST(presets_explain_themselves)
{
  const HostPlugin* const plugin  = stress_host_plugin(_i);
  LilvNodes* const        presets = find_presets(plugin);

  char start[256];
  snprintf(start, sizeof(start), "%s:preset:", plugin->uri);
  LILV_FOREACH (nodes, i, presets) {
    const LilvNode* const preset = lilv_nodes_get(presets, i);
    ck_assert(!strncmp(lilv_node_as_uri(preset), start, strlen(start)));
    lilv_world_load_resource(host_world(stress_host_host()), preset);
    check_sentence(preset);

    char label[TEXT_BYTES];
    read_text(preset, NS_RDFS "label", label);
    check_name(label, 25);
    for (LilvIter* j = lilv_nodes_begin(presets); j != i;
         j           = lilv_nodes_next(presets, j)) {
      char other[TEXT_BYTES];
      read_text(lilv_nodes_get(presets, j), NS_RDFS "label", other);
      ck_assert_str_ne(label, other);
    }
  }
  lilv_nodes_free(presets);
}
END_TEST

static bool
is_same(const Settings* const a, const Settings* const b)
{
  uint32_t p = 0;
  while (p < a->plugin->n_ports && a->value[p] == b->value[p]) {
    ++p;
  }
  return p == a->plugin->n_ports;
}

START_TEST(presets_set_every_knob_within_its_range)
{
  static Settings settings[64];
  unsigned        n_settings = 0;

  const HostPlugin* const plugin  = stress_host_plugin(_i);
  LilvNodes* const        presets = find_presets(plugin);
  LILV_FOREACH (nodes, i, presets) {
    ck_assert_uint_lt(n_settings, 64);
    read_preset(plugin, lilv_nodes_get(presets, i), &settings[n_settings]);
    for (unsigned n = 0; n < n_settings; ++n) {
      ck_assert_msg(!is_same(&settings[n], &settings[n_settings]),
                    "%s is the same as another preset",
                    lilv_node_as_uri(lilv_nodes_get(presets, i)));
    }
    ++n_settings;
  }
  lilv_nodes_free(presets);
}
END_TEST

/// Let a gate be high up to the last quarter, and then go up and down at its own pace
static void
fill_gate(const uint32_t p, const float high)
{
  const uint32_t start = take.n_frames - take.n_frames / 4U;

  take_set_signal(&take, p, high);
  for (uint32_t i = start; i < take.n_frames; ++i) {
    take.in[p][i] = (i - start) / (20U + 7U * p) % 2U ? high : 0.0f;
  }
}

/// Make a second at the lowest rate, with all gates high most of the time
static void
fill_preset_take(const HostPlugin* const plugin, const Settings* const settings)
{
  take_fill(&take, plugin, 0);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    take_set_knob(&take, p, settings->value[p]);
    if (has_property(plugin, p, LV2_PORT_PROPS__discreteCV)) {
      fill_gate(p, plugin->ports[p].maximum);
    }
  }
}

/// Return true if an output of the recording is not just one value
static bool
is_alive(const HostPlugin* const plugin)
{
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    for (uint32_t i = 1; is_output_signal(&plugin->ports[p]) && i < take.n_frames;
         ++i) {
      if (recording.out[p][i] != recording.out[p][0]) {
        return true;
      }
    }
  }

  return false;
}

START_TEST(presets_can_be_played)
{
  static Settings settings;

  const HostPlugin* const plugin  = stress_host_plugin(_i);
  LilvNodes* const        presets = find_presets(plugin);
  stress_host_open(&rig, plugin, 8000.0);
  LILV_FOREACH (nodes, i, presets) {
    const LilvNode* const preset = lilv_nodes_get(presets, i);
    read_preset(plugin, preset, &settings);
    fill_preset_take(plugin, &settings);
    stress_host_reset(&rig);
    stress_host_play(&rig, &take, 1000, &recording);
    ck_assert_msg(is_alive(plugin), "%s does nothing", lilv_node_as_uri(preset));
  }
  stress_host_close(&rig);
  lilv_nodes_free(presets);
}
END_TEST

// ---- The bundle

/// Return true if the file `from` of the sources makes `name` belong in the bundle
static bool
has_source(const char* const folder, const char* const name, const char* const ending)
{
  const int length = (int)(strlen(name) - strlen(ending));

  char path[1024];
  snprintf(path, sizeof(path), SOURCE_DIR "/%s/%.*s.ttl", folder, length, name);
  return !access(path, R_OK);
}

/// Call `check` with each name in a folder, and return how many there are
static unsigned
for_each_file(const char* const folder, void (*const check)(const char*))
{
  DIR* const dir = opendir(folder);
  ck_assert_ptr_nonnull(dir);

  unsigned n = 0;
  for (const struct dirent* entry = readdir(dir); entry; entry = readdir(dir)) {
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
      check(entry->d_name);
      ++n;
    }
  }
  closedir(dir);
  return n;
}

static void
check_bundle_name(const char* const name)
{
  ck_assert_str_eq(name, "chronus.lv2");
}

static void
check_bundle_file(const char* const name)
{
  ck_assert_msg(!strcmp(name, "manifest.ttl") || !strcmp(name, "presets") ||
                  (ends_with(name, ".ttl") && has_source("ttl", name, ".ttl")) ||
                  (ends_with(name, ".so") && has_source("ttl", name, ".so")),
                "%s does not belong in the bundle",
                name);
}

static void
check_preset_file(const char* const name)
{
  ck_assert_msg(ends_with(name, ".ttl") && has_source("presets", name, ".ttl"),
                "presets/%s does not belong in the bundle",
                name);
}

START_TEST(bundle_has_no_other_files)
{
  ck_assert_uint_eq(for_each_file(BUILD_DIR "/lv2", check_bundle_name), 1);
  ck_assert_uint_gt(for_each_file(BUNDLE, check_bundle_file), 3);
  ck_assert_uint_gt(for_each_file(BUNDLE "/presets", check_preset_file), 0);
}
END_TEST

/// Fail unless a file of the sources is a plugin of the bundle
static void
check_plugin_of_source(const char* const name)
{
  if (ends_with(name, ".ttl") && strcmp(name, "chronus.ttl") != 0) {
    char uri[256];
    snprintf(uri, sizeof(uri), CHRONUS_URI "%.*s", (int)strlen(name) - 4, name);
    ck_assert_msg(
      host_plugin(stress_host_host(), uri), "<%s> is not in the bundle", uri);
  }
}

START_TEST(bundle_has_every_plugin)
{
  for_each_file(SOURCE_DIR "/ttl", check_plugin_of_source);
  for (int i = 0; i < _i; ++i) {
    char name[256];
    snprintf(name, sizeof(name), "%s.ttl", short_uri(stress_host_plugin(i)));
    ck_assert(has_source("ttl", name, ".ttl"));
  }
}
END_TEST

START_TEST(loading_is_without_complaint)
{
  fflush(stderr);
  const int   old_stderr = dup(2);
  FILE* const file       = tmpfile();
  dup2(fileno(file), 2);

  Host* const other = host_new(BUILD_DIR "/lv2");
  for (const HostPlugin* const* p = host_plugins(other, ""); *p; ++p) {
    lilv_plugin_verify((*p)->lilv);
    lilv_node_free(lilv_plugin_get_project((*p)->lilv));
    lilv_node_free(lilv_plugin_get_author_email((*p)->lilv));
    lilv_uis_free(lilv_plugin_get_uis((*p)->lilv));
  }
  host_free(other);

  fflush(stderr);
  dup2(old_stderr, 2);
  close(old_stderr);

  char text[TEXT_BYTES] = "";
  rewind(file);
  const size_t length = fread(text, 1, sizeof(text) - 1, file);
  fclose(file);
  ck_assert_msg(length == 0, "lilv says: %s", text);
}
END_TEST

int
main(void)
{
  n_plugins = stress_host_load();

  Suite* const suite = suite_create("metadata");
  TCase* const tests = tcase_create("metadata");
  tcase_add_loop_test(tests, plugin_explains_itself, 0, n_plugins);
  tcase_add_loop_test(tests, plugins_have_different_names, 0, n_plugins);
  tcase_add_loop_test(tests, plugin_is_valid, 0, n_plugins);
  tcase_add_loop_test(tests, plugin_has_one_specific_class, 0, n_plugins);
  tcase_add_loop_test(tests, plugin_has_a_release_version, 0, n_plugins);
  tcase_add_loop_test(tests, plugin_asks_little_of_a_host, 0, n_plugins);
  tcase_add_loop_test(tests, license_and_publisher_are_known, 0, n_plugins);
  tcase_add_loop_test(tests, library_knows_the_plugin, 0, n_plugins);
  tcase_add_loop_test(tests, ports_have_one_kind_and_direction, 0, n_plugins);
  tcase_add_loop_test(tests, ports_come_in_the_order_of_the_rack, 0, n_plugins);
  tcase_add_loop_test(tests, main_inputs_come_before_modulation, 0, n_plugins);
  tcase_add_loop_test(tests, outputs_are_of_one_kind, 0, n_plugins);
  tcase_add_loop_test(tests, ports_have_symbols_and_names_of_their_own, 0, n_plugins);
  tcase_add_loop_test(tests, ports_explain_themselves, 0, n_plugins);
  tcase_add_test(tests, rack_names_are_as_in_carla);
  tcase_add_loop_test(tests, knobs_have_rack_names_of_their_own, 0, n_plugins);
  tcase_add_loop_test(tests, ports_have_short_names_of_their_own, 0, n_plugins);
  tcase_add_loop_test(tests, port_properties_are_known, 0, n_plugins);
  tcase_add_loop_test(tests, forms_have_two_to_four_knobs_in_mixers, 0, n_plugins);
  tcase_add_loop_test(tests, cv_may_stay_unpatched, 0, n_plugins);
  tcase_add_loop_test(
    tests, audio_may_stay_unpatched_beside_the_main_ports, 0, n_plugins);
  tcase_add_loop_test(tests, track_forms_suit_tracks, 0, n_plugins);
  tcase_add_loop_test(tests, main_groups_have_all_channels, 0, n_plugins);
  tcase_add_loop_test(tests, forms_differ_where_names_are_cut, 0, n_plugins);
  tcase_add_loop_test(tests, events_are_midi_transport_or_messages, 0, n_plugins);
  tcase_add_loop_test(tests, designations_are_known_and_used_once, 0, n_plugins);
  tcase_add_loop_test(tests, ranges_are_complete_and_in_order, 0, n_plugins);
  tcase_add_loop_test(tests, knobs_are_of_one_kind, 0, n_plugins);
  tcase_add_loop_test(tests, choices_have_a_name_for_every_value, 0, n_plugins);
  tcase_add_loop_test(tests, units_can_be_shown, 0, n_plugins);
  tcase_add_loop_test(tests, code_has_the_same_ports_as_turtle, 0, n_plugins);
  tcase_add_loop_test(tests, ports_are_in_groups, 0, n_plugins);
  tcase_add_loop_test(tests, main_ports_come_first, 0, n_plugins);
  tcase_add_loop_test(tests, presets_explain_themselves, 0, n_plugins);
  tcase_add_loop_test(tests, presets_set_every_knob_within_its_range, 0, n_plugins);
  tcase_add_loop_test(tests, presets_can_be_played, 0, n_plugins);
  tcase_add_test(tests, bundle_has_no_other_files);
  tcase_add_loop_test(tests, bundle_has_every_plugin, n_plugins, n_plugins + 1);
  tcase_add_test(tests, loading_is_without_complaint);
  suite_add_tcase(suite, tests);

  const int status = run_tests(suite);
  stress_host_unload();
  return status;
}
