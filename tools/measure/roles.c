// SPDX-License-Identifier: ISC

#include "measure/roles.h"

#include "measure/turtle.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_LV2 "http://lv2plug.in/ns/lv2core#"
#define NS_RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define NS_RDFS "http://www.w3.org/2000/01/rdf-schema#"

#define MAX_SUBJECTS 256U ///< Most of them in one table

struct RolesImpl {
  Turtle   turtle; ///< Owns every string
  Subject  subjects[MAX_SUBJECTS];
  uint32_t n_subjects;
};

static const char* const kind_names[N_SUBJECT_KINDS] = {
  "Oscillator",    "Filter",    "Envelope", "Gain",    "Follower",        "Noise",
  "SampleHold",    "Lfo",       "Slew",     "Pulse",   "SelfOscillation", "Distortion",
  "RingModulator", "Resonator", "Delay",    "Reverb",  "Panner",          "Quantizer",
  "Meter",         "Drum",      "Clock",    "Stepper", "Switch",          "Loop",
  "Keys",          "Arpeggio"};

static const char* const shape_names[N_SHAPES] = {
  "Sine",    "Triangle", "Saw",       "Pulse",      "White",    "Pink",
  "Brown",   "Blue",     "Violet",    "EqualPower", "EqualSum", "Between",
  "Balance", "LowPass",  "HighPass",  "BandPass",   "Notch",    "AllPass",
  "Peak",    "LowShelf", "HighShelf", "Other"};

static const char* const role_names[N_ROLES] = {
  [ROLE_OUT]            = "out",
  [ROLE_IN]             = "in",
  [ROLE_FREQUENCY]      = "frequency",
  [ROLE_LINEAR_FM]      = "linearFm",
  [ROLE_LINEAR_FM_HZ]   = "linearFmHz",
  [ROLE_PULSE_WIDTH]    = "pulseWidth",
  [ROLE_PULSE_WIDTH_CV] = "pulseWidthCv",
  [ROLE_SYNC_IN]        = "syncIn",
  [ROLE_SYNC_OUT]       = "syncOut",
  [ROLE_SYNC_REVERSE]   = "syncReverse",
  [ROLE_CUTOFF]         = "cutoff",
  [ROLE_CUTOFF_CV]      = "cutoffCv",
  [ROLE_Q]              = "q",
  [ROLE_Q_CV]           = "qCv",
  [ROLE_GAIN]           = "gain",
  [ROLE_GAIN_CV]        = "gainCv",
  [ROLE_LEVEL_CV]       = "levelCv",
  [ROLE_MUTE]           = "mute",
  [ROLE_INVERT]         = "invert",
  [ROLE_GATE]           = "gate",
  [ROLE_ATTACK]         = "attack",
  [ROLE_DECAY]          = "decay",
  [ROLE_SUSTAIN]        = "sustain",
  [ROLE_RELEASE]        = "release",
  [ROLE_RESET]          = "reset",
  [ROLE_OUT_RIGHT]      = "outRight",
  [ROLE_PAN]            = "pan",
  [ROLE_CARRIER]        = "carrier",
  [ROLE_TIME]           = "time",
  [ROLE_TIME_CV]        = "timeCv",
  [ROLE_VOLTS]          = "volts",
  [ROLE_FOUND_HZ]       = "foundHz",
  [ROLE_FOUND_VOLTS]    = "foundVolts",
  [ROLE_CHANGE]         = "change",
};

static const char* const law_names[N_LAWS] =
  {"Plain", "Octaves", "Decibels", "Bandwidth", "Reciprocal", "FourthRoot"};

// ---- Reading

static bool
complain(const Subject* const subject, const char* const problem)
{
  fprintf(stderr, "roles: %s: %s\n", subject->label ? subject->label : "?", problem);
  return false;
}

static bool
read_port(void* const data, Turtle* const turtle, const SordNode* const port)
{
  Subject* const subject = (Subject*)data;

  const char* const symbol = turtle_string(turtle, port, NS_LV2 "symbol");
  const int         name =
    turtle_choice(turtle, port, ROLES_URI "role", ROLES_URI, role_names, N_ROLES, -1);
  const int law = turtle_choice(
    turtle, port, ROLES_URI "law", ROLES_URI, law_names, N_LAWS, LAW_PLAIN);
  if (!symbol || name < 0 || law < 0) {
    return complain(subject, "a port needs a symbol, a known role and a known law");
  }

  subject->role[name] = (Role){symbol,
                               (RoleLaw)law,
                               turtle_number(turtle, port, ROLES_URI "reference", 1.0),
                               turtle_number(turtle, port, ROLES_URI "factor", 1.0),
                               turtle_number(turtle, port, ROLES_URI "offset", 0.0)};
  return true;
}

static bool
read_setting(void* const data, Turtle* const turtle, const SordNode* const setting)
{
  Subject* const subject = (Subject*)data;

  const char* const symbol = turtle_string(turtle, setting, NS_LV2 "symbol");
  const double      value  = turtle_number(turtle, setting, NS_RDF "value", NAN);
  if (!symbol || isnan(value)) {
    return complain(subject, "a setting needs a symbol and a value");
  }
  if (subject->n_settings == MAX_SETTINGS) {
    return complain(subject, "too many settings");
  }

  subject->settings[subject->n_settings++] = (Setting){symbol, value};
  return true;
}

/// Take what `thing` says, after what those say that it is like
static bool
read_subject(void* const data, Turtle* const turtle, const SordNode* const thing)
{
  Subject* const subject = (Subject*)data;

  if (!turtle_visit_values(turtle, thing, ROLES_URI "like", read_subject, subject)) {
    return false;
  }

  const char* const label = turtle_string(turtle, thing, NS_RDFS "label");
  const char* const uri   = turtle_string(turtle, thing, ROLES_URI "plugin");
  subject->label          = label ? label : subject->label;
  subject->uri            = uri ? uri : subject->uri;

  const int shape = turtle_choice(turtle,
                                  thing,
                                  ROLES_URI "shape",
                                  ROLES_URI,
                                  shape_names,
                                  N_SHAPES,
                                  (int)subject->shape);
  if (shape < 0) {
    return complain(subject, "unknown shape");
  }

  subject->shape = (Shape)shape;
  return turtle_visit_values(turtle, thing, ROLES_URI "port", read_port, subject) &&
         turtle_visit_values(turtle, thing, ROLES_URI "set", read_setting, subject);
}

static bool
read_limit(void* const data, Turtle* const turtle, const SordNode* const limit)
{
  Subject* const subject = (Subject*)data;

  const char* const group   = turtle_string(turtle, limit, ROLES_URI "group");
  const char* const figure  = turtle_string(turtle, limit, ROLES_URI "figure");
  const double      at_most = turtle_number(turtle, limit, ROLES_URI "atMost", NAN);
  if (!group || !figure || isnan(at_most)) {
    return complain(subject, "a limit needs a group, a figure and a number");
  }
  if (subject->n_limits == MAX_LIMITS) {
    return complain(subject, "too many limits");
  }

  subject->limits[subject->n_limits++] = (Limit){group, figure, at_most};
  return true;
}

/// Take a list of limits that a subject is within
static bool
read_limits(void* const data, Turtle* const turtle, const SordNode* const list)
{
  const uint32_t n_before = ((const Subject*)data)->n_limits;

  return turtle_visit_values(turtle, list, ROLES_URI "limit", read_limit, data) &&
         (((const Subject*)data)->n_limits > n_before ||
          complain((const Subject*)data, "a list of limits is empty"));
}

typedef struct {
  Roles*      roles;
  SubjectKind kind;
} Reading;

static bool
add_subject(void* const data, Turtle* const turtle, const SordNode* const thing)
{
  const Reading* const reading = (const Reading*)data;
  Roles* const         roles   = reading->roles;
  if (roles->n_subjects == MAX_SUBJECTS) {
    fprintf(stderr, "roles: more than %u subjects\n", MAX_SUBJECTS);
    return false;
  }

  Subject* const subject = &roles->subjects[roles->n_subjects++];
  subject->kind          = reading->kind;
  subject->shape         = SHAPE_OTHER;
  if (!read_subject(subject, turtle, thing) ||
      !turtle_visit_values(turtle, thing, ROLES_URI "within", read_limits, subject)) {
    return false;
  }

  return (subject->label && subject->uri) ||
         complain(subject, "a subject needs a label and a plugin");
}

static int
compare_subjects(const void* const a, const void* const b)
{
  const Subject* const x = (const Subject*)a;
  const Subject* const y = (const Subject*)b;

  return x->kind != y->kind ? (int)x->kind - (int)y->kind : strcmp(x->label, y->label);
}

Roles*
roles_new(const char* const path)
{
  Roles* const roles = (Roles*)calloc(1, sizeof(Roles));
  if (!roles) {
    return NULL;
  }

  bool ok = turtle_read(&roles->turtle, path);
  for (int kind = 0; ok && kind < N_SUBJECT_KINDS; ++kind) {
    char    type[64];
    Reading reading = {roles, (SubjectKind)kind};
    snprintf(type, sizeof(type), "%s%s", ROLES_URI, kind_names[kind]);
    ok = turtle_visit_class(&roles->turtle, type, add_subject, &reading);
  }
  if (!ok) {
    roles_free(roles);
    return NULL;
  }

  qsort(roles->subjects, roles->n_subjects, sizeof(Subject), compare_subjects);
  return roles;
}

void
roles_free(Roles* const roles)
{
  turtle_free(&roles->turtle);
  free(roles);
}

// ---- Using

const Subject*
roles_subjects(const Roles* const roles, uint32_t* const n_subjects)
{
  *n_subjects = roles->n_subjects;
  return roles->subjects;
}

const Subject*
roles_subject(const Roles* const roles, const char* const label)
{
  for (uint32_t i = 0; i < roles->n_subjects; ++i) {
    if (!strcmp(roles->subjects[i].label, label)) {
      return &roles->subjects[i];
    }
  }

  return NULL;
}

double
subject_at_most(const Subject* const subject,
                const char* const    group,
                const char* const    name)
{
  double least = (double)NAN;
  for (uint32_t i = 0; i < subject->n_limits; ++i) {
    const Limit* const limit = &subject->limits[i];
    if (!strcmp(limit->group, group) && !strcmp(limit->name, name) &&
        !(limit->at_most >= least)) {
      least = limit->at_most;
    }
  }

  return least;
}

static double
law_value(const Role* const role, const double x)
{
  switch (role->law) {
  case LAW_OCTAVES:
    return log2(x / role->reference);
  case LAW_DECIBELS:
    return 20.0 * log10(x);
  case LAW_BANDWIDTH:
    return 2.0 / log(2.0) * asinh(0.5 / x);
  case LAW_RECIPROCAL:
    return 1.0 / x;
  case LAW_FOURTH_ROOT:
    return sqrt(sqrt(x));
  case LAW_PLAIN:
  case N_LAWS:
    break;
  }

  return x;
}

static double
law_inverse(const Role* const role, const double y)
{
  switch (role->law) {
  case LAW_OCTAVES:
    return role->reference * exp2(y);
  case LAW_DECIBELS:
    return pow(10.0, y / 20.0);
  case LAW_BANDWIDTH:
    return 0.5 / sinh(0.5 * log(2.0) * y);
  case LAW_RECIPROCAL:
    return 1.0 / y;
  case LAW_FOURTH_ROOT:
    return pow(y, 4.0);
  case LAW_PLAIN:
  case N_LAWS:
    break;
  }

  return y;
}

double
role_port_value(const Role* const role, const double quantity)
{
  return role->offset + role->factor * law_value(role, quantity);
}

double
role_quantity(const Role* const role, const double port_value)
{
  return law_inverse(role, (port_value - role->offset) / role->factor);
}

const char*
role_name(const RoleName name)
{
  return role_names[name];
}
