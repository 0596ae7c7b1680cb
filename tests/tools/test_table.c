// SPDX-License-Identifier: ISC
// Tables by key: every key keeps its number, whatever its bytes and however many

#include "support/test.h"

#include "host/table.h"

#include <stdio.h>
#include <string.h>

#define N_KEYS 20000U

/// Write a key for a number, and return its size
static size_t
key_of(const uint32_t number, char key[32])
{
  return (size_t)snprintf(key, 32, "block%u/out", number);
}

START_TEST(an_empty_table_has_nothing)
{
  Table table = {NULL, 0, 0};
  ck_assert_uint_eq(table_find(&table, "a", 1), TABLE_NONE);
  table_free(&table);
}
END_TEST

START_TEST(every_key_keeps_its_number)
{
  char  key[32];
  Table table = {NULL, 0, 0};
  for (uint32_t i = 0; i < N_KEYS; ++i) {
    const size_t size = key_of(i, key);
    ck_assert_uint_eq(table_find(&table, key, size), TABLE_NONE);
    table_add(&table, key, size, i);
  }
  for (uint32_t i = 0; i < N_KEYS; ++i) {
    ck_assert_uint_eq(table_find(&table, key, key_of(i, key)), i);
  }
  ck_assert_uint_eq(table_find(&table, key, key_of(N_KEYS, key)), TABLE_NONE);
  table_free(&table);
}
END_TEST

START_TEST(keys_are_told_apart_by_all_of_their_bytes)
{
  Table table = {NULL, 0, 0};
  table_add(&table, "", 0, 0);
  table_add(&table, "a", 1, 1);
  table_add(&table, "ab", 2, 2);
  table_add(&table, "a\0b", 3, 3);
  table_add(&table, "a\0c", 3, 4);
  ck_assert_uint_eq(table_find(&table, "abc", 0), 0);
  ck_assert_uint_eq(table_find(&table, "abc", 1), 1);
  ck_assert_uint_eq(table_find(&table, "abc", 2), 2);
  ck_assert_uint_eq(table_find(&table, "abc", 3), TABLE_NONE);
  ck_assert_uint_eq(table_find(&table, "a\0b", 3), 3);
  ck_assert_uint_eq(table_find(&table, "a\0c", 3), 4);
  table_free(&table);
}
END_TEST

START_TEST(the_first_number_of_a_key_stays)
{
  Table table = {NULL, 0, 0};
  table_add(&table, "a", 1, 1);
  table_add(&table, "a", 1, 2);
  ck_assert_uint_eq(table_find(&table, "a", 1), 1);
  table_free(&table);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("table");
  TCase* const tests = tcase_create("table");
  tcase_add_test(tests, an_empty_table_has_nothing);
  tcase_add_test(tests, every_key_keeps_its_number);
  tcase_add_test(tests, keys_are_told_apart_by_all_of_their_bytes);
  tcase_add_test(tests, the_first_number_of_a_key_stays);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
