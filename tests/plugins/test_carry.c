// SPDX-License-Identifier: ISC
/**
   Plugins that go on where one stops whose states have another layout.

   Such a one is made up: each of its states has a cache line more in front.
*/

#include "support/stress_host.h"
#include "support/test.h"

#include "host/handover.h"
#include "host/host.h"
#include "lv2/swap.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE_HZ 48000.0
#define FADE_FRAMES 481U ///< Of a crossfade of 10 ms
#define SEAM_FRAME 4400U
#define MOST_DB (-90.0)       ///< Of what is heard of a core that goes on whole
#define MOST_PARTS_DB (-30.0) ///< And where only numbers of it do
#define GROWTH 64U            ///< Bytes in front of each state

static StressHost rig;
static Take       take;
static Recording  whole;
static Recording  swapped;
static Handover   handover;
static Handover   other;

// ---- Another layout

/// Return what swap.c has as the checksum of states
static uint64_t
checksum(const uint64_t layout, const uint8_t* const bytes, const size_t size)
{
  uint64_t lane[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  for (size_t at = 0; at < size; at += sizeof(uint64_t)) {
    uint64_t word = 0;
    memcpy(&word, bytes + at, sizeof(word));
    uint64_t* const own = &lane[at / sizeof(word) % 8U];
    *own                = (*own ^ word) * UINT64_C(0x100000001B3);
  }

  uint64_t sum = UINT64_C(0xCBF29CE484222325) ^ layout;
  for (uint32_t i = 0; i < 8U; ++i) {
    sum = (sum ^ lane[i]) * UINT64_C(0x100000001B3);
  }
  return sum;
}

static HandoverItem*
find_item(Handover* const in, const char* const uri)
{
  const uint32_t key = host_map(stress_host_host(), uri);
  for (uint32_t i = 0; i < in->n_items; ++i) {
    if (in->items[i].key == key) {
      return &in->items[i];
    }
  }

  return NULL;
}

/// Append an item with room for `size` bytes, and return where these are
static uint8_t*
append(const HandoverItem* const item, const size_t size)
{
  const size_t place                 = (other.n_bytes + 63U) / 64U * 64U;
  other.items[other.n_items]         = *item;
  other.items[other.n_items].size    = size;
  other.items[other.n_items++].place = place;
  other.n_bytes                      = place + size;
  ck_assert_uint_le(other.n_bytes, other.n_room);
  return other.bytes + place;
}

/// Append the states, each with something in front
static void
append_block(const HandoverItem* const item)
{
  const uint8_t* const from = handover.bytes + item->place;
  SwapHead             head;
  memcpy(&head, from, sizeof(head));
  const size_t   channel_size = (size_t)head.size / head.n_channels;
  uint8_t* const to           = append(item, item->size + head.n_channels * GROWTH);
  for (uint32_t c = 0; c < head.n_channels; ++c) {
    uint8_t* const state = to + STATE_ALIGNMENT + c * (channel_size + GROWTH);
    memset(state, 0x5A, GROWTH);
    memcpy(state + GROWTH, from + STATE_ALIGNMENT + c * channel_size, channel_size);
  }
  head.layout ^= 1U;
  head.size += head.n_channels * GROWTH;
  head.checksum = checksum(head.layout, to + STATE_ALIGNMENT, (size_t)head.size);
  memset(to, 0, STATE_ALIGNMENT);
  memcpy(to, &head, sizeof(head));
}

/// Return whether a part has others in it
static bool
is_core(const SwapPart* const parts, const size_t n_parts, const size_t index)
{
  const SwapPart* const part = &parts[index];
  for (size_t p = 0; p < n_parts; ++p) {
    if (p != index && parts[p].offset >= part->offset &&
        parts[p].offset + parts[p].size <= part->offset + part->size) {
      return true;
    }
  }

  return false;
}

/// Append where parts are; without `cores`, those only that have no others in them
static void
append_parts(const HandoverItem* const item, const bool cores)
{
  SwapPart       parts[MAX_CARRIED];
  const size_t   n_parts = item->size / sizeof(SwapPart);
  size_t         n_kept  = 0;
  uint8_t* const to      = append(item, item->size);
  memcpy(parts, handover.bytes + item->place, item->size);
  for (size_t p = 0; p < n_parts; ++p) {
    if (cores || !is_core(parts, n_parts, p)) {
      SwapPart moved = parts[p];
      moved.offset += GROWTH;
      memcpy(to + n_kept++ * sizeof(SwapPart), &moved, sizeof(moved));
    }
  }
  other.items[other.n_items - 1U].size = n_kept * sizeof(SwapPart);
}

/// Make `other` of what was saved; returns false if no part of it has a name
static bool
make_other(const bool cores)
{
  const HandoverItem* const parts = find_item(&handover, SWAP_CARRY_URI);
  if (!parts) {
    return false;
  }

  other.block_key = handover.block_key;
  other.n_items   = 0;
  other.n_bytes   = 0;
  other.n_room    = handover.n_bytes + 4096U;
  other.bytes     = (uint8_t*)realloc(other.bytes, other.n_room);
  for (uint32_t i = 0; i < handover.n_items; ++i) {
    const HandoverItem* const item = &handover.items[i];
    if (item->key == handover.block_key) {
      append_block(item);
    } else if (item == parts) {
      append_parts(item, cores);
    } else {
      memcpy(append(item, item->size), handover.bytes + item->place, item->size);
    }
  }
  return true;
}

// ---- The seam

static void
run_block(Recording* const recording)
{
  const uint32_t longest = 1U + (rig.frame * 7919U + 104729U) % 300U;
  stress_host_set_block(&rig, &take, stress_host_next_block(&rig, &take, longest));
  lilv_instance_run(rig.instance, rig.n_frames);
  stress_host_get_block(&rig, &take, recording);
}

/// Let a new instance go on from another layout; returns false if none of it has a name
static bool
carry(const bool cores)
{
  LilvInstance* const next = host_instantiate(stress_host_host(), rig.plugin, RATE_HZ);
  ck_assert_ptr_nonnull(next);
  lilv_instance_activate(next);
  ck_assert(handover_save(&handover, rig.instance));
  const bool goes_on = make_other(cores);
  ck_assert(goes_on == (goes_on && handover_restore(&other, next)));
  lilv_instance_deactivate(rig.instance);
  lilv_instance_free(rig.instance);
  rig.instance = next;
  return goes_on;
}

/// Play the take with a seam; returns where that is, or 0 if nothing goes on
static uint32_t
play_with_seam(const bool cores)
{
  while (rig.frame < SEAM_FRAME) {
    run_block(&swapped);
  }

  const uint32_t seam = rig.frame;
  if (!carry(cores)) {
    return 0;
  }
  while (rig.frame < take.n_frames) {
    run_block(&swapped);
  }
  return seam;
}

/// Return the energy of what a crossfade leaves of the difference at a seam, to that of
/// the signal, in dB
static double
seam_db(const float* const expected, const float* const actual)
{
  double error  = 0.0;
  double signal = 0.0;
  for (uint32_t i = 0; i < FADE_FRAMES; ++i) {
    const double part = (double)(i + 1U) / FADE_FRAMES;
    const double off  = part * ((double)actual[i] - (double)expected[i]);
    error += off * off;
    signal += (double)expected[i] * (double)expected[i];
  }
  return error > 0.0 ? 10.0 * log10(error / fmax(signal, 1e-9)) : -HUGE_VAL;
}

/// Return the largest of all outputs
static double
worst_db(const uint32_t seam)
{
  double worst = -HUGE_VAL;
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    if (is_output_signal(&rig.plugin->ports[p])) {
      worst = fmax(worst, seam_db(whole.out[p] + seam, swapped.out[p] + seam));
    }
  }
  return worst;
}

/// Check that gates and triggers are the same to the end
static void
check_gates(const uint32_t seam)
{
  const size_t size = (take.n_frames - seam) * sizeof(float);
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    const HostPort* const port = &rig.plugin->ports[p];
    if (is_output_signal(port) && port->is_discrete) {
      ck_assert_msg(!memcmp(whole.out[p] + seam, swapped.out[p] + seam, size),
                    "%s: %s",
                    rig.plugin->uri,
                    port->symbol);
    }
  }
}

/// Return what is heard of a seam, or NaN if nothing goes on
static double
measure(const int plugin, const bool cores)
{
  stress_host_open(&rig, stress_host_plugin(plugin), RATE_HZ);
  take_fill(&take, rig.plugin, 0);
  while (rig.frame < take.n_frames) {
    run_block(&whole);
  }
  stress_host_reset(&rig);
  const uint32_t seam  = play_with_seam(cores);
  const double   worst = seam ? worst_db(seam) : NAN;
  if (seam) {
    check_gates(seam);
  }
  stress_host_close(&rig);
  return worst;
}

START_TEST(named_parts_go_on)
{
  const char* const uri   = stress_host_plugin(_i)->uri;
  const double      cores = measure(_i, true);
  const double      parts = measure(_i, false);
  if (!isnan(cores)) {
    printf("note: %-40s %8.1f dB with cores, %8.1f dB without\n", uri, cores, parts);
    ck_assert_msg(cores <= MOST_DB, "%s: %f dB", uri, cores);
    ck_assert_msg(parts <= MOST_PARTS_DB, "%s: %f dB", uri, parts);
  }
}
END_TEST

int
main(void)
{
  const int    n_plugins = stress_host_load();
  Suite* const suite     = suite_create("carry");
  TCase* const tests     = tcase_create("carry");
  tcase_set_timeout(tests, 120);
  handover = handover_new(stress_host_host());
  tcase_add_loop_test(tests, named_parts_go_on, 0, n_plugins);
  suite_add_tcase(suite, tests);
  const int status = run_tests(suite);
  handover_free(&handover);
  free(other.bytes);
  stress_host_unload();
  return status;
}
