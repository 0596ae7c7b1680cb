// SPDX-License-Identifier: ISC
/**
   The program render: its output for good input, and its messages about bad input.

   tests/bad/patches holds a patch for every way to get one wrong.  Its first line is a
   comment with what render must say about it.
*/

#include "support/program.h"
#include "support/scratch.h"
#include "support/test.h"

#include "host/midi_file.h"

#include <smf.h>
#include <sndfile.h>

#include <dirent.h>
#include <glob.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RENDER BUILD_DIR "/bin/render"
#define MELODY SOURCE_DIR "/presets/patches/first-voice.mid"
#define RATE_HZ 48000
#define N_FRAMES 5000

// ---- Files

static void
write_sound(const char* const  path,
            const int          format,
            const int          n_channels,
            const float* const frames)
{
  SF_INFO info = {.samplerate = RATE_HZ, .channels = n_channels, .format = format};
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  ck_assert_ptr_nonnull(file);
  ck_assert_int_eq(sf_writef_float(file, frames, N_FRAMES), N_FRAMES);
  sf_close(file);
}

/// Read the start of a sound file, and return how many frames it has
static sf_count_t
read_sound(const char* const path, float* const frames, const sf_count_t n_frames)
{
  SF_INFO        info = {.format = 0};
  SNDFILE* const file = sf_open(path, SFM_READ, &info);
  ck_assert_ptr_nonnull(file);
  ck_assert_int_eq(sf_readf_float(file, frames, n_frames), n_frames);
  sf_close(file);
  return info.frames;
}

/// Return a signal without any order, within +-0.5
static float
noise(const uint32_t i)
{
  const uint32_t hash = (i + 1U) * 2654435761U;

  return (float)(hash >> 8U) / 16777216.0f - 0.5f;
}

static void
cut_file(const char* const path, const double part)
{
  struct stat info;
  ck_assert_int_eq(stat(path, &info), 0);
  ck_assert_int_eq(truncate(path, (off_t)((double)info.st_size * part)), 0);
}

// ---- Running

static Result
run(const char* const arguments)
{
  return program_run(RENDER, arguments);
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

static void
write_patches(void)
{
  // Right through, with nothing in between
  write_patch("through.ttl",
              "<> a ingen:Graph ; lv2:port <in> , <out> ;"
              " ingen:arc [ ingen:tail <in> ; ingen:head <out> ] .\n"
              "<in> a lv2:AudioPort , lv2:InputPort ; lv2:index 0 .\n"
              "<out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 1 .\n");
  // A voice that a MIDI file plays
  write_patch(
    "voice.ttl",
    "<> a ingen:Graph ; lv2:port <midi> , <out> ; ingen:block <keys> , <osc> ;"
    " ingen:arc [ ingen:tail <midi> ; ingen:head <keys/midi> ] ,"
    " [ ingen:tail <keys/pitch> ; ingen:head <osc/pitch> ] ,"
    " [ ingen:tail <osc/out> ; ingen:head <out> ] .\n"
    "<midi> a atom:AtomPort , lv2:InputPort ; lv2:index 0 .\n"
    "<out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 1 .\n"
    "<keys> a ingen:Block ; lv2:prototype <urn:chronus:midi_cv> .\n"
    "<osc> a ingen:Block ; lv2:prototype <urn:chronus:oscillator> .\n");
  // No input at all
  write_patch("tone.ttl",
              "<> a ingen:Graph ; lv2:port <out> ; ingen:block <osc> ;"
              " ingen:arc [ ingen:tail <osc/out> ; ingen:head <out> ] .\n"
              "<out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 0 .\n"
              "<osc> a ingen:Block ; lv2:prototype <urn:chronus:oscillator> .\n"
              "<osc/level> ingen:value \"-6 dB\" .\n");
}

static void
setup(void)
{
  scratch_clear();
  setenv("LV2_PATH", TEST_LV2_PATH, 1);
  write_patches();
}

// ---- Bad patches

START_TEST(bad_patches_are_refused_with_a_reason)
{
  DIR* const bad_patches = opendir(BAD_PATCHES);
  ck_assert_ptr_nonnull(bad_patches);
  int n_files = 0;
  for (const struct dirent* entry; (entry = readdir(bad_patches));) {
    if (entry->d_name[0] != '.') {
      program_check_bad_patch(RENDER, entry->d_name, "out.wav");
      ++n_files;
    }
  }
  closedir(bad_patches);
  ck_assert_int_gt(n_files, 40);
}
END_TEST

START_TEST(files_that_are_no_patches_are_refused)
{
  write_text("empty.ttl", "");
  check_refused("missing.ttl out.wav", "missing.ttl: can't be read: No such file");
  check_refused("empty.ttl out.wav", "empty.ttl: holds no ingen:Graph");
  check_refused(". out.wav", ".: can't be read: Is a directory");
  check_refused(RENDER " out.wav", "/bin/render: ");
}
END_TEST

START_TEST(a_truncated_patch_is_refused)
{
  char        text[16384];
  struct stat info;
  read_text(SOURCE_DIR "/presets/patches/first-voice.ttl", text, sizeof(text));
  for (int percent = 5; percent < 60; percent += 11) {
    write_text("cut.ttl", text);
    cut_file("cut.ttl", percent / 100.0);
    ck_assert_int_eq(stat("cut.ttl", &info), 0);
    check_refused("cut.ttl out.wav", "cut.ttl: ");
  }
}
END_TEST

START_TEST(a_plugin_that_needs_more_is_refused)
{
  ck_assert_int_eq(mkdir("needy.lv2", 0755), 0);
  write_text("needy.lv2/manifest.ttl",
             "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
             "@prefix doap: <http://usefulinc.com/ns/doap#> .\n"
             "<urn:test:needy> a lv2:Plugin ; doap:name \"Needy\" ;"
             " lv2:binary <needy.so> ; lv2:requiredFeature <urn:test:magic> ;"
             " lv2:port [ a lv2:OutputPort , lv2:AudioPort ; lv2:index 0 ;"
             " lv2:symbol \"out\" ; lv2:name \"Out\" ] .\n"
             "<urn:test:broken> a lv2:Plugin ; doap:name \"Broken\" ;"
             " lv2:binary <needy.so> ; lv2:port [ a lv2:OutputPort , lv2:AudioPort ;"
             " lv2:index 0 ; lv2:symbol \"out\" ; lv2:name \"Out\" ] .\n");
  write_patch("needy.ttl",
              "<> a ingen:Graph ; lv2:port <out> ; ingen:block <a> ;"
              " ingen:arc [ ingen:tail <a/out> ; ingen:head <out> ] .\n"
              "<out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 0 .\n"
              "<a> a ingen:Block ; lv2:prototype <urn:test:needy> .\n");
  write_patch("broken.ttl",
              "<> a ingen:Graph ; lv2:port <out> ; ingen:block <a> ;"
              " ingen:arc [ ingen:tail <a/out> ; ingen:head <out> ] .\n"
              "<out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 0 .\n"
              "<a> a ingen:Block ; lv2:prototype <urn:test:broken> .\n");
  char path[4096];
  snprintf(path, sizeof(path), "%s:%s", scratch_path(), TEST_LV2_PATH);
  setenv("LV2_PATH", path, 1);
  check_refused("needy.ttl out.wav",
                "a: Needy can't be used: it needs a host with urn:test:magic");
  check_refused("broken.ttl out.wav",
                "a: Broken can't be used: its library does not load");
}
END_TEST

// ---- Options

START_TEST(bad_options_are_refused)
{
  check_refused("", "command line: must name a patch and an output");
  check_refused("tone.ttl", "command line: must name a patch and an output");
  check_refused("tone.ttl out.wav more",
                "command line: must name a patch and an output");
  check_refused("--list tone.ttl out.wav", "command line: must name just a patch");
  check_refused("--loud tone.ttl out.wav", "unrecognized option");
  check_refused("--rate", "requires an argument");
  check_refused("--rate 0 tone.ttl out.wav", "--rate: 0: must be a number from");
  check_refused("--rate x tone.ttl out.wav", "--rate: x: must be a number from");
  check_refused("--rate 44100.5 tone.ttl out.wav", "must be a whole number");
  check_refused("--block 0 tone.ttl out.wav", "--block: 0: must be a number from 1");
  check_refused("--block 9000 tone.ttl out.wav", "must be a number from 1 to 8192");
  check_refused("--tempo 0 tone.ttl out.wav", "--tempo: 0: must be a number from 1 to");
  check_refused("--tempo 2e3 tone.ttl out.wav", "--tempo: 2e3: must be a number from");
  check_refused("--seconds 0 tone.ttl out.wav", "--seconds: 0: must be more than 0");
  check_refused("--seconds -1 tone.ttl out.wav", "--seconds: -1: must be a number");
  check_refused("--seconds nan tone.ttl out.wav", "--seconds: nan: must be a number");
  check_refused("--bits 8 tone.ttl out.wav", "--bits: 8: must be 16, 24 or 32");
  check_refused("--set osc/level tone.ttl out.wav", "must look like NAME=VALUE");
  check_refused("--set =1 tone.ttl out.wav", "must look like NAME=VALUE");
  check_refused("--set osc/level= tone.ttl out.wav", "must look like NAME=VALUE");
  check_refused("--set osc/volume=1 tone.ttl out.wav",
                "osc/volume: Chronus Oscillator (VCO) "
                "has no knob volume");
  check_refused("--set osc=1 tone.ttl out.wav",
                "osc: Chronus Oscillator (VCO) has no knob");
  check_refused("--set vco/level=1 tone.ttl out.wav", "there is no vco in the patch");
  check_refused("--set osc/level=loud tone.ttl out.wav",
                "tone.ttl: osc/level: loud is not a number");
  check_refused("--set osc/level='20 ms' tone.ttl out.wav", "20 ms is not in dB");
  check_refused("--in midi=a.mid tone.ttl out.wav",
                "tone.ttl: midi: the patch has no input of that name");
  check_refused("--in out=a.wav tone.ttl out.wav", "out: is an output of the patch");
}
END_TEST

START_TEST(bad_outputs_are_refused)
{
  check_refused("tone.ttl out.mp3", "out.mp3: must end in .wav, .flac or .ogg");
  check_refused("tone.ttl out", "out: must end in .wav, .flac or .ogg");
  check_refused("--bits 32 tone.ttl out.flac", "out.flac: can't have 32 bits in FLAC");
  check_refused("tone.ttl nowhere/out.wav",
                "nowhere/out.wav: can't be written: No such file or directory");
}
END_TEST

START_TEST(help_and_version_are_told)
{
  const Result help    = check_works("--help");
  const Result version = check_works("--version");
  ck_assert_ptr_nonnull(strstr(help.out, "Usage: render"));
  ck_assert_ptr_nonnull(strstr(version.out, "render (Chronus) "));
}
END_TEST

START_TEST(a_patch_is_listed)
{
  const Result result = check_works("--list tone.ttl --set osc/waveform=sine");
  ck_assert_ptr_nonnull(strstr(result.out, "out: output\n"));
  ck_assert_ptr_nonnull(strstr(result.out, "osc: Chronus Oscillator (VCO)\n"));
  ck_assert_ptr_nonnull(
    strstr(result.out, "  osc/waveform = Sine (Sine, Triangle, Saw, Pulse)\n"));
  ck_assert_ptr_nonnull(strstr(result.out, "  osc/level = -6 dB (-60 dB to 12 dB)\n"));
  ck_assert_ptr_nonnull(strstr(result.out, "osc/out -> out\n"));
}
END_TEST

// ---- Sound files

static void
write_noise(const char* const path, const int format, const int n_channels)
{
  static float frames[2 * N_FRAMES];
  for (uint32_t i = 0; i < (uint32_t)n_channels * N_FRAMES; ++i) {
    frames[i] = noise(i);
  }
  write_sound(path, format, n_channels, frames);
}

START_TEST(a_sound_passes_through_bit_by_bit)
{
  static float out[N_FRAMES + 2 * RATE_HZ];

  write_noise("in.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1);
  check_works("--in in=in.wav through.ttl out.wav");
  ck_assert_int_eq(read_sound("out.wav", out, N_FRAMES + 2 * RATE_HZ),
                   N_FRAMES + 2 * RATE_HZ);
  for (uint32_t i = 0; i < N_FRAMES + 2 * RATE_HZ; ++i) {
    ck_assert_float_eq(out[i], i < N_FRAMES ? noise(i) : 0.0f);
  }
}
END_TEST

START_TEST(a_channel_can_be_chosen)
{
  static float out[N_FRAMES];

  write_noise("in.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 2);
  check_works("--in in=in.wav#2 through.ttl out.wav");
  read_sound("out.wav", out, N_FRAMES);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_eq(out[i], noise(2 * i + 1));
  }
  ck_assert_int_eq(unlink("out.wav"), 0);

  check_refused("--in in=in.wav through.ttl out.wav",
                "in.wav: has 2 channels, but an input takes one: write in.wav#1");
  check_refused("--in in=in.wav#3 through.ttl out.wav",
                "in.wav: has no more than 2 channels");
}
END_TEST

START_TEST(bad_sounds_are_refused)
{
  write_text("text.wav", "This is no sound, but a line of text.\n");
  write_text("empty.wav", "");
  check_refused("--in in=missing.wav through.ttl out.wav",
                "missing.wav: can't be read:");
  check_refused("--in in=text.wav through.ttl out.wav", "text.wav: can't be read:");
  check_refused("--in in=empty.wav through.ttl out.wav", "empty.wav: can't be read:");
  check_refused("--in in=. through.ttl out.wav", ".: can't be read:");

  write_noise("in.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1);
  check_refused(
    "--rate 44100 --in in=in.wav through.ttl out.wav",
    "in.wav: has a sample rate of 48000 Hz, but the patch runs at 44100 Hz: "
    "convert it, or say --rate 48000");
}
END_TEST

// ---- MIDI files

START_TEST(bad_songs_are_refused)
{
  write_text("text.mid", "This is no song, but a line of text.\n");
  write_text("empty.mid", "");
  check_refused("--in midi=missing.mid voice.ttl out.wav",
                "missing.mid: can't be read: No such file or directory");
  check_refused("--in midi=. voice.ttl out.wav", ".: can't be read: Is a directory");
  check_refused("--in midi=text.mid voice.ttl out.wav", "text.mid: is no MIDI file");
  check_refused("--in midi=empty.mid voice.ttl out.wav", "empty.mid: is empty");

  ck_assert_int_eq(system("cp '" MELODY "' cut.mid"), 0);
  cut_file("cut.mid", 0.01);
  check_refused("--in midi=cut.mid voice.ttl out.wav", "cut.mid: is cut short");
}
END_TEST

START_TEST(a_missing_song_is_no_error_but_told)
{
  const Result result = run("--seconds 0.1 voice.ttl out.wav");
  ck_assert_int_eq(result.status, 0);
  ck_assert_ptr_nonnull(strstr(result.err,
                               "warning: voice.ttl: midi: has no file to play, so it "
                               "stays silent; give it one by --in midi=FILE"));
}
END_TEST

/// Keep the reports of this process to itself
static void
be_quiet(void)
{
  ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
}

START_TEST(no_damage_to_a_song_does_harm)
{
  char bytes[4096];
  be_quiet();
  FILE* const good = fopen(MELODY, "rb");
  ck_assert_ptr_nonnull(good);
  const size_t size = fread(bytes, 1, sizeof(bytes), good);
  fclose(good);

  MidiFile midi;
  for (size_t length = 0; length < size; ++length) {
    FILE* const file = fopen("bad.mid", "wb");
    fwrite(bytes, 1, length, file);
    fclose(file);
    const bool is_read = midi_file_read(&midi, "bad.mid");
    ck_assert_msg(is_read == (length >= 22), "%zu bytes", length);
    if (is_read) {
      midi_file_free(&midi);
    }
  }

  ck_assert_uint_gt(size, 0);
  uint32_t seed = 1;
  for (int i = 0; i < 3000; ++i) {
    char bad[sizeof(bytes)];
    memcpy(bad, bytes, size);
    for (int n = 0; n < 3; ++n) {
      seed                     = seed * 1664525U + 1013904223U;
      bad[(seed >> 8U) % size] = (char)(seed >> 24U);
    }
    FILE* const file = fopen("bad.mid", "wb");
    fwrite(bad, 1, size, file);
    fclose(file);
    if (midi_file_read(&midi, "bad.mid")) {
      midi_file_free(&midi);
    }
  }
}
END_TEST

/// Write a song with a change of tempo, running status, and long meta events
static void
write_song(const char* const path)
{
  // clang-format off
  static const unsigned char head[] = {
    'M', 'T', 'h', 'd', 0, 0, 0, 6, 0, 1, 0, 2, 0, 100,
    // 0.5 s a quarter, from quarter 2 on 0.25 s, from quarter 4 on 1 s
    'M', 'T', 'r', 'k', 0, 0, 0, 27,
    0, 0xFF, 0x51, 3, 0x07, 0xA1, 0x20,
    0x81, 0x48, 0xFF, 0x51, 3, 0x03, 0xD0, 0x90,
    0x81, 0x48, 0xFF, 0x51, 3, 0x0F, 0x42, 0x40,
    0, 0xFF, 0x2F, 0,
    // A chunk to be skipped
    'X', 'Y', 'Z', 'W', 0, 0, 0, 2, 1, 2,
    'M', 'T', 'r', 'k', 0, 0, 0x01, 0x0C,
    0, 0xFF, 0x01, 0x81, 0x60};
  static const unsigned char tail[] = {
    100, 0x90, 60, 100,                // At quarter 1
    0x81, 0x48, 60, 0,                 // At quarter 3, in running status
    0x81, 0x48, 0x91, 61, 1,           // At quarter 5
    0, 0xF0, 3, 0x7D, 1, 0xF7,         // A system exclusive message
    0, 0xB1, 7, 1, 0, 7, 2, 0, 7, 3, 0, 7, 4, 0, 7, 5, // Controllers
    0x64, 0xFF, 0x2F, 0};
  // clang-format on

  FILE* const file = fopen(path, "wb");
  ck_assert_ptr_nonnull(file);
  fwrite(head, 1, sizeof(head), file);
  for (int i = 0; i < 224; ++i) {
    fputc('x', file);
  }
  fwrite(tail, 1, sizeof(tail), file);
  fclose(file);
}

START_TEST(songs_keep_their_time)
{
  static const double times_s[] = {0.5, 1.25, 2.5};

  MidiFile midi;
  write_song("song.mid");
  ck_assert(midi_file_read(&midi, "song.mid"));
  ck_assert_uint_eq(midi.n_messages, 9);
  for (size_t i = 0; i < 3; ++i) {
    ck_assert_double_eq_tol(midi.messages[i].time_s, times_s[i], 1e-12);
  }
  ck_assert_double_eq_tol(midi.length_s, 3.5, 1e-12);
  ck_assert_uint_eq(midi.messages[1].status, 0x90);
  ck_assert_uint_eq(midi.messages[1].data[1], 0);
  ck_assert_uint_eq(midi.messages[3].status, 0xF0);
  ck_assert_uint_eq(midi.messages[3].n_data, 3);
  ck_assert_uint_eq(midi.messages[8].data[1], 5);
  midi_file_free(&midi);
}
END_TEST

START_TEST(songs_are_read_as_libsmf_reads_them)
{
  glob_t songs;
  ck_assert_int_eq(glob(SOURCE_DIR "/presets/patches/*.mid", 0, NULL, &songs), 0);
  for (size_t s = 0; s < songs.gl_pathc; ++s) {
    MidiFile     midi;
    smf_t* const smf = smf_load(songs.gl_pathv[s]);
    ck_assert_ptr_nonnull(smf);
    ck_assert(midi_file_read(&midi, songs.gl_pathv[s]));
    ck_assert_double_eq_tol(midi.length_s, smf_get_length_seconds(smf), 1e-9);

    size_t n_messages = 0;
    for (smf_event_t* event; (event = smf_get_next_event(smf));) {
      if (!smf_event_is_metadata(event)) {
        const MidiMessage* const message = &midi.messages[n_messages++];
        ck_assert_double_eq_tol(message->time_s, event->time_seconds, 1e-9);
        ck_assert_uint_eq(message->status, event->midi_buffer[0]);
        ck_assert_mem_eq(message->data, event->midi_buffer + 1, message->n_data);
      }
    }
    ck_assert_uint_eq(n_messages, midi.n_messages);
    midi_file_free(&midi);
    smf_delete(smf);
  }
  globfree(&songs);
}
END_TEST

// ---- Cables

START_TEST(cables_that_meet_are_added)
{
  static float out[N_FRAMES];

  // The names are such that the alphabet is against the order of cables
  write_patch("sum.ttl",
              "<> a ingen:Graph ; lv2:port <in> , <out> ; ingen:block <a> , <b> , <c> ;"
              " ingen:arc [ ingen:tail <in> ; ingen:head <c/in_1> ] ,"
              " [ ingen:tail <c/out> ; ingen:head <b/in_1> ] ,"
              " [ ingen:tail <in> ; ingen:head <b/in_1> ] ,"
              " [ ingen:tail <b/out> ; ingen:head <a/in_3> ] ,"
              " [ ingen:tail <a/out> ; ingen:head <out> ] ,"
              " [ ingen:tail <in> ; ingen:head <out> ] .\n"
              "<in> a lv2:AudioPort , lv2:InputPort ; lv2:index 0 .\n"
              "<out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 1 .\n"
              "<a> a ingen:Block ; lv2:prototype <urn:chronus:mixer> .\n"
              "<b> a ingen:Block ; lv2:prototype <urn:chronus:mixer> .\n"
              "<c> a ingen:Block ; lv2:prototype <urn:chronus:mixer> .\n"
              "<a/invert_3> ingen:value true .\n");
  write_noise("in.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1);
  check_works("--in in=in.wav sum.ttl out.wav");
  read_sound("out.wav", out, N_FRAMES);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_eq(out[i], -noise(i));
  }
}
END_TEST

/// Write a file with a C at the start, `n_dense` turns of a wheel with it, and its end
static void
write_dense_song(const char* const name, const uint32_t n_dense)
{
  FILE* const    file     = fopen(name, "wb");
  const uint32_t size     = 4U + 4U * n_dense + 5U + 4U;
  const uint8_t  header[] = {'M',
                             'T',
                             'h',
                             'd',
                             0,
                             0,
                             0,
                             6,
                             0,
                             0,
                             0,
                             1,
                             0x03,
                             0xE8,
                             'M',
                             'T',
                             'r',
                             'k',
                             (uint8_t)(size >> 24U),
                             (uint8_t)(size >> 16U),
                             (uint8_t)(size >> 8U),
                             (uint8_t)size,
                             0,
                             0x90,
                             60,
                             100};
  const uint8_t  turn[]   = {0, 0xB0, 1, 5};
  const uint8_t  end[]    = {0x83, 0x60, 0x80, 60, 64, 0, 0xFF, 0x2F, 0};
  ck_assert_ptr_nonnull(file);
  fwrite(header, 1, sizeof(header), file);
  for (uint32_t i = 0; i < n_dense; ++i) {
    fwrite(turn, 1, sizeof(turn), file);
  }
  fwrite(end, 1, sizeof(end), file);
  ck_assert_int_eq(fclose(file), 0);
}

START_TEST(no_midi_that_meets_is_lost)
{
  static float gate_v[2 * RATE_HZ];

  write_patch("gate.ttl",
              "<> a ingen:Graph ; lv2:port <one> , <two> , <gate> ;"
              " ingen:block <keys> ;"
              " ingen:arc [ ingen:tail <one> ; ingen:head <keys/midi> ] ,"
              " [ ingen:tail <two> ; ingen:head <keys/midi> ] ,"
              " [ ingen:tail <keys/gate> ; ingen:head <gate> ] .\n"
              "<one> a atom:AtomPort , lv2:InputPort ; lv2:index 0 .\n"
              "<two> a atom:AtomPort , lv2:InputPort ; lv2:index 1 .\n"
              "<gate> a lv2:CVPort , lv2:OutputPort ; lv2:index 2 .\n"
              "<keys> a ingen:Block ; lv2:prototype <urn:chronus:midi_cv> .\n");
  write_dense_song("a.mid", 3000);
  write_dense_song("b.mid", 100000);
  for (int block = 64; block <= 8192; block *= 128) {
    char arguments[128];
    snprintf(arguments,
             sizeof(arguments),
             "--in one=a.mid --in two=b.mid --block %d gate.ttl out.wav",
             block);
    check_works(arguments);
    read_sound("out.wav", gate_v, (sf_count_t)2 * RATE_HZ);
    ck_assert_float_eq(gate_v[0], 10.0f);
    ck_assert_float_eq(gate_v[RATE_HZ / 5], 10.0f);
    ck_assert_float_eq(gate_v[RATE_HZ / 4], 0.0f);
    ck_assert_float_eq(gate_v[2 * RATE_HZ - 1], 0.0f);
  }
}
END_TEST

START_TEST(midi_that_meets_is_merged)
{
  write_patch("two.ttl",
              "<> a ingen:Graph ; lv2:port <one> , <two> , <pitch> , <gate> ;"
              " ingen:block <keys> ;"
              " ingen:arc [ ingen:tail <one> ; ingen:head <keys/midi> ] ,"
              " [ ingen:tail <two> ; ingen:head <keys/midi> ] ,"
              " [ ingen:tail <keys/gate> ; ingen:head <gate> ] ,"
              " [ ingen:tail <keys/pitch> ; ingen:head <pitch> ] .\n"
              "<one> a atom:AtomPort , lv2:InputPort ; lv2:index 0 .\n"
              "<two> a atom:AtomPort , lv2:InputPort ; lv2:index 1 .\n"
              "<pitch> a lv2:CVPort , lv2:OutputPort ; lv2:index 2 .\n"
              "<gate> a lv2:CVPort , lv2:OutputPort ; lv2:index 3 .\n"
              "<keys> a ingen:Block ; lv2:prototype <urn:chronus:midi_cv> .\n");
  write_song("song.mid");
  check_works("--in one=song.mid --in two=" MELODY " --block 8192 two.ttl out.wav");

  // The C of one song comes at 0.5 s, while the D of the other one sounds
  static struct {
    float pitch_v;
    float gate_v;
  } out[2 * RATE_HZ];
  read_sound("out.wav", (float*)out, (sf_count_t)2 * RATE_HZ);
  ck_assert_float_eq(out[RATE_HZ / 4].pitch_v, 2.0f / 12.0f);
  ck_assert_float_eq(out[RATE_HZ * 3 / 4].pitch_v, 0.0f);
  ck_assert_float_eq(out[RATE_HZ * 3 / 4].gate_v, 10.0f);
}
END_TEST

// ---- Output

/// Check that a patch has a saw that rises from 0 V to 10 V in `period` frames
static void
check_saw(const char* const arguments, const int period)
{
  static float frames[N_FRAMES];

  check_works(arguments);
  read_sound("out.wav", frames, N_FRAMES);
  for (int i = 0; i < N_FRAMES; ++i) {
    const double expected_v = 10.0 * (i % period) / period;
    if (i % period > 1 && i % period < period - 2) {
      ck_assert_double_eq_tol((double)frames[i], expected_v, 1e-4);
    }
  }
}

START_TEST(a_tempo_leads_what_follows_it)
{
  static const char* const graph =
    "<> a ingen:Graph ; lv2:port <out> ; ingen:block <lfo> ;"
    " ingen:arc [ ingen:tail <lfo/out> ; ingen:head <out> ] .\n"
    "<out> a lv2:CVPort , lv2:OutputPort ; lv2:index 0 .\n"
    "<lfo> a ingen:Block ; lv2:prototype <urn:chronus:lfo> .\n"
    "<lfo/waveform> ingen:value \"Saw Up\" . <lfo/unipolar> ingen:value 1 .\n"
    "<lfo/frequency> ingen:value 20.0 . <lfo/speed> ingen:value \"Tempo\" .\n"
    "<lfo/note> ingen:value \"1/16\" .\n";

  char with_tempo[2000];
  snprintf(with_tempo,
           sizeof(with_tempo),
           "%s<> <http://lv2plug.in/ns/ext/time#beatsPerMinute> 180 .\n",
           graph);
  write_patch("still.ttl", graph);
  write_patch("song.ttl", with_tempo);
  check_saw("--seconds 1 still.ttl out.wav", RATE_HZ / 20);
  check_saw("--seconds 1 song.ttl out.wav", 4000);
  check_saw("--seconds 1 --block 7 song.ttl out.wav", 4000);
  check_saw("--seconds 1 --tempo 240 song.ttl out.wav", 3000);
  check_saw("--seconds 1 --tempo 240 still.ttl out.wav", 3000);
}
END_TEST

START_TEST(facts_are_told)
{
  const Result result = check_works("tone.ttl out.wav --set osc/waveform=sine");
  ck_assert_str_eq(result.out,
                   "out.wav: 10.000 s, 1 channel at 48000 Hz, peak -6.00 dB\n");
}
END_TEST

START_TEST(a_length_can_be_asked_for)
{
  float out[1];
  check_works("--seconds 0.0001 tone.ttl out.wav");
  ck_assert_int_eq(read_sound("out.wav", out, 1), 5);
  check_works("--seconds 1.5 --rate 44100 tone.ttl out.wav");
  ck_assert_int_eq(read_sound("out.wav", out, 1), 66150);
}
END_TEST

START_TEST(too_loud_is_told)
{
  const Result result = run("--set osc/level=12 tone.ttl out.wav");
  ck_assert_int_eq(result.status, 0);
  ck_assert_ptr_nonnull(strstr(result.err, "warning: out.wav: goes 1"));
  ck_assert_ptr_nonnull(strstr(result.err, " dB above full scale\n"));

  const Result clipped = run("--bits 16 --set osc/level=12 tone.ttl out.wav");
  ck_assert_ptr_nonnull(strstr(clipped.err, "full scale and is clipped there\n"));
}
END_TEST

START_TEST(what_is_no_number_is_told)
{
  static float frames[N_FRAMES] = {0.5f, NAN, INFINITY, -INFINITY, 0.25f};
  write_sound("in.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1, frames);

  const Result result = run("--in in=in.wav through.ttl out.wav");
  ck_assert_int_eq(result.status, 0);
  ck_assert_ptr_nonnull(strstr(
    result.err, "warning: out.wav: holds 3 samples that are not finite numbers"));
  ck_assert_ptr_nonnull(strstr(result.out, "peak -6.02 dB"));
}
END_TEST

/// Check that an output is the noise that went in, but for rounding
static void
check_rounded(const char* const arguments,
              const char* const path,
              const float       tolerance)
{
  static float out[N_FRAMES];

  check_works(arguments);
  read_sound(path, out, N_FRAMES);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_eq_tol(out[i], noise(i), tolerance);
  }
}

START_TEST(formats_keep_what_they_can)
{
  write_noise("in.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1);
  check_rounded("--in in=in.wav through.ttl out.flac", "out.flac", 1.0f / (1 << 23));
  check_rounded(
    "--in in=in.wav --bits 24 through.ttl b.wav", "b.wav", 1.0f / (1 << 23));
  check_rounded(
    "--in in=in.wav --bits 16 through.ttl c.WAV", "c.WAV", 1.0f / (1 << 15));
  check_rounded(
    "--in in=in.wav --bits 16 through.ttl d.FLAC", "d.FLAC", 1.0f / (1 << 15));
}
END_TEST

START_TEST(volts_need_floats)
{
  write_patch("cv.ttl",
              "<> a ingen:Graph ; lv2:port <cv> ; ingen:block <env> ;"
              " ingen:arc [ ingen:tail <env/envelope> ; ingen:head <cv> ] .\n"
              "<cv> a lv2:CVPort , lv2:OutputPort ; lv2:index 0 .\n"
              "<env> a ingen:Block ; lv2:prototype <urn:chronus:adsr> .\n"
              "<env/manual_gate> ingen:value 1 .\n");
  check_refused("cv.ttl out.flac", "out.flac: cv: is CV, in volts");
  check_refused("--bits 16 cv.ttl out.wav", "out.wav: cv: is CV, in volts");
  const Result result = check_works("cv.ttl out.wav");
  ck_assert_ptr_nonnull(strstr(result.out, "peak 10 V"));
}
END_TEST

// ---- All or nothing

static void
check_kept(const char* const path, const char* const text)
{
  char kept[64];
  read_text(path, kept, sizeof(kept));
  ck_assert_str_eq(kept, text);
}

START_TEST(a_full_disk_leaves_the_old_file)
{
  const Result full = run("tone.ttl /dev/full");
  ck_assert_ptr_nonnull(strstr(full.err, "/dev/full: can't be written: "));
  ck_assert_ptr_nonnull(strstr(full.err, "No space left on device"));
  ck_assert(WIFEXITED(full.status) && WEXITSTATUS(full.status) == 1);

  write_text("old.wav", "old");
  const struct rlimit limit = {100000, 100000};
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
  const Result result = run("tone.ttl old.wav");
  ck_assert_ptr_nonnull(strstr(result.err, "old.wav: can't be written: "));
  ck_assert_ptr_nonnull(strstr(result.err, "File too large"));
  ck_assert(WIFEXITED(result.status) && WEXITSTATUS(result.status) == 1);
  ck_assert(!exists("old.wav.*"));
  check_kept("old.wav", "old");
}
END_TEST

START_TEST(a_damaged_sound_is_read_with_a_warning)
{
  write_noise("in.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1);
  cut_file("in.flac", 0.5);
  const Result result = run("--in in=in.flac through.ttl out.wav");
  ck_assert_int_eq(result.status, 0);
  ck_assert_ptr_nonnull(strstr(result.err, "warning: in.flac: frame "));
  ck_assert_ptr_nonnull(strstr(result.err, ": is cut short or damaged: silence"));
}
END_TEST

START_TEST(songs_longer_than_a_day_are_refused_with_their_length)
{
  static const char years[] = "MThd\0\0\0\6\0\0\0\1\0\1MTrk\0\0\0\x0E\0\xFF\x51\3\xFF"
                              "\xFF\xFF\xFF\xFF\xFF\x7F\xFF\x2F";
  FILE*             file    = fopen("years.mid", "wb");
  fwrite(years, 1, sizeof(years), file);
  fclose(file);
  check_refused("--in midi=years.mid voice.ttl out.wav", "out.wav: would last 4503599");
  check_refused("--in midi=years.mid voice.ttl out.wav", "say --seconds N");
  ck_assert_int_eq(run("--seconds 0.1 --in midi=years.mid voice.ttl out.wav").status,
                   0);
  ck_assert_int_eq(unlink("out.wav"), 0);

  // More frames than 64 bits can count
  file = fopen("ages.mid", "wb");
  fwrite(
    "MThd\0\0\0\6\0\0\0\1\0\1MTrk\0\0\xDA\xCB\0\xFF\x51\3\xFF\xFF\xFF", 1, 29, file);
  for (int i = 0; i < 8000; ++i) {
    fwrite(i % 2 ? "\xFF\xFF\xFF\x7F\x90\x3C\0" : "\xFF\xFF\xFF\x7F\x90\x3C\x40",
           1,
           7,
           file);
  }
  fwrite("\0\xFF\x2F\0", 1, 4, file);
  fclose(file);
  check_refused("--in midi=ages.mid voice.ttl out.wav", "which is more than 24 hours");
}
END_TEST

/// Write notes on every quarter: 4 at the first tempo, 4 at a tempo 2.5 times as fast
static void
write_tempos(void)
{
  FILE* const file = fopen("tempos.mid", "wb");
  ck_assert_ptr_nonnull(file);
  fwrite(
    "MThd\0\0\0\6\0\0\0\1\1\xE0MTrk\0\0\0\x59\0\xFF\x51\3\x0F\x42\x40", 1, 29, file);
  for (int i = 0; i < 8; ++i) {
    fwrite(i ? "\x81\x70" : "\0", 1, i ? 2 : 1, file);
    if (i == 4) {
      fwrite("\xFF\x51\3\6\x1A\x80\0", 1, 7, file);
    }
    fwrite("\x90\x3C\x64\x81\x70\x3C\0", 1, 7, file);
  }
  fwrite("\0\xFF\x2F\0", 1, 4, file);
  fclose(file);
  write_patch("tempo.ttl",
              "<> a ingen:Graph ; lv2:port <midi> , <beat> , <gate> ;"
              " ingen:block <keys> , <lfo> ;"
              " ingen:arc [ ingen:tail <midi> ; ingen:head <keys/midi> ] ,"
              " [ ingen:tail <lfo/trigger> ; ingen:head <beat> ] ,"
              " [ ingen:tail <keys/gate> ; ingen:head <gate> ] .\n"
              "<midi> a atom:AtomPort , lv2:InputPort ; lv2:index 0 .\n"
              "<beat> a lv2:CVPort , lv2:OutputPort ; lv2:index 1 .\n"
              "<gate> a lv2:CVPort , lv2:OutputPort ; lv2:index 2 .\n"
              "<keys> a ingen:Block ; lv2:prototype <urn:chronus:midi_cv> .\n"
              "<lfo> a ingen:Block ; lv2:prototype <urn:chronus:lfo> .\n"
              "<lfo/speed> ingen:value \"Tempo\" . <lfo/note> ingen:value \"1/4\" .\n");
}

/// Check that beats and notes of 8 quarters come at the same time
static void
check_beats(const char* const arguments, const double quarter_s)
{
  static float out[12 * RATE_HZ][2];

  const double slow_s   = 4.0 * quarter_s;
  const double end_s    = slow_s + 1.6 * quarter_s;
  const int    n_frames = (int)(end_s * RATE_HZ) - 10;
  int          n[2]     = {0, 0};
  check_works(arguments);
  read_sound("out.wav", out[0], n_frames);
  for (int i = 0; i < n_frames; ++i) {
    for (int c = 0; c < 2; ++c) {
      if (out[i][c] > 5.0f && (!i || out[i - 1][c] <= 5.0f)) {
        const double expected_s =
          n[c] < 4 ? n[c] * quarter_s : slow_s + (n[c] - 4) * 0.4 * quarter_s;
        ck_assert_double_eq_tol(i, expected_s * RATE_HZ, 2.0);
        ++n[c];
      }
    }
  }
  ck_assert_int_eq(n[0], 8);
  ck_assert_int_eq(n[1], 8);
}

START_TEST(a_song_leads_what_follows_it)
{
  write_tempos();
  check_beats("--in midi=tempos.mid tempo.ttl out.wav", 1.0);
  check_beats("--block 37 --in midi=tempos.mid tempo.ttl out.wav", 1.0);
}
END_TEST

START_TEST(a_tempo_scales_the_song_and_what_follows_it)
{
  write_tempos();
  check_beats("--tempo 90 --in midi=tempos.mid tempo.ttl out.wav", 60.0 / 90.0);
}
END_TEST

START_TEST(a_signal_leaves_nothing)
{
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

  const struct timespec pause = {0, 5000000};
  const pid_t           child = fork();
  if (!child) {
    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
    execl(RENDER, RENDER, "--seconds", "1e6", "tone.ttl", "out.wav", (char*)NULL);
    _exit(127);
  }
  for (int i = 0; i < 2000 && !exists("out.wav.*"); ++i) {
    nanosleep(&pause, NULL);
  }
  ck_assert(exists("out.wav.*"));
  ck_assert_int_eq(kill(child, signals[_i]), 0);

  int status = 0;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == signals[_i]);
  ck_assert(!exists("out*"));
}
END_TEST

START_TEST(what_is_no_regular_file_is_written_to)
{
  const Result result = check_works("tone.ttl /dev/null");
  ck_assert_ptr_nonnull(strstr(result.out, "/dev/null: 10.000 s"));

  struct stat info;
  ck_assert_int_eq(stat("/dev/null", &info), 0);
  ck_assert(S_ISCHR(info.st_mode));
}
END_TEST

START_TEST(a_new_file_has_the_usual_permissions)
{
  struct stat info;
  umask(022);
  check_works("--seconds 0.1 tone.ttl out.wav");
  ck_assert_int_eq(stat("out.wav", &info), 0);
  ck_assert_int_eq(info.st_mode & 0777, 0644);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("render");
  TCase* const tests = tcase_create("render");
  tcase_set_timeout(tests, 120);
  tcase_add_unchecked_fixture(tests, scratch_make, scratch_remove);
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, bad_patches_are_refused_with_a_reason);
  tcase_add_test(tests, files_that_are_no_patches_are_refused);
  tcase_add_test(tests, a_truncated_patch_is_refused);
  tcase_add_test(tests, a_plugin_that_needs_more_is_refused);
  tcase_add_test(tests, bad_options_are_refused);
  tcase_add_test(tests, bad_outputs_are_refused);
  tcase_add_test(tests, help_and_version_are_told);
  tcase_add_test(tests, a_patch_is_listed);
  tcase_add_test(tests, a_sound_passes_through_bit_by_bit);
  tcase_add_test(tests, a_channel_can_be_chosen);
  tcase_add_test(tests, bad_sounds_are_refused);
  tcase_add_test(tests, bad_songs_are_refused);
  tcase_add_test(tests, a_missing_song_is_no_error_but_told);
  tcase_add_test(tests, no_damage_to_a_song_does_harm);
  tcase_add_test(tests, songs_keep_their_time);
  tcase_add_test(tests, songs_are_read_as_libsmf_reads_them);
  tcase_add_test(tests, cables_that_meet_are_added);
  tcase_add_test(tests, midi_that_meets_is_merged);
  tcase_add_test(tests, no_midi_that_meets_is_lost);
  tcase_add_test(tests, a_tempo_leads_what_follows_it);
  tcase_add_test(tests, facts_are_told);
  tcase_add_test(tests, a_length_can_be_asked_for);
  tcase_add_test(tests, too_loud_is_told);
  tcase_add_test(tests, what_is_no_number_is_told);
  tcase_add_test(tests, formats_keep_what_they_can);
  tcase_add_test(tests, volts_need_floats);
  tcase_add_test(tests, a_full_disk_leaves_the_old_file);
  tcase_add_test(tests, a_damaged_sound_is_read_with_a_warning);
  tcase_add_test(tests, songs_longer_than_a_day_are_refused_with_their_length);
  tcase_add_test(tests, a_song_leads_what_follows_it);
  tcase_add_test(tests, a_tempo_scales_the_song_and_what_follows_it);
  tcase_add_loop_test(tests, a_signal_leaves_nothing, 0, 3);
  tcase_add_test(tests, what_is_no_regular_file_is_written_to);
  tcase_add_test(tests, a_new_file_has_the_usual_permissions);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
