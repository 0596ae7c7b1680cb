// SPDX-License-Identifier: ISC
/**
   The role table: which port of a plugin means what, and in which terms.

   It is data, roles.ttl, so that any plugin can be measured without a line of code.
   A subject is one way to use a plugin, such as an oscillator set to its saw.
*/

#ifndef ROLES_H
#define ROLES_H

#include <stdint.h>

#define ROLES_URI "urn:chronus:measure#" ///< What all terms of the table begin with

typedef enum {
  OSCILLATOR,
  FILTER,
  ENVELOPE,
  GAIN,
  FOLLOWER,
  NOISE,
  HOLD,
  LFO,
  SLEW,
  PULSE,            ///< An oscillator whose pulse is looked at closely
  SELF_OSCILLATION, ///< A filter that oscillates by itself
  DISTORTION,
  RING_MODULATOR,
  RESONATOR,
  DELAY,
  REVERB,
  PANNER,
  QUANTIZER,
  METER,
  DRUM,
  CLOCK,
  STEPPER,  ///< Something that sends a trigger for every clock
  SWITCH,   ///< Something that passes its input on every second clock
  LOOP,     ///< A loop of 8 bits, one a clock, that may change
  KEYS,     ///< Something that turns keys into pitch, and into a gate at ROLE_SYNC_OUT
  ARPEGGIO, ///< A chord note by note from below, one a clock, with triggers there
  N_SUBJECT_KINDS
} SubjectKind;

/// Kind of oscillator or noise, the prototype of a filter, or the law of a
/// panner
typedef enum {
  SHAPE_SINE,
  SHAPE_TRIANGLE,
  SHAPE_SAW,
  SHAPE_PULSE,
  SHAPE_WHITE,
  SHAPE_PINK,
  SHAPE_BROWN,
  SHAPE_BLUE,
  SHAPE_VIOLET,
  SHAPE_EQUAL_POWER,
  SHAPE_EQUAL_SUM,
  SHAPE_BETWEEN, ///< The geometric mean of these two
  SHAPE_BALANCE,
  SHAPE_LOW_PASS,
  SHAPE_HIGH_PASS,
  SHAPE_BAND_PASS,
  SHAPE_NOTCH,
  SHAPE_ALL_PASS,
  SHAPE_PEAK,
  SHAPE_LOW_SHELF,
  SHAPE_HIGH_SHELF,
  SHAPE_OTHER, ///< Nothing to compare with
  N_SHAPES
} Shape;

/// Role of a port in a measurement, and the physical quantity that it takes
typedef enum {
  ROLE_OUT,            ///< Signal, or envelope from 0 to 1
  ROLE_IN,             ///< Signal
  ROLE_FREQUENCY,      ///< Pitch of an oscillator in Hz
  ROLE_LINEAR_FM,      ///< Change of frequency over frequency, as a signal
  ROLE_LINEAR_FM_HZ,   ///< Change of frequency in Hz, as a signal
  ROLE_PULSE_WIDTH,    ///< Share of the cycle that is high
  ROLE_PULSE_WIDTH_CV, ///< Change of that, as a signal
  ROLE_SYNC_IN,        ///< Signal
  ROLE_SYNC_OUT,       ///< Signal for the sync input of another
  ROLE_SYNC_REVERSE,   ///< 1 makes sync turn the cycle round instead of restarting it
  ROLE_CUTOFF,         ///< Of a filter, in Hz
  ROLE_CUTOFF_CV,      ///< Change of cutoff in octaves, as a signal
  ROLE_Q,              ///< Quality factor
  ROLE_Q_CV,           ///< Change of Q in octaves, as a signal
  ROLE_GAIN,           ///< Factor of amplitude
  ROLE_GAIN_CV,        ///< Change of a filter's gain in dB, as a signal
  ROLE_LEVEL_CV,       ///< Factor of amplitude, as a signal
  ROLE_MUTE,           ///< 1 mutes
  ROLE_INVERT,         ///< 1 inverts
  ROLE_GATE,           ///< 1 is high, as a signal
  ROLE_ATTACK,         ///< In seconds
  ROLE_DECAY,          ///< In seconds
  ROLE_SUSTAIN,        ///< From 0 to 1
  ROLE_RELEASE,        ///< In seconds
  ROLE_RESET,          ///< 1 starts a cycle, as a signal
  ROLE_OUT_RIGHT,      ///< Signal beside ROLE_OUT, which is left then
  ROLE_PAN,            ///< From -1, left, to 1
  ROLE_CARRIER,        ///< Signal that another is multiplied with
  ROLE_TIME,           ///< Of a delay, in seconds
  ROLE_TIME_CV,        ///< Change of that in seconds, as a signal
  ROLE_VOLTS,          ///< Signal in volts
  ROLE_FOUND_HZ,       ///< Frequency that a meter shows
  ROLE_FOUND_VOLTS,    ///< Voltage that a meter shows
  ROLE_CHANGE,         ///< Share of bits that change, from 0 to 1
  N_ROLES
} RoleName;

/// How a port's value follows from the physical quantity
typedef enum {
  LAW_PLAIN,       ///< The quantity itself
  LAW_OCTAVES,     ///< log2(x / reference)
  LAW_DECIBELS,    ///< 20 log10(x)
  LAW_BANDWIDTH,   ///< Of a Q, the octaves between the -3 dB points
  LAW_RECIPROCAL,  ///< 1 / x
  LAW_FOURTH_ROOT, ///< x^(1/4)
  N_LAWS
} RoleLaw;

/// port = offset + factor * law(quantity)
typedef struct {
  const char* symbol; ///< Of the port, NULL if the subject has none for the role
  RoleLaw     law;
  double      reference;
  double      factor;
  double      offset;
} Role;

/// A port that has the same value throughout
typedef struct {
  const char* symbol;
  double      value;
} Setting;

#define MAX_SETTINGS 32U ///< Most of them in one subject

/// A figure, and the most that it may be; one of 0 or more is one of its magnitude
typedef struct {
  const char* group;
  const char* name;
  double      at_most;
} Limit;

#define MAX_LIMITS 48U ///< Most of them for one subject

typedef struct {
  const char* label;
  const char* uri; ///< Of the plugin
  SubjectKind kind;
  Shape       shape;
  Role        role[N_ROLES];
  Setting     settings[MAX_SETTINGS];
  uint32_t    n_settings;
  Limit       limits[MAX_LIMITS]; ///< That test_quality holds it to, at 48 kHz
  uint32_t    n_limits;
} Subject;

typedef struct RolesImpl Roles;

/// Read a role table; returns NULL, and says why on stderr, if anything is wrong in it
Roles*
roles_new(const char* path);

void
roles_free(Roles* roles);

/// Return all subjects, by kind and label, and how many there are
const Subject*
roles_subjects(const Roles* roles, uint32_t* n_subjects);

/// Return the subject of that label, or NULL
const Subject*
roles_subject(const Roles* roles, const char* label);

/// Return the strictest limit of a figure, or NaN if the subject has none for it
double
subject_at_most(const Subject* subject, const char* group, const char* name);

/// Return what the port takes for a physical quantity
double
role_port_value(const Role* role, double quantity);

/// Return what a port's value means
double
role_quantity(const Role* role, double port_value);

/// Return what `name` is called in the table
const char*
role_name(RoleName name);

#endif // ROLES_H
