// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "timing/order.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static Order order;

static void
setup(void)
{
  order = (Order){.way = ORDER_FORWARD, .n_places = 4};
}

/// Return how many places the way has before it starts again, as a plain list
static uint32_t
list_way(uint32_t* const list)
{
  const int n = (int)order.n_places;
  uint32_t  k = 0;
  for (int p = 0; p < n; ++p) {
    list[k++] = (uint32_t)(order.way == ORDER_BACKWARD ? n - 1 - p : p);
  }
  const int last  = order.way == ORDER_PENDULUM ? n - 2 : n - 1;
  const int first = order.way == ORDER_PENDULUM ? 1 : 0;
  for (int p = last; order.way >= ORDER_THERE_AND_BACK && p >= first; --p) {
    list[k++] = (uint32_t)p;
  }
  return k;
}

/// Leave out what is skipped, and turn the list around
static uint32_t
trim(uint32_t* const list, const uint32_t n)
{
  uint32_t n_left = 0;
  for (uint32_t i = 0; i < n; ++i) {
    if (!(order.skipped >> list[i] & 1U)) {
      list[n_left++] = list[i];
    }
  }
  for (uint32_t i = 0; order.reversed && i < n_left / 2U; ++i) {
    const uint32_t other  = list[n_left - 1U - i];
    list[n_left - 1U - i] = list[i];
    list[i]               = other;
  }
  return n_left;
}

static void
check_way(void)
{
  uint32_t       list[2 * ORDER_MAX];
  const uint32_t n = trim(list, list_way(list));
  OrderPlace     p = order_first(&order, 0);
  ck_assert_int_eq(p.is_silent, n == 0);
  uint32_t n_wrong = 0;
  for (int64_t k = 0; n > 0 && k < 3 * (int64_t)n; ++k) {
    const OrderPlace at   = order_at(&order, k, 0);
    const uint32_t   back = order_at(&order, k - 7 * (int64_t)n, 0).place;
    n_wrong += p.place != list[k % n] || at.place != list[k % n] || back != at.place;
    n_wrong += p.is_round != (k % n == 0) || at.is_round != (k % n == 0);
    p = order_next(&order, p, 0);
  }
  ck_assert_uint_eq(n_wrong, 0);
}

START_TEST(ways_are_as_listed)
{
  for (int way = ORDER_FORWARD; way <= ORDER_PENDULUM; ++way) {
    for (uint32_t n = 1; n <= ORDER_MAX; ++n) {
      for (uint32_t k = 0; k < 60; ++k) {
        const uint32_t skipped = k < 20 ? 0 : k * 2654435761U >> 7U;
        order                  = (Order){(OrderWay)way, n, skipped, k % 2 == 1, 0};
        check_way();
      }
    }
  }
}
END_TEST

START_TEST(every_choice_of_skips_leaves_the_rest)
{
  order.n_places = 8;
  for (int way = ORDER_FORWARD; way <= ORDER_PENDULUM; ++way) {
    order.way = (OrderWay)way;
    for (order.skipped = 0; order.skipped < 256; ++order.skipped) {
      check_way();
    }
  }
}
END_TEST

START_TEST(turned_around_it_goes_back_the_same_way)
{
  order.way         = ORDER_PENDULUM;
  OrderPlace p      = order_first(&order, 0);
  const int  n      = 4;
  const int  ways[] = {1, 2, 3, 2, 1, 0, 1, 2};
  for (int i = 0; i < n; ++i) {
    p = order_next(&order, p, 0);
    ck_assert_int_eq(p.place, ways[i]);
  }
  order.reversed = true; // On its way from 2 to 1
  p              = order_next(&order, p, 0);
  ck_assert_int_eq(p.place, 3);
  p = order_next(&order, p, 0);
  ck_assert_int_eq(p.place, 2);
}
END_TEST

START_TEST(place_beyond_the_last_goes_to_the_first)
{
  const OrderPlace p = {9, false, false, false};
  ck_assert_uint_eq(order_next(&order, p, 0).place, 0);
  order.way = ORDER_BACKWARD;
  ck_assert_uint_eq(order_next(&order, p, 0).place, 3);
}
END_TEST

START_TEST(random_repeats_none_and_plays_all_alike)
{
  order.way = ORDER_RANDOM;
  for (order.n_places = 2; order.n_places <= 16; ++order.n_places) {
    uint32_t n_times[ORDER_MAX] = {0};
    uint32_t last               = 99;
    uint32_t n_wrong            = 0;
    order.seed                  = order.n_places;
    for (int64_t k = -5000; k < 5000; ++k) {
      const uint32_t p = order_at(&order, k, k).place;
      n_wrong += p == last || p >= order.n_places;
      ++n_times[p % ORDER_MAX];
      last = p;
    }
    ck_assert_uint_eq(n_wrong, 0);
    for (uint32_t p = 0; p < order.n_places; ++p) {
      const double mean = 10000.0 / order.n_places;
      ck_assert_double_eq_tol(n_times[p], mean, 0.15 * mean);
    }
  }

  // Of one place, there is no other
  order.n_places = 1;
  ck_assert_uint_eq(order_at(&order, 77, 77).place, 0);
}
END_TEST

START_TEST(walk_goes_one_place_at_most)
{
  order.way = ORDER_WALKING;
  for (order.n_places = 1; order.n_places <= 16; ++order.n_places) {
    for (order.seed = 0; order.seed < 5; ++order.seed) {
      uint32_t n_moves[3] = {0};
      uint32_t last       = order_at(&order, -1000, -1000).place;
      for (int64_t k = -999; k < 1000; ++k) {
        const uint32_t p = order_at(&order, k, k).place;
        const uint32_t d = (p + 1U + order.n_places - last) % order.n_places;
        ck_assert_uint_lt(p, order.n_places);
        ck_assert_uint_lt(d, 3U); // Back, none, on
        ++n_moves[d];
        last = p;
      }
      for (int d = 0; order.n_places > 3 && d < 3; ++d) {
        ck_assert_double_eq_tol(n_moves[d], 666.0, 300.0);
      }
    }
    ck_assert_uint_eq(order_first(&order, 0).place, 0);
  }
}
END_TEST

/// As arpeggios have: none is skipped, and a walk from end to end takes long
START_TEST(many_places_are_all_reached)
{
  order = (Order){ORDER_PENDULUM, 80, 0, false, 0};
  for (int64_t k = -200; k < 200; ++k) {
    const uint32_t step = (uint32_t)((k + 316) % 158);
    ck_assert_uint_eq(order_at(&order, k, k).place, step < 80U ? step : 158U - step);
  }

  for (int way = ORDER_RANDOM; way <= ORDER_WALKING; ++way) {
    order.way                       = (OrderWay)way;
    uint32_t last                   = order_at(&order, -1, -1).place;
    uint32_t n_seen                 = 0;
    bool     is_seen[ORDER_MAX_ALL] = {false};
    for (int64_t k = 0; k < 20000; ++k) {
      const uint32_t p = order_at(&order, k, k).place;
      const uint32_t d = (p + 81U - last) % 80U;
      ck_assert_uint_lt(p, 80U);
      ck_assert(way == ORDER_RANDOM ? p != last : d < 3U);
      n_seen += !is_seen[p];
      is_seen[p] = true;
      last       = p;
    }
    ck_assert_uint_eq(n_seen, 80U);
  }
}
END_TEST

START_TEST(chance_skips_what_is_skipped)
{
  order.n_places = 16;
  order.skipped  = 0xa5f1;
  for (int way = ORDER_RANDOM; way <= ORDER_WALKING; ++way) {
    order.way       = (OrderWay)way;
    uint32_t played = 0;
    for (int64_t k = 0; k < 500; ++k) {
      played |= 1U << order_at(&order, k, k).place;
    }
    ck_assert_uint_eq(played, 0xffffU & ~order.skipped);
  }
  order.skipped = 0xffff;
  ck_assert(order_at(&order, 0, 0).is_silent);
}
END_TEST

START_TEST(seeds_differ)
{
  for (int way = ORDER_RANDOM; way <= ORDER_WALKING; ++way) {
    Order other = order;
    order.way = other.way = (OrderWay)way;
    other.seed            = 1;
    uint32_t n_same       = 0;
    for (int64_t k = 0; k < 400; ++k) {
      n_same += order_at(&order, k, k).place == order_at(&other, k, k).place;
    }
    ck_assert_uint_lt(n_same, 180);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("order");
  TCase* const tests = tcase_create("order");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, ways_are_as_listed);
  tcase_add_test(tests, every_choice_of_skips_leaves_the_rest);
  tcase_add_test(tests, turned_around_it_goes_back_the_same_way);
  tcase_add_test(tests, place_beyond_the_last_goes_to_the_first);
  tcase_add_test(tests, random_repeats_none_and_plays_all_alike);
  tcase_add_test(tests, walk_goes_one_place_at_most);
  tcase_add_test(tests, many_places_are_all_reached);
  tcase_add_test(tests, chance_skips_what_is_skipped);
  tcase_add_test(tests, seeds_differ);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
