// SPDX-License-Identifier: ISC
// Nothing that a plugin does while it plays may wait: no memory, lock or system call

// For dladdr(), syscall() and the registers of a signal's context
#define _GNU_SOURCE

#include "support/stress_host.h"
#include "support/test.h"

#include "host/handover.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__SSE__)
#  include <xmmintrin.h>
#endif

#define RATE 48000.0

static StressHost rig;
static Take       take;
static Recording  recording;
static Handover   handover;

// ---- Calls that wait

static volatile bool     is_playing;
static volatile unsigned n_calls; ///< How many came while playing

static void
count_call(void)
{
  n_calls += is_playing;
}

static void
heap_call(const int n_pieces)
{
  (void)n_pieces;
  count_call();
}

#include "support/heap.h"

#if defined(HAS_HEAP)
static const bool is_sanitized = false;
#else
static const bool is_sanitized = true;
#endif

// As the functions of the heap do, these stand before those of the C library
#pragma GCC visibility push(default)

int
pthread_mutex_lock(pthread_mutex_t* const mutex)
{
  count_call();

  int status = EBUSY;
  while ((status = pthread_mutex_trylock(mutex)) == EBUSY) {
  }
  return status;
}

ssize_t
write(const int file, const void* const data, const size_t size)
{
  count_call();
  return syscall(SYS_write, file, data, size);
}

ssize_t
read(const int file, void* const data, const size_t size)
{
  count_call();
  return syscall(SYS_read, file, data, size);
}

int
nanosleep(const struct timespec* const time, struct timespec* const left)
{
  count_call();
  return (int)syscall(SYS_clock_nanosleep, CLOCK_REALTIME, 0, time, left);
}

int
sched_yield(void)
{
  count_call();
  return (int)syscall(SYS_sched_yield);
}

#pragma GCC visibility pop

START_TEST(calls_are_counted)
{
  static const char* const names[] = {"pthread_mutex_lock",
                                      "write",
                                      "read",
                                      "nanosleep",
                                      "sched_yield",
                                      "malloc",
                                      "calloc",
                                      "realloc",
                                      "aligned_alloc",
                                      "posix_memalign",
                                      "free"};

  // Functions that libraries find by these names
  Dl_info own;
  ck_assert_int_ne(dladdr((const void*)&is_playing, &own), 0);
  for (unsigned i = 0; i < (is_sanitized ? 5 : 11); ++i) {
    Dl_info found;
    ck_assert_int_ne(dladdr(dlsym(RTLD_DEFAULT, names[i]), &found), 0);
    ck_assert_ptr_eq(found.dli_fbase, own.dli_fbase);
  }

  n_calls    = 0;
  is_playing = true;
  sched_yield();
  sched_yield();
  is_playing = false;
  sched_yield();
  ck_assert_uint_eq(n_calls, 2);
}
END_TEST

START_TEST(calls_of_plugins_are_counted)
{
  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  const LV2_Descriptor* const descriptor = rig.instance->lv2_descriptor;

  n_calls                = 0;
  is_playing             = true;
  const LV2_Handle other = descriptor->instantiate(descriptor, RATE, "", NULL);
  is_playing             = false;
  ck_assert_uint_eq(n_calls, is_sanitized ? 0 : 2);

  is_playing = true;
  descriptor->cleanup(other);
  is_playing = false;
  ck_assert_uint_eq(n_calls, is_sanitized ? 0 : 4);
  stress_host_close(&rig);
}
END_TEST

/// Open a plugin, with room for its state
static void
open_rig(const int plugin)
{
  stress_host_open(&rig, stress_host_plugin(plugin), RATE);
  handover = handover_new(stress_host_host());
  ck_assert(handover_save(&handover, rig.instance));
}

static void
close_rig(void)
{
  handover_free(&handover);
  stress_host_close(&rig);
}

/// Do to the plugin all that a host may do while others wait for it
static void
play_block(void)
{
  handover_save(&handover, rig.instance);
  handover_restore(&handover, rig.instance);
  lilv_instance_deactivate(rig.instance);
  lilv_instance_activate(rig.instance);
  stress_host_connect(&rig, 0);
  lilv_instance_run(rig.instance, rig.n_frames);
}

START_TEST(playing_calls_nothing_that_waits)
{
  open_rig(_i);
  n_calls = 0;
  for (uint32_t seed = 0; seed < 4; ++seed) {
    take_fill(&take, rig.plugin, seed);
    stress_host_reset(&rig);
    while (rig.frame < take.n_frames) {
      stress_host_set_block(&rig, &take, stress_host_next_block(&rig, &take, 500));
      is_playing = true;
      if (rig.frame == 150) {
        play_block();
      }
      lilv_instance_run(rig.instance, rig.n_frames);
      is_playing = false;
      stress_host_get_block(&rig, &take, &recording);
    }
  }
  ck_assert_msg(
    n_calls == 0, "%s calls what may wait %u times", rig.plugin->uri, n_calls);
  close_rig();
}
END_TEST

// ---- System calls

/// Run `play` in a process that a system call ends at once, and return if it got
/// through
static bool
plays_without_system_calls(void (*const play)(void))
{
  const pid_t child = fork();
  ck_assert_int_ge(child, 0);
  if (child == 0) {
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
    play();
    syscall(SYS_exit, 0);
  }

  int status = 0;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void
call_system(void)
{
  syscall(SYS_getppid);
}

static void
call_nothing(void)
{
}

START_TEST(system_calls_are_seen)
{
  ck_assert(plays_without_system_calls(call_nothing));
  ck_assert(!plays_without_system_calls(call_system));
}
END_TEST

START_TEST(playing_makes_no_system_call)
{
  open_rig(_i);
  for (uint32_t seed = 0; seed < 4; ++seed) {
    take_fill(&take, rig.plugin, seed);
    stress_host_reset(&rig);
    stress_host_set_block(&rig, &take, 5000);
    ck_assert_msg(
      plays_without_system_calls(play_block), "%s calls the system", rig.plugin->uri);
  }
  close_rig();
}
END_TEST

// ---- Libraries

/// Write the path of a plugin's library to `path`
static void
library_path(const HostPlugin* const plugin, char* const path, const size_t size)
{
  char* const file = lilv_file_uri_parse(
    lilv_node_as_uri(lilv_plugin_get_library_uri(plugin->lilv)), NULL);

  ck_assert_ptr_nonnull(file);
  snprintf(path, size, "%s", file);
  lilv_free(file);
}

/// Call `check` with each line that a program prints of a plugin's library
static void
for_each_line(const char* const       program,
              const HostPlugin* const plugin,
              void (*const check)(const HostPlugin*, const char*))
{
  char path[1024];
  char command[1200];
  library_path(plugin, path, sizeof(path));
  snprintf(command, sizeof(command), "LC_ALL=C %s '%s'", program, path);

  FILE* const pipe = popen(command, "r");
  ck_assert_ptr_nonnull(pipe);

  char     line[512];
  unsigned n_lines = 0;
  for (; fgets(line, sizeof(line), pipe); ++n_lines) {
    line[strcspn(line, "\n")] = '\0';
    check(plugin, line);
  }
  ck_assert_msg(pclose(pipe) == 0 && n_lines > 0, "%s fails", command);
}

/// Return true if `name` is one of the mathematical functions of the C library
static bool
is_mathematics(const char* const name)
{
  void* const libm   = dlopen("libm.so.6", RTLD_NOW);
  void* const symbol = libm ? dlsym(libm, name) : NULL;

  Dl_info    info;
  const bool is_in_libm =
    symbol && dladdr(symbol, &info) && strstr(info.dli_fname, "/libm");
  if (libm) {
    dlclose(libm);
  }
  return is_in_libm;
}

/// Return true if a plugin has a thread of the host's read files
static bool
takes_file(const HostPlugin* const plugin)
{
  LilvNode* const uri   = lilv_new_uri(host_world(stress_host_host()),
                                     "http://lv2plug.in/ns/ext/worker#interface");
  const bool      takes = lilv_plugin_has_extension_data(plugin->lilv, uri);

  lilv_node_free(uri);
  return takes;
}

static void
check_import(const HostPlugin* const plugin, const char* const line)
{
  static const char* const allowed[] = {"calloc",
                                        "free",
                                        "aligned_alloc",
                                        "memcpy",
                                        "memset",
                                        "memmove",
                                        "memcmp",
                                        "memchr",
                                        "strcmp",
                                        "strlen",
                                        "__memcpy_chk",
                                        "__memset_chk",
                                        "__memmove_chk",
                                        "__stack_chk_fail",
                                        "__cxa_finalize",
                                        "__gmon_start__",
                                        "_ITM_deregisterTMCloneTable",
                                        "_ITM_registerTMCloneTable"};

  // Reader of files, outside of the thread that plays
  static const char* const for_files[] = {
    "fopen", "fopen64", "fread", "fclose", "ferror", "strrchr"};

  char name[256] = "";
  char type      = '\0';
  ck_assert_int_eq(sscanf(line, " %c %255[^@ ]", &type, name), 2);
  for (unsigned i = 0; i < sizeof(for_files) / sizeof(for_files[0]); ++i) {
    if (takes_file(plugin) && !strcmp(for_files[i], name)) {
      return;
    }
  }
  for (unsigned i = 0; i < sizeof(allowed) / sizeof(allowed[0]); ++i) {
    if (!strcmp(allowed[i], name)) {
      return;
    }
  }
  ck_assert_msg(is_mathematics(name), "%s imports %s", plugin->uri, name);
}

static void
check_export(const HostPlugin* const plugin, const char* const line)
{
  char name[256] = "";
  ck_assert_int_eq(sscanf(line, "%*x %*c %255s", name), 1);
  ck_assert_msg(!strcmp(name, "lv2_descriptor"), "%s exports %s", plugin->uri, name);
}

static void
check_needed(const HostPlugin* const plugin, const char* const line)
{
  const char* const needed = strstr(line, "(NEEDED)") ? strchr(line, '[') : NULL;

  ck_assert_msg(!needed || !strncmp(needed, "[libm.so", 8) ||
                  !strncmp(needed, "[libc.so", 8),
                "%s needs %s",
                plugin->uri,
                needed);
}

START_TEST(libraries_import_little_and_export_one_function)
{
  for_each_line("nm -D --undefined-only", stress_host_plugin(_i), check_import);
  for_each_line("nm -D --defined-only", stress_host_plugin(_i), check_export);
  for_each_line("readelf -d", stress_host_plugin(_i), check_needed);
}
END_TEST

// ---- Floating point mode

#if defined(__SSE__)

/// Float modes of hosts' threads
static const unsigned modes[] = {
  0x1f80U, ///< As a process starts
  0x9fc0U, ///< Without denormals
  0x5f80U, ///< Rounding up
  0x0f80U  ///< With a trap for rounding, which happens all the time
};

enum { N_MODES = sizeof(modes) / sizeof(modes[0]) };

START_TEST(float_mode_does_not_matter)
{
  static Recording expected;

  const unsigned host_mode = _mm_getcsr();
  take_fill(&take, stress_host_plugin(_i), 1);
  for (unsigned m = 0; m < N_MODES; ++m) {
    _mm_setcsr(modes[m]);
    stress_host_open(&rig, stress_host_plugin(_i), RATE);
    stress_host_play(&rig, &take, 100, m > 0 ? &recording : &expected);
    _mm_setcsr(host_mode);
    stress_host_check_same(&rig, &take, &expected, m > 0 ? &recording : &expected);
    stress_host_close(&rig);
  }
}
END_TEST

START_TEST(float_mode_is_left_alone)
{
  const unsigned host_mode = _mm_getcsr();

  char path[1024];
  library_path(stress_host_plugin(_i), path, sizeof(path));
  for (unsigned m = 0; m < N_MODES; ++m) {
    _mm_setcsr(modes[m]);
    void* const library = dlopen(path, RTLD_NOW);
    ck_assert_uint_eq(_mm_getcsr(), modes[m]);
    _mm_setcsr(host_mode);
    ck_assert_ptr_nonnull(library);

    stress_host_open(&rig, stress_host_plugin(_i), RATE);
    take_fill(&take, rig.plugin, 1);
    stress_host_set_block(&rig, &take, 1000);
    const LV2_Descriptor* const descriptor = rig.instance->lv2_descriptor;

    _mm_setcsr(modes[m]);
    const LV2_Handle other = descriptor->instantiate(descriptor, RATE, "", NULL);
    descriptor->activate(other);
    descriptor->run(other, 100);
    descriptor->cleanup(other);
    play_block();
    const unsigned mode = _mm_getcsr();
    _mm_setcsr(host_mode);
    ck_assert_uint_eq(mode & ~0x3fU, modes[m]);
    stress_host_close(&rig);
    dlclose(library);
  }
}
END_TEST

#endif

#if defined(__x86_64__) && defined(__linux__)

enum { PAGE_BYTES = 4096 };

static void*             page;
static volatile unsigned mode_inside;

/// Take the floating point mode of who writes to `page`, and let it
static void
on_write(const int number, siginfo_t* const info, void* const context)
{
  (void)number;
  (void)info;
  mode_inside = ((const ucontext_t*)context)->uc_mcontext.fpregs->mxcsr;
  mprotect(page, PAGE_BYTES, PROT_READ | PROT_WRITE);
}

static uint32_t
first_output(const HostPlugin* const plugin)
{
  uint32_t p = 0;
  while (p < plugin->n_ports && !is_output_signal(&plugin->ports[p])) {
    ++p;
  }
  ck_assert_uint_lt(p, plugin->n_ports);
  return p;
}

START_TEST(denormals_are_zero_inside_run)
{
  static const unsigned flush = 0x8040U;

  struct sigaction action = {0};
  action.sa_sigaction     = on_write;
  action.sa_flags         = SA_SIGINFO;
  ck_assert_int_eq(sigaction(SIGSEGV, &action, NULL), 0);

  page = mmap(NULL, PAGE_BYTES, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ck_assert_ptr_ne(page, MAP_FAILED);

  stress_host_open(&rig, stress_host_plugin(_i), RATE);
  take_fill(&take, rig.plugin, 0);
  stress_host_set_block(&rig, &take, 10);
  lilv_instance_connect_port(rig.instance, first_output(rig.plugin), page);
  lilv_instance_run(rig.instance, 10);
  ck_assert_uint_eq(mode_inside & flush, flush);
  ck_assert_uint_eq(_mm_getcsr() & flush, 0);
  stress_host_close(&rig);
  munmap(page, PAGE_BYTES);
}
END_TEST

#endif

int
main(void)
{
  const int n_plugins = stress_host_load();

  Suite* const suite = suite_create("realtime");
  TCase* const tests = tcase_create("realtime");
  tcase_add_test(tests, calls_are_counted);
  tcase_add_loop_test(tests, calls_of_plugins_are_counted, 0, n_plugins);
  tcase_add_loop_test(tests, playing_calls_nothing_that_waits, 0, n_plugins);
  if (is_sanitized) {
    puts("note: the sanitizers import and call what plugins may not: not tested");
  } else {
    tcase_add_test(tests, system_calls_are_seen);
    tcase_add_loop_test(tests, playing_makes_no_system_call, 0, n_plugins);
    tcase_add_loop_test(
      tests, libraries_import_little_and_export_one_function, 0, n_plugins);
  }
#if defined(__SSE__)
  tcase_add_loop_test(tests, float_mode_does_not_matter, 0, n_plugins);
  tcase_add_loop_test(tests, float_mode_is_left_alone, 0, n_plugins);
#endif
#if defined(__x86_64__) && defined(__linux__)
  tcase_add_loop_test(tests, denormals_are_zero_inside_run, 0, n_plugins);
#endif
  suite_add_tcase(suite, tests);

  const int status = run_tests(suite);
  stress_host_unload();
  return status;
}
