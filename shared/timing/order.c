// SPDX-License-Identifier: ISC

#include "timing/order.h"

#include "math/random.h"

#define N_SEEDS 1000U

/// Rows of random numbers that are used here, 0 being left for those who use this
typedef enum { ROW_PLACES = 1, ROW_ANCHORS, ROW_MOVES } Row;

/// Return a random number from 0 to below `n`
static uint32_t
draw(const Order* const self, const Row row, const int64_t number, const uint32_t n)
{
  const uint64_t random = random_at(self->seed + N_SEEDS * (uint32_t)row, number);

  return (uint32_t)(((random >> 32U) * n) >> 32U);
}

static int64_t
floor_mod(const int64_t a, const int64_t b)
{
  const int64_t rest = a % b;

  return rest < 0 ? rest + b : rest;
}

// ---- Ways, of all places, skipped or not

static bool
is_by_chance(const Order* const self)
{
  return self->way == ORDER_RANDOM || self->way == ORDER_WALKING;
}

/// Return how many steps a way has from its start to its start
static uint32_t
way_length(const Order* const self)
{
  const uint32_t n    = self->n_places;
  const uint32_t once = n > 1U ? 2U * n - 2U : 1U;

  return self->way == ORDER_THERE_AND_BACK ? 2U * n
         : self->way == ORDER_PENDULUM     ? once
                                           : n;
}

static uint32_t
place_on_way(const Order* const self, const uint32_t step)
{
  const uint32_t n    = self->n_places;
  const uint32_t back = way_length(self) - step - (self->way != ORDER_PENDULUM);

  return self->way == ORDER_BACKWARD ? back : step < n ? step : back;
}

/// Return at which step of the way a place is
static uint32_t
step_of(const Order* const self, const OrderPlace at)
{
  const uint32_t length = way_length(self);
  const uint32_t back =
    (length - at.place - (self->way != ORDER_PENDULUM)) % length; // Of 0, once: 0

  return self->way == ORDER_BACKWARD || (at.is_back && length > self->n_places)
           ? back
           : at.place;
}

static bool
is_skipped(const Order* const self, const uint32_t place)
{
  return place < ORDER_MAX && (self->skipped >> place & 1U);
}

static OrderPlace
place_at(const Order* const self, const uint32_t step, const bool is_round)
{
  const bool is_back = self->way != ORDER_BACKWARD && step >= self->n_places;

  return (OrderPlace){place_on_way(self, step), is_back, is_round, false};
}

static OrderPlace
silence(void)
{
  return (OrderPlace){0, false, false, true};
}

/// Return the place to play next on a way, from any of its steps
static OrderPlace
go_on(const Order* const self, uint32_t step)
{
  const uint32_t length   = way_length(self);
  bool           is_round = false;
  for (uint32_t n = 0; n < length; ++n) {
    step     = (step + (self->reversed ? length - 1U : 1U)) % length;
    is_round = is_round || step == (self->reversed ? length - 1U : 0U);
    if (!is_skipped(self, place_on_way(self, step))) {
      return place_at(self, step, is_round);
    }
  }
  return silence();
}

// ---- Chance

/// Return place number `n` of those that are not skipped
static uint32_t
nth_place(const Order* const self, uint32_t n)
{
  uint32_t place = 0;
  while (is_skipped(self, place) || n-- > 0U) {
    ++place;
  }
  return place;
}

static uint32_t
count_places(const Order* const self)
{
  uint32_t n = 0;
  for (uint32_t p = 0; p < self->n_places; ++p) {
    n += !is_skipped(self, p);
  }
  return n;
}

/**
   Return one of `n`, which is none of those before and after.

   Even numbers are any, and odd ones differ from both neighbours.
*/
static uint32_t
random_place(const Order* const self, const int64_t number, const uint32_t n)
{
  if (n <= 2U) {
    return n == 2U ? (uint32_t)floor_mod(number + draw(self, ROW_PLACES, 0, 2), 2) : 0U;
  }
  if (number % 2 == 0) {
    return draw(self, ROW_PLACES, number, n);
  }

  const uint32_t before = draw(self, ROW_PLACES, number - 1, n);
  const uint32_t after  = draw(self, ROW_PLACES, number + 1, n);
  const uint32_t low    = before < after ? before : after;
  const uint32_t high   = before < after ? after : before;
  uint32_t       place  = draw(self, ROW_PLACES, number, low == high ? n - 1U : n - 2U);
  place += place >= low;
  return place + (low != high && place >= high);
}

/// Return the random place where leg `leg` of a walk starts; the first starts at 0
static uint32_t
anchor(const Order* const self, const int64_t leg, const uint32_t n)
{
  return leg == 0 ? 0U : draw(self, ROW_ANCHORS, leg, n);
}

/// Return how many steps a leg has, between `n` places at most n / 2 apart
static uint32_t
leg_length(const uint32_t n)
{
  return n > 2U * ORDER_WALK ? ORDER_FAR_WALK : ORDER_WALK;
}

/// Write the `n` moves of a leg, of -1, 0 or 1, that come to `way` together
static void
fill_leg(const Order* const self,
         const int64_t      leg,
         const uint32_t     n,
         const int          way,
         int* const         move)
{
  const int64_t start = leg * (int64_t)n;

  int sum = 0;
  for (uint32_t i = 0; i < n; ++i) {
    move[i] = (int)draw(self, ROW_MOVES, start + i, 3) - 1;
    sum += move[i];
  }

  // Some are changed, far from each other
  for (uint32_t i = draw(self, ROW_ANCHORS, ~leg, n); sum != way; i += 7U) {
    int* const one  = &move[i % n];
    const int  more = sum < way ? 1 : -1;
    if (*one != more) {
      *one += more;
      sum += more;
    }
  }
}

static uint32_t
walk_place(const Order* const self, const int64_t number, const uint32_t n)
{
  const uint32_t length = leg_length(n);
  const uint32_t in_leg = (uint32_t)floor_mod(number, length);
  const int64_t  leg    = (number - in_leg) / (int64_t)length;
  const uint32_t from   = anchor(self, leg, n);
  const int      around = (int)((anchor(self, leg + 1, n) + n - from) % n);
  const int      way    = around > (int)n / 2 ? around - (int)n : around;

  int move[ORDER_FAR_WALK];
  fill_leg(self, leg, length, way, move);
  int64_t place = from;
  for (uint32_t i = 0; i < in_leg; ++i) {
    place += move[i];
  }
  return (uint32_t)floor_mod(place, n);
}

static OrderPlace
place_by_chance(const Order* const self, const int64_t number)
{
  const uint32_t n = count_places(self);
  if (n == 0U) {
    return silence();
  }

  const uint32_t place    = self->way == ORDER_RANDOM ? random_place(self, number, n)
                                                      : walk_place(self, number, n);
  const bool     is_round = floor_mod(number, n) == 0;
  return (OrderPlace){nth_place(self, place), false, is_round, false};
}

// ---- Both

OrderPlace
order_first(const Order* const self, const int64_t dice)
{
  return is_by_chance(self) ? place_by_chance(self, dice)
                            : go_on(self, self->reversed ? 0U : way_length(self) - 1U);
}

OrderPlace
order_next(const Order* const self, const OrderPlace from, const int64_t dice)
{
  if (is_by_chance(self)) {
    return place_by_chance(self, dice);
  }
  return from.place < self->n_places ? go_on(self, step_of(self, from))
                                     : order_first(self, dice);
}

OrderPlace
order_at(const Order* const self, const int64_t number, const int64_t dice)
{
  if (is_by_chance(self)) {
    return place_by_chance(self, dice);
  }

  const uint32_t length = way_length(self);
  if (!self->skipped) {
    const uint32_t step = (uint32_t)floor_mod(number, length);
    return place_at(self, self->reversed ? length - 1U - step : step, step == 0U);
  }

  // The steps that are left when others are skipped
  uint32_t played[2U * ORDER_MAX];
  uint32_t n = 0;
  for (uint32_t s = 0; s < length; ++s) {
    played[n] = s;
    n += !is_skipped(self, place_on_way(self, s));
  }
  if (n == 0U) {
    return silence();
  }

  const uint32_t nth = (uint32_t)floor_mod(number, n);
  return place_at(self, played[self->reversed ? n - 1U - nth : nth], nth == 0U);
}
