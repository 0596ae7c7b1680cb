// SPDX-License-Identifier: ISC
/**
   Programs under odd files, odd numbers and signals.

   Files that never end or never begin, links, long names, outputs that are inputs, and
   numbers that no type holds.
*/

#include "support/program.h"
#include "support/scratch.h"
#include "support/test.h"

#include <sndfile.h>

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BENCH BUILD_DIR "/bin/bench"
#define LISTEN BUILD_DIR "/bin/listen"
#define MEASURE BUILD_DIR "/bin/measure"
#define PATCH2CARLA BUILD_DIR "/bin/patch2carla"
#define RENDER BUILD_DIR "/bin/render"
#define MELODY SOURCE_DIR "/presets/patches/first-voice.mid"
#define LONG_NAME 255 ///< Of a file, in bytes

static const char through[] =
  "<> a ingen:Graph ; lv2:port <in> , <out> ;"
  " ingen:arc [ ingen:tail <in> ; ingen:head <out> ] .\n"
  "<in> a lv2:AudioPort , lv2:InputPort ; lv2:index 0 .\n"
  "<out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 1 .\n";

static const char voice[] =
  "<> a ingen:Graph ; lv2:port <midi> , <out> ; ingen:block <keys> , <osc> ;"
  " ingen:arc [ ingen:tail <midi> ; ingen:head <keys/midi> ] ,"
  " [ ingen:tail <keys/pitch> ; ingen:head <osc/pitch> ] ,"
  " [ ingen:tail <osc/out> ; ingen:head <out> ] .\n"
  "<midi> a atom:AtomPort , lv2:InputPort ; lv2:index 0 .\n"
  "<out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 1 .\n"
  "<keys> a ingen:Block ; lv2:prototype <urn:chronus:midi_cv> .\n"
  "<osc> a ingen:Block ; lv2:prototype <urn:chronus:oscillator> .\n";

static const char tone[] =
  "<> a ingen:Graph ; lv2:port <out> ; ingen:block <osc> ;"
  " ingen:arc [ ingen:tail <osc/out> ; ingen:head <out> ] .\n"
  "<out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 0 .\n"
  "<osc> a ingen:Block ; lv2:prototype <urn:chronus:oscillator> .\n"
  "<osc/level> ingen:value \"-6 dB\" .\n";

static void
setup(void)
{
  scratch_clear();
  setenv("LV2_PATH", TEST_LV2_PATH, 1);
  write_patch("through.ttl", through);
  write_patch("voice.ttl", voice);
  write_patch("tone.ttl", tone);
}

static Result
check_works(const char* const arguments)
{
  return program_check_works(RENDER, arguments);
}

static void
check_refused(const char* const arguments, const char* const message)
{
  program_check_refused(RENDER, arguments, message);
}

/// Write a second of silence
static void
write_silence(const char* const path)
{
  static const float frames[48000];

  SF_INFO info = {
    .samplerate = 48000, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  ck_assert_ptr_nonnull(file);
  ck_assert_int_eq(sf_writef_float(file, frames, 48000), 48000);
  sf_close(file);
}

/// Make a file that is as large as a disk, but holds nothing
static void
write_nothing(const char* const path)
{
  write_text(path, "");
  ck_assert_int_eq(truncate(path, (off_t)1 << 40U), 0);
}

static mode_t
mode_of(const char* const path)
{
  struct stat info;
  ck_assert_int_eq(lstat(path, &info), 0);
  return info.st_mode;
}

static void
copy(const char* const from, const char* const to)
{
  char command[1024];
  snprintf(command, sizeof(command), "cp '%s' '%s'", from, to);
  ck_assert_int_eq(system(command), 0);
}

static bool
is_same(const char* const a, const char* const b)
{
  char command[2048];
  snprintf(command, sizeof(command), "cmp -s '%s' '%s'", a, b);
  return !system(command);
}

// ---- Numbers

/// Check that a program refuses every bad number, where "%s" stands for it
static void
check_numbers(const char* const program,
              const char* const arguments,
              const char* const message)
{
  static const char* const numbers[] = {"-1",
                                        "nan",
                                        "-nan",
                                        "inf",
                                        "-inf",
                                        "1e308",
                                        "-1e308",
                                        "1e999",
                                        "0x10",
                                        "4294967297",
                                        "18446744073709551617",
                                        "''",
                                        "1,5",
                                        "' 1'",
                                        "1x",
                                        "-0.5"};

  const char* const mark = strstr(arguments, "%s");
  for (size_t n = 0; n < sizeof(numbers) / sizeof(numbers[0]); ++n) {
    char command[256];
    snprintf(command,
             sizeof(command),
             "%.*s%s%s",
             (int)(mark - arguments),
             arguments,
             numbers[n],
             mark + 2);
    program_check_refused(program, command, message);
  }
}

START_TEST(numbers_that_no_type_holds_are_refused)
{
  static const char must_be[] = ": must be a number from ";

  check_numbers(RENDER, "--block %s tone.ttl out.wav", must_be);
  check_numbers(RENDER, "--rate %s tone.ttl out.wav", must_be);
  check_numbers(RENDER, "--seconds %s tone.ttl out.wav", must_be);
  check_numbers(RENDER, "--tempo %s tone.ttl out.wav", must_be);
  check_numbers(RENDER, "--bits %s tone.ttl out.wav", ": must be 16, 24 or 32");
  check_numbers(MEASURE, "--rate %s", "measure: a sample rate is a number from");
  check_numbers(BENCH, "--rounds %s", "bench: --rounds does not take ");
  check_numbers(BENCH, "--fixed %s", "bench: --fixed does not take ");
  check_numbers(BENCH, "--crowd %s", "bench: --crowd does not take ");
  check_numbers(BENCH, "--instances %s", "bench: --instances does not take ");
  check_numbers(BENCH, "--block 64,%s", "bench: --block does not take ");
  check_numbers(LISTEN, "in.wav --channel %s", "Usage: listen");
  program_check_refused(BENCH, "--fixed -4294967295", "bench: --fixed does not take ");
  program_check_refused(LISTEN, "in.wav --cross nan", "Usage: listen");
  program_check_refused(LISTEN, "in.wav --from nan", "Usage: listen");
  program_check_refused(LISTEN, "in.wav --to -inf", "Usage: listen");
}
END_TEST

START_TEST(knobs_take_no_number_that_floats_do_not_hold)
{
  static const char* const numbers[] = {
    "nan", "inf", "-inf", "1e308", "-1e39", "1e999", "0x1", "1,5", "1x", "--1"};

  for (size_t n = 0; n < sizeof(numbers) / sizeof(numbers[0]); ++n) {
    char arguments[256];
    snprintf(
      arguments, sizeof(arguments), "--set osc/octave=%s tone.ttl out.wav", numbers[n]);
    check_refused(arguments, "tone.ttl: osc/octave: ");
  }
}
END_TEST

START_TEST(texts_that_are_longer_than_values_are_refused)
{
  char spaces[512];
  char arguments[2048];
  memset(spaces, ' ', sizeof(spaces));
  spaces[300] = '\0';
  snprintf(arguments,
           sizeof(arguments),
           "--set osc/level='-6 dB%sx' tone.ttl out.wav",
           spaces);
  check_refused(arguments, "osc/level: -6 dB");
  check_refused(arguments, "... is longer than any value");

  char digits[512];
  memset(digits, '0', sizeof(digits));
  digits[300] = '\0';
  snprintf(
    arguments, sizeof(arguments), "--set osc/level=-6.%s1dBx tone.ttl out.wav", digits);
  check_refused(arguments, "... is longer than any value");

  snprintf(arguments,
           sizeof(arguments),
           "--seconds 0.1 --set osc/level='%s-6 dB%s' tone.ttl out.wav",
           spaces,
           spaces);
  check_works(arguments);
}
END_TEST

// ---- Inputs

START_TEST(what_never_ends_is_refused)
{
  static const char message[] = "is longer than 64 MB, which no such file should be";

  write_nothing("nothing");
  check_refused("--in midi=/dev/zero voice.ttl out.wav", message);
  check_refused("--in midi=/dev/urandom voice.ttl out.wav", message);
  check_refused("--in midi=nothing voice.ttl out.wav", message);
  check_refused("/dev/zero out.wav", message);
  check_refused("/dev/urandom out.wav", message);
  check_refused("nothing out.wav", message);
  check_refused("--in in=/dev/zero through.ttl out.wav", "it is not a file with sound");
  check_refused("--in in=/dev/zero#1 through.ttl out.wav",
                "it is not a file with sound");
  check_refused("--in in=nothing through.ttl out.wav", "nothing: can't be read: ");
  program_check_refused(PATCH2CARLA, "/dev/zero out.carxp", message);
  program_check_refused(PATCH2CARLA, "nothing out.carxp", message);
}
END_TEST

START_TEST(what_is_no_file_is_refused)
{
  ck_assert_int_eq(mkdir("folder", 0755), 0);
  ck_assert_int_eq(mkfifo("pipe", 0644), 0);
  check_refused("--in midi=folder voice.ttl out.wav",
                "folder: can't be read: Is a dir");
  check_refused("--in midi=/dev/null voice.ttl out.wav", "/dev/null: is empty");
  check_refused("--in in=folder through.ttl out.wav", "it is not a file with sound");
  check_refused("--in in=pipe through.ttl out.wav", "it is not a file with sound");
  check_refused("folder out.wav", "folder: can't be read: Is a directory");
  check_refused("/dev/null out.wav", "/dev/null: holds no ingen:Graph");
  program_check_refused(
    PATCH2CARLA, "folder out.carxp", "can't be read: Is a directory");
}
END_TEST

/// A file that is read but once can't be gone when it is read again
START_TEST(patches_and_songs_may_come_through_pipes)
{
  ck_assert_int_eq(mkfifo("patch", 0644), 0);
  ck_assert_int_eq(mkfifo("song", 0644), 0);
  check_works("--in midi=" MELODY
              " --seconds 1 --set osc/level=-6 voice.ttl expected.wav");
  ck_assert_int_eq(system("cat voice.ttl >patch &"), 0);
  ck_assert_int_eq(system("cat '" MELODY "' >song &"), 0);
  check_works("--in midi=song --seconds 1 --set osc/level=-6 patch out.wav");
  ck_assert(is_same("expected.wav", "out.wav"));
}
END_TEST

// ---- Signals

static void
wait_a_little(void)
{
  const struct timespec pause = {0, 5000000};

  nanosleep(&pause, NULL);
}

/// Start render without messages, with its options in `a` and `b`
static pid_t
start(const char* const a, const char* const b, const char* const patch)
{
  const pid_t child = fork();
  if (!child) {
    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stdout));
    execl(RENDER, RENDER, a, b, patch, "out.wav", (char*)NULL);
    _exit(127);
  }

  return child;
}

static void
check_ended_by(const pid_t child, const int number)
{
  int status = 0;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert_msg(
    WIFSIGNALED(status) && WTERMSIG(status) == number, "ends by %d", status);
  ck_assert(!exists("out*"));
}

/// Open a pipe for writing once a program reads from it
static int
await_reader(const char* const path)
{
  int fd = -1;
  for (int i = 0; i < 2000 && fd < 0; ++i) {
    fd = open(path, O_WRONLY | O_NONBLOCK);
    wait_a_little();
  }

  ck_assert_int_ge(fd, 0);
  return fd;
}

/// A pipe from which nothing comes keeps render waiting, but not from ending
START_TEST(a_signal_ends_the_wait_for_input)
{
  ck_assert_int_eq(mkfifo("pipe", 0644), 0);
  const pid_t for_patch = start("--seconds", "1", "pipe");
  const int   patch     = await_reader("pipe");
  ck_assert_int_eq(kill(for_patch, SIGINT), 0);
  check_ended_by(for_patch, SIGINT);
  close(patch);

  const pid_t for_song = start("--in", "midi=pipe", "voice.ttl");
  const int   song     = await_reader("pipe");
  ck_assert_int_eq(write(song, "MThd", 4), 4);
  ck_assert_int_eq(kill(for_song, SIGTERM), 0);
  check_ended_by(for_song, SIGTERM);
  close(song);
}
END_TEST

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

/// nohup has SIGHUP ignored, and a shell SIGINT for what it runs in the background
START_TEST(signals_that_were_ignored_stay_so)
{
  signal(signals[_i], SIG_IGN);
  const pid_t child = start("--seconds", "1e6", "tone.ttl");
  signal(signals[_i], SIG_DFL);
  for (int i = 0; i < 2000 && !exists("out.wav.*"); ++i) {
    wait_a_little();
  }
  ck_assert(exists("out.wav.*"));
  ck_assert_int_eq(kill(child, signals[_i]), 0);
  for (int i = 0; i < 40; ++i) {
    wait_a_little();
  }
  ck_assert_int_eq(waitpid(child, NULL, WNOHANG), 0);

  const int other = signals[(_i + 1) % 3];
  ck_assert_int_eq(kill(child, other), 0);
  check_ended_by(child, other);
}
END_TEST

// ---- Outputs

START_TEST(links_are_written_through)
{
  ck_assert_int_eq(mkdir("far", 0755), 0);
  write_text("far/real.wav", "old");
  ck_assert_int_eq(symlink("real.wav", "far/near.wav"), 0);
  ck_assert_int_eq(symlink("far/near.wav", "out.wav"), 0);
  check_works("--seconds 0.1 tone.ttl out.wav");
  check_works("--seconds 0.1 tone.ttl expected.wav");
  ck_assert(S_ISLNK(mode_of("out.wav")));
  ck_assert(S_ISLNK(mode_of("far/near.wav")));
  ck_assert(S_ISREG(mode_of("far/real.wav")));
  ck_assert(is_same("far/real.wav", "expected.wav"));

  ck_assert_int_eq(symlink("far/new.wav", "new.wav"), 0);
  check_works("--seconds 0.1 tone.ttl new.wav");
  ck_assert(S_ISLNK(mode_of("new.wav")));
  ck_assert(is_same("far/new.wav", "expected.wav"));

  ck_assert_int_eq(symlink("far/old.carxp", "old.carxp"), 0);
  write_text("far/old.carxp", "old");
  program_check_works(PATCH2CARLA, "tone.ttl old.carxp");
  ck_assert(S_ISLNK(mode_of("old.carxp")));
  ck_assert_int_eq(system("grep -q CARLA-PROJECT far/old.carxp"), 0);
}
END_TEST

START_TEST(links_that_lead_nowhere_are_refused)
{
  ck_assert_int_eq(symlink("circle.wav", "circle.wav"), 0);
  ck_assert_int_eq(symlink("none/new.wav", "new.wav"), 0);
  check_refused("tone.ttl circle.wav", "circle.wav: can't be written: Too many levels");
  check_refused("tone.ttl new.wav", "new.wav: can't be written: No such file");
  ck_assert(S_ISLNK(mode_of("circle.wav")));
  ck_assert(S_ISLNK(mode_of("new.wav")));
}
END_TEST

START_TEST(files_keep_their_mode)
{
  static const mode_t modes[] = {0600, 0640, 0664, 0755};

  umask(022);
  write_text("out.wav", "old");
  ck_assert_int_eq(symlink("out.wav", "link.wav"), 0);
  for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); ++i) {
    ck_assert_int_eq(chmod("out.wav", modes[i]), 0);
    check_works("--seconds 0.1 tone.ttl out.wav");
    ck_assert_int_eq(mode_of("out.wav") & 0777, modes[i]);
    check_works("--seconds 0.1 tone.ttl link.wav");
    ck_assert_int_eq(mode_of("out.wav") & 0777, modes[i]);
  }
}
END_TEST

START_TEST(files_without_the_right_to_write_stay)
{
  write_text("kept.wav", "old");
  ck_assert_int_eq(chmod("kept.wav", 0444), 0);
  if (access("kept.wav", W_OK)) { // Not so for root
    check_refused("tone.ttl kept.wav", "kept.wav: can't be written: Permission denied");
  }
}
END_TEST

static void
check_same(const char* const arguments, const char* const input)
{
  copy(input, "before");
  check_refused(arguments, "can't be written: it is the same file as the input ");
  ck_assert(is_same(input, "before"));
}

START_TEST(the_output_must_not_be_an_input)
{
  write_silence("in.wav");
  copy(MELODY, "song.wav");
  copy("tone.ttl", "patch.wav");
  ck_assert_int_eq(symlink("in.wav", "symbolic.wav"), 0);
  ck_assert_int_eq(link("in.wav", "hard.wav"), 0);
  check_same("--in in=in.wav through.ttl in.wav", "in.wav");
  check_same("--in in=in.wav#1 through.ttl ./in.wav", "in.wav");
  check_same("--in in=in.wav through.ttl symbolic.wav", "in.wav");
  check_same("--in in=symbolic.wav through.ttl in.wav", "in.wav");
  check_same("--in in=in.wav through.ttl hard.wav", "in.wav");
  check_same("--in midi=song.wav voice.ttl song.wav", "song.wav");
  check_same("patch.wav patch.wav", "patch.wav");

  copy("tone.ttl", "before");
  program_check_refused(PATCH2CARLA, "tone.ttl tone.ttl", "it is the same file as the");
  ck_assert(is_same("tone.ttl", "before"));
}
END_TEST

/// Write a path with a name of `length` bytes: `character`, again and again, then .wav
static void
long_name(char* const path, const size_t length, const char* const character)
{
  const size_t n = strlen(character);

  *path = '\0';
  while (strlen(path) + n + 4U <= length) {
    strcat(path, character);
  }
  while (strlen(path) + 4U < length) {
    strcat(path, "x");
  }
  strcat(path, ".wav");
}

START_TEST(names_may_be_as_long_as_the_system_takes)
{
  char name[LONG_NAME + 2];
  char arguments[512];
  for (size_t length = LONG_NAME - 8; length <= LONG_NAME; ++length) {
    long_name(name, length, length % 2U ? "a" : "\xE2\x99\xAA");
    snprintf(arguments, sizeof(arguments), "--seconds 0.1 tone.ttl '%s'", name);
    check_works(arguments);
    ck_assert(S_ISREG(mode_of(name)));
    ck_assert_int_eq(unlink(name), 0);
  }

  long_name(name, LONG_NAME + 1, "a");
  snprintf(arguments, sizeof(arguments), "tone.ttl '%s'", name);
  check_refused(arguments, "can't be written: File name too long");
  ck_assert(!exists("aaa*"));
}
END_TEST

START_TEST(names_may_hold_any_character)
{
  static const char* const names[] = {"a b.wav",
                                      "$HOME.wav",
                                      "back\\slash.wav",
                                      "\"quoted\".wav",
                                      "new\nline.wav",
                                      "\xC3\xBC.wav",
                                      "*?[x].wav",
                                      "per%s%n%cent.wav",
                                      "ha#1.wav",
                                      "XXXXXX.wav"};

  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); ++i) {
    char arguments[512];
    write_silence("in.wav");
    ck_assert_int_eq(rename("in.wav", names[i]), 0);
    snprintf(arguments,
             sizeof(arguments),
             "--in in='%s' through.ttl 'new %s'",
             names[i],
             names[i]);
    check_works(arguments);
  }
  check_works("--seconds 0.1 -- tone.ttl -dash.wav");
}
END_TEST

/// Take the signals that programs are sent here for themselves, as they may be ignored
/// where the tests run
static void
take_signals(void)
{
  for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); ++i) {
    signal(signals[i], SIG_DFL);
  }
}

int
main(void)
{
  take_signals();

  Suite* const suite = suite_create("files");
  TCase* const tests = tcase_create("files");
  tcase_set_timeout(tests, 120);
  tcase_add_unchecked_fixture(tests, scratch_make, scratch_remove);
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, numbers_that_no_type_holds_are_refused);
  tcase_add_test(tests, knobs_take_no_number_that_floats_do_not_hold);
  tcase_add_test(tests, texts_that_are_longer_than_values_are_refused);
  tcase_add_test(tests, what_never_ends_is_refused);
  tcase_add_test(tests, what_is_no_file_is_refused);
  tcase_add_test(tests, patches_and_songs_may_come_through_pipes);
  tcase_add_test(tests, a_signal_ends_the_wait_for_input);
  tcase_add_loop_test(tests, signals_that_were_ignored_stay_so, 0, 3);
  tcase_add_test(tests, links_are_written_through);
  tcase_add_test(tests, links_that_lead_nowhere_are_refused);
  tcase_add_test(tests, files_keep_their_mode);
  tcase_add_test(tests, files_without_the_right_to_write_stay);
  tcase_add_test(tests, the_output_must_not_be_an_input);
  tcase_add_test(tests, names_may_be_as_long_as_the_system_takes);
  tcase_add_test(tests, names_may_hold_any_character);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
