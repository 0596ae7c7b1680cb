// SPDX-License-Identifier: ISC
/**
   Acts of hosts, for the tests that try them on every plugin of the bundle.

   A take is what happens to a plugin: signals, knobs, MIDI and transport over some
   time.  A StressHost is an instance among a host's buffers, which plays takes in the
   way it is told: that way must not matter.  It fails the test if the plugin writes
   where it must not, leaves a frame of an output unwritten, or puts out what is not
   finite.
*/

#ifndef STRESS_HOST_H
#define STRESS_HOST_H

#include "host/host.h"
#include "host/position.h"

#include <stdbool.h>
#include <stdint.h>

enum {
  STRESS_HOST_PLUGINS      = 256,  ///< Most plugins of the bundle
  STRESS_HOST_PORTS        = 128,  ///< Most ports that a plugin has
  STRESS_HOST_FRAMES       = 9000, ///< Most frames of a take
  STRESS_HOST_BLOCK_FRAMES = 8192, ///< Longest block that a host runs
  STRESS_HOST_GUARD_FRAMES = 16,   ///< What is watched before and behind each buffer
  STRESS_HOST_TURNS        = 7,    ///< How often knobs are turned in a take
  STRESS_HOST_MESSAGES     = 80,   ///< How many MIDI messages come in a take
  STRESS_HOST_NOTICES      = 256,  ///< Words of 8 bytes for what a plugin sends
  STRESS_HOST_POSITION = 8, ///< One in so many messages comes with one of the transport
  STRESS_HOST_BUFFERS  = STRESS_HOST_PORTS,
  STRESS_HOST_UNPATCHED =
    STRESS_HOST_BUFFERS, ///< The wire of a port that is connected to NULL
  STRESS_HOST_RANDOM = 0 ///< Blocks of 1 to 300 frames
};

typedef struct {
  uint32_t frame;
  uint32_t size;
  uint8_t  bytes[6];
} StressHostMessage;

typedef struct {
  uint32_t n_frames;
  float    in[STRESS_HOST_PORTS][STRESS_HOST_FRAMES]; ///< What is at the input signals
  uint32_t
        crossfade_frame[STRESS_HOST_TURNS]; ///< When knobs are turned, the first at 0
  float knob[STRESS_HOST_TURNS][STRESS_HOST_PORTS]; ///< What they are turned to
  StressHostMessage message[STRESS_HOST_MESSAGES];
} Take;

/// Signals of the outputs
typedef struct {
  float out[STRESS_HOST_PORTS][STRESS_HOST_FRAMES]; ///< Of signals
  float shown[STRESS_HOST_PORTS]; ///< At output controls, behind the last block
} Recording;

typedef struct {
  const HostPlugin* plugin;
  LilvInstance*     instance;
  uint32_t wire[STRESS_HOST_PORTS]; ///< The buffer of each port, its own at first
  bool     stays;                   ///< Whether ports stay connected as they are
  uint32_t frame;                   ///< How far the take has been played
  uint32_t n_frames;                ///< Length of the block that comes next
  uint32_t shift;                   ///< Where buffers start in their memory
  float    control[STRESS_HOST_PORTS];
  float    buffer[STRESS_HOST_BUFFERS]
              [3 * STRESS_HOST_GUARD_FRAMES + STRESS_HOST_BLOCK_FRAMES]; ///< Signals
  uint64_t
    events[STRESS_HOST_MESSAGES * (4 + POSITION_SIZE / STRESS_HOST_POSITION) + 4];
  uint64_t notices[STRESS_HOST_NOTICES]; ///< What the plugin sends
  uint32_t
    notices_size; ///< Bytes that it may have of that, changing from block to block
} StressHost;

/**
   Load the bundle under test, and return how many plugins it has.

   TEST_PLUGIN in the environment limits it to plugins with that text in their URI.
*/
int
stress_host_load(void);

void
stress_host_unload(void);

Host*
stress_host_host(void);

/// Return plugin number `i` of the bundle
const HostPlugin*
stress_host_plugin(int i);

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

/// Return true for a control that the plugin sets, to show a number
static inline bool
is_meter(const HostPort* const port)
{
  return port->kind == HOST_CONTROL && port->is_output;
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

/**
   Fill a take with what stays within the ranges of the Turtle, and often is at their
   ends.

   All knobs stand at their lowest, their highest or somewhere, for the whole take or
   parts of it.  Signals stay at an end, step, go up and down, or are noise; audio is
   within +-1.
*/
void
take_fill_within(Take* take, const HostPlugin* plugin, uint32_t seed);

/**
   Give each input signal one value for the whole take, or let it move, or both in turn.

   Bit `n` of `still` and of `moving` stands for input signal number `n`, from 0; no
   plugin has more than 64.
*/
void
take_still(Take* take, const HostPlugin* plugin, uint64_t still, uint64_t moving);

/// Turn all knobs for amounts of modulation away from 0, where they do nothing; and let
/// them stay there if they are to rest
void
take_open_amounts(Take* take, const HostPlugin* plugin, bool rest);

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
stress_host_open(StressHost* self, const HostPlugin* plugin, double sample_rate);

void
stress_host_close(StressHost* self);

/// Deactivate and activate the plugin, to start anew with the first frame of a take
void
stress_host_reset(StressHost* self);

/// Connect a port to its buffer, again
void
stress_host_connect(StressHost* self, uint32_t port);

/// Connect all ports, from the last to the first, once for all
void
stress_host_stay(StressHost* self);

/// Make ready, and connect, what the next `n_frames` of a take need
void
stress_host_set_block(StressHost* self, const Take* take, uint32_t n_frames);

/// Check what a run has made of that block, and append it to a recording
void
stress_host_get_block(StressHost* self, const Take* take, Recording* recording);

/// Play a take to its end in blocks of `block_frames`, cut where knobs turn
void
stress_host_play(StressHost* self,
                 const Take* take,
                 uint32_t    block_frames,
                 Recording*  recording);

/// Return the length of the longest block that no turn of a knob cuts
uint32_t
stress_host_next_block(const StressHost* self, const Take* take, uint32_t block_frames);

/// Fail unless all patched outputs of two recordings are the same to the last bit
void
stress_host_check_same(const StressHost* self,
                       const Take*       take,
                       const Recording*  expected,
                       const Recording*  actual);

/// Return true if a recorded output differs anywhere from another recording
bool
stress_host_is_different(const StressHost* self,
                         const Take*       take,
                         const Recording*  a,
                         const Recording*  b);

#endif // STRESS_HOST_H
