// SPDX-License-Identifier: ISC

#include "timing/meter.h"

#include <math.h>
#include <string.h>

void
meter_reset(MeterMap* const self)
{
  memset(self, 0, sizeof(*self));
}

static bool
is_same(const Meter a, const Meter b)
{
  return a.beats_per_bar == b.beats_per_bar && a.beat_unit == b.beat_unit;
}

/// Return where a beat of a bar is, were the meter that of `from` all along
static double
place_after(const MeterChange* const from, const double bar, const double bar_beat)
{
  const Meter meter = from->meter;

  return from->start_notes +
         ((bar - from->bar) * meter.beats_per_bar + bar_beat) / meter.beat_unit;
}

/// Return the number of the change that holds in a bar
static uint32_t
change_of(const MeterMap* const self, const double bar)
{
  uint32_t c = self->n_changes - 1U;
  while (c > 0U && self->change[c].bar > bar) {
    --c;
  }
  return c;
}

/// Let a change follow number `c`, or take its place if that is in the same bar
static void
insert(MeterMap* const self, const uint32_t c, const MeterChange change)
{
  uint32_t at = self->n_changes > 0U && self->change[c].bar < change.bar ? c + 1U : c;
  if (at == METER_MAX_CHANGES) {
    memmove(self->change, self->change + 1, (at - 1U) * sizeof(MeterChange));
    --at;
  }
  self->change[at] = change;
  self->n_changes  = at + 1U;
}

double
meter_take(MeterMap* const self,
           const double    bar,
           const double    bar_beat,
           const Meter     meter,
           const double    here_notes,
           const double    tolerance_notes)
{
  const MeterChange first = {0.0, 0.0, meter};
  if (self->n_changes == 0U) {
    insert(self, 0, first);
  }

  const uint32_t           c    = change_of(self, bar);
  const MeterChange* const from = &self->change[c];
  if (is_same(from->meter, meter)) {
    return place_after(from, bar, bar_beat);
  }

  const MeterChange next    = {bar, place_after(from, bar, 0.0), meter};
  const double      counted = place_after(&next, bar, bar_beat);
  const double      divided = place_after(&first, bar, bar_beat);
  const double      count   = fabs(counted - here_notes);
  const double      divide  = fabs(divided - here_notes);
  if (count <= tolerance_notes || divide <= tolerance_notes) {
    self->divides = divide < count;
  }
  if (self->divides) {
    self->n_changes = 0;
    insert(self, 0, first);
    return divided;
  }

  insert(self, c, next);
  return counted;
}
