// SPDX-License-Identifier: ISC
/// WAV files of recorders that were killed or count wrong: what is there is read

#include "support/program.h"
#include "support/scratch.h"
#include "support/test.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RENDER BUILD_DIR "/bin/render"
#define HEADER_SIZE 44U
#define N_FRAMES 1001U
#define N_BYTES (N_FRAMES * 2U)
#define RATE_HZ 48000

typedef struct {
  uint32_t    riff_size;
  uint32_t    data_size;
  uint32_t    n_bytes; ///< Of samples that are there
  const char* tail;    ///< A chunk behind them, or none
} Wav;

static void
setup(void)
{
  scratch_clear();
  setenv("LV2_PATH", TEST_LV2_PATH, 1);
  write_patch("through.ttl",
              "<> a ingen:Graph ; lv2:port <in> , <out> ;"
              " ingen:arc [ ingen:tail <in> ; ingen:head <out> ] .\n"
              "<in> a lv2:AudioPort , lv2:InputPort ; lv2:index 0 .\n"
              "<out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 1 .\n");
}

static int16_t
sample(const uint32_t i)
{
  return (int16_t)(1 + (int)((i * 40503U) % 60000U) - 30000);
}

static void
put(uint8_t* const at, const uint32_t number)
{
  for (uint32_t i = 0; i < 4; ++i) {
    at[i] = (uint8_t)(number >> 8U * i);
  }
}

static void
write_wav(const Wav* const wav)
{
  uint8_t bytes[HEADER_SIZE + N_BYTES] =
    "RIFF\0\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x80\xBB\0\0\0\x77\1\0\2\0\x10\0data";
  put(bytes + 4, wav->riff_size);
  put(bytes + 40, wav->data_size);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    bytes[HEADER_SIZE + 2 * i]     = (uint8_t)((uint32_t)sample(i) & 0xFFU);
    bytes[HEADER_SIZE + 2 * i + 1] = (uint8_t)((uint32_t)sample(i) >> 8U & 0xFFU);
  }

  FILE* const file = fopen("in.wav", "wb");
  ck_assert_ptr_nonnull(file);
  fwrite(bytes, 1, HEADER_SIZE + wav->n_bytes, file);
  if (wav->tail) {
    fwrite(wav->tail, 1, 12, file);
  }
  fclose(file);
}

/// Check how much of a file is read, and what is reported
static void
check_wav(const Wav wav, const uint32_t n_frames, const char* const warning)
{
  static float out[N_FRAMES + 2 * RATE_HZ];

  write_wav(&wav);
  const Result result = program_run(RENDER, "--in in=in.wav through.ttl out.wav");
  ck_assert_int_eq(result.status, 0);
  if (warning) {
    ck_assert_msg(strstr(result.err, warning), "%s", result.err);
  } else {
    ck_assert_str_eq(result.err, "");
  }

  SF_INFO        info = {.format = 0};
  SNDFILE* const file = sf_open("out.wav", SFM_READ, &info);
  ck_assert_ptr_nonnull(file);
  ck_assert_int_eq((int)sf_readf_float(file, out, N_FRAMES + 2 * RATE_HZ),
                   (int)n_frames + 2 * RATE_HZ);
  sf_close(file);
  for (uint32_t i = 0; i < n_frames + 2 * RATE_HZ; ++i) {
    ck_assert_float_eq(out[i], i < n_frames ? (float)sample(i) / 32768.0f : 0.0f);
  }
}

START_TEST(a_size_of_the_file_that_is_a_bit_wrong_does_not_matter)
{
  const uint32_t right = HEADER_SIZE + N_BYTES - 8U;
  check_wav((Wav){right, N_BYTES, N_BYTES, NULL}, N_FRAMES, NULL);
  check_wav((Wav){right + 8U, N_BYTES, N_BYTES, NULL}, N_FRAMES, NULL);
  check_wav((Wav){right + 1U, N_BYTES, N_BYTES, NULL}, N_FRAMES, NULL);
  check_wav((Wav){right - 8U, N_BYTES, N_BYTES, NULL}, N_FRAMES, NULL);
  check_wav((Wav){right + 12U, N_BYTES, N_BYTES, "LIST\4\0\0\0INFO"}, N_FRAMES, NULL);
}
END_TEST

START_TEST(a_recording_that_was_not_finished_is_read_with_a_warning)
{
  static const char* const warning = "warning: in.wav: byte 40: its recording was not";

  check_wav((Wav){0, 0, N_BYTES, NULL}, N_FRAMES, warning);
  check_wav((Wav){36, 0, N_BYTES, NULL}, N_FRAMES, warning);
  check_wav((Wav){UINT32_MAX, UINT32_MAX, N_BYTES, NULL}, N_FRAMES, warning);
  check_wav((Wav){0x7FFFFFFF, 0x7FFFFFDB, N_BYTES, NULL}, N_FRAMES, warning);
}
END_TEST

START_TEST(a_recording_without_sound_is_read)
{
  check_wav((Wav){36, 0, 0, NULL}, 0, NULL);
  check_wav((Wav){48, 0, 0, "LIST\4\0\0\0INFO"}, 0, NULL);
}
END_TEST

START_TEST(a_recording_that_is_cut_short_is_read_with_a_warning)
{
  check_wav(
    (Wav){HEADER_SIZE + N_BYTES - 8U, N_BYTES, 1200, NULL},
    600,
    "in.wav: byte 40: is cut short: it should have 2002 bytes of sound, but has "
    "1200");
  // In the middle of a frame
  check_wav(
    (Wav){HEADER_SIZE + N_BYTES - 8U, N_BYTES, 1201, NULL}, 600, "is cut short");
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("wav");
  TCase* const tests = tcase_create("wav");
  tcase_set_timeout(tests, 60);
  tcase_add_unchecked_fixture(tests, scratch_make, scratch_remove);
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, a_size_of_the_file_that_is_a_bit_wrong_does_not_matter);
  tcase_add_test(tests, a_recording_that_was_not_finished_is_read_with_a_warning);
  tcase_add_test(tests, a_recording_without_sound_is_read);
  tcase_add_test(tests, a_recording_that_is_cut_short_is_read_with_a_warning);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
