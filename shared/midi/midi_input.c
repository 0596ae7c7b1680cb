// SPDX-License-Identifier: ISC

#include "midi/midi_input.h"

#include <math.h>
#include <string.h>

#define DATA_MAX 127.0
#define BEND_CENTER 8192
#define DEFAULT_RELEASE 64U    ///< Velocity of a note off that has none
#define REGISTERED_MPE_ZONE 6U ///< The parameter that sets members of a zone
#define MAX_MEMBERS 15U
#define MAX_MEMBERS_OF_BOTH 14U ///< Of two zones together

/// Kinds of messages, in the upper half of the status byte
typedef enum {
  NOTE_OFF         = 0x80,
  NOTE_ON          = 0x90,
  KEY_PRESSURE     = 0xA0,
  CONTROL_CHANGE   = 0xB0,
  PROGRAM_CHANGE   = 0xC0,
  CHANNEL_PRESSURE = 0xD0,
  PITCH_BEND       = 0xE0,
  SYSTEM           = 0xF0
} Status;

/// Numbers of control changes
typedef enum {
  CC_MOD               = 1,
  CC_DATA              = 6,
  CC_SUSTAIN           = 64,
  CC_SLIDE             = 74,
  CC_ALL_SOUND_OFF     = 120,
  CC_RESET_CONTROLLERS = 121,
  CC_ALL_NOTES_OFF     = 123 ///< And all from here, which change the mode
} ControlNumber;

static void
silence_everything(MidiInput* const self)
{
  note_stack_reset(&self->notes);
  voices_reset(&self->voices);
  memset(self->controllers, 0, sizeof(self->controllers));
  self->bend_channel = 1;
}

void
midi_input_reset(MidiInput* const self)
{
  silence_everything(self);
  bend_range_reset(&self->bend_range);
  bend_range_reset(&self->member_range);
  key_tuning_reset(&self->tuning);
  memset(&self->routing, 0, sizeof(self->routing));
  self->n_members[0] = MAX_MEMBERS;
  self->n_members[1] = MAX_MEMBERS;
  self->panic        = false;
}

// ---- Channels

/// Return the master channel of the zone, or 0 without MPE
static uint32_t
master_channel(const MidiInput* const self)
{
  return self->routing.mpe == MPE_OFF     ? 0U
         : self->routing.mpe == MPE_LOWER ? 1U
                                          : MIDI_CHANNELS;
}

/// Return how far a channel is from the master, 0 for itself, or from the first one
static uint32_t
channel_place(const MidiInput* const self, const uint32_t channel)
{
  return self->routing.mpe == MPE_UPPER ? MIDI_CHANNELS - channel : channel - 1U;
}

/// Return the channels that are listened to
static ChannelSet
heard_channels(const MidiInput* const self)
{
  if (self->routing.mpe == MPE_OFF) {
    return channel_set(self->routing.channel);
  }

  ChannelSet channels = 0;
  for (uint32_t c = 1; c <= MIDI_CHANNELS; ++c) {
    if (channel_place(self, c) <= self->n_members[self->routing.mpe - MPE_LOWER]) {
      channels |= channel_set(c);
    }
  }
  return channels;
}

/// Return the channels to which a message of the channel's mode applies
static ChannelSet
ruled_channels(const MidiInput* const self, const uint32_t channel)
{
  return channel == master_channel(self) ? heard_channels(self) : channel_set(channel);
}

static uint32_t
n_voices(const MidiInput* const self)
{
  return self->routing.n_voices > 1U ? self->routing.n_voices : 1U;
}

/// Return the channels whose notes a voice picks from
static ChannelSet
voice_channels(const MidiInput* const self, const uint32_t voice)
{
  const ChannelSet heard = heard_channels(self);
  if (n_voices(self) == 1U || self->routing.allocation != ALLOCATE_BY_CHANNEL) {
    return heard;
  }

  // Members are counted from the one next to the master
  const uint32_t first    = self->routing.mpe != MPE_OFF;
  ChannelSet     channels = 0;
  for (uint32_t c = 1; c <= MIDI_CHANNELS; ++c) {
    const uint32_t place = channel_place(self, c);
    const uint32_t index = place > first ? place - first : 0U;
    if (index % n_voices(self) == voice) {
      channels |= channel_set(c);
    }
  }
  return channels & heard;
}

// ---- Voices

bool
midi_input_allocates(const MidiInput* const self)
{
  return n_voices(self) > 1U && self->routing.allocation != ALLOCATE_BY_CHANNEL &&
         self->routing.allocation != ALLOCATE_UNISON;
}

static void
update_voices(MidiInput* const self)
{
  if (midi_input_allocates(self)) {
    voices_update(&self->voices,
                  &self->notes,
                  n_voices(self),
                  self->routing.allocation,
                  heard_channels(self));
  }
}

/// Let notes that are held go on in other voices, or on other channels
static void
route(MidiInput* const self, const MidiRouting* const routing)
{
  self->routing = *routing;
  if (!midi_input_allocates(self)) {
    voices_reset(&self->voices);
    return;
  }

  update_voices(self);
  voices_adopt(&self->voices, &self->notes, heard_channels(self));
  update_voices(self);
}

bool
midi_input_turn(MidiInput* const self, const MidiInputKnobs* const knobs)
{
  const bool panics = knobs->panic && !self->panic;
  const bool reroutes =
    memcmp(&self->routing, &knobs->routing, sizeof(MidiRouting)) != 0;

  bend_range_turn(&self->bend_range, knobs->bend_range_oct);
  bend_range_turn(&self->member_range, knobs->mpe_bend_range_oct);
  key_tuning_turn(&self->tuning, &knobs->tuning);
  self->panic = knobs->panic;
  if (panics) {
    silence_everything(self);
  }
  if (reroutes) {
    route(self, &knobs->routing);
  }
  return panics || reroutes;
}

void
midi_input_set_file(MidiInput* const self, const Tuning* const file)
{
  key_tuning_set_file(&self->tuning, file);
}

bool
midi_input_note(const MidiInput* const self, const uint32_t voice, Note* const note)
{
  if (midi_input_allocates(self)) {
    const VoiceNote* const found = &self->voices.voice[voice];
    *note                        = found->is_on ? found->note : *note;
    return found->is_on;
  }

  return note_stack_pick(
    &self->notes, voice_channels(self, voice), self->routing.priority, note);
}

static MidiEvent
strike(MidiInput* const self, const Note note, const uint8_t velocity)
{
  const bool was_held = note_stack_key(&self->notes, note)->is_held;
  MidiEvent  event    = {MIDI_EVENT_STRIKE, note, velocity, NO_VOICE};

  note_stack_strike(&self->notes, note, velocity);
  if (midi_input_allocates(self) && channel_is_in(heard_channels(self), note.channel)) {
    event.voice = voices_strike(&self->voices,
                                &self->notes,
                                n_voices(self),
                                self->routing.allocation,
                                self->routing.steals,
                                note,
                                was_held);
  }
  return event;
}

static MidiEvent
let_go(MidiInput* const self, const Note note, const uint8_t velocity)
{
  note_stack_let_go(&self->notes, note);
  return (MidiEvent){MIDI_EVENT_LET_GO, note, velocity, NO_VOICE};
}

// ---- Controllers

static void
set_controller(MidiInput* const self,
               const uint32_t   channel,
               const Controller controller,
               const double     value)
{
  self->controllers[channel][controller]      = value;
  self->controllers[ALL_CHANNELS][controller] = value;
}

static void
reset_controllers(MidiInput* const self, const uint32_t channel)
{
  note_stack_unpress_all(&self->notes, channel);
  note_stack_set_pedal(&self->notes, channel, false);
  bend_range_deselect(&self->bend_range, channel);
  bend_range_deselect(&self->member_range, channel);
  for (uint32_t c = 0; c < N_CONTROLLERS; ++c) {
    set_controller(self, channel, (Controller)c, 0.0);
  }
}

/// Set how many members the zone of a master channel has, which may take some away from
/// the other
static void
set_members(MidiInput* const self, const uint32_t channel, const uint32_t n)
{
  uint32_t* const own   = &self->n_members[channel == MIDI_CHANNELS];
  uint32_t* const other = &self->n_members[channel != MIDI_CHANNELS];
  const uint32_t  left  = n < MAX_MEMBERS_OF_BOTH ? MAX_MEMBERS_OF_BOTH - n : 0U;

  *own = n < MAX_MEMBERS ? n : MAX_MEMBERS;
  if (n > 0U && *other > left) {
    *other = left;
  }
}

static void
enter_data(MidiInput* const self,
           const uint32_t   channel,
           const uint8_t    number,
           const uint8_t    value)
{
  const bool is_master = channel == 1U || channel == MIDI_CHANNELS;

  bend_range_control(&self->bend_range, channel, number, value);
  bend_range_control(&self->member_range, channel, number, value);
  if (self->routing.mpe != MPE_OFF && is_master && number == CC_DATA &&
      bend_range_parameter(&self->bend_range, channel) == REGISTERED_MPE_ZONE) {
    set_members(self, channel, value);
  }
}

/// Take a message of the channel's mode, for all of the channels that it rules
static void
change_mode(MidiInput* const self,
            const uint32_t   channel,
            const uint8_t    number,
            const uint8_t    value)
{
  const ChannelSet ruled = ruled_channels(self, channel);
  for (uint32_t c = 1; c <= MIDI_CHANNELS; ++c) {
    if (!channel_is_in(ruled, c)) {
      continue;
    }
    if (number == CC_SUSTAIN) {
      note_stack_set_pedal(&self->notes, c, value >= 64U);
    } else if (number == CC_ALL_SOUND_OFF) {
      note_stack_silence(&self->notes, c);
    } else if (number == CC_RESET_CONTROLLERS) {
      reset_controllers(self, c);
    } else {
      note_stack_let_go_all(&self->notes, c);
    }
  }
}

static void
change_control(MidiInput* const self,
               const uint32_t   channel,
               const uint8_t    number,
               const uint8_t    value)
{
  if (number == CC_MOD) {
    set_controller(self, channel, CONTROLLER_MOD, value / DATA_MAX);
  } else if (number == CC_SLIDE) {
    set_controller(self, channel, CONTROLLER_SLIDE, value / DATA_MAX);
  } else if (number == CC_SUSTAIN || number == CC_ALL_SOUND_OFF ||
             number == CC_RESET_CONTROLLERS || number >= CC_ALL_NOTES_OFF) {
    change_mode(self, channel, number, value);
  } else {
    enter_data(self, channel, number, value);
  }
}

/// Return how far a bend wheel is turned, -1 to 1, and both ends are reached
static double
bend(const uint8_t low, const uint8_t high)
{
  const int position = (high << 7) + low - BEND_CENTER;

  return position > 0 ? position / (BEND_CENTER - 1.0) : position / (double)BEND_CENTER;
}

/// Return the bend of a channel, or of the one that sent the last, in octaves
static double
bend_oct(const MidiInput* const self,
         const BendRange* const range,
         const uint32_t         channel)
{
  const uint32_t sender = channel == ALL_CHANNELS ? self->bend_channel : channel;

  return bend_range_oct(range, sender) * self->controllers[channel][CONTROLLER_BEND];
}

double
midi_input_controller(const MidiInput* const self,
                      const Controller       controller,
                      const Note             note)
{
  const uint32_t master  = master_channel(self);
  const uint32_t channel = master ? note.channel : self->routing.channel;
  if (controller == CONTROLLER_BEND) {
    const bool is_member = master && channel != master;
    return bend_oct(self, is_member ? &self->member_range : &self->bend_range, channel);
  }

  const double value = self->controllers[channel][controller];
  return controller == CONTROLLER_PRESSURE
           ? fmax(value, note_stack_key(&self->notes, note)->pressure / DATA_MAX)
           : value;
}

double
midi_input_master(const MidiInput* const self,
                  const Controller       controller,
                  const Note             note)
{
  const uint32_t master = master_channel(self);
  if (!master || note.channel == master) {
    return 0.0;
  }

  return controller == CONTROLLER_BEND ? bend_oct(self, &self->bend_range, master)
                                       : self->controllers[master][controller];
}

// ---- Messages

/// Return true if `bytes` are one whole message of a channel
static bool
is_channel_message(const uint8_t* const bytes, const uint32_t size)
{
  if (size < 2U || bytes[0] < NOTE_OFF || bytes[0] >= SYSTEM || bytes[1] > 127U) {
    return false;
  }

  const unsigned status = bytes[0] & 0xF0U;
  return status == PROGRAM_CHANGE || status == CHANNEL_PRESSURE
           ? size == 2U
           : size == 3U && bytes[2] <= 127U;
}

static MidiEvent
take_message(MidiInput* const self, const uint8_t* const bytes)
{
  const uint32_t channel = (bytes[0] & 0x0FU) + 1U;
  const Note     note    = {channel, bytes[1]};
  switch (bytes[0] & 0xF0U) {
  case NOTE_OFF:
    return let_go(self, note, bytes[2]);
  case NOTE_ON:
    return !bytes[2]                               ? let_go(self, note, DEFAULT_RELEASE)
           : self->tuning.pitches.sounds[note.key] ? strike(self, note, bytes[2])
                                                   : midi_event_none();
  case KEY_PRESSURE:
    note_stack_press(&self->notes, note, bytes[2]);
    break;
  case CONTROL_CHANGE:
    change_control(self, channel, bytes[1], bytes[2]);
    break;
  case CHANNEL_PRESSURE:
    set_controller(self, channel, CONTROLLER_PRESSURE, bytes[1] / DATA_MAX);
    break;
  case PITCH_BEND:
    set_controller(self, channel, CONTROLLER_BEND, bend(bytes[1], bytes[2]));
    self->bend_channel = channel;
    break;
  default:
    break;
  }
  return midi_event_none();
}

MidiEvent
midi_input_message(MidiInput* const            self,
                   const MidiInputKnobs* const knobs,
                   const uint8_t* const        bytes,
                   const uint32_t              size)
{
  midi_input_turn(self, knobs);
  if (!knobs->panic && size && bytes[0] == SYSTEM) {
    key_tuning_message(&self->tuning, bytes, size, heard_channels(self));
  }
  if (knobs->panic || !is_channel_message(bytes, size)) {
    return midi_event_none();
  }

  const MidiEvent event = take_message(self, bytes);
  update_voices(self);
  return event;
}
