// SPDX-License-Identifier: ISC

#include "level/tuner.h"

#include <math.h>

#define PI 3.141592653589793

#define WORST_ERROR 0.2    ///< From one period to the next, where there is a tone
#define FEWEST_FRAMES 12.0 ///< From rise to rise, where areas are sums of enough
#define SLACK 0.03         ///< Of the error of fewer rises over the least there is
#define SLACK_FACTOR 1.5
#define SILENT_PERIODS 1.5 ///< After the last rise, before the tone is over
#define MOST_DRIFT 0.05    ///< Of the latest periods from all since the last reading

void
tuner_init(Tuner* const self, const double sample_rate)
{
  self->sample_rate = sample_rate;
  self->high_pass   = 1.0 - exp(-2.0 * PI * TUNER_HIGH_PASS_HZ / sample_rate);
  self->decay       = exp(-1.0 / (TUNER_ENVELOPE_S * sample_rate));
  tuner_reset(self);
}

void
tuner_reset(Tuner* const self)
{
  *self = (Tuner){.sample_rate = self->sample_rate,
                  .high_pass   = self->high_pass,
                  .decay       = self->decay};
}

// ---- Rises

/// Add a rise where the signal has passed 0
static void
add_rise(Tuner* const self)
{
  self->rise[self->n_rises % TUNER_RISES] = self->next;
  ++self->n_rises;
  self->rises = false;
}

/// Part the area at a rise through 0 between the last frame and this one
static void
start_rise(Tuner* const self, const double x, const double frame)
{
  const double after = x / (x - self->before); // Part of the frame that is above 0

  self->next = (TunerRise){
    frame - after, (float)(self->area - 0.5 * after * self->before), (float)self->size};
  self->area   = -0.5 * (1.0 - after) * x;
  self->size   = 0.0;
  self->is_low = false;
  self->rises  = true;
}

/// Take back a rise that got nowhere
static void
cancel_rise(Tuner* const self)
{
  self->area += (double)self->next.area;
  self->size += (double)self->next.size;
  self->rises = false;
}

/// Take one frame of the signal behind the high pass
static inline void
follow(Tuner* const self, const double x, const uint64_t frame)
{
  const double size  = fabs(x);
  const double fall  = self->envelope * self->decay;
  self->envelope     = size > fall ? size : fall;
  const double level = TUNER_HYSTERESIS * self->envelope;

  if (x < -level) {
    self->is_low = true;
    if (self->rises) {
      cancel_rise(self);
    }
  } else if (x >= 0.0 && self->is_low) {
    start_rise(self, x, (double)frame);
  }
  if (self->rises && x > level) {
    add_rise(self);
  }
  self->area += x;
  self->size += size;
  self->before = x;
}

/// Return true if 0 at the input changes nothing any more
static bool
rests(const Tuner* const self)
{
  return self->offset == 0.0 && self->envelope == 0.0 && self->before == 0.0;
}

void
tuner_process(Tuner* const self, const Signal in, const uint32_t n_frames)
{
  if (in.is_constant && in.frame[0] == 0.0f && rests(self)) {
    self->n_frames += n_frames;
    return;
  }

  const double high_pass = self->high_pass;
  double       offset    = self->offset;
  for (uint32_t i = 0; i < n_frames; ++i) {
    offset += high_pass * ((double)in.frame[i] - offset);
    follow(self, (double)in.frame[i] - offset, self->n_frames + i);
  }
  self->offset = offset;
  self->n_frames += n_frames;
}

// ---- Periods

/// Return the rise that came `n` before the last one
static const TunerRise*
rise_before(const Tuner* const self, const uint64_t n)
{
  return &self->rise[(self->n_rises - 1U - n) % TUNER_RISES];
}

static double
distance_before(const Tuner* const self, const uint64_t n)
{
  return rise_before(self, n)->at - rise_before(self, n + 1U)->at;
}

static uint64_t
min_of(const uint64_t a, const uint64_t b)
{
  return a < b ? a : b;
}

/// Return how many rises there were since the last reading
static uint64_t
fresh_rises(const Tuner* const self)
{
  return self->n_rises - self->read_rises;
}

/// Return how much `n` distances and areas differ from those a period before, 0 to 3
static double
period_error(const Tuner* const self, const uint32_t period, const uint64_t n)
{
  double distance        = 0.0;
  double distance_change = 0.0;
  double size            = 0.0;
  double area_change     = 0.0;
  for (uint64_t i = 0; i < n; ++i) {
    const TunerRise* const rise = rise_before(self, i);
    const TunerRise* const then = rise_before(self, i + period);
    const double           now  = distance_before(self, i);
    distance += now;
    distance_change += fabs(now - distance_before(self, i + period));
    size += (double)rise->size;
    area_change += fabs((double)rise->area - (double)then->area);
  }
  const bool has_areas = distance > FEWEST_FRAMES * (double)n;
  return distance_change / distance + (has_areas ? area_change / size : 0.0);
}

/// Return the number of rises in a period, or 0 if nothing repeats
static uint32_t
find_period(const Tuner* const self)
{
  const uint64_t n_known = min_of(self->n_rises, TUNER_RISES);

  double   error[TUNER_PERIOD_RISES + 1U];
  double   least = WORST_ERROR;
  uint32_t n     = 0;
  for (uint32_t p = 1; p <= TUNER_PERIOD_RISES && 2U * p + 1U <= n_known; ++p) {
    const uint64_t fresh = min_of(fresh_rises(self), n_known - 1U);
    const uint64_t spare = fresh > 2U * p ? fresh - p : p;
    error[p]             = period_error(self, p, spare);
    least                = error[p] < least ? error[p] : least;
    n                    = p;
  }
  for (uint32_t p = 1; p <= n; ++p) {
    if (error[p] < WORST_ERROR && error[p] <= least * SLACK_FACTOR + SLACK) {
      return p;
    }
  }
  return 0;
}

/// Return the frames of a period of so many rises, over the latest that are remembered
static double
latest_period(const Tuner* const self, const uint32_t n_rises)
{
  const uint64_t n_known = min_of(self->n_rises, TUNER_RISES) - 1U;
  const uint64_t fresh   = min_of(fresh_rises(self), n_known);
  const uint64_t n       = fresh / n_rises ? fresh / n_rises : 1U;

  return (rise_before(self, 0)->at - rise_before(self, n * n_rises)->at) / (double)n;
}

/// Return the frames of a period of so many rises, over all since the last reading
static double
mean_period(const Tuner* const self, const uint32_t n_rises)
{
  const double   latest = latest_period(self, n_rises);
  const uint64_t n      = fresh_rises(self) / n_rises;
  if (!n || !self->read_rises) {
    return latest;
  }

  const double end  = rise_before(self, fresh_rises(self) % n_rises)->at;
  const double mean = (end - self->read_at) / (double)n;
  return fabs(mean - latest) < MOST_DRIFT * latest ? mean : latest;
}

/// Return the frames of a period, or 0 if there is no tone
static double
read_period(const Tuner* const self)
{
  const uint32_t n_rises = self->envelope > TUNER_LEAST ? find_period(self) : 0;
  if (!n_rises) {
    return 0.0;
  }

  const double period = mean_period(self, n_rises);
  const double since  = (double)self->n_frames - rise_before(self, 0)->at;
  return since < SILENT_PERIODS * period + 2.0 ? period : 0.0;
}

double
tuner_read(Tuner* const self)
{
  const double period = read_period(self);

  self->read_rises = self->n_rises;
  self->read_at    = self->n_rises ? rise_before(self, 0)->at : 0.0;
  return period > 0.0 ? self->sample_rate / period : 0.0;
}
