// SPDX-License-Identifier: ISC

#include "midi/bend_range.h"

#include <math.h>
#include <string.h>

#define CENTS_PER_SEMITONE 100U
#define CENTS_PER_OCTAVE 1200.0
#define NO_PARAMETER 127U

/// Numbers of control changes
typedef enum {
  CC_DATA_HIGH       = 6,
  CC_DATA_LOW        = 38,
  CC_DATA_MORE       = 96,
  CC_DATA_LESS       = 97,
  CC_OTHER_LOW       = 98,
  CC_OTHER_HIGH      = 99,
  CC_REGISTERED_LOW  = 100,
  CC_REGISTERED_HIGH = 101
} ParameterControl;

static void
deselect(ChannelBendRange* const self)
{
  self->is_registered = false;
  self->high          = NO_PARAMETER;
  self->low           = NO_PARAMETER;
}

void
bend_range_reset(BendRange* const self)
{
  memset(self, 0, sizeof(*self));
  for (uint32_t c = 0; c < MIDI_CHANNELS; ++c) {
    deselect(&self->channels[c]);
  }
}

void
bend_range_turn(BendRange* const self, const double knob_oct)
{
  const bool is_turned = knob_oct != self->knob_oct;

  for (uint32_t c = 0; is_turned && c < MIDI_CHANNELS; ++c) {
    self->channels[c].is_set = false;
  }
  self->knob_oct = knob_oct;
}

void
bend_range_deselect(BendRange* const self, const uint32_t channel)
{
  deselect(&self->channels[channel - 1U]);
}

static void
set_range(ChannelBendRange* const self, const uint32_t cents)
{
  self->is_set = true;
  self->cents  = cents < BEND_RANGE_MAX_CENTS ? cents : BEND_RANGE_MAX_CENTS;
}

/// Take data for the parameter, whose present value is `cents`
static void
enter_data(ChannelBendRange* const self,
           const uint32_t          cents,
           const uint8_t           number,
           const uint8_t           value)
{
  if (number == CC_DATA_HIGH) {
    set_range(self, value * CENTS_PER_SEMITONE);
  } else if (number == CC_DATA_LOW) {
    set_range(self, cents - cents % CENTS_PER_SEMITONE + value);
  } else if (number == CC_DATA_MORE) {
    set_range(self, cents + 1U);
  } else if (number == CC_DATA_LESS) {
    set_range(self, cents - (cents > 0U));
  }
}

void
bend_range_control(BendRange* const self,
                   const uint32_t   channel,
                   const uint8_t    number,
                   const uint8_t    value)
{
  ChannelBendRange* const range = &self->channels[channel - 1U];

  if (number == CC_REGISTERED_LOW || number == CC_REGISTERED_HIGH) {
    *(number == CC_REGISTERED_LOW ? &range->low : &range->high) = value;
    range->is_registered                                        = true;
  } else if (number == CC_OTHER_LOW || number == CC_OTHER_HIGH) {
    range->is_registered = false;
  } else if (bend_range_parameter(self, channel) == 0U) {
    const double cents = CENTS_PER_OCTAVE * bend_range_oct(self, channel);
    enter_data(range, (uint32_t)lround(cents), number, value);
  }
}

uint32_t
bend_range_parameter(const BendRange* const self, const uint32_t channel)
{
  const ChannelBendRange* const range = &self->channels[channel - 1U];

  return range->is_registered ? ((uint32_t)range->high << 7U) + range->low
                              : NO_REGISTERED;
}

double
bend_range_oct(const BendRange* const self, const uint32_t channel)
{
  const ChannelBendRange* const range = &self->channels[channel - 1U];

  return range->is_set ? range->cents / CENTS_PER_OCTAVE : self->knob_oct;
}
