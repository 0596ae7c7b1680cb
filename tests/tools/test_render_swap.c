// SPDX-License-Identifier: ISC
// Patches whose plugins are exchanged while they are rendered

#include "support/program.h"
#include "support/scratch.h"
#include "support/test.h"

#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define RENDER BUILD_DIR "/bin/render"
#define BUNDLE BUILD_DIR "/lv2/chronus.lv2"
#define MIXER                                                 \
  "<> a ingen:Graph ; lv2:port <out> ; ingen:block <m> .\n"   \
  "<out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 0 .\n"  \
  "<m> a ingen:Block ; lv2:prototype <urn:chronus:noise> .\n" \
  "<> ingen:arc [ ingen:tail <m/white> ; ingen:head <out> ] .\n"

static glob_t patches;

static void
setup(void)
{
  setenv("LV2_PATH", TEST_LV2_PATH, 1);
  ck_assert_int_eq(system("rm -rf copy && cp -RL '" BUNDLE "' copy"), 0);
}

static void
render(const char* const options, const char* const patch, const char* const out)
{
  char arguments[1024];
  snprintf(
    arguments, sizeof(arguments), "--seconds 2.5 %s '%s' %s", options, patch, out);
  const Result result = program_run(RENDER, arguments);
  ck_assert_msg(result.status == 0, "%s", result.err);
}

START_TEST(every_patch_goes_on_bit_for_bit)
{
  const char* const patch = patches.gl_pathv[_i];
  render("", patch, "whole.wav");
  render(
    "--swap 0s=copy --swap 501.3ms=" BUNDLE " --swap 1.5s=copy", patch, "swapped.wav");
  ck_assert_msg(!system("cmp whole.wav swapped.wav"), "%s", patch);
}
END_TEST

START_TEST(the_rate_may_be_any)
{
  const char* const patch = SOURCE_DIR "/presets/patches/first-voice.ttl";
  render("--rate 192000 --block 64", patch, "whole.wav");
  render("--rate 192000 --block 64 --swap 1.5s=copy", patch, "swapped.wav");
  ck_assert_int_eq(system("cmp whole.wav swapped.wav"), 0);
}
END_TEST

/// Change the layout that a library of the copy has, wherever it stands in it
static void
change_layout(const char* const name)
{
  static uint8_t bytes[1U << 23U];
  char           path[256];
  snprintf(path, sizeof(path), BUILD_DIR "/layout/%s_layout.c", name);
  FILE* const        source = fopen(path, "r");
  unsigned long long layout = 0;
  ck_assert_ptr_nonnull(source);
  ck_assert_int_eq(
    fscanf(source,
           "#include \"lv2/swap.h\" const uint64_t swap_layout = UINT64_C(%llx",
           &layout),
    1);
  fclose(source);

  snprintf(path, sizeof(path), "copy/%s.so", name);
  FILE* const library = fopen(path, "r+");
  ck_assert_ptr_nonnull(library);
  const size_t size = fread(bytes, 1, sizeof(bytes), library);
  uint32_t     n    = 0;
  for (size_t i = 0; i + sizeof(layout) <= size; ++i) {
    if (!memcmp(bytes + i, &layout, sizeof(layout))) {
      ++bytes[i];
      ++n;
    }
  }
  ck_assert_uint_gt(n, 0);
  rewind(library);
  ck_assert_uint_eq(fwrite(bytes, 1, size, library), size);
  fclose(library);
}

START_TEST(another_layout_goes_on_from_what_has_a_name)
{
  static const char* const names[] = {"adsr", "biquad", "midi_cv", "oscillator", "vca"};
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); ++i) {
    change_layout(names[i]);
  }
  const char* const patch = SOURCE_DIR "/presets/patches/first-voice.ttl";
  render("", patch, "whole.wav");
  render("--swap 1.5s=copy", patch, "swapped.wav");
  ck_assert_int_eq(system("cmp whole.wav swapped.wav"), 0);
}
END_TEST

/// Lines are as good as lost, but what is heard of them fades
START_TEST(another_layout_of_lines_crosses_over)
{
  const char* const patch = SOURCE_DIR "/presets/patches/dub-delay.ttl";
  change_layout("delay");
  render("", patch, "whole.wav");
  render("--swap 1.5s=copy", patch, "swapped.wav");
  ck_assert_int_ne(system("cmp -s whole.wav swapped.wav"), 0);
  ck_assert_int_eq(system("cmp -s -n 200000 whole.wav swapped.wav"), 0);
}
END_TEST

static const struct {
  const char* options;
  const char* message;
} refusals[] = {
  {"--swap 1.5s", "must look like NAME=VALUE"},
  {"--swap soon=copy", "must be a time such as 1.5s or 250ms"},
  {"--swap s=copy", "must be a time such as 1.5s or 250ms"},
  {"--swap -1s=copy", "must be a time such as 1.5s or 250ms"},
  {"--swap 5s=copy", "comes after the end"},
  {"--swap 2s=copy --swap 1s=copy", "must not come before the one that stands before"},
  {"--swap 1s=nowhere", "nowhere: has none of the plugins of the patch"},
};

START_TEST(what_makes_no_sense_is_refused)
{
  char arguments[256];
  write_patch("noise.ttl", MIXER);
  snprintf(arguments,
           sizeof(arguments),
           "--seconds 3 %s noise.ttl out.wav",
           refusals[_i].options);
  program_check_refused(RENDER, arguments, refusals[_i].message);
}
END_TEST

START_TEST(a_library_that_does_not_load_is_refused)
{
  write_patch("noise.ttl", MIXER);
  write_text("copy/noise.so", "no library");
  // lilv has a line of its own for it
  const Result result =
    program_run(RENDER, "--seconds 3 --swap 1s=copy noise.ttl out.wav");
  ck_assert(WIFEXITED(result.status) && WEXITSTATUS(result.status) == EXIT_FAILURE);
  ck_assert(strstr(result.err, "Noise cannot go on here: its library does not load"));
  ck_assert(!exists("out.wav"));
}
END_TEST

START_TEST(other_ports_are_refused)
{
  write_patch("noise.ttl", MIXER);
  ck_assert_int_eq(system("sed -i 's/lv2:symbol \"white\"/lv2:symbol \"whiter\"/'"
                          " copy/noise.ttl"),
                   0);
  program_check_refused(RENDER,
                        "--seconds 3 --swap 1s=copy noise.ttl out.wav",
                        "copy: m: Chronus Noise cannot go on here: it has other ports");
}
END_TEST

int
main(void)
{
  if (glob(SOURCE_DIR "/presets/patches/*.ttl", 0, NULL, &patches)) {
    return EXIT_FAILURE;
  }

  Suite* const suite     = suite_create("render_swap");
  TCase* const tests     = tcase_create("render_swap");
  const int    n_refused = (int)(sizeof(refusals) / sizeof(refusals[0]));
  tcase_set_timeout(tests, 120);
  tcase_add_unchecked_fixture(tests, scratch_make, scratch_remove);
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_loop_test(tests, every_patch_goes_on_bit_for_bit, 0, (int)patches.gl_pathc);
  tcase_add_test(tests, another_layout_goes_on_from_what_has_a_name);
  tcase_add_test(tests, another_layout_of_lines_crosses_over);
  tcase_add_test(tests, the_rate_may_be_any);
  tcase_add_loop_test(tests, what_makes_no_sense_is_refused, 0, n_refused);
  tcase_add_test(tests, a_library_that_does_not_load_is_refused);
  tcase_add_test(tests, other_ports_are_refused);
  suite_add_tcase(suite, tests);
  const int status = run_tests(suite);
  globfree(&patches);
  return status;
}
