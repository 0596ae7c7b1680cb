// SPDX-License-Identifier: ISC
// Many instances: at once in many threads, and one after the other

#include "support/stress_host.h"
#include "support/test.h"

#include <lv2/core/lv2.h>

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>

#define RATE 48000.0

enum {
  N_THREADS   = 8,
  N_INSTANCES = 50,
  N_LIVES     = 10000,
  MOST_KIB    = 2048 ///< That all these lives may add to the memory in use
};

static int n_plugins = 0;

static void*
must_allocate(const size_t n, const size_t size)
{
  void* const memory = calloc(n, size);
  ck_assert_ptr_nonnull(memory);
  return memory;
}

// ---- At once

/// Output of a plugin for a take
typedef struct {
  Take      take;
  Recording recording;
} Part;

/// A thread, and what it plays
typedef struct {
  const Part*        parts;
  StressHost* const* rigs;
  uint32_t           first; ///< Of every N_THREADS instances, this one is its own
} Player;

/// Write down what every plugin makes of a take when it is alone
static Part*
play_alone(StressHost* const rig)
{
  Part* const parts = must_allocate((size_t)n_plugins, sizeof(Part));
  for (int p = 0; p < n_plugins; ++p) {
    stress_host_open(rig, stress_host_plugin(p), RATE);
    take_fill(&parts[p].take, rig->plugin, 1);
    stress_host_play(rig, &parts[p].take, 100, &parts[p].recording);
    stress_host_close(rig);
  }
  return parts;
}

/// Play the instances of a thread, and check that each plays as it does alone
static void*
play_among_others(void* const data)
{
  const Player* const self = data;

  Recording* const recording = must_allocate(1, sizeof(Recording));
  for (uint32_t i = self->first; i < N_INSTANCES; i += N_THREADS) {
    StressHost* const rig  = self->rigs[i];
    const Part* const part = &self->parts[i % (uint32_t)n_plugins];
    stress_host_play(rig, &part->take, STRESS_HOST_RANDOM, recording);
    stress_host_check_same(rig, &part->take, &part->recording, recording);
  }
  free(recording);
  return NULL;
}

START_TEST(threads_do_not_disturb_each_other)
{
  StressHost* rigs[N_INSTANCES];
  for (uint32_t i = 0; i < N_INSTANCES; ++i) {
    rigs[i] = must_allocate(1, sizeof(StressHost));
  }
  Part* const parts = play_alone(rigs[0]);
  for (uint32_t i = 0; i < N_INSTANCES; ++i) {
    stress_host_open(rigs[i], stress_host_plugin((int)i % n_plugins), RATE);
  }

  pthread_t threads[N_THREADS];
  Player    players[N_THREADS];
  for (uint32_t t = 0; t < N_THREADS; ++t) {
    players[t] = (Player){parts, rigs, t};
    ck_assert(!pthread_create(&threads[t], NULL, play_among_others, &players[t]));
  }
  for (uint32_t t = 0; t < N_THREADS; ++t) {
    pthread_join(threads[t], NULL);
  }

  for (uint32_t i = 0; i < N_INSTANCES; ++i) {
    stress_host_close(rigs[i]);
    free(rigs[i]);
  }
  free(parts);
}
END_TEST

// ---- One after the other

/// Return the most memory that this process has ever used, in KiB
static long
peak_kib(void)
{
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/// Make and end `n` instances, some of them activated
static void
live_and_die(const LV2_Descriptor* const descriptor, const uint32_t n)
{
  for (uint32_t i = 0; i < n; ++i) {
    const LV2_Handle handle = descriptor->instantiate(descriptor, RATE, "", NULL);
    ck_assert_ptr_nonnull(handle);
    if (i % 2) {
      descriptor->activate(handle);
    }
    descriptor->cleanup(handle);
  }
}

START_TEST(instances_leave_nothing_behind)
{
  LilvInstance* const instance =
    host_instantiate(stress_host_host(), stress_host_plugin(_i), RATE);
  ck_assert_ptr_nonnull(instance);
  const LV2_Descriptor* const descriptor = lilv_instance_get_descriptor(instance);

  live_and_die(descriptor, N_LIVES / 100);
  const long before_kib = peak_kib();
  live_and_die(descriptor, N_LIVES);
#if !defined(__SANITIZE_ADDRESS__)
  // The sanitizer keeps what is freed for a while, and finds by itself what is not
  ck_assert_int_le(peak_kib() - before_kib, MOST_KIB);
#endif
  (void)before_kib;
  lilv_instance_free(instance);
}
END_TEST

int
main(void)
{
  n_plugins = stress_host_load();

  Suite* const suite = suite_create("instances");
  TCase* const tests = tcase_create("instances");
  tcase_add_test(tests, threads_do_not_disturb_each_other);
  tcase_add_loop_test(tests, instances_leave_nothing_behind, 0, n_plugins);
  suite_add_tcase(suite, tests);
  const int status = run_tests(suite);
  stress_host_unload();
  return status;
}
