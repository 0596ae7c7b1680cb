// SPDX-License-Identifier: ISC
/**
   MIDI files that other programs write: all that can be read is, and no note is lost.

   Tracks are given as their bytes, so each test shows what is wrong with the file.
*/

#include "support/program.h"
#include "support/scratch.h"
#include "support/test.h"

#include "host/midi_file.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define QUARTER "\x83\x60" ///< 480 ticks, 0.5 s
#define END "\0\xFF\x2F\0"
#define HEAD(format, n_tracks) "MThd\0\0\0\6\0" format "\0" n_tracks "\1\xE0"
#define BYTES(text) (text), sizeof(text) - 1U

/// Two notes in a row, 22 bytes
#define NOTES \
  "\0\x90\x3C\x64" QUARTER "\x80\x3C\x40\0\x90\x40\x64" QUARTER "\x80\x40\x40"

static MidiFile midi;
static char     report[8192];

static void
setup(void)
{
  scratch_clear();
}

static void
write_song(const char* const bytes, const size_t size)
{
  FILE* const file = fopen("song.mid", "wb");
  ck_assert_ptr_nonnull(file);
  ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
  fclose(file);
}

/// Read a song, and keep what is reported
static bool
read_song(const char* const bytes, const size_t size)
{
  write_song(bytes, size);
  ck_assert_ptr_nonnull(freopen("report", "w", stderr));
  const bool ok = midi_file_read(&midi, "song.mid");
  fflush(stderr);
  read_text("report", report, sizeof(report));
  return ok;
}

/// Check that messages are "on 60 off 60 ..." by their time
static void
check_notes(const char* const expected)
{
  char   text[1024] = "";
  size_t length     = 0;
  for (size_t i = 0; i < midi.n_messages; ++i) {
    const MidiMessage* const message = &midi.messages[i];
    const bool               is_on   = message->status >= 0x90U && message->data[1];
    if (message->status < 0xA0U) {
      length += (size_t)snprintf(text + length,
                                 sizeof(text) - length,
                                 "%s%s %u",
                                 length ? " " : "",
                                 is_on ? "on" : "off",
                                 message->data[0]);
    }
  }
  ck_assert_str_eq(text, expected);
  midi_file_free(&midi);
}

/// Check that a song has two notes, and what is reported if anything
static void
check_song(const char* const bytes, const size_t size, const char* const expected)
{
  ck_assert(read_song(bytes, size));
  if (expected) {
    ck_assert_msg(strstr(report, expected), "%s", report);
  } else {
    ck_assert_str_eq(report, "");
  }
  check_notes("on 60 off 60 on 64 off 64");
}

// ---- Order

START_TEST(a_note_that_ends_and_begins_at_once_is_kept_across_tracks)
{
  ck_assert(read_song(BYTES(
    HEAD("\1", "\2") "MTrk\0\0\0\x0E" QUARTER "\x90\x3C\x64" QUARTER "\x80\x3C\x40" END
                     "MTrk\0\0\0\x0D\0\x90\x3C\x64" QUARTER "\x80\x3C\x40" END)));
  check_notes("on 60 off 60 on 60 off 60");
  ck_assert(read_song(BYTES(HEAD(
    "\1", "\2") "MTrk\0\0\0\x0D\0\x90\x3C\x64" QUARTER "\x80\x3C\x40" END
                "MTrk\0\0\0\x0E" QUARTER "\x90\x3C\x64" QUARTER "\x80\x3C\x40" END)));
  check_notes("on 60 off 60 on 60 off 60");
}
END_TEST

START_TEST(a_note_that_begins_before_it_ends_is_kept)
{
  ck_assert(read_song(BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x16\0\x90\x3C\x64" QUARTER
                                             "\x90\x3C\x64\0\x90\x3C\0" QUARTER
                                             "\x80\x3C\x40" END)));
  check_notes("on 60 off 60 on 60 off 60");
}
END_TEST

START_TEST(a_note_without_length_ends_after_it_began)
{
  ck_assert(read_song(
    BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x14\0\x90\x3C\x64\0\x80\x3C\x40" QUARTER
                           "\x90\x3C\x64\0\x3C\0" END)));
  check_notes("on 60 off 60 on 60 off 60");
  // An older one ends, then one without length begins
  ck_assert(read_song(BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x14\0\x90\x3C\x64" QUARTER
                                             "\x90\x3C\x64\0\x3C\0\0\x3C\0" END)));
  check_notes("on 60 off 60 on 60 off 60");
}
END_TEST

START_TEST(other_messages_keep_their_order)
{
  ck_assert(
    read_song(BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x14\0\x90\x3C\x64" QUARTER
                                     "\xB0\x40\x7F\0\x80\x3C\x40\0\xC0\1" END)));
  ck_assert_uint_eq(midi.n_messages, 4);
  ck_assert_uint_eq(midi.messages[1].status, 0xB0);
  ck_assert_uint_eq(midi.messages[2].status, 0x80);
  ck_assert_uint_eq(midi.messages[3].status, 0xC0);
  midi_file_free(&midi);
}
END_TEST

// ---- What is wrong with files

START_TEST(good_songs_are_read_without_a_word)
{
  check_song(BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x16" NOTES END), NULL);
  check_song(BYTES(HEAD("\1", "\1") "XYZW\0\0\0\2\1\2MTrk\0\0\0\x16" NOTES END), NULL);
}
END_TEST

START_TEST(tracks_beyond_the_count_are_read)
{
  check_song(BYTES(HEAD("\1", "\1") "MTrk\0\0\0\x0B\0\xFF\x51\3\7\xA1\x20" END
                                    "MTrk\0\0\0\x16" NOTES END),
             NULL);
  check_song(BYTES(HEAD("\0", "\0") "MTrk\0\0\0\x16" NOTES END), NULL);
  check_song(BYTES(HEAD("\1", "\7") "MTrk\0\0\0\x16" NOTES END), NULL);
}
END_TEST

START_TEST(a_status_runs_on_through_meta_events_and_system_messages)
{
  check_song(
    BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x19\0\x90\x3C\x64\x81\x70\xFF\1\1A\x81\x70"
                           "\x3C\0\0\x40\x64" QUARTER "\x40\0" END),
    NULL);
  check_song(
    BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x19\0\x90\x3C\x64\x81\x70\xF0\2\1\xF7\x81"
                           "\x70\x3C\0\0\x40\x64" QUARTER "\x40\0" END),
    NULL);
}
END_TEST

START_TEST(tracks_of_a_wrong_length_are_read)
{
  static const char* const message =
    "song.mid: track 1, byte 18: the length of the track is wrong";

  check_song(BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x1A" NOTES END), message);
  check_song(BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x12" NOTES END), message);
  check_song(BYTES(HEAD("\0", "\1") "MTrk\0\0\0\0" NOTES END), message);
  check_song(BYTES(HEAD("\0", "\1") "MTrk\xFF\xFF\xFF\xFF" NOTES END), message);
  for (int size = 8; size < 15; ++size) {
    char song[] = HEAD("\1", "\2") "MTrk\0\0\0\x0B\0\xFF\x51\3\7\xA1\x20" END
                                   "MTrk\0\0\0\x16" NOTES END;
    song[21] = (char)size;
    check_song(song, sizeof(song) - 1U, size == 11 ? NULL : message);
  }
}
END_TEST

START_TEST(a_song_that_is_cut_short_is_read_so_far)
{
  check_song(BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x16" NOTES "\0\xFF\x2F"),
             "song.mid: track 1, byte 40: is cut short or wrong");
  check_song(BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x16" NOTES), "length of the track");
}
END_TEST

START_TEST(garbage_is_left_out_with_a_warning)
{
  check_song(BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x16" NOTES END "\0\1\2"),
             "byte 44: some bytes at the end are no track");
  check_song(
    BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x16" NOTES END "\0\1\2\3\4\5\6\7\x08\x09"),
    "byte 44: what is no track is left out");
  check_song(BYTES(HEAD("\0", "\1") "\0\1\2\3\4\5\6\7\x08MTrk\0\0\0\x16" NOTES END),
             "byte 14: what is no track is left out");
  check_song(BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x18" NOTES END "\1\2"),
             "byte 44: what follows the end of the track is left out");
}
END_TEST

START_TEST(wrapped_songs_are_read)
{
  char mac[128 + 64] = "";
  check_song(BYTES("RIFF\x38\0\0\0RMIDdata\x2C\0\0\0" HEAD(
               "\0", "\1") "MTrk\0\0\0\x16" NOTES END "LIST\4\0\0\0INFO"),
             NULL);
  static const char song[] = HEAD("\0", "\1") "MTrk\0\0\0\x16" NOTES END;
  memcpy(mac + 128, song, sizeof(song) - 1U);
  check_song(mac, 128 + sizeof(song) - 1U, NULL);
}
END_TEST

START_TEST(stray_system_messages_are_left_out)
{
  check_song(BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x18\0\xF8" NOTES END),
             "byte 23: a system message");
  check_song(BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x1A\0\xF2\1\2" NOTES END),
             "byte 23: a system message");
  check_song(BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x17\0\x90\x3C\xFE\x64" QUARTER
                                    "\x80\x3C\x40\0\x90\x40\x64" QUARTER
                                    "\x80\x40\x40" END),
             "byte 25: a real-time message");
}
END_TEST

START_TEST(values_over_127_are_cut)
{
  check_song(BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x16\0\x90\x3C\xE4" QUARTER
                                    "\x80\x3C\x40\0\x90\x40\x64" QUARTER
                                    "\x80\x40\x40" END),
             "byte 25: a value is over 127");
}
END_TEST

START_TEST(warnings_have_an_end)
{
  char   song[22 + 5000] = HEAD("\0", "\1") "MTrk\0\0\x13\x88";
  size_t n_lines         = 0;
  for (size_t i = 22; i < sizeof(song); i += 2) {
    song[i + 1] = '\xF8';
  }
  ck_assert(read_song(song, sizeof(song)));
  for (const char* at = report; (at = strchr(at, '\n')); ++at) {
    ++n_lines;
  }
  ck_assert_uint_eq(n_lines, 17);
  midi_file_free(&midi);
}
END_TEST

// ---- The map of beats

static void
check_beat(const size_t i, const double time_s, const double quarter_s, const int bar)
{
  ck_assert_uint_lt(i, midi.n_beats);
  ck_assert_double_eq_tol(midi.beats[i].time_s, time_s, 1e-9);
  ck_assert_double_eq_tol(midi.beats[i].quarter_s, quarter_s, 1e-9);
  ck_assert_int_eq((int)midi.beats[i].bar, bar);
}

START_TEST(tempos_and_time_signatures_make_a_map)
{
  // 3/4 at 90, after 2 bars and a beat 6/8, and two quarters later 150
  ck_assert(read_song(BYTES(
    HEAD("\0", "\1") "MTrk\0\0\0\x25\0\xFF\x58\4\3\2\x18\x08\0\xFF\x51\3\x0A\x2C\x2A"
                     "\x9A\x20\xFF\x58\4\6\3\x18\x08\x87\x40\xFF\x51\3\6\x1A\x80"
                     "\x83\x60\xFF\x2F\0")));
  ck_assert_str_eq(report, "");
  const double quarter_s = 0.666666;
  ck_assert_uint_eq(midi.n_beats, 3);
  check_beat(0, 0.0, quarter_s, 0);
  check_beat(1, 7 * quarter_s, quarter_s, 3);
  check_beat(2, 9 * quarter_s, 0.4, 3);
  ck_assert_int_eq(midi.beats[0].beats_per_bar, 3);
  ck_assert_int_eq(midi.beats[1].beat_unit, 8);
  ck_assert_double_eq_tol(midi.beats[2].bar_beat, 4.0, 1e-9);
  ck_assert_double_eq_tol(midi.length_s, 9 * quarter_s + 0.4, 1e-9);

  midi_file_scale(&midi, 2.0);
  check_beat(2, 4.5 * quarter_s, 0.2, 3);
  ck_assert_double_eq_tol(midi.length_s, 4.5 * quarter_s + 0.2, 1e-9);
  midi_file_free(&midi);
}
END_TEST

START_TEST(a_tempo_without_end_is_left_out)
{
  ck_assert(read_song(BYTES(HEAD("\0", "\1") "MTrk\0\0\0\x0B\0\xFF\x51\3\0\0\0" END)));
  ck_assert_ptr_nonnull(strstr(report, "a tempo without end is left out"));
  check_beat(0, 0.0, 0.5, 0);
  ck_assert(!midi.has_tempo);
  midi_file_free(&midi);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("midi_file");
  TCase* const tests = tcase_create("midi_file");
  tcase_add_unchecked_fixture(tests, scratch_make, scratch_remove);
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, a_note_that_ends_and_begins_at_once_is_kept_across_tracks);
  tcase_add_test(tests, a_note_that_begins_before_it_ends_is_kept);
  tcase_add_test(tests, a_note_without_length_ends_after_it_began);
  tcase_add_test(tests, other_messages_keep_their_order);
  tcase_add_test(tests, good_songs_are_read_without_a_word);
  tcase_add_test(tests, tracks_beyond_the_count_are_read);
  tcase_add_test(tests, a_status_runs_on_through_meta_events_and_system_messages);
  tcase_add_test(tests, tracks_of_a_wrong_length_are_read);
  tcase_add_test(tests, a_song_that_is_cut_short_is_read_so_far);
  tcase_add_test(tests, garbage_is_left_out_with_a_warning);
  tcase_add_test(tests, wrapped_songs_are_read);
  tcase_add_test(tests, stray_system_messages_are_left_out);
  tcase_add_test(tests, values_over_127_are_cut);
  tcase_add_test(tests, warnings_have_an_end);
  tcase_add_test(tests, tempos_and_time_signatures_make_a_map);
  tcase_add_test(tests, a_tempo_without_end_is_left_out);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
