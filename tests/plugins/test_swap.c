// SPDX-License-Identifier: ISC
// Plugins that are exchanged while they play, for those of a second copy of the bundle

#include "support/scratch.h"
#include "support/stress_host.h"
#include "support/test.h"

#include "host/clock.h"
#include "host/handover.h"

#include <lv2/state/state.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t n_heap_pieces; ///< Pieces of memory that have not been freed

static void
heap_call(const int n_pieces)
{
  n_heap_pieces += n_pieces;
}

#include "support/heap.h"

enum { N_SWAPS = 1000, N_TAKES = 3 };

static const double rates[] = {44100.0, 48000.0, 96000.0, 192000.0};

static StressHost rig;
static Take       take;
static Recording  whole;
static Recording  swapped;
static Handover   handover;
static Host*      others; ///< The same plugins once more, of other files

// ---- A second copy

static void
load_others(void)
{
  ck_assert_int_eq(system("mkdir copy && cp -RL '" BUILD_DIR "/lv2/chronus.lv2' copy"),
                   0);
  others = host_new("copy:/usr/lib/lv2:/usr/local/lib/lv2:/usr/lib64/lv2");
  ck_assert_ptr_nonnull(others);
  handover = handover_new(stress_host_host());
}

static void
unload_others(void)
{
  host_free(others);
}

/// Return the same plugin of the other copy, or of the first
static const HostPlugin*
counterpart(const HostPlugin* const plugin, const bool is_other)
{
  const HostPlugin* const found = is_other ? host_plugin(others, plugin->uri) : plugin;
  ck_assert_ptr_nonnull(found);
  return found;
}

/// Return a new instance, which understands the URIs of the first host
static LilvInstance*
renew(const HostPlugin* const plugin, const bool is_other, const double sample_rate)
{
  LilvInstance* const instance =
    host_instantiate(stress_host_host(), counterpart(plugin, is_other), sample_rate);
  ck_assert_ptr_nonnull(instance);
  lilv_instance_activate(instance);
  return instance;
}

static void
drop(LilvInstance* const instance)
{
  lilv_instance_deactivate(instance);
  lilv_instance_free(instance);
}

static LilvInstance* keepers[2]; ///< So that libraries stay loaded, which takes long

static void
open_rig(const int plugin, const double sample_rate)
{
  stress_host_open(&rig, stress_host_plugin(plugin), sample_rate);
  keepers[0] = renew(rig.plugin, false, sample_rate);
  keepers[1] = renew(rig.plugin, true, sample_rate);
}

static void
close_rig(void)
{
  drop(keepers[0]);
  drop(keepers[1]);
  stress_host_close(&rig);
}

/// Let a new instance go on instead of that of the rig
static void
swap(const bool is_other, const double sample_rate)
{
  LilvInstance* const next = renew(rig.plugin, is_other, sample_rate);
  ck_assert_ptr_ne(lilv_instance_get_descriptor(next),
                   lilv_instance_get_descriptor(rig.instance));
  ck_assert_msg(handover_save(&handover, rig.instance), "%s", rig.plugin->uri);
  ck_assert_msg(handover_restore(&handover, next), "%s", rig.plugin->uri);
  drop(rig.instance);
  rig.instance = next;
}

// ---- Playing on

static void
fill(const uint32_t number)
{
  if (number < 2U) {
    take_fill(&take, rig.plugin, number);
  } else {
    take_fill_within(&take, rig.plugin, number);
  }
}

static void
run_block(void)
{
  const uint32_t longest = 1U + (rig.frame * 7919U + 104729U) % 300U;
  stress_host_set_block(&rig, &take, stress_host_next_block(&rig, &take, longest));
  lilv_instance_run(rig.instance, rig.n_frames);
  stress_host_get_block(&rig, &take, &swapped);
}

/// Play the take with another instance in every block
static void
play_swapped(const double sample_rate)
{
  bool is_other = false;
  while (rig.frame < take.n_frames) {
    run_block();
    is_other = !is_other;
    swap(is_other, sample_rate);
  }
}

START_TEST(it_goes_on_at_every_boundary_bit_for_bit)
{
  for (size_t r = 0; r < sizeof(rates) / sizeof(rates[0]); ++r) {
    for (uint32_t t = 0; t < N_TAKES; ++t) {
      open_rig(_i, rates[r]);
      fill(t);
      stress_host_play(&rig, &take, STRESS_HOST_RANDOM, &whole);
      stress_host_reset(&rig);
      play_swapped(rates[r]);
      stress_host_check_same(&rig, &take, &whole, &swapped);
      close_rig();
    }
  }
}
END_TEST

// ---- What is refused

/// Play some of the take, so that there is a state, and save that
static void
save_some(const uint32_t plugin, const double sample_rate)
{
  stress_host_open(&rig, stress_host_plugin((int)plugin), sample_rate);
  fill(1);
  take.n_frames = 700;
  stress_host_play(&rig, &take, STRESS_HOST_RANDOM, &whole);
  ck_assert(handover_save(&handover, rig.instance));
  drop(rig.instance);
}

/// Check that a new instance refuses what there is, and plays as if nothing had been
static void
check_refused(const double sample_rate)
{
  rig.instance = renew(rig.plugin, true, sample_rate);
  ck_assert_msg(!handover_restore(&handover, rig.instance), "%s", rig.plugin->uri);
  rig.frame = 0;
  stress_host_play(&rig, &take, STRESS_HOST_RANDOM, &swapped);
  stress_host_check_same(&rig, &take, &whole, &swapped);
  drop(rig.instance);
}

/// Change a bit of the block, see it refused, and change it back
static void
check_bit(const size_t byte, const uint32_t bit)
{
  HandoverItem* const block = handover_block(&handover);
  uint8_t* const      place = handover.bytes + block->place + byte;
  *place ^= (uint8_t)(1U << bit);
  check_refused(rates[1]);
  *place ^= (uint8_t)(1U << bit);
}

START_TEST(corrupted_blocks_are_refused)
{
  save_some((uint32_t)_i, rates[1]);
  const size_t size = handover_block(&handover)->size;
  for (size_t field = 0; field < 7U; ++field) {
    check_bit(8U * field + field % 4U, (uint32_t)field);
  }
  check_bit(64U, 0);
  check_bit(64U + (size - 64U) / 2U, 3);
  check_bit(size - 1U, 7);
}
END_TEST

START_TEST(truncated_blocks_are_refused)
{
  save_some((uint32_t)_i, rates[1]);
  HandoverItem* const block   = handover_block(&handover);
  const size_t        size    = block->size;
  const size_t        sizes[] = {0, 1, 63, 64, 65, size / 2U, size - 1U, size - 64U};
  for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); ++i) {
    block->size = sizes[i];
    check_refused(rates[1]);
  }
}
END_TEST

START_TEST(blocks_of_another_type_are_refused)
{
  save_some((uint32_t)_i, rates[1]);
  ++handover_block(&handover)->type;
  check_refused(rates[1]);
}
END_TEST

START_TEST(blocks_of_another_rate_or_plugin_are_refused)
{
  save_some((uint32_t)_i, rates[0]);
  fill(1);
  rig.instance = renew(rig.plugin, false, rates[1]);
  rig.frame    = 0;
  stress_host_play(&rig, &take, STRESS_HOST_RANDOM, &whole);
  drop(rig.instance);
  check_refused(rates[1]);

  for (int p = 0; stress_host_plugin(p); ++p) {
    if (p != _i) {
      LilvInstance* const other = renew(stress_host_plugin(p), true, rates[0]);
      ck_assert(!handover_restore(&handover, other));
      drop(other);
    }
  }
}
END_TEST

// ---- Other hosts

static LV2_State_Status
count_item(const LV2_State_Handle handle,
           const uint32_t         key,
           const void* const      value,
           const size_t           size,
           const uint32_t         type,
           const uint32_t         flags)
{
  (void)value;
  (void)size;
  (void)type;

  // Values that a project may hold are portable
  ck_assert_uint_ne(key, handover.block_key);
  ck_assert_uint_eq(flags, LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE);
  ++*(uint32_t*)handle;
  return LV2_STATE_SUCCESS;
}

static uint32_t
n_saved(const uint32_t flags, const LV2_Feature* const* const features)
{
  const LV2_State_Interface* const state =
    (const LV2_State_Interface*)lilv_instance_get_extension_data(rig.instance,
                                                                 LV2_STATE__interface);
  uint32_t n_items = 0;
  state->save(
    lilv_instance_get_handle(rig.instance), count_item, &n_items, flags, features);
  return n_items;
}

START_TEST(ordinary_hosts_get_no_block)
{
  static const LV2_Feature        feature    = {"urn:chronus:swap", NULL};
  static const LV2_Feature* const features[] = {&feature, NULL};

  const uint32_t portable = LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE;
  stress_host_open(&rig, stress_host_plugin(_i), rates[1]);
  ck_assert_uint_le(n_saved(portable, NULL), 1);
  ck_assert_uint_le(n_saved(portable | LV2_STATE_IS_NATIVE, NULL), 1);
  ck_assert_uint_le(n_saved(portable, features), 1);
  stress_host_close(&rig);
}
END_TEST

START_TEST(ordinary_hosts_restore_no_block)
{
  save_some((uint32_t)_i, rates[1]);
  handover_block(&handover)->key = 0;
  rig.instance                   = renew(rig.plugin, true, rates[1]);
  ck_assert(handover_restore(&handover, rig.instance));
  rig.frame = 0;
  stress_host_play(&rig, &take, STRESS_HOST_RANDOM, &swapped);
  stress_host_check_same(&rig, &take, &whole, &swapped);
  drop(rig.instance);
}
END_TEST

// ---- Costs

START_TEST(a_thousand_swaps_leave_nothing_behind)
{
  int64_t before = 0;
  open_rig(_i, rates[1]);
  fill(1);
  for (uint32_t i = 0; i < N_SWAPS; ++i) {
    rig.frame = rig.frame < take.n_frames ? rig.frame : 0;
    run_block();
    swap(i % 2U == 0U, rates[1]);
    if (i == 9) {
      before = n_heap_pieces;
    }
  }
  ck_assert_int_eq(n_heap_pieces, before);
  close_rig();
}
END_TEST

/// Print how large a state is, and how long it takes to hand it over
START_TEST(it_takes_little_time)
{
  enum { N_TIMES = 50 };

  save_some((uint32_t)_i, rates[1]);
  rig.instance                = renew(rig.plugin, false, rates[1]);
  LilvInstance* const b       = renew(rig.plugin, true, rates[1]);
  double              least_s = 1.0;
  for (uint32_t i = 0; i < N_TIMES; ++i) {
    const double start_s = clock_now_s();
    ck_assert(handover_save(&handover, rig.instance));
    ck_assert(handover_restore(&handover, b));
    const double time_s = clock_now_s() - start_s;
    least_s             = time_s < least_s ? time_s : least_s;
  }
  printf("note: %-40s %8zu bytes %8.2f us\n",
         rig.plugin->uri,
         handover_block(&handover)->size,
         1e6 * least_s);
  drop(rig.instance);
  drop(b);
}
END_TEST

int
main(void)
{
  const int    n_plugins = stress_host_load();
  Suite* const suite     = suite_create("swap");
  TCase* const tests     = tcase_create("swap");
  tcase_set_timeout(tests, 300);
  tcase_add_unchecked_fixture(tests, scratch_make, scratch_remove);
  tcase_add_unchecked_fixture(tests, load_others, unload_others);
  tcase_add_loop_test(tests, it_goes_on_at_every_boundary_bit_for_bit, 0, n_plugins);
  tcase_add_loop_test(tests, corrupted_blocks_are_refused, 0, n_plugins);
  tcase_add_loop_test(tests, truncated_blocks_are_refused, 0, n_plugins);
  tcase_add_loop_test(tests, blocks_of_another_type_are_refused, 0, n_plugins);
  tcase_add_loop_test(
    tests, blocks_of_another_rate_or_plugin_are_refused, 0, n_plugins);
  tcase_add_loop_test(tests, ordinary_hosts_get_no_block, 0, n_plugins);
  tcase_add_loop_test(tests, ordinary_hosts_restore_no_block, 0, n_plugins);
  tcase_add_loop_test(tests, a_thousand_swaps_leave_nothing_behind, 0, n_plugins);
  tcase_add_loop_test(tests, it_takes_little_time, 0, n_plugins);
  suite_add_tcase(suite, tests);
  const int status = run_tests(suite);
  stress_host_unload();
  return status;
}
