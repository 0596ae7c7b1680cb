// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "math/random.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define N_NUMBERS 1048576U
#define N_BITS 128U ///< Of a lane's state

static float numbers[N_NUMBERS]; ///< Too large for some stacks

static void
fill(const uint32_t seed)
{
  Random random;
  random_seed(&random, seed);
  random_fill(&random, numbers, N_NUMBERS);
}

// ---- The sequence

START_TEST(numbers_do_not_depend_on_portions)
{
  fill(7);

  Random random;
  random_seed(&random, 7);
  static const uint32_t portions[] = {1, 2, 8, 13, 3, 64, 7, 5, 31, 256};
  for (uint32_t i = 0, p = 0; i + 256 < 10000; i += portions[p++ % 10]) {
    float portion[256];
    random_fill(&random, portion, portions[p % 10]);
    ck_assert_mem_eq(portion, numbers + i, portions[p % 10] * sizeof(float));
  }
}
END_TEST

START_TEST(single_numbers_are_those_of_a_portion)
{
  fill(8);

  Random random;
  random_seed(&random, 8);
  for (uint32_t i = 0; i < 1000; ++i) {
    ck_assert_float_eq(random_bipolar(random_next(&random)), numbers[i]);
  }
}
END_TEST

START_TEST(seeds_differ_from_the_first_number_on)
{
  float first[1000];
  for (uint32_t seed = 0; seed < 1000; ++seed) {
    Random random;
    random_seed(&random, seed);
    first[seed] = random_bipolar(random_next(&random));
    for (uint32_t other = 0; other < seed; ++other) {
      ck_assert_float_ne(first[seed], first[other]);
    }
  }
}
END_TEST

START_TEST(extremes_are_within_range)
{
  ck_assert_float_eq(random_bipolar(0), -1.0f);
  ck_assert_float_eq(random_bipolar(0x80000000U), 0.0f);
  ck_assert_float_eq(random_bipolar(UINT32_MAX), 1.0f - 0x1p-23f);
}
END_TEST

// ---- The period, which is the order of the matrix that takes a state to the next

typedef struct {
  uint64_t half[2];
} Bits;

typedef struct {
  Bits row[N_BITS]; ///< What becomes of a state that has one bit
} Matrix;

static bool
bit(const Bits* const bits, const uint32_t index)
{
  return bits->half[index / 64U] >> (index % 64U) & 1U;
}

/// Return what a lane makes of a state with one bit
static Bits
step_from(const uint32_t index)
{
  Random random;
  memset(&random, 0, sizeof(random));

  RandomGroup* const words[] = {
    &random.state.a, &random.state.b, &random.state.c, &random.state.d};
  (*words[index / 32U])[3] = 1U << (index % 32U);
  random_make(&random);
  return (Bits){{(*words[0])[3] | (uint64_t)(*words[1])[3] << 32U,
                 (*words[2])[3] | (uint64_t)(*words[3])[3] << 32U}};
}

static Matrix
product(const Matrix* const a, const Matrix* const b)
{
  Matrix c = {{{{0, 0}}}};
  for (uint32_t i = 0; i < N_BITS; ++i) {
    for (uint32_t k = 0; k < N_BITS; ++k) {
      if (bit(&a->row[i], k)) {
        c.row[i].half[0] ^= b->row[k].half[0];
        c.row[i].half[1] ^= b->row[k].half[1];
      }
    }
  }
  return c;
}

static Matrix
identity(void)
{
  Matrix same = {{{{0, 0}}}};
  for (uint32_t i = 0; i < N_BITS; ++i) {
    same.row[i].half[i / 64U] = UINT64_C(1) << (i % 64U);
  }
  return same;
}

/// Return what `n` steps make of every state
static Matrix
power(Matrix step, uint64_t n)
{
  Matrix all = identity();
  for (; n > 0U; n >>= 1U) {
    if (n & 1U) {
      all = product(&all, &step);
    }
    step = product(&step, &step);
  }
  return all;
}

/// The prime factors of 2^64 - 1 and then those of 2^64 + 1:
/// together, those of 2^128 - 1
static const uint64_t primes[] =
  {3, 5, 17, 257, 641, 65537, 6700417, 274177, 67280421310721};

enum { N_PRIMES = sizeof(primes) / sizeof(primes[0]), N_LOWER_PRIMES = N_PRIMES - 2 };

/// Return true if as many steps as the product of all primes but one are a whole cycle
static bool
is_whole_cycle(Matrix step, const uint32_t left_out)
{
  for (uint32_t p = 0; p < N_PRIMES; ++p) {
    step = p == left_out ? step : power(step, primes[p]);
  }
  const Matrix same = identity();
  return !memcmp(&step, &same, sizeof(step));
}

START_TEST(primes_are_the_factors_of_2_to_the_128_minus_1)
{
  uint64_t lower = 1;
  for (uint32_t p = 0; p < N_LOWER_PRIMES; ++p) {
    ck_assert_uint_eq(UINT64_MAX / lower % primes[p], 0);
    lower *= primes[p];
  }
  ck_assert_uint_eq(lower, UINT64_MAX);

  const uint64_t a = primes[N_LOWER_PRIMES];
  ck_assert_uint_eq(UINT64_MAX / a, primes[N_LOWER_PRIMES + 1] - 1U);
  ck_assert_uint_eq(UINT64_MAX % a, a - 2U);
}
END_TEST

START_TEST(a_lane_repeats_after_2_to_the_128_minus_1)
{
  Matrix step;
  for (uint32_t i = 0; i < N_BITS; ++i) {
    step.row[i] = step_from(i);
  }

  ck_assert(is_whole_cycle(step, N_PRIMES));
  for (uint32_t p = 0; p < N_PRIMES; ++p) {
    ck_assert(!is_whole_cycle(step, p));
  }
}
END_TEST

// ---- Statistics, each within five standard deviations of what chance gives

START_TEST(mean_and_variance_are_those_of_an_even_distribution)
{
  fill((uint32_t)_i);

  double sum     = 0.0;
  double squares = 0.0;
  for (uint32_t i = 0; i < N_NUMBERS; ++i) {
    sum += (double)numbers[i];
    squares += (double)numbers[i] * (double)numbers[i];
  }
  const double n = N_NUMBERS;
  ck_assert_double_eq_tol(sum / n, 0.0, 5.0 * sqrt(1.0 / 3.0 / n));
  ck_assert_double_eq_tol(squares / n, 1.0 / 3.0, 5.0 * sqrt(4.0 / 45.0 / n));
}
END_TEST

/// Of frames next to each other, of a lane's, and of lanes next to each other
START_TEST(numbers_do_not_tell_later_ones)
{
  fill((uint32_t)_i);

  for (uint32_t lag = 1; lag <= 64; ++lag) {
    double sum = 0.0;
    for (uint32_t i = 0; i + lag < N_NUMBERS; ++i) {
      sum += (double)numbers[i] * (double)numbers[i + lag];
    }
    const double n = N_NUMBERS - lag;
    ck_assert_double_eq_tol(sum / n, 0.0, 5.0 / 3.0 * sqrt(1.0 / n));
  }
}
END_TEST

START_TEST(neighbouring_seeds_have_nothing_in_common)
{
  static float others[N_NUMBERS];

  fill((uint32_t)_i);
  memcpy(others, numbers, sizeof(others));
  fill((uint32_t)_i + 1U);
  double sum = 0.0;
  for (uint32_t i = 0; i < N_NUMBERS; ++i) {
    sum += (double)numbers[i] * (double)others[i];
  }
  ck_assert_double_eq_tol(
    sum / N_NUMBERS, 0.0, 5.0 / 3.0 * sqrt(1.0 / (double)N_NUMBERS));
}
END_TEST

/// Pairs of numbers in a grid of 64 x 64 cells: chi squared of 4095 degrees
START_TEST(pairs_fill_the_plane_evenly)
{
  static uint32_t cells[4096];

  Random random;
  random_seed(&random, (uint32_t)_i);
  memset(cells, 0, sizeof(cells));
  for (uint32_t i = 0; i < N_NUMBERS; ++i) {
    const uint32_t x = random_next(&random) >> 26U;
    const uint32_t y = random_next(&random) >> 26U;
    ++cells[64U * x + y];
  }

  const double expected = N_NUMBERS / 4096.0;
  double       chi      = 0.0;
  for (uint32_t c = 0; c < 4096; ++c) {
    const double excess = cells[c] - expected;
    chi += excess * excess / expected;
  }
  ck_assert_double_eq_tol(chi, 4095.0, 5.0 * sqrt(2.0 * 4095.0));
}
END_TEST

/// Each of the upper 24 bits, and each together with the one above it
START_TEST(bits_are_balanced)
{
  Random random;
  random_seed(&random, (uint32_t)_i);
  uint32_t ones[32] = {0};
  uint32_t same[32] = {0};
  for (uint32_t i = 0; i < N_NUMBERS; ++i) {
    const uint32_t number = random_next(&random);
    for (uint32_t b = 8; b < 32; ++b) {
      ones[b] += number >> b & 1U;
      same[b] += b < 31U && (number >> b & 1U) == (number >> (b + 1U) & 1U);
    }
  }

  const double bound = 5.0 * sqrt(N_NUMBERS / 4.0);
  for (uint32_t b = 8; b < 32; ++b) {
    ck_assert_double_eq_tol(ones[b], N_NUMBERS / 2.0, bound);
    ck_assert_double_eq_tol(
      b < 31U ? same[b] : N_NUMBERS / 2.0, N_NUMBERS / 2.0, bound);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("random");
  TCase* const tests = tcase_create("random");
  tcase_add_test(tests, numbers_do_not_depend_on_portions);
  tcase_add_test(tests, single_numbers_are_those_of_a_portion);
  tcase_add_test(tests, seeds_differ_from_the_first_number_on);
  tcase_add_test(tests, extremes_are_within_range);
  tcase_add_test(tests, primes_are_the_factors_of_2_to_the_128_minus_1);
  tcase_add_test(tests, a_lane_repeats_after_2_to_the_128_minus_1);
  tcase_add_loop_test(tests, mean_and_variance_are_those_of_an_even_distribution, 0, 4);
  tcase_add_loop_test(tests, numbers_do_not_tell_later_ones, 0, 4);
  tcase_add_loop_test(tests, neighbouring_seeds_have_nothing_in_common, 0, 4);
  tcase_add_loop_test(tests, pairs_fill_the_plane_evenly, 0, 4);
  tcase_add_loop_test(tests, bits_are_balanced, 0, 4);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
