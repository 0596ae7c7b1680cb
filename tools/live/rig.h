// SPDX-License-Identifier: ISC
/**
   A rig: a patch that is read, built and ready to be played live.

   Each has plugins of its own, so that the next rig is built while this one plays in
   another thread.
*/

#ifndef RIG_H
#define RIG_H

#include "host/engine.h"
#include "host/patch.h"
#include "live/generation.h"
#include "live/line.h"
#include "live/ring.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define RIG_MAX_FRAMES 256U ///< Longest block of the engine

/// A setting on the command line, "NAME=VALUE"
typedef struct {
  const char* name;
  const char* value;
} RigSetting;

/// Parts to build rigs of one patch after the other from
typedef struct {
  const char* path;
  double      sample_rate; ///< In Hz
  double      tempo_bpm;   ///< 0 if it is the patch's
  RigSetting* knobs;       ///< Knobs and their values
  uint32_t    n_knobs;
  RigSetting* controllers; ///< MIDI controllers, "0" to "127", and their knobs
  uint32_t    n_controllers;
} RigPlan;

/// A knob that a MIDI controller turns
typedef struct {
  uint8_t  controller;
  uint32_t block;
  uint32_t port;
  float    values[128]; ///< By position of the controller
} RigControl;

/// A port of the patch
typedef struct {
  Line* line;
  void* buffer;  ///< Of an input: what the engine reads
  bool  recalls; ///< Whether blocks are still to be told of the keys that are held
} RigPort;

typedef struct {
  Generation  plugins; ///< Of an own path if there was a rig before
  Host*       host;
  Patch       patch; ///< Ordered; its values are those in the file and of `knobs`
  float**     live;  ///< By block and port: knobs as they were turned last by hand
  Engine*     engine;
  RigPort*    ports; ///< By port of the patch
  RigControl* controls;
  uint32_t    n_controls;
  atomic_int* positions; ///< By control: where the controller stands, -1 is unknown
  Ring        turns;     ///< Of knobs, by hand
} Rig;

/**
   Build the rig of a plan.

   Plugins that have been built anew since the one before are loaded anew.  Knobs that
   were turned in the rig `before`, if that is not NULL, and have the same value in its
   file as in this one, stay where they are.  Returns NULL after a report.
*/
Rig*
rig_new(const RigPlan* plan, const Rig* before);

void
rig_free(Rig* rig);

/// Return an empty rig, with neither ports nor blocks
Rig*
rig_new_empty(void);

/// Turn a knob as a text says; returns false after a report.  For the thread that
/// builds rigs
bool
rig_turn(Rig* rig, const char* knob, const char* text);

/**
   Go on from where the rig `before` is, between two of its blocks.

   Blocks of the same name and plugin go on with what they were at.  Others start anew,
   and are told of the keys that are held, unless what goes on has the same MIDI.
   Returns true if all blocks know where the song is.  Real-time safe.
*/
bool
rig_take_over(Rig* rig, const Rig* before);

/**
   Run the engine for some frames of a cycle, from what its lines bring.

   At most RIG_MAX_FRAMES, from `start` on.  Real-time safe.
*/
void
rig_run(Rig* rig, uint32_t start, uint32_t n_frames);

#endif // RIG_H
