// SPDX-License-Identifier: ISC
/**
   In which order places are played: forwards, backwards, by chance.

   Of places 0 to 3, from the start:

     forward           0 1 2 3  0 1 2 3
     backward          3 2 1 0  3 2 1 0
     there and back    0 1 2 3 3 2 1 0  0 1 2 3     both ends twice
     pendulum          0 1 2 3 2 1  0 1 2 3         both ends once
     random            2 0 3 1 3 0 2                any, but none twice in a row
     walk              0 1 1 2 3 3 0 3              one back, the same, or one on

   Places may be skipped: they take no step.

   A place is found from the one before, or from the number of the step alone, so that a
   song may start anywhere.  Chance is a function of the number too: a walk goes from
   one random place to the next in ORDER_WALK steps, or ORDER_FAR_WALK where that may
   be too far, the way between filled in by chance.
*/

#ifndef ORDER_H
#define ORDER_H

#include <stdbool.h>
#include <stdint.h>

#define ORDER_MAX 16U      ///< Most places, if any may be skipped
#define ORDER_MAX_ALL 128U ///< Most places, if none is
#define ORDER_WALK 16U     ///< Steps of a walk from one random place to the next
#define ORDER_FAR_WALK 64U ///< The same, between more than 2 * ORDER_WALK places

/// As scale points number them
typedef enum {
  ORDER_FORWARD,
  ORDER_BACKWARD,
  ORDER_THERE_AND_BACK,
  ORDER_PENDULUM,
  ORDER_RANDOM,
  ORDER_WALKING
} OrderWay;

typedef struct {
  OrderWay way;
  uint32_t n_places; ///< 1 to ORDER_MAX, or to ORDER_MAX_ALL
  uint32_t skipped;  ///< Bit `p` for place `p`
  bool     reversed; ///< Whether the way is gone from its end to its start
  uint32_t seed;     ///< From 0 to 999
} Order;

typedef struct {
  uint32_t place;
  bool     is_back;   ///< Whether it is on the way back, there and back
  bool     is_round;  ///< Whether the way has started again with it
  bool     is_silent; ///< Whether there is nothing to play: all are skipped
} OrderPlace;

/// Return the place that comes first; chance goes by number `dice`
OrderPlace
order_first(const Order* self, int64_t dice);

/// Return the place after another, which may be beyond the last
OrderPlace
order_next(const Order* self, OrderPlace from, int64_t dice);

/// Return the place of step `number` since the start, where chance goes by `dice`
OrderPlace
order_at(const Order* self, int64_t number, int64_t dice);

#endif // ORDER_H
