// SPDX-License-Identifier: ISC
/**
   The contract of a module.

   A plugin file defines one `const Plugin plugin`; the files in lv2/ turn it into an
   LV2 plugin and keep every promise that stands here.  Ports are numbered as in the
   generated x_ports.h, in the order of the Turtle.
*/

#ifndef PLUGIN_H
#define PLUGIN_H

#include "signal/block.h"
#include "signal/signal.h"
#include "timing/transport.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_PORTS 128U          ///< Most ports that a plugin may have
#define MAX_FORMS 8U            ///< Most plugins that a module may be
#define MAX_CHANNELS 2U         ///< Most times that a form may have the module in it
#define MAX_PROPERTIES 16U      ///< Most properties that a module may take messages for
#define MAX_PROPERTY_BYTES 128U ///< Most bytes of the URI of a property
#define MAX_FILE_BYTES 65536U   ///< Most bytes of a file that a module takes
#define MAX_FILE_NUMBERS 376U   ///< Most numbers that it comes to: hosts pass on 4 KB
#define MAX_CARRIED 64U         ///< Most parts of a state that have names
#define MAX_PATH_BYTES 1024U    ///< Most bytes of its path, with the 0 at the end
#define MIN_RATE_HZ 1.0         ///< Lowest sample rate that a module is ever given
#define MAX_RATE_HZ 1e8         ///< Highest
#define MAX_STACK 32768U        ///< Bytes of stack that no call of the host's exceeds
#define DRAW_FIGURES 8U         ///< Numbers that a module shows of its state at most
#define KNOB_GLIDE_S 0.005      ///< Time constant of a turned knob, in seconds

typedef enum {
  PORT_CONTROL, ///< A knob or a meter: one float
  PORT_SIGNAL,  ///< Audio or CV: a float for every frame
  PORT_EVENTS ///< What reaches the module through midi(), transport(), message(); as an
              ///< output, what lv2/ sends the host about the module's file
} PortKind;

/// A port as its Turtle describes it (ttl2c generates tables of these)
typedef struct {
  PortKind kind;
  int      is_output;
  float    minimum;
  float    maximum;
  float    default_value;
} Port;

typedef enum {
  MESSAGE_NUMBER, ///< Any of LV2's numbers
  MESSAGE_TEXT,   ///< A path, URI or string
  MESSAGE_BYTES   ///< Anything else
} MessageKind;

/// A property that is set by a message of the host's (patch:Set)
typedef struct {
  uint32_t       property; ///< Which of the plugin's
  MessageKind    kind;
  double         number; ///< Finite; 0 if it is none
  const char*    text;   ///< With a 0 at the end; NULL if it is none
  const uint8_t* bytes;  ///< As they came, at any alignment
  uint32_t       size;   ///< In bytes, with the 0 of a text
} Message;

/// Message about a file's text
typedef struct {
  uint32_t    line;   ///< From 1; 0 if it is of none
  const char* reason; ///< Follows its name, such as "has no notes"; NULL for nothing
} FileRemark;

/**
   A file that a module takes, by a property whose range is atom:Path.

   lv2/ reads what the host sets the path to, outside of the thread of run().  read()
   makes numbers of it, which take() brings to the module between two run()s.  The
   numbers, and not the file, are saved with the host's project, and come back with it.

   read() is given the numbers that there are, and changes those.  If it returns false,
   all stays as it was.  Its remark reaches the player, with the names of file and line.
   It is not real-time safe by need, but takes no files or memory of its own.

   take() is called after init(), after each reset() and with new numbers, which start()
   made, or read(), or for which check() was true.  It is real-time safe.
*/
typedef struct {
  uint32_t    property;  ///< Which of the plugin's
  uint32_t    n_numbers; ///< Up to MAX_FILE_NUMBERS
  const char* beside; ///< How a file ends that is read after one of the same name, if
                      ///< it is there, such as ".kbm"; NULL for none
  void (*start)(double* numbers); ///< Make those that there are before any file
  bool (*read)(double* numbers, const char* text, size_t size, FileRemark* remark);
  bool (*check)(const double* numbers); ///< Return true if all may be taken
  void (*take)(void* state, const double* numbers);
} File;

/**
   The ports of a module as it sees them, by their indices.

   Modules use the functions below, and no member.
*/
typedef struct {
  void* data[MAX_PORTS];         ///< A control, or the frames of a signal
  bool  is_constant[MAX_PORTS];  ///< Whether all frames of an input are the same
  bool  is_connected[MAX_PORTS]; ///< Whether the host has connected a signal
} Ports;

/**
   A module as one more plugin, with other ports: for hosts in which its own are of no
   use.

   Those of the module's ports that a form has not got are not connected.

   A form with channels is the module several times over, such as for left and right:
   each channel has a state and outputs of its own, and inputs that others have not
   got.  Controls, events, and inputs that are of no channel are the same to all.  A
   module whose channels have more in common than that, such as a reverb, has ports
   for both itself, and forms of one channel.
*/
typedef struct {
  const char*    uri;
  const Port*    ports;
  const uint8_t* places; ///< Which of the module's ports each of them is
  const uint8_t*
           channels; ///< Which channel has it, or ANY_CHANNEL; NULL if one has all
  uint32_t n_ports;
  uint32_t n_channels; ///< 1 to MAX_CHANNELS
} Form;

#define ANY_CHANNEL 255U ///< Instead of the channel of a port that all of them share

/// A picture in the making (display/drawing.h)
typedef struct DrawingImpl Drawing;

/**
   Picture of a module, in hosts that show a small one.

   draw() is called outside of the thread of run(), by the functions of
   display/drawing.h.  It gets the controls, the last frame of the signals that are
   `watched`, and the figures that watch() wrote behind the last run(), which is
   real-time safe.  A module without a view is drawn as the last frame of its outputs.
*/
typedef struct {
  void (*draw)(Drawing* drawing);
  const uint8_t* watched; ///< Ports that are signals; NULL if there are none
  uint32_t       n_watched;
  void (*watch)(const void* state, float* figures); ///< NULL without figures
} View;

/**
   A part of the state that has a name, for instances that go on from another layout.

   Where a host exchanges a plugin while it plays, a state of the same layout is taken
   as it is.  If the module has got or lost a field since, the new instance starts as
   reset() leaves it, and takes the parts whose name, type and size are the same in
   both. Those should be what is heard if it starts anew: phases, stages, levels, places
   and keys.  Parts come in order, so that a whole core may follow what matters most of
   it: it is taken too, if its own fields are still the same.
*/
typedef struct {
  const char* name;
  const char* type; ///< Its name, by which the build hashes all fields (see wscript)
  uint32_t    offset;
  uint32_t    size; ///< In bytes
} Carried;
// NOLINTBEGIN(bugprone-macro-parentheses): names of members and types
/// Make a Carried of a member, or of an array, that has the type `Type`
#define CARRY(name, State, member, Type)                       \
  {                                                            \
    (name), #Type,                                             \
      (uint32_t)offsetof(State, member) +                      \
        _Generic(((State*)0)->member, Type : 0U, Type * : 0U), \
      (uint32_t)sizeof(((State*)0)->member)                    \
  }
// NOLINTEND(bugprone-macro-parentheses)
/// Make one of a whole state
#define CARRY_ALL(name, State)                  \
  {                                             \
    (name), #State, 0U, (uint32_t)sizeof(State) \
  }

/**
   A module as an LV2 plugin, and its other forms.

   It has the ports of its own Turtle, and after these all that only its forms have.

   set_controls() is called before the first run(), midi(), transport() or message()
   after init() and reset(), and again whenever an input control has changed.  Controls
   only change between two of the host's blocks.  Of `ports`, it may look at input
   controls only.

   run() is given 1 to BLOCK_FRAMES frames.  Of `ports`,
   - an input control is one float, finite and within its range, that stays the
     same for the host's whole block (an unconnected one has its default value),
   - an input signal is finite, within +-1e6, no denormal, and never overlaps an
     output; it is 0 in all frames if the host leaves it unconnected,
   - an output never overlaps another, and is written in full, or not at all unless
     is_connected(),
   - an event port has no data.
   Output of run() must not depend on how a block is sliced, nor on is_constant(), nor
   on whether an input of 0 is_connected().
   While all inputs are within the ranges of their Turtle, and audio within +-1, it is
   within the range of the output, and always finite.

   midi(), transport() and message() are called between two run()s, at the exact frame
   of the event.  Hosts send the transport in every block, only when it changes, or
   never.  What a message points to is there during the call only.

   Whatever the host's floating point mode is, in all functions FTZ and DAZ are set,
   sums are rounded to nearest, and nothing traps.

   No call takes more than MAX_STACK bytes of stack, and a third of these is that of
   lv2/. A module that would need more for BLOCK_FRAMES does its work in shorter pieces.

   State is one flat block without pointers, of state_size() bytes at the sample rate.
   It is zero when init() gets it, and init() leaves it as reset() does.  Everything but
   init() and state_size() is real-time safe.
*/
typedef struct {
  const char*        uri;
  const Port*        ports;
  uint32_t           n_ports;
  const Form*        forms;      ///< Besides its own; NULL if there are none
  uint32_t           n_forms;    ///< Up to MAX_FORMS - 1
  const char* const* properties; ///< URIs that message() is for; NULL if there are none
  uint32_t           n_properties; ///< Up to MAX_PROPERTIES
  size_t (*state_size)(double sample_rate);
  void (*init)(void* state, double sample_rate);
  void (*reset)(void* state);
  void (*set_controls)(void*        state,
                       const Ports* ports); ///< NULL if run() reads all controls
  void (*run)(void* state, const Ports* ports, uint32_t n_frames);
  void (*midi)(void* state, const uint8_t* bytes, uint32_t size); ///< NULL if no MIDI
  void (*transport)(void* state, const Transport* transport); ///< NULL if not followed
  void (*message)(void* state, const Message* message); ///< NULL without properties
  uint32_t
    meaning; ///< Of the state: one more whenever a field changes in meaning, but not in
             ///< shape, so that no instance goes on from what it misunderstands
  const File*
    file; ///< NULL if none of the properties is one, which message() never gets
  const Carried* carried;   ///< NULL if nothing goes over to another layout
  uint32_t       n_carried; ///< Up to MAX_CARRIED
  const View*    view;      ///< NULL if its outputs are all there is to see
} Plugin;

/// Name the parts of a state, as the last members of a Plugin: MAX_CARRIED or fewer
#define CARRIED(parts)                \
  .carried   = (parts),               \
  .n_carried = CARRIED_COUNT(parts) + \
               0U * sizeof(char[CARRIED_COUNT(parts) <= MAX_CARRIED ? 1 : -1])
#define CARRIED_COUNT(parts) (sizeof(parts) / sizeof((parts)[0]))

extern const Plugin plugin; ///< Defined once in every plugin's library

/**
   Return true if an input signal is the same in all frames of a run(), as one that is
   unconnected always is.

   It costs nothing, for lv2/ has looked at every frame already.  "The same" is to
   the bit, and nothing is promised of what was cleaned: a module uses it to compute
   only one frame of what all frames have in common.
*/
static inline bool
is_constant(const Ports* const ports, const uint32_t index)
{
  return ports->is_constant[index];
}

/**
   Return true if the host has connected a signal: an output must be written then.

   Other outputs of a module must not depend on it.
*/
static inline bool
is_connected(const Ports* const ports, const uint32_t index)
{
  return ports->is_connected[index];
}

/// Return the value of an input control
static inline float
control(const Ports* const ports, const uint32_t index)
{
  return *(const float*)ports->data[index];
}

/// Return the value of an input control that is a switch, a step or a choice
static inline int
choice(const Ports* const ports, const uint32_t index)
{
  const float value = control(ports, index);

  return (int)(value + (value < 0.0f ? -0.5f : 0.5f));
}

/// Show `value`, within the range of its Turtle, at an output control
static inline void
set_meter(const Ports* const ports, const uint32_t index, const float value)
{
  *(float*)ports->data[index] = value;
}

/// Return an input signal, with a frame for each of the run()
static inline Signal
signal_in(const Ports* const ports, const uint32_t index)
{
  return (Signal){ports->data[index], is_constant(ports, index)};
}

/// Return the frames of an input signal, or NULL if it is not connected
static inline const float*
connected_in(const Ports* const ports, const uint32_t index)
{
  return is_connected(ports, index) ? ports->data[index] : NULL;
}

/// Return where an output signal is written, connected or not
static inline float*
signal_out(const Ports* const ports, const uint32_t index)
{
  return ports->data[index];
}

/// Return where an output signal is written, or NULL if it is not connected
static inline float*
connected_out(const Ports* const ports, const uint32_t index)
{
  return is_connected(ports, index) ? ports->data[index] : NULL;
}

#endif // PLUGIN_H
