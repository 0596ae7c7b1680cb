// SPDX-License-Identifier: ISC
// How much stack the plugins take, as plugins/plugin.h promises to hosts

#include "support/stress_host.h"
#include "support/test.h"

#include "plugin.h"

#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAINT 0xa5

/// Whether the compiler puts more on the stack than the plugins need
#if defined(__SANITIZE_ADDRESS__)
enum { IS_PADDED = 1 };
#else
enum { IS_PADDED = 0 };
#endif

enum {
  STACK_SIZE   = MAX_STACK + 16384, ///< With what libc needs for a thread
  MARGIN       = 256,               ///< Of the frame that paints, which stays as it is
  N_TAKES      = 6,
  BLOCK_LENGTH = 700 ///< Two whole slices, and a part of one
};

static StressHost rig;
static Take       take;
static Recording  recording;

/// The stack of a thread, and a page below it that is no one's
typedef struct {
  unsigned char* guard;
  unsigned char* stack;
  size_t         page_size;
} Cellar;

static Cellar cellar;
static size_t deepest; ///< Bytes that the last call took

// ---- A thread with little stack

static void
dig(void)
{
  cellar.page_size = (size_t)sysconf(_SC_PAGESIZE);

  const size_t n_pages = (STACK_SIZE - 1U) / cellar.page_size + 2U;
  cellar.guard =
    (unsigned char*)aligned_alloc(cellar.page_size, n_pages * cellar.page_size);
  ck_assert_ptr_nonnull(cellar.guard);
  cellar.stack = cellar.guard + cellar.page_size;
  ck_assert_int_eq(mprotect(cellar.guard, cellar.page_size, PROT_NONE), 0);
}

static void
fill_in(void)
{
  ck_assert_int_eq(mprotect(cellar.guard, cellar.page_size, PROT_READ | PROT_WRITE), 0);
  free(cellar.guard);
}

/// Paint the stack, call, and look how far down the paint is gone
static void*
paint_and_call(void* const call)
{
  unsigned char* const here = (unsigned char*)__builtin_frame_address(0);
  memset(cellar.stack, PAINT, (size_t)(here - cellar.stack) - MARGIN);

  (*(void (**)(void))call)();

  const unsigned char* lowest = cellar.stack;
  while (*lowest == PAINT) {
    ++lowest;
  }
  deepest = (size_t)(here - lowest);
  return NULL;
}

/// Check how much stack a call takes in the cellar
static void
check_call(void (*call)(void), const char* const what)
{
  pthread_t      thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  ck_assert_int_eq(pthread_attr_setstack(&attributes, cellar.stack, STACK_SIZE), 0);
  ck_assert_int_eq(pthread_create(&thread, &attributes, paint_and_call, &call), 0);
  pthread_join(thread, NULL);
  pthread_attr_destroy(&attributes);
  ck_assert_msg(deepest <= MAX_STACK,
                "%s takes %zu bytes of stack to %s",
                rig.plugin->uri,
                deepest,
                what);
}

// ---- What is called there

static void
call_run(void)
{
  lilv_instance_run(rig.instance, rig.n_frames);
}

static void
call_activate(void)
{
  lilv_instance_activate(rig.instance);
}

static void
call_instantiate(void)
{
  const LV2_Descriptor* const     descriptor = rig.instance->lv2_descriptor;
  static const LV2_Feature* const features[] = {NULL};
  descriptor->cleanup(descriptor->instantiate(descriptor, 48000.0, "", features));
}

/// Let nothing be as easy as it could: no frame that is clean, no buffer of its own
static void
make_hard(const uint32_t seed)
{
  uint32_t out = STRESS_HOST_UNPATCHED;
  take_fill(&take, rig.plugin, seed);
  for (uint32_t p = 0; p < rig.plugin->n_ports; ++p) {
    const HostPort* const port = &rig.plugin->ports[p];
    out                        = is_output_signal(port) ? p : out;
    rig.wire[p] = is_output_signal(port) && seed % 3U == 2U ? STRESS_HOST_UNPATCHED : p;
    if (is_input_signal(port)) {
      rig.wire[p] = seed % 3U == 1U && out < STRESS_HOST_UNPATCHED ? out : p;
      for (uint32_t i = p; i < take.n_frames; i += 100U) {
        take.in[p][i] = NAN;
      }
    }
  }
}

START_TEST(calls_take_little_stack)
{
  stress_host_open(&rig, stress_host_plugin(_i), 48000.0);
  dig();
  check_call(call_instantiate, "instantiate");
  for (uint32_t seed = 0; seed < N_TAKES; ++seed) {
    make_hard(seed);
    stress_host_reset(&rig);
    check_call(call_activate, "activate");
    while (rig.frame < take.n_frames) {
      stress_host_set_block(
        &rig, &take, stress_host_next_block(&rig, &take, BLOCK_LENGTH));
      check_call(call_run, "run");
      stress_host_get_block(&rig, &take, &recording);
    }
  }
  fill_in();
  stress_host_close(&rig);
}
END_TEST

int
main(void)
{
  const int n_plugins = IS_PADDED ? 0 : stress_host_load();

  Suite* const suite = suite_create("stack");
  TCase* const tests = tcase_create("stack");
  tcase_add_loop_test(tests, calls_take_little_stack, 0, n_plugins);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
