// SPDX-License-Identifier: ISC
/**
   What hosts do to plugins, for the tests that do it to every plugin of the bundle.

   A take is what happens to a plugin: signals, knobs, MIDI and transport over some
   time.  A rig is an instance among a host's buffers, which plays takes in the way it
   is told: that way must not matter.  It fails the test if the plugin writes where it
   must not, leaves a frame of an output unwritten, or puts out what is not finite.
*/

#ifndef RIG_H
#define RIG_H

#include "host.h"
#include "position.h"

#include <stdbool.h>
#include <stdint.h>

enum {
  RIG_PORTS        = 64,   ///< Most ports that a plugin has
  RIG_FRAMES       = 9000, ///< Most frames of a take
  RIG_BLOCK_FRAMES = 8192, ///< Longest block that a host runs
  RIG_GUARD_FRAMES = 16,   ///< What is watched before and behind each buffer
  RIG_TURNS        = 7,    ///< How often knobs are turned in a take
  RIG_MESSAGES     = 80,   ///< How many MIDI messages come in a take
  RIG_POSITION     = 8,    ///< One in so many messages comes with one of the transport
  RIG_BUFFERS      = RIG_PORTS,
  RIG_UNPATCHED    = RIG_BUFFERS, ///< The wire of a port that is connected to NULL
  RIG_RANDOM       = 0            ///< Blocks of 1 to 300 frames
};

typedef struct {
  uint32_t frame;
  uint32_t size;
  uint8_t  bytes[6];
} RigMessage;

typedef struct {
  uint32_t   n_frames;
  float      in[RIG_PORTS][RIG_FRAMES];  ///< What is at the input signals
  uint32_t   turn_frame[RIG_TURNS];      ///< When knobs are turned, the first at 0
  float      knob[RIG_TURNS][RIG_PORTS]; ///< What they are turned to
  RigMessage message[RIG_MESSAGES];
} Take;

/// What came out of the output signals
typedef struct {
  float out[RIG_PORTS][RIG_FRAMES];
} Recording;

typedef struct {
  const HostPlugin* plugin;
  LilvInstance*     instance;
  uint32_t          wire[RIG_PORTS]; ///< The buffer of each port, its own at first
  bool              stays;           ///< Whether ports stay connected as they are
  uint32_t          frame;           ///< How far the take has been played
  uint32_t          n_frames;        ///< Length of the block that comes next
  uint32_t          shift;           ///< Where buffers start in their memory
  float             control[RIG_PORTS];
  float    buffer[RIG_BUFFERS][3 * RIG_GUARD_FRAMES + RIG_BLOCK_FRAMES]; ///< Signals
  uint64_t events[RIG_MESSAGES * (4 + POSITION_SIZE / RIG_POSITION) + 4];
} Rig;

/// Load the bundle under test, and return how many plugins it has
int
rig_load(void);

void
rig_unload(void);

Host*
rig_host(void);

/// Return plugin number `i` of the bundle
const HostPlugin*
rig_plugin(int i);

static inline bool
is_input_signal(const HostPort* const port)
{
  return host_is_signal(port) && !port->is_output;
}

static inline bool
is_output_signal(const HostPort* const port)
{
  return host_is_signal(port) && port->is_output;
}

/// Return the value of a knob at `position`, from 0 to 1 of its way
float
knob_value(const HostPort* knob, double position);

/**
   Fill a take with something of everything, the same for the same `seed`.

   Seed 0 leaves all knobs at their defaults, others turn them at random.
*/
void
take_fill(Take* take, const HostPlugin* plugin, uint32_t seed);

/// Turn knob `index` to `value` for the whole take
void
take_set_knob(Take* take, uint32_t index, float value);

/// Put `value` on every frame of the input signal `index`
void
take_set_signal(Take* take, uint32_t index, float value);

/// Leave out all MIDI messages
void
take_clear_messages(Take* take);

/// Instantiate and activate a plugin, with a buffer of its own for every port
void
rig_open(Rig* rig, const HostPlugin* plugin, double sample_rate);

void
rig_close(Rig* rig);

/// Deactivate and activate the plugin, to start anew with the first frame of a take
void
rig_reset(Rig* rig);

/// Connect a port to its buffer, again
void
rig_connect(Rig* rig, uint32_t port);

/// Connect all ports, from the last to the first, once for all
void
rig_stay(Rig* rig);

/// Make ready, and connect, what the next `n_frames` of a take need
void
rig_set_block(Rig* rig, const Take* take, uint32_t n_frames);

/// Check what a run has made of that block, and append it to a recording
void
rig_get_block(Rig* rig, const Take* take, Recording* recording);

/// Play a take to its end in blocks of `block_frames`, cut where knobs turn
void
rig_play(Rig* rig, const Take* take, uint32_t block_frames, Recording* recording);

/// Return the length of the longest block that no turn of a knob cuts
uint32_t
rig_next_block(const Rig* rig, const Take* take, uint32_t block_frames);

/// Fail unless all patched outputs of two recordings are the same to the last bit
void
rig_check_same(const Rig*       rig,
               const Take*      take,
               const Recording* expected,
               const Recording* actual);

/// Return true if a recorded output differs anywhere from another recording
bool
rig_is_different(const Rig*       rig,
                 const Take*      take,
                 const Recording* a,
                 const Recording* b);

#endif // RIG_H
