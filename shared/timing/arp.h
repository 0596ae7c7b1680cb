// SPDX-License-Identifier: ISC
/**
   An arpeggiator: the keys that are held, one after another.

   The keys and their octaves make up a row, and each step plays a note of it, in
   an order as below.  Of the keys C E G and two octaves:

     row, along           C4 E4 G4 C5 E5 G5
     row, against         C5 E5 G5 C4 E4 G4
     row, note by note    C4 C5 E4 E5 G4 G5

   Steps start with a clock or with a note of the song (steps.h).  Which note a step
   plays goes by its number: since the reset, in the song, or since the first step of
   the chord. So a key that joins or leaves changes the row, and not where in it the
   steps are.

     keys   ____CEG~~~~~~~~~~~~~____
     clock  _|~|___|~|___|~|___|~|__
     gate   _______|~~|__|~~|_______ with gates of 50 %
     pitch         C     E

   A note sounds to its end when its key is let go.  When the first note is played at
   once, it comes with the first key, without a clock.  A clock that follows within
   ARP_CHORD_S is that of this note; keys that come as soon count as one chord with the
   first, so that the lowest of them, or whichever is the first by the order, takes over
   without a trigger.

   Messages that silence everything (all sound off, all notes off) end a chord that is
   held too, and the gate at once.
*/

#ifndef ARP_H
#define ARP_H

#include "midi/chord.h"
#include "midi/midi_input.h"
#include "midi/portamento.h"
#include "signal/gate_out.h"
#include "signal/units.h"
#include "timing/order.h"
#include "timing/steps.h"

#include <stdbool.h>
#include <stdint.h>

#define ARP_MAX_OCTAVES 5U
#define ARP_CHORD_S 0.03 ///< How far the keys of a chord may be apart

/// As scale points number it
typedef enum {
  ARP_UP,
  ARP_DOWN,
  ARP_UP_AND_DOWN, ///< Both ends once
  ARP_DOWN_AND_UP,
  ARP_AS_PLAYED,
  ARP_RANDOM, ///< None twice in a row
  ARP_WALK,   ///< One back, the same, or one on
  ARP_ENDS_TWICE,
  ARP_OUTSIDE_IN, ///< The lowest, the highest, the second lowest, and so on
  N_ARP_ORDERS
} ArpOrder;

/// As scale points number it
typedef enum { ARP_ALONG, ARP_AGAINST, ARP_NOTE_BY_NOTE } ArpOctaves;

/// As scale points number it
typedef enum { ARP_ON_CLOCK, ARP_AT_ONCE } ArpFirst;

typedef struct {
  ArpOrder       order;
  uint32_t       n_octaves; ///< 1 to ARP_MAX_OCTAVES
  ArpOctaves     octaves;
  bool           holds;      ///< Whether a chord stays when it is let go
  bool           restarts;   ///< Whether a new chord starts at its first note
  ArpFirst       first;      ///< When the first note of a new chord comes
  uint32_t       gate_parts; ///< Length of a gate, of STEPS_PARTS
  double         velocity;   ///< How far velocities count, 0 to 1; else notes have 127
  double         glide_s;    ///< How long the pitch slides to a note
  MidiInputKnobs input;
  ZeroVolt       zero_volt;
  uint32_t       seed; ///< 0 to 999
  StepsDice      dice;
  StepsSettings  steps;
} ArpKnobs;

/// Inputs in volts, NULL for 0
typedef struct {
  const float* clock;
  const float* reset;
  const float* transpose; ///< Octaves, at any time
} ArpInputs;

/// Outputs in volts, which must not overlap
typedef struct {
  float* pitch; ///< C4 until there was a note, then the last one's
  float* gate;
  float* velocity; ///< 0 to 10 V; the last note's
  float* trigger;
  float* end; ///< A trigger where the order starts again
} ArpOutputs;

typedef struct {
  double     sample_rate;
  ArpKnobs   knobs;
  MidiInput  input;
  Chord      chord;
  Steps      steps;
  Portamento pitch;
  double     velocity;   ///< Of the last note, 0 to 1
  int64_t    origin;     ///< Number of the step that plays the first note
  bool       waits;      ///< Whether the next step is the first of a chord
  bool       has_played; ///< Whether there was any note
  bool       plays;      ///< Whether a note sounds
  bool       is_early;   ///< Whether it came at once, before its step
  uint64_t   since;      ///< Frames since it came, as far as they count
  uint64_t   n_left;     ///< Frames that it sounds, or ARP_ENDLESS
  GateOut    gate;
  GateOut    end;
} Arp;

#define ARP_ENDLESS UINT64_MAX ///< Until the last key is let go, or the next step

void
arp_init(Arp* self, double sample_rate);

/// Start again without keys; arp_set() must follow
void
arp_reset(Arp* self);

void
arp_set(Arp* self, const ArpKnobs* knobs);

void
arp_transport(Arp* self, const Transport* transport);

/// Take a message with the next frame; what is not a whole MIDI message is ignored
void
arp_midi(Arp* self, const uint8_t* bytes, uint32_t size);

void
arp_process(Arp* self, const ArpInputs* in, const ArpOutputs* out, uint32_t n_frames);

#endif // ARP_H
