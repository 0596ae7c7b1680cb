// SPDX-License-Identifier: ISC
// Results of ttl2c for good Turtle, and that it refuses each kind of bad Turtle

#include "support/scratch.h"
#include "support/test.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TTL2C BUILD_DIR "/bin/ttl2c"
#define BAD_DIR SOURCE_DIR "/tests/bad"

enum { MAX_TEXT = 4096 };

/// A file of tests/bad that has one fault, and what must be said about it
typedef struct {
  const char* name;
  const char* complaint; ///< After the name of the file
} Fault;

static const Fault plugin_faults[] = {
  {"atom_of_patch",
   "urn:chronus:atom_of_patch: must have both patch:writable and a port for "
   "patch:Message, or neither"},
  {"atom_of_patch_get",
   "urn:chronus:atom_of_patch_get port 0 (midi): must have atom:supports "
   "midi:MidiEvent, time:Position or patch:Message"},
  {"atom_output",
   "urn:chronus:atom_output port 0 (midi): is an output, so it must have atom:supports "
   "patch:Message"},
  {"atom_twice",
   "urn:chronus:atom_twice: may have one atom port that is an input, and one that is "
   "an output"},
  {"atom_without_events",
   "urn:chronus:atom_without_events port 0 (midi): must have atom:supports "
   "midi:MidiEvent, time:Position or patch:Message"},
  {"atom_without_sequence",
   "urn:chronus:atom_without_sequence port 0 (midi): must have atom:bufferType "
   "atom:Sequence"},
  {"audio_and_cv_outputs",
   "urn:chronus:audio_and_cv_outputs: has both audio and CV outputs, whose cables "
   "Carla mixes up"},
  {"comment_empty",
   "urn:chronus:comment_empty port 0 (level): has an empty rdfs:comment"},
  {"comment_missing",
   "urn:chronus:comment_missing port 0 (level): has no rdfs:comment"},
  {"cv_not_optional",
   "urn:chronus:cv_not_optional port 0 (level): is a CV port, so it must be "
   "lv2:connectionOptional"},
  {"cv_inputs_too_many",
   "urn:chronus:cv_inputs_too_many: has more than 32 CV inputs or CV outputs"},
  {"cv_outputs_too_many",
   "urn:chronus:cv_outputs_too_many: has more than 32 CV inputs or CV outputs"},
  {"default_above_maximum",
   "urn:chronus:default_above_maximum port 0 (level): has default 1.5 outside its "
   "range"},
  {"default_below_minimum",
   "urn:chronus:default_below_minimum port 0 (level): has default -0.5 outside its "
   "range"},
  {"default_decimal_of_integer",
   "urn:chronus:default_decimal_of_integer port 0 (level): has \"0.0\" as default, "
   "which must be an integer"},
  {"default_integer",
   "urn:chronus:default_integer port 0 (level): has \"0\" as default, which must be a "
   "number with a decimal point"},
  {"default_missing", "urn:chronus:default_missing port 0 (level): has no default"},
  {"default_of_two",
   "urn:chronus:default_of_two port 0 (level): has more than one default"},
  {"default_text",
   "urn:chronus:default_text port 0 (level): has \"0.0\" as default, which must be a "
   "number with a decimal point"},
  {"direction_missing",
   "urn:chronus:direction_missing port 0 (level): must be either an input or an "
   "output"},
  {"direction_of_two",
   "urn:chronus:direction_of_two port 0 (level): must be either an input or an output"},
  {"enumeration_without_integer",
   "urn:chronus:enumeration_without_integer port 0 (level): is an enumeration, so it "
   "must be an lv2:integer, too"},
  {"enumeration_without_points",
   "urn:chronus:enumeration_without_points port 0 (level): must have both scale points "
   "and lv2:enumeration, or neither"},
  {"file_without_output",
   "urn:chronus:file_without_output: must have both a file that it takes and an output "
   "for patch:Message, by which hosts ask for it, or neither"},
  {"file_without_worker",
   "urn:chronus:file_without_worker: takes a file, so it must have lv2:extensionData "
   "state:interface and worker:interface, and lv2:optionalFeature worker:schedule"},
  {"group_missing", "urn:chronus:group_missing port 0 (level): has no pg:group"},
  {"group_of_two",
   "urn:chronus:group_of_two port 0 (level): has more than one pg:group"},
  {"group_symbol_of_port",
   "urn:chronus:group_symbol_of_port: has lv2:symbol \"controls\" on both a port and a "
   "group"},
  {"group_symbol_twice",
   "urn:chronus:group_symbol_twice: has lv2:symbol \"controls\" on two groups"},
  {"group_symbol_with_space",
   "urn:chronus:group_symbol_with_space port 0 (level): is in group "
   "<urn:chronus:group_symbol_with_space#controls>, whose lv2:symbol \"the "
   "controls\" is not a symbol"},
  {"group_undefined",
   "urn:chronus:group_undefined port 0 (level): is in group "
   "<urn:chronus:group_undefined#controls>, which must be a pg:Group with one "
   "lv2:symbol, lv2:name and rdfs:label"},
  {"group_without_label",
   "urn:chronus:group_without_label port 0 (level): is in group "
   "<urn:chronus:group_without_label#controls>, which must be a pg:Group with one "
   "lv2:symbol, lv2:name and rdfs:label"},
  {"group_without_name",
   "urn:chronus:group_without_name port 0 (level): is in group "
   "<urn:chronus:group_without_name#controls>, which must be a pg:Group with one "
   "lv2:symbol, lv2:name and rdfs:label"},
  {"group_without_symbol",
   "urn:chronus:group_without_symbol port 0 (level): is in group "
   "<urn:chronus:group_without_symbol#controls>, which must be a pg:Group with one "
   "lv2:symbol, lv2:name and rdfs:label"},
  {"group_without_type",
   "urn:chronus:group_without_type port 0 (level): is in group "
   "<urn:chronus:group_without_type#controls>, which must be a pg:Group with one "
   "lv2:symbol, lv2:name and rdfs:label"},
  {"group_without_uri",
   "urn:chronus:group_without_uri port 0 (level): has a pg:group without a URI"},
  {"index_decimal",
   "urn:chronus:index_decimal: has a port (\"level\") without one integer lv2:index"},
  {"index_gap", "urn:chronus:index_gap: has no port with lv2:index 1"},
  {"index_missing",
   "urn:chronus:index_missing: has a port (\"level\") without one integer lv2:index"},
  {"index_negative",
   "urn:chronus:index_negative: has lv2:index -1, which is not in 0 to 127"},
  {"index_of_two",
   "urn:chronus:index_of_two: has a port (\"level\") without one integer lv2:index"},
  {"index_too_large",
   "urn:chronus:index_too_large: has lv2:index 128, which is not in 0 to 127"},
  {"index_twice", "urn:chronus:index_twice: has lv2:index 0 twice"},
  {"kind_missing",
   "urn:chronus:kind_missing port 0 (level): must be just one of control, audio, CV "
   "and atom port"},
  {"cv_without_mod",
   "urn:chronus:cv_without_mod port 0 (level): must be a mod:CVPort if it is an "
   "lv2:CVPort, and only then"},
  {"kind_of_two",
   "urn:chronus:kind_of_two port 0 (level): must be just one of control, audio, CV and "
   "atom port"},
  {"logarithmic_from_below_zero",
   "urn:chronus:logarithmic_from_below_zero port 0 (level): is logarithmic, so its "
   "minimum must be above 0"},
  {"logarithmic_from_zero",
   "urn:chronus:logarithmic_from_zero port 0 (level): is logarithmic, so its minimum "
   "must be above 0"},
  {"maximum_double",
   "urn:chronus:maximum_double port 0 (level): has \"1e0\" as maximum, which must be a "
   "number with a decimal point"},
  {"maximum_missing", "urn:chronus:maximum_missing port 0 (level): has no maximum"},
  {"meter_without_maximum",
   "urn:chronus:meter_without_maximum port 0 (level): has no maximum"},
  {"meter_without_unit", "urn:chronus:meter_without_unit port 0 (level): has no unit"},
  {"minimum_above_maximum_of_output",
   "urn:chronus:minimum_above_maximum_of_output port 0 (level): has a minimum that is "
   "not below its maximum"},
  {"minimum_is_maximum",
   "urn:chronus:minimum_is_maximum port 0 (level): has a minimum that is not below its "
   "maximum"},
  {"minimum_missing", "urn:chronus:minimum_missing port 0 (level): has no minimum"},
  {"minimum_missing_on_cv",
   "urn:chronus:minimum_missing_on_cv port 0 (level): has no minimum"},
  {"name_missing", "urn:chronus:name_missing port 0 (level): has no lv2:name"},
  {"name_translated_only",
   "urn:chronus:name_translated_only port 0 (level): has no lv2:name"},
  {"name_twice", "urn:chronus:name_twice: has lv2:name \"Level\" twice"},
  {"plugin_class_foreign",
   "urn:chronus:plugin_class_foreign: must have just one class of lv2 beside "
   "lv2:Plugin"},
  {"plugin_class_missing",
   "urn:chronus:plugin_class_missing: must have just one class of lv2 beside "
   "lv2:Plugin"},
  {"plugin_class_twice",
   "urn:chronus:plugin_class_twice: must have just one class of lv2 beside lv2:Plugin"},
  {"plugin_name_elsewhere",
   "urn:chronus:plugin_name_elsewhere: has doap:name \"Example\", which must start "
   "with \"Chronus \""},
  {"plugin_none", "describes 0 plugins, not one"},
  {"plugin_twice", "describes 2 plugins, not one"},
  {"plugin_without_comment", "urn:chronus:plugin_without_comment: has no rdfs:comment"},
  {"plugin_without_display",
   "urn:chronus:plugin_without_display: is drawn in hosts, so it must have "
   "lv2:optionalFeature idisp:queue_draw and lv2:extensionData idisp:interface"},
  {"plugin_without_documentation",
   "urn:chronus:plugin_without_documentation: has no lv2:documentation"},
  {"plugin_without_hard_rt",
   "urn:chronus:plugin_without_hard_rt: must have lv2:optionalFeature "
   "lv2:hardRTCapable"},
  {"plugin_without_license", "urn:chronus:plugin_without_license: has no doap:license"},
  {"plugin_without_micro_version",
   "urn:chronus:plugin_without_micro_version: has no lv2:microVersion"},
  {"plugin_without_minor_version",
   "urn:chronus:plugin_without_minor_version: has no lv2:minorVersion"},
  {"plugin_without_name", "urn:chronus:plugin_without_name: has no doap:name"},
  {"plugin_without_ports", "urn:chronus:plugin_without_ports: has no ports"},
  {"plugin_without_project", "urn:chronus:plugin_without_project: has no lv2:project"},
  {"plugin_without_shortdesc",
   "urn:chronus:plugin_without_shortdesc: has no doap:shortdesc"},
  {"plugin_without_urid_map",
   "urn:chronus:plugin_without_urid_map: has an atom port, so it must have feature "
   "urid:map"},
  {"point_decimal",
   "urn:chronus:point_decimal port 0 (level): has \"1.0\" as scale point value, which "
   "must be an integer"},
  {"point_label_twice",
   "urn:chronus:point_label_twice port 0 (level): has scale point \"Off\" twice"},
  {"point_missing",
   "urn:chronus:point_missing port 0 (level): must have a scale point for every value "
   "of its range"},
  {"point_outside_range",
   "urn:chronus:point_outside_range port 0 (level): has scale point \"Over\" outside "
   "its range"},
  {"point_value_twice",
   "urn:chronus:point_value_twice port 0 (level): has scale point \"Still Off\" twice"},
  {"point_without_label",
   "urn:chronus:point_without_label port 0 (level): has no label on a scale point"},
  {"point_without_value",
   "urn:chronus:point_without_value port 0 (level): has no scale point value"},
  {"points_too_many",
   "urn:chronus:points_too_many port 0 (level): has more than 64 scale points"},
  {"points_without_enumeration",
   "urn:chronus:points_without_enumeration port 0 (level): must have both scale points "
   "and lv2:enumeration, or neither"},
  {"property_foreign",
   "urn:chronus:property_foreign: has property <urn:other:file>, which must be "
   "<urn:chronus:property_foreign#...> with a symbol"},
  {"property_without_range",
   "urn:chronus:property_without_range: has property "
   "<urn:chronus:property_without_range#file>, which must have one rdfs:label, "
   "rdfs:range and rdfs:comment"},
  {"short_name_missing",
   "urn:chronus:short_name_missing port 0 (level): has no lv2:shortName"},
  {"short_name_too_long",
   "urn:chronus:short_name_too_long port 0 (level): has lv2:shortName \"Level of "
   "Output!\" of more than 15 letters"},
  {"symbol_empty", "urn:chronus:symbol_empty port 0 (): has an empty lv2:symbol"},
  {"symbol_missing", "urn:chronus:symbol_missing port 0 (?): has no lv2:symbol"},
  {"symbol_of_two",
   "urn:chronus:symbol_of_two port 0 (level): has more than one lv2:symbol"},
  {"symbol_twice", "urn:chronus:symbol_twice: has lv2:symbol \"level\" twice"},
  {"symbol_with_accent",
   "urn:chronus:symbol_with_accent port 0 (lével): has lv2:symbol \"lével\", which is "
   "not a symbol"},
  {"symbol_with_digit",
   "urn:chronus:symbol_with_digit port 0 (1_level): has lv2:symbol \"1_level\", which "
   "is not a symbol"},
  {"symbol_with_space",
   "urn:chronus:symbol_with_space port 0 (the level): has lv2:symbol \"the level\", "
   "which is not a symbol"},
  {"toggled_beyond_one",
   "urn:chronus:toggled_beyond_one port 0 (level): is toggled, so it must be an "
   "lv2:integer from 0 to 1"},
  {"toggled_without_integer",
   "urn:chronus:toggled_without_integer port 0 (level): is toggled, so it must be an "
   "lv2:integer from 0 to 1"},
  {"unit_missing", "urn:chronus:unit_missing port 0 (level): has no unit"},
  {"unit_of_two", "urn:chronus:unit_of_two port 0 (level): has more than one unit"},
  {"uri_foreign",
   "urn:foreign:uri_foreign: must be <urn:chronus:uri_foreign>, as its file is named"},
  {"uri_of_another",
   "urn:chronus:another: must be <urn:chronus:uri_of_another>, as its file is named"},
};

/// These are read with the plugin of good.ttl
static const Fault preset_faults[] = {
  {"preset_knob_missing", "urn:chronus:good:preset:good: must set \"mute\" once"},
  {"preset_knob_twice", "urn:chronus:good:preset:good: must set \"frequency\" once"},
  {"preset_of_another",
   "urn:chronus:good:preset:good: applies to <urn:chronus:another>, not to "
   "<urn:chronus:good>"},
  {"preset_of_nothing", "urn:chronus:good:preset:good: has no lv2:appliesTo"},
  {"preset_symbol_missing",
   "urn:chronus:good:preset:good: has no lv2:symbol on a value"},
  {"preset_symbol_of_output",
   "urn:chronus:good:preset:good: sets \"pitch\", which is no knob of "
   "<urn:chronus:good>"},
  {"preset_symbol_of_signal",
   "urn:chronus:good:preset:good: sets \"cv\", which is no knob of <urn:chronus:good>"},
  {"preset_symbol_unknown",
   "urn:chronus:good:preset:good: sets \"volume\", which is no knob of "
   "<urn:chronus:good>"},
  {"preset_uri_foreign",
   "urn:foreign:good: must have a URI that starts with <urn:chronus:good:preset:>"},
  {"preset_uri_of_another",
   "urn:chronus:another:preset:good: must have a URI that starts with "
   "<urn:chronus:good:preset:>"},
  {"preset_value_decimal",
   "urn:chronus:good:preset:good: has \"0.0\" as value of \"mute\", which must be an "
   "integer"},
  {"preset_value_integer",
   "urn:chronus:good:preset:good: has \"440\" as value of \"frequency\", which must be "
   "a number with a decimal point"},
  {"preset_value_missing", "urn:chronus:good:preset:good: has no value of \"mute\""},
  {"preset_value_too_large",
   "urn:chronus:good:preset:good: sets \"mute\" to 2, outside 0 to 1"},
  {"preset_value_too_small",
   "urn:chronus:good:preset:good: sets \"frequency\" to 0, outside 0.001 to 20000"},
  {"preset_without_comment", "urn:chronus:good:preset:good: has no rdfs:comment"},
  {"preset_without_label", "urn:chronus:good:preset:good: has no rdfs:label"},
  {"presets_none", "describes no presets"},
};

/// Files that describe other forms of good.ttl
static const Fault form_faults[] = {
  {"another-form",
   "urn:chronus:another-form: is no form of <urn:chronus:good>, whose name and '-' it "
   "must begin with"},
  {"good-other_direction",
   "urn:chronus:good-other_direction: has another \"cv\" than its module, in kind, "
   "direction or steps"},
  {"good-half_pair",
   "urn:chronus:good-half_pair: has no \"in\" in one of its channels"},
  {"good-knob_of_one",
   "urn:chronus:good-knob_of_one: has \"level_left\" in one channel, which is no "
   "signal"},
  {"good-output_of_both",
   "urn:chronus:good-output_of_both: has channels, so its output \"out\" must be of "
   "one"},
  {"good-other_kind",
   "urn:chronus:good-other_kind: has another \"cv\" than its module, in kind, "
   "direction or steps"},
  {"good-other_steps",
   "urn:chronus:good-other_steps: has another \"mute\" than its module, in kind, "
   "direction or steps"},
};

/// The parser says the rest, on lines of its own
static const Fault file_faults[] = {
  {"empty", "cannot be read as Turtle: It is empty"},
  {"prefix_unknown", "cannot be read as Turtle: "},
  {"presets_empty", "cannot be read as Turtle: It is empty"},
  {"syntax", "cannot be read as Turtle: "},
  {"there_is_no_such_file", "cannot be read as Turtle: "},
};

enum {
  N_PLUGIN_FAULTS = sizeof(plugin_faults) / sizeof(plugin_faults[0]),
  N_PRESET_FAULTS = sizeof(preset_faults) / sizeof(preset_faults[0]),
  N_FORM_FAULTS   = sizeof(form_faults) / sizeof(form_faults[0]),
  N_FILE_FAULTS   = sizeof(file_faults) / sizeof(file_faults[0])
};

static char out[600];       ///< What ttl2c is told to write
static char said[MAX_TEXT]; ///< What it said last

static void
setup(void)
{
  scratch_clear();
  snprintf(out, sizeof(out), "%s/out", scratch_path());
}

static size_t
read_text(FILE* const file, char* const text)
{
  const size_t length = fread(text, 1, MAX_TEXT - 1, file);

  text[length] = '\0';
  return length;
}

/// Run ttl2c on up to two files of tests/bad, and return its exit status
static int
ttl2c(const char* const command, const char* const file1, const char* const file2)
{
  char line[MAX_TEXT];
  snprintf(line,
           sizeof(line),
           file2 ? "cd '%s' && '%s' %s '%s' %s.ttl %s.ttl 2>&1"
                 : "cd '%s' && '%s' %s '%s' %s.ttl 2>&1",
           BAD_DIR,
           TTL2C,
           command,
           out,
           file1,
           file2);

  FILE* const pipe = popen(line, "r");
  ck_assert_ptr_nonnull(pipe);
  read_text(pipe, said);
  const int status = pclose(pipe);
  ck_assert(WIFEXITED(status));
  return WEXITSTATUS(status);
}

static bool
is_written(void)
{
  return !access(out, F_OK);
}

/// Assert that the file `name` was refused with one complaint, and nothing else was
/// said
static void
assert_refused(const int status, const char* const name, const char* const complaint)
{
  char expected[MAX_TEXT];
  snprintf(expected, sizeof(expected), "ttl2c: %s.ttl: %s\n", name, complaint);
  ck_assert_int_eq(status, EXIT_FAILURE);
  ck_assert_str_eq(said, expected);
  ck_assert(!is_written());
}

static void
read_written(char text[MAX_TEXT])
{
  FILE* const file = fopen(out, "r");
  ck_assert_ptr_nonnull(file);
  read_text(file, text);
  fclose(file);
}

static void
assert_written(const char* const expected)
{
  char text[MAX_TEXT];
  read_written(text);
  ck_assert_str_eq(text, expected);
}

static void
assert_ends(const char* const expected)
{
  char text[MAX_TEXT];
  read_written(text);
  ck_assert_uint_gt(strlen(text), strlen(expected));
  ck_assert_str_eq(text + strlen(text) - strlen(expected), expected);
}

START_TEST(good_plugin_becomes_c)
{
  ck_assert_int_eq(ttl2c("ports", "good", NULL), EXIT_SUCCESS);
  ck_assert_str_eq(said, "");
  assert_written("// Generated by ttl2c: change the Turtle instead\n"
                 "\n"
                 "#pragma once\n"
                 "\n"
                 "#include \"plugin.h\"\n"
                 "\n"
                 "#define GOOD_URI \"urn:chronus:good\"\n"
                 "\n"
                 "enum {\n"
                 "  GOOD_PITCH = 0,\n"
                 "  GOOD_MIDI = 1,\n"
                 "  GOOD_CV = 2,\n"
                 "  GOOD_FREQUENCY = 3,\n"
                 "  GOOD_WAVE_FORM = 4,\n"
                 "  GOOD_MUTE = 5,\n"
                 "  GOOD_N_PORTS = 6\n"
                 "};\n"
                 "\n"
                 "enum {\n"
                 "  GOOD_WAVE_FORM_SINE = 0,\n"
                 "  GOOD_WAVE_FORM_C_1 = 1,\n"
                 "  GOOD_WAVE_FORM_SAW_UP = 2\n"
                 "};\n"
                 "\n"
                 "static const Port good_ports[] = {\n"
                 "  {PORT_SIGNAL, 1, -5.25f, 5.0f, 0.0f}, // pitch\n"
                 "  {PORT_EVENTS, 0, 0.0f, 0.0f, 0.0f}, // midi\n"
                 "  {PORT_SIGNAL, 0, 0.0f, 10.0f, 0.0f}, // cv\n"
                 "  {PORT_CONTROL, 0, 0.001f, 20000.0f, 440.0f}, // frequency\n"
                 "  {PORT_CONTROL, 0, 0.0f, 2.0f, 1.0f}, // wave_form\n"
                 "  {PORT_CONTROL, 0, 0.0f, 1.0f, 0.0f}, // mute\n"
                 "};\n");
}
END_TEST

START_TEST(good_form_becomes_c)
{
  ck_assert_int_eq(ttl2c("ports", "good", "good-form"), EXIT_SUCCESS);
  ck_assert_str_eq(said, "");
  assert_ends(
    "static const Port good_ports[] = {\n"
    "  {PORT_SIGNAL, 1, -5.25f, 5.0f, 0.0f}, // pitch\n"
    "  {PORT_EVENTS, 0, 0.0f, 0.0f, 0.0f}, // midi\n"
    "  {PORT_SIGNAL, 0, 0.0f, 10.0f, 0.0f}, // cv\n"
    "  {PORT_CONTROL, 0, 0.001f, 20000.0f, 440.0f}, // frequency\n"
    "  {PORT_CONTROL, 0, 0.0f, 2.0f, 1.0f}, // wave_form\n"
    "  {PORT_CONTROL, 0, 0.0f, 1.0f, 0.0f}, // mute\n"
    "  {PORT_SIGNAL, 0, 0.0f, 0.0f, 0.0f}, // sidechain\n"
    "};\n"
    "\n"
    "static const Port good_form_ports[] = {\n"
    "  {PORT_SIGNAL, 0, 0.0f, 0.0f, 0.0f}, // sidechain\n"
    "  {PORT_CONTROL, 0, 0.0f, 1.0f, 1.0f}, // mute\n"
    "};\n"
    "\n"
    "static const uint8_t good_form_places[] = {\n"
    "  GOOD_SIDECHAIN,\n"
    "  GOOD_MUTE,\n"
    "};\n"
    "\n"
    "enum { GOOD_N_FORMS = 1 };\n"
    "\n"
    "static const Form good_forms[] = {\n"
    "  {\"urn:chronus:good-form\", good_form_ports, good_form_places, NULL, 2, 1},\n"
    "};\n");
}
END_TEST

START_TEST(stereo_form_has_channels)
{
  ck_assert_int_eq(ttl2c("ports", "good", "good-stereo"), EXIT_SUCCESS);
  ck_assert_str_eq(said, "");
  assert_ends("  {PORT_CONTROL, 0, 0.0f, 1.0f, 0.0f}, // mute\n"
              "  {PORT_SIGNAL, 0, 0.0f, 0.0f, 0.0f}, // in\n"
              "  {PORT_SIGNAL, 0, 0.0f, 0.0f, 0.0f}, // sidechain\n"
              "};\n"
              "\n"
              "static const Port good_stereo_ports[] = {\n"
              "  {PORT_SIGNAL, 0, 0.0f, 0.0f, 0.0f}, // in_left\n"
              "  {PORT_SIGNAL, 0, 0.0f, 0.0f, 0.0f}, // in_right\n"
              "  {PORT_SIGNAL, 0, 0.0f, 0.0f, 0.0f}, // sidechain\n"
              "};\n"
              "\n"
              "static const uint8_t good_stereo_places[] = {\n"
              "  GOOD_IN,\n"
              "  GOOD_IN,\n"
              "  GOOD_SIDECHAIN,\n"
              "};\n"
              "\n"
              "static const uint8_t good_stereo_channels[] = {\n"
              "  0,\n"
              "  1,\n"
              "  ANY_CHANNEL,\n"
              "};\n"
              "\n"
              "enum { GOOD_N_FORMS = 1 };\n"
              "\n"
              "static const Form good_forms[] = {\n"
              "  {\"urn:chronus:good-stereo\", good_stereo_ports, "
              "good_stereo_places, good_stereo_channels, 3, 2},\n"
              "};\n");
}
END_TEST

START_TEST(form_is_in_the_library_of_its_module)
{
  ck_assert_int_eq(ttl2c("manifest", "good", "good-form"), EXIT_SUCCESS);
  ck_assert_str_eq(said, "");
  assert_ends("<urn:chronus:good-form>\n"
              "\ta lv2:Plugin , <http://lv2plug.in/ns/lv2core#UtilityPlugin> ;\n"
              "\tlv2:binary <good.so> ;\n"
              "\tmod:brand \"Chronus\" ;\n"
              "\tmod:label \"Example\" ;\n"
              "\trdfs:seeAlso <good-form.ttl> , <chronus.ttl> .\n"
              "\n");
}
END_TEST

START_TEST(binaries_end_as_it_is_told)
{
  ck_assert_int_eq(ttl2c("--suffix .dll manifest", "good", "good-form"), EXIT_SUCCESS);
  ck_assert_str_eq(said, "");
  assert_ends("<urn:chronus:good-form>\n"
              "\ta lv2:Plugin , <http://lv2plug.in/ns/lv2core#UtilityPlugin> ;\n"
              "\tlv2:binary <good.dll> ;\n"
              "\tmod:brand \"Chronus\" ;\n"
              "\tmod:label \"Example\" ;\n"
              "\trdfs:seeAlso <good-form.ttl> , <chronus.ttl> .\n"
              "\n");
}
END_TEST

START_TEST(manifest_lists_no_form_without_module)
{
  assert_refused(
    ttl2c("manifest", "good-form", NULL),
    "good-form",
    "urn:chronus:good-form: is a form of <urn:chronus:good>, which no file "
    "describes");
}
END_TEST

START_TEST(good_presets_are_let_pass)
{
  ck_assert_int_eq(ttl2c("ports", "good", "presets/good"), EXIT_SUCCESS);
  ck_assert_str_eq(said, "");
  ck_assert(is_written());
}
END_TEST

START_TEST(good_files_are_listed)
{
  ck_assert_int_eq(ttl2c("manifest", "good", "presets/good"), EXIT_SUCCESS);
  ck_assert_str_eq(said, "");
  assert_written("# SPDX-License-Identifier: ISC\n"
                 "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
                 "@prefix mod: <http://moddevices.com/ns/mod#> .\n"
                 "@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n"
                 "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
                 "\n"
                 "<urn:chronus:good>\n"
                 "\ta lv2:Plugin , <http://lv2plug.in/ns/lv2core#UtilityPlugin> , "
                 "mod:ControlVoltagePlugin ;\n"
                 "\tlv2:binary <good.so> ;\n"
                 "\tmod:brand \"Chronus\" ;\n"
                 "\tmod:label \"Example\" ;\n"
                 "\trdfs:seeAlso <good.ttl> , <chronus.ttl> .\n"
                 "\n"
                 "<urn:chronus:good:preset:good>\n"
                 "\ta pset:Preset ;\n"
                 "\tlv2:appliesTo <urn:chronus:good> ;\n"
                 "\trdfs:seeAlso <presets/good.ttl> .\n"
                 "\n");
}
END_TEST

START_TEST(bad_plugin_is_refused)
{
  const Fault* const fault = &plugin_faults[_i];
  assert_refused(ttl2c("ports", fault->name, NULL), fault->name, fault->complaint);
}
END_TEST

START_TEST(bad_preset_is_refused)
{
  const Fault* const fault = &preset_faults[_i];
  assert_refused(ttl2c("ports", "good", fault->name), fault->name, fault->complaint);
}
END_TEST

START_TEST(bad_form_is_refused)
{
  const Fault* const fault = &form_faults[_i];
  assert_refused(ttl2c("ports", "good", fault->name), fault->name, fault->complaint);
}
END_TEST

START_TEST(too_many_forms_are_refused)
{
  static const char* const files =
    "good-form.ttl good-form.ttl good-form.ttl good-form.ttl good-form.ttl "
    "good-form.ttl good-form.ttl good-form";
  assert_refused(
    ttl2c("ports", "good", files), "good-form", "is one form too many: there may be 8");
}
END_TEST

/// Assert that a file that is no Turtle was refused
static void
assert_unreadable(const int status, const Fault* const fault)
{
  char expected[MAX_TEXT];
  snprintf(
    expected, sizeof(expected), "ttl2c: %s.ttl: %s", fault->name, fault->complaint);
  ck_assert_int_eq(status, EXIT_FAILURE);
  ck_assert_ptr_nonnull(strstr(said, expected));
  ck_assert(!is_written());
}

START_TEST(unreadable_file_is_refused)
{
  const Fault* const fault = &file_faults[_i];
  assert_unreadable(ttl2c("ports", fault->name, NULL), fault);
  assert_unreadable(ttl2c("ports", "good", fault->name), fault);
  assert_unreadable(ttl2c("manifest", "good", fault->name), fault);
}
END_TEST

START_TEST(manifest_lists_no_misnamed_plugin)
{
  assert_refused(
    ttl2c("manifest", "uri_of_another", NULL),
    "uri_of_another",
    "urn:chronus:another: must be <urn:chronus:uri_of_another>, as its file is named");
}
END_TEST

START_TEST(manifest_lists_no_plugin_without_class)
{
  assert_refused(ttl2c("manifest", "plugin_class_missing", NULL),
                 "plugin_class_missing",
                 "urn:chronus:plugin_class_missing: must have just one class of lv2 "
                 "beside lv2:Plugin");
}
END_TEST

START_TEST(manifest_lists_no_preset_without_plugin)
{
  assert_refused(
    ttl2c("manifest", "presets/good", NULL),
    "presets/good",
    "urn:chronus:good:preset:good: applies to <urn:chronus:good>, which no "
    "file describes");
  assert_refused(ttl2c("manifest", "good", "preset_of_nothing"),
                 "preset_of_nothing",
                 "urn:chronus:good:preset:good: has no lv2:appliesTo");
  assert_refused(
    ttl2c("manifest", "good", "preset_of_another"),
    "preset_of_another",
    "urn:chronus:good:preset:good: applies to <urn:chronus:another>, not to "
    "<urn:chronus:preset_of_another>, as its file is named");
}
END_TEST

START_TEST(file_that_cannot_be_created_is_told)
{
  snprintf(out, sizeof(out), "%s/no/out", scratch_path());
  ck_assert_int_eq(ttl2c("ports", "good", NULL), EXIT_FAILURE);
  ck_assert_ptr_nonnull(strstr(said, "/no/out: cannot be written: "));
  ck_assert_int_eq(ttl2c("manifest", "good", NULL), EXIT_FAILURE);
  ck_assert_ptr_nonnull(strstr(said, "/no/out: cannot be written: "));
}
END_TEST

START_TEST(file_without_space_is_told_and_removed)
{
  // Through a link, because ttl2c removes what it could not finish
  if (access("/dev/full", W_OK)) {
    return;
  }

  ck_assert_int_eq(symlink("/dev/full", out), 0);
  ck_assert_int_eq(ttl2c("ports", "good", NULL), EXIT_FAILURE);
  ck_assert_ptr_nonnull(strstr(said, "/out: cannot be written: "));
  ck_assert_int_ne(unlink(out), 0);
}
END_TEST

START_TEST(wrong_use_is_told)
{
  ck_assert_int_eq(ttl2c("port", "good", NULL), EXIT_FAILURE);
  ck_assert_ptr_nonnull(
    strstr(said, "usage: ttl2c [--suffix TEXT] ports OUT.h FILE.ttl"));
  ck_assert_int_eq(ttl2c("", "good", NULL), EXIT_FAILURE);
  ck_assert_ptr_nonnull(strstr(said, "usage: "));
  ck_assert(!is_written());
}
END_TEST

static bool
is_among(const Fault* const faults, const size_t n_faults, const char* const name)
{
  bool is = false;
  for (size_t f = 0; f < n_faults; ++f) {
    is = is || !strcmp(faults[f].name, name);
  }
  return is;
}

START_TEST(every_file_is_tried)
{
  DIR* const dir = opendir(BAD_DIR);
  ck_assert_ptr_nonnull(dir);
  for (struct dirent* entry = readdir(dir); entry; entry = readdir(dir)) {
    char name[sizeof(entry->d_name)];
    snprintf(name, sizeof(name), "%s", entry->d_name);
    char* const ending = strstr(name, ".ttl");
    if (ending && strcmp(name, "good.ttl") != 0 && strcmp(name, "good-form.ttl") != 0 &&
        strcmp(name, "good-stereo.ttl") != 0) {
      *ending = '\0';
      ck_assert_msg(is_among(plugin_faults, N_PLUGIN_FAULTS, name) ||
                      is_among(preset_faults, N_PRESET_FAULTS, name) ||
                      is_among(form_faults, N_FORM_FAULTS, name) ||
                      is_among(file_faults, N_FILE_FAULTS, name),
                    "%s.ttl is in no table",
                    name);
    }
  }
  closedir(dir);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("ttl2c");
  TCase* const tests = tcase_create("ttl2c");
  tcase_add_unchecked_fixture(tests, scratch_make, scratch_remove);
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_set_timeout(tests, 60.0);
  tcase_add_test(tests, good_plugin_becomes_c);
  tcase_add_test(tests, good_form_becomes_c);
  tcase_add_test(tests, stereo_form_has_channels);
  tcase_add_test(tests, form_is_in_the_library_of_its_module);
  tcase_add_test(tests, binaries_end_as_it_is_told);
  tcase_add_test(tests, manifest_lists_no_form_without_module);
  tcase_add_test(tests, good_presets_are_let_pass);
  tcase_add_test(tests, good_files_are_listed);
  tcase_add_loop_test(tests, bad_plugin_is_refused, 0, N_PLUGIN_FAULTS);
  tcase_add_loop_test(tests, bad_preset_is_refused, 0, N_PRESET_FAULTS);
  tcase_add_loop_test(tests, bad_form_is_refused, 0, N_FORM_FAULTS);
  tcase_add_test(tests, too_many_forms_are_refused);
  tcase_add_loop_test(tests, unreadable_file_is_refused, 0, N_FILE_FAULTS);
  tcase_add_test(tests, manifest_lists_no_misnamed_plugin);
  tcase_add_test(tests, manifest_lists_no_plugin_without_class);
  tcase_add_test(tests, manifest_lists_no_preset_without_plugin);
  tcase_add_test(tests, file_that_cannot_be_created_is_told);
  tcase_add_test(tests, file_without_space_is_told_and_removed);
  tcase_add_test(tests, wrong_use_is_told);
  tcase_add_test(tests, every_file_is_tried);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
