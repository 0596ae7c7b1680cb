// SPDX-License-Identifier: ISC
/**
   The patches in presets/patches, played from end to end.

   The sound to expect follows from the MIDI files, which libsmf reads here and the code
   under test doesn't.
*/

#include "support/scratch.h"
#include "support/test.h"

#include "host/engine.h"
#include "host/host.h"
#include "host/ingen.h"
#include "host/input_file.h"
#include "host/patch.h"

#include <smf.h>

#include <complex.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define PATCHES SOURCE_DIR "/presets/patches/"
#define RATE_HZ 48000.0
#define BLOCK_FRAMES 256U
#define TAIL_S 2.0
#define DRONE_S 20.0
#define TWO_PI 6.283185307179586
#define SETTLE_S 0.05 ///< From the start of a note until it is measured
#define MAX_NOTES 256
#define MAX_PROBES 8

static const char* const melodies[] = {"first-voice",
                                       "fm-bell",
                                       "sync-lead",
                                       "filter-pluck",
                                       "auto-wah",
                                       "slewed-portamento",
                                       "wobble-bass",
                                       "pwm-strings"};

/// Patches that play by themselves, chords, and notes that bend
static const char* const others[] = {"drone",
                                     "lfo-into-fm",
                                     "random-melody",
                                     "noise-percussion",
                                     "acid-line",
                                     "drum-machine",
                                     "dub-delay",
                                     "folded-drone",
                                     "generative",
                                     "arpeggio",
                                     "self-playing-trio",
                                     "song-sequence",
                                     "mpe-lead",
                                     "tuner"};

/// Patches for chords that are measured as a whole
static const char* const chords[] = {"plucked-string", "ambient-pad"};

enum { N_CHORDS = sizeof(chords) / sizeof(chords[0]) };

/// Those that play by themselves and are only measured as a whole
enum { FIRST_OF_WHOLE = 4, N_OTHERS = sizeof(others) / sizeof(others[0]) };

enum {
  N_MELODIES = sizeof(melodies) / sizeof(melodies[0]),
  N_PATCHES  = N_MELODIES + N_OTHERS
};

/// A knob that keeps the phase of every partial still, which is to be measured
typedef struct {
  const char* patch;
  const char* knob;
  const char* value;
} Stillness;

static const Stillness stillnesses[] = {{"sync-lead", "sweep/level", "0 V"},
                                        {"filter-pluck", "pluck_env/level", "0 V"},
                                        {"auto-wah", "wah/frequency_amount", "0"},
                                        {"slewed-portamento", "glide/rise", "0.1 ms"},
                                        {"slewed-portamento", "glide/fall", "0.1 ms"},
                                        {"slewed-portamento", "vcf/gain_amount", "0"},
                                        {"wobble-bass", "wobble/level", "0 %"},
                                        {"pwm-strings", "sweep_1/level", "0 %"},
                                        {"pwm-strings", "sweep_2/level", "0 %"},
                                        {"pwm-strings", "stir/level", "0 %"}};

enum { N_STILLNESSES = sizeof(stillnesses) / sizeof(stillnesses[0]) };

// ---- Scores

typedef struct {
  int    key;
  int    velocity;
  double start_s;
  double end_s;
} Note;

typedef struct {
  Note   notes[MAX_NOTES];
  size_t n_notes;
  double length_s;
} Score;

static Note*
sounding(Score* const score, const int key)
{
  for (size_t n = score->n_notes; n > 0; --n) {
    if (score->notes[n - 1].key == key && score->notes[n - 1].end_s < 0.0) {
      return &score->notes[n - 1];
    }
  }

  return NULL;
}

static void
read_score(Score* const score, const char* const name)
{
  char path[512];
  snprintf(path, sizeof(path), PATCHES "%s.mid", name);
  smf_t* const smf = smf_load(path);
  ck_assert_ptr_nonnull(smf);

  *score = (Score){.length_s = smf_get_length_seconds(smf)};
  for (smf_event_t* event; (event = smf_get_next_event(smf));) {
    const uint8_t* const bytes = event->midi_buffer;
    if ((bytes[0] & 0xF0) == 0x90 && bytes[2] > 0) {
      score->notes[score->n_notes++] =
        (Note){bytes[1], bytes[2], event->time_seconds, -1.0};
    } else if ((bytes[0] & 0xF0) == 0x80 || (bytes[0] & 0xF0) == 0x90) {
      Note* const note = sounding(score, bytes[1]);
      ck_assert_ptr_nonnull(note);
      note->end_s = event->time_seconds;
    }
  }
  smf_delete(smf);
  ck_assert_uint_gt(score->n_notes, 0);
}

/// Return when a note gives way to the next one or to silence
static double
heard_until(const Score* const score, const size_t n)
{
  const double end_s = score->notes[n].end_s;

  return n + 1 < score->n_notes ? fmin(end_s, score->notes[n + 1].start_s) : end_s;
}

// ---- Playing

/// A patch while it plays, and what came out of it
typedef struct {
  Host*    host;
  Patch    patch;
  uint32_t n_frames;
  uint32_t n_tapped; ///< Ports of the patch that are recorded
  uint32_t tapped[MAX_PROBES];
  float*   tape[MAX_PROBES];
} Session;

static void
open_session(Session* const session, const char* const name, const double sample_rate)
{
  static char path[512];

  snprintf(path, sizeof(path), PATCHES "%s.ttl", name);
  *session = (Session){.host = host_new(TEST_LV2_PATH)};
  patch_init(&session->patch, session->host, path, sample_rate);
  ck_assert(ingen_read(&session->patch, path));
}

static void
close_session(Session* const session)
{
  for (uint32_t t = 0; t < session->n_tapped; ++t) {
    free(session->tape[t]);
  }
  patch_free(&session->patch);
  host_free(session->host);
}

/// Record an output of a block, too
static void
probe(Session* const session, const char* const output, const HostPortKind kind)
{
  static const char* const names[] = {"probe_0", "probe_1", "probe_2", "probe_3"};

  const uint32_t n_before = session->patch.n_ports;
  ck_assert(patch_add_port(&session->patch, names[n_before % 4], kind, true));
  ck_assert(patch_connect(&session->patch, output, names[n_before % 4]));
}

static void
turn(Session* const session, const char* const knob, const char* const value)
{
  ck_assert(patch_set_text(&session->patch, knob, value));
}

/// Load a tape for every output of the patch
static void
tap_outputs(Session* const session)
{
  for (uint32_t p = 0; p < session->patch.n_ports; ++p) {
    if (session->patch.ports[p].is_output) {
      session->tapped[session->n_tapped] = p;
      session->tape[session->n_tapped++] =
        (float*)calloc(session->n_frames + BLOCK_FRAMES, sizeof(float));
    }
  }
}

static void
play(Session* const session, const double length_s)
{
  Patch* const patch     = &session->patch;
  InputFile*   source    = NULL;
  void*        inputs[8] = {NULL};
  uint32_t     input     = 0;
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    const PatchPort* const port = &patch->ports[p];
    if (!port->is_output && !port->source) {
      inputs[p] = calloc(BLOCK_FRAMES, sizeof(float)); // Silence
    } else if (!port->is_output) {
      source = input_file_open(
        session->host, port->source, port->kind, patch->sample_rate, BLOCK_FRAMES);
      ck_assert_ptr_nonnull(source);
      inputs[p] = calloc(1, input_file_buffer_size(source));
      input     = p;
    }
  }

  ck_assert(patch_order(patch));
  Engine* const rack = engine_new(patch, inputs, BLOCK_FRAMES);
  session->n_frames  = (uint32_t)(length_s * patch->sample_rate);
  ck_assert_ptr_nonnull(rack);
  tap_outputs(session);
  for (uint32_t i = 0; i < session->n_frames; i += BLOCK_FRAMES) {
    if (source) {
      input_file_read(source, inputs[input], BLOCK_FRAMES);
    }
    engine_run(rack, BLOCK_FRAMES);
    for (uint32_t t = 0; t < session->n_tapped; ++t) {
      memcpy(session->tape[t] + i,
             engine_output(rack, session->tapped[t]),
             BLOCK_FRAMES * sizeof(float));
    }
  }

  engine_free(rack);
  if (source) {
    input_file_close(source);
  }
  for (uint32_t p = 0; p < sizeof(inputs) / sizeof(inputs[0]); ++p) {
    free(inputs[p]);
  }
}

// ---- Measuring

static uint32_t
frame_at(const Session* const session, const double time_s)
{
  return (uint32_t)lround(time_s * session->patch.sample_rate);
}

static double
peak(const float* const signal, const uint32_t start, const uint32_t end)
{
  double largest = 0.0;
  for (uint32_t i = start; i < end; ++i) {
    ck_assert(isfinite(signal[i]));
    largest = fmax(largest, fabs((double)signal[i]));
  }
  return largest;
}

/// Return how much of `freq_hz` is in a Hann window, with its phase from frame 0
static double complex
partial(const float* const signal,
        const uint32_t     start,
        const uint32_t     n_frames,
        const double       freq_hz,
        const double       sample_rate)
{
  const double   turn_rad = TWO_PI * freq_hz / sample_rate;
  double complex sum      = 0.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double window = 0.5 - 0.5 * cos(TWO_PI * (i + 0.5) / n_frames);
    sum += window * (double)signal[start + i] * cexp(-I * turn_rad * (start + i));
  }
  return 4.0 * sum / n_frames;
}

/// Return how far a partial near `freq_hz` is from there, from its turn in the sound
static double
deviation_cents(const Session* const session,
                const uint32_t       tape,
                const uint32_t       start,
                const uint32_t       end,
                const double         freq_hz)
{
  const float* const   sound       = session->tape[tape];
  const double         sample_rate = session->patch.sample_rate;
  const uint32_t       third       = (end - start) / 3U;
  const double complex first = partial(sound, start, 2U * third, freq_hz, sample_rate);
  const double complex last =
    partial(sound, start + third, 2U * third, freq_hz, sample_rate);

  const double turns = carg(last * conj(first)) / TWO_PI;
  ck_assert_double_gt(cabs(first), 0.001);
  return 1200.0 * log2(1.0 + turns * sample_rate / third / freq_hz);
}

static double
key_hz(const int key)
{
  return 440.0 * exp2((key - 69) / 12.0);
}

// ---- Notes

/// Check the pitch of every note once its attack and any glide into it are over
static void
check_pitch(const char* const name, const double sample_rate)
{
  Score   score;
  Session session;
  read_score(&score, name);
  open_session(&session, name, sample_rate);
  for (size_t i = 0; i < N_STILLNESSES; ++i) {
    if (!strcmp(name, stillnesses[i].patch)) {
      turn(&session, stillnesses[i].knob, stillnesses[i].value);
    }
  }
  play(&session, score.length_s);

  for (size_t n = 0; n < score.n_notes; ++n) {
    const Note* const note    = &score.notes[n];
    const double      freq_hz = key_hz(note->key);
    const double      cents   = deviation_cents(&session,
                                         0,
                                         frame_at(&session, note->start_s + SETTLE_S),
                                         frame_at(&session, heard_until(&score, n)),
                                         freq_hz);
    ck_assert_msg(fabs(cents) < 1.0,
                  "%s: note %zu (%.2f Hz) is off by %.2f cents at %.0f Hz",
                  name,
                  n,
                  freq_hz,
                  cents,
                  sample_rate);
  }
  close_session(&session);
}

START_TEST(every_note_has_its_pitch)
{
  check_pitch(melodies[_i], 48000.0);
  check_pitch(melodies[_i], 44100.0);
}
END_TEST

START_TEST(every_note_starts_and_ends_on_its_frame)
{
  Score   score;
  Session session;
  read_score(&score, melodies[_i]);
  open_session(&session, melodies[_i], RATE_HZ);
  probe(&session, "keys/gate", HOST_CV);
  play(&session, score.length_s);

  const float* const gate = session.tape[1];
  for (size_t n = 0; n < score.n_notes; ++n) {
    const uint32_t start = frame_at(&session, score.notes[n].start_s);
    const uint32_t end   = frame_at(&session, score.notes[n].end_s);
    const bool     is_rest =
      n + 1 == score.n_notes || heard_until(&score, n) < score.notes[n + 1].start_s;
    ck_assert_float_eq(gate[start], 10.0f);
    ck_assert_float_eq(gate[end - 1], 10.0f);
    ck_assert_float_eq(gate[end], is_rest ? 0.0f : 10.0f);
  }
  close_session(&session);
}
END_TEST

START_TEST(harder_notes_are_louder)
{
  // Notes 0 and 1 of the bells: the same patch, one struck with 96 and one with 70
  Score   score;
  Session session;
  read_score(&score, "fm-bell");
  open_session(&session, "fm-bell", RATE_HZ);
  play(&session, score.length_s);

  double loudest[2];
  for (size_t n = 0; n < 2; ++n) {
    loudest[n] = peak(session.tape[0],
                      frame_at(&session, score.notes[n].start_s),
                      frame_at(&session, score.notes[n].end_s));
  }
  const double expected = (0.3 + 0.7 * 70.0 / 127.0) / (0.3 + 0.7 * 96.0 / 127.0);
  ck_assert_double_eq_tol(loudest[1] / loudest[0], expected, 0.03);
  close_session(&session);
}
END_TEST

START_TEST(harder_notes_open_the_wah)
{
  // Notes 8 and 11 are of the same key, struck with 104 and 56
  Score   score;
  Session session;
  read_score(&score, "auto-wah");
  open_session(&session, "auto-wah", RATE_HZ);
  probe(&session, "pick/out", HOST_AUDIO);
  probe(&session, "follow/envelope", HOST_CV);
  play(&session, score.length_s);

  double brightness_db[2];
  for (size_t n = 8; n < 12; n += 3) {
    const Note* const note     = &score.notes[n];
    const uint32_t    start    = frame_at(&session, note->start_s);
    const uint32_t    end      = frame_at(&session, note->end_s);
    const double      string_v = 10.0 * peak(session.tape[1], start, end);
    ck_assert_int_eq(note->key, 50);
    ck_assert_double_eq_tol(
      20.0 * log10(peak(session.tape[2], start, end) / string_v), 9.0, 1.0);

    const double         freq_hz = key_hz(note->key);
    const double complex low =
      partial(session.tape[0], start + 960, 4800, freq_hz, RATE_HZ);
    const double complex high =
      partial(session.tape[0], start + 960, 4800, 8.0 * freq_hz, RATE_HZ);
    brightness_db[n / 11] = 20.0 * log10(cabs(high) / cabs(low));
  }
  ck_assert_double_gt(brightness_db[0], brightness_db[1] + 6.0);
  close_session(&session);
}
END_TEST

// ---- Envelopes

START_TEST(plucks_fade_as_the_law_of_the_amplifier_says)
{
  Score   score;
  Session session;
  read_score(&score, "filter-pluck");
  open_session(&session, "filter-pluck", RATE_HZ);
  probe(&session, "vcf/out", HOST_AUDIO);
  probe(&session, "amp_env/envelope", HOST_CV);
  play(&session, score.length_s);

  const double level = pow(10.0, -7.0 / 20.0);
  for (uint32_t i = 0; i < session.n_frames; ++i) {
    const double gain = level * pow((double)session.tape[2][i] / 10.0, 4.0);
    ck_assert_double_eq_tol(
      (double)session.tape[0][i], gain * (double)session.tape[1][i], 2e-6);
  }
  close_session(&session);
}
END_TEST

START_TEST(envelopes_keep_their_times)
{
  // As the patch sets them: attack 6 ms, decay 0.8 s, sustain 70 %, release 0.35 s
  Score   score;
  Session session;
  read_score(&score, "first-voice");
  open_session(&session, "first-voice", RATE_HZ);
  probe(&session, "amp_env/envelope", HOST_CV);
  play(&session, score.length_s + TAIL_S);

  const Note* const  first = &score.notes[0];
  const Note* const  last  = &score.notes[score.n_notes - 1];
  const float* const env_v = session.tape[1];
  const double       top_v = 10.0 * (0.3 + 0.7 * first->velocity / 127.0);
  const uint32_t     start = frame_at(&session, first->start_s);
  const uint32_t     full  = start + frame_at(&session, 0.006);
  ck_assert_double_lt((double)env_v[start], 0.1 * top_v);
  ck_assert_double_lt((double)env_v[full - 2], top_v);
  ck_assert_double_eq_tol(peak(env_v, full - 2, full + 2), top_v, 1e-4);

  const double   sustain_v = 7.0 * (0.3 + 0.7 * last->velocity / 127.0);
  const uint32_t let_go    = frame_at(&session, last->end_s);
  const uint32_t over      = let_go + frame_at(&session, 0.35);
  ck_assert_double_eq_tol((double)env_v[let_go - 1], sustain_v, 1e-4);
  ck_assert_float_gt(env_v[over - 3], 0.0f);
  ck_assert_double_eq(peak(env_v, over + 2, session.n_frames), 0.0);
  close_session(&session);
}
END_TEST

START_TEST(the_portamento_keeps_its_pace)
{
  // As the patch sets it: an octave takes 0.3 s up and 0.15 s down
  Score   score;
  Session session;
  read_score(&score, "slewed-portamento");
  open_session(&session, "slewed-portamento", RATE_HZ);
  probe(&session, "glide/out", HOST_CV);
  play(&session, score.length_s);

  const float* const pitch_oct = session.tape[1];
  for (size_t n = 1; n < score.n_notes; ++n) {
    const double   way_oct = (score.notes[n].key - score.notes[n - 1].key) / 12.0;
    const double   to_oct  = (score.notes[n].key - 60) / 12.0;
    const double   time_s  = fabs(way_oct) * (way_oct > 0.0 ? 0.3 : 0.15);
    const uint32_t start   = frame_at(&session, score.notes[n].start_s);
    const uint32_t half    = start + frame_at(&session, 0.5 * time_s);
    const uint32_t arrival = start + frame_at(&session, time_s);
    ck_assert_double_eq_tol((double)pitch_oct[half], to_oct - 0.5 * way_oct, 3e-4);
    ck_assert_double_gt(fabs((double)pitch_oct[arrival - 3U] - to_oct), 1e-5);
    ck_assert_double_eq_tol((double)pitch_oct[arrival + 2U], to_oct, 1e-6);
  }
  close_session(&session);
}
END_TEST

// ---- Sound

/// Check that the first outputs are loud enough, not too loud, and have no offset
static void
check_levels_of(const Session* const session,
                const char* const    name,
                const uint32_t       n_outputs)
{
  for (uint32_t t = 0; t < n_outputs; ++t) {
    const float* const out     = session->tape[t];
    const double       peak_db = 20.0 * log10(peak(out, 0, session->n_frames));
    double             sum     = 0.0;
    for (uint32_t i = 0; i < session->n_frames; ++i) {
      sum += (double)out[i];
    }
    ck_assert_msg(
      peak_db > -12.0 && peak_db < -1.0, "%s peaks at %.2f dB", name, peak_db);
    ck_assert_double_lt(fabs(sum / session->n_frames), 0.001);
  }
}

static void
check_levels(const Session* const session, const char* const name)
{
  check_levels_of(session, name, session->n_tapped);
}

/// Return how often a signal crosses 0 upwards
static uint32_t
rises(const float* const signal, const uint32_t start, const uint32_t end)
{
  uint32_t n = 0;
  for (uint32_t i = start + 1U; i < end; ++i) {
    n += signal[i - 1U] < 0.0f && signal[i] >= 0.0f;
  }
  return n;
}

START_TEST(melodies_have_a_sensible_level_and_end_in_silence)
{
  Score   score;
  Session session;
  read_score(&score, melodies[_i]);
  open_session(&session, melodies[_i], RATE_HZ);
  play(&session, score.length_s + TAIL_S);

  const uint32_t last = session.n_frames - frame_at(&session, 0.25);
  check_levels(&session, melodies[_i]);
  ck_assert_double_eq(peak(session.tape[0], last, session.n_frames), 0.0);
  close_session(&session);
}
END_TEST

START_TEST(the_drone_plays_its_chord_on_both_sides)
{
  static const double chord_hz[] = {65.40639132514966, 98.10872};

  Session session;
  open_session(&session, "drone", RATE_HZ);
  play(&session, DRONE_S);

  check_levels(&session, "drone");
  for (uint32_t side = 0; side < 2; ++side) {
    for (size_t i = 0; i < 2; ++i) {
      const double cents = deviation_cents(
        &session, side, frame_at(&session, 8.0), frame_at(&session, 20.0), chord_hz[i]);
      ck_assert_double_lt(fabs(cents), 1.0);
    }
  }
  ck_assert_mem_ne(session.tape[0], session.tape[1], session.n_frames * sizeof(float));
  close_session(&session);
}
END_TEST

START_TEST(the_lfo_makes_the_sidebands_of_its_index)
{
  // Held at 100 Hz, it moves 261.6 Hz by 80 %: index 2.093, with J(n) as the sides
  static const double lfo_hz     = 100.0;
  static const double carrier_hz = 261.6255653005986;

  Session session;
  open_session(&session, "lfo-into-fm", RATE_HZ);
  turn(&session, "vibrato/frequency", "100 Hz");
  turn(&session, "vibrato/frequency_amount", "0");
  play(&session, 3.0);

  const double level = pow(10.0, -6.0 / 20.0);
  for (int n = -3; n <= 3; ++n) {
    const double side_hz = fabs(carrier_hz + n * lfo_hz);
    const double found = cabs(partial(session.tape[0], 24000, 96000, side_hz, RATE_HZ));
    const double wanted = level * fabs(jn(n, 0.8 * carrier_hz / lfo_hz));
    ck_assert_double_eq_tol(found, wanted, 1e-4);
  }
  close_session(&session);
}
END_TEST

START_TEST(the_lfo_turns_from_vibrato_into_sound)
{
  Session session;
  open_session(&session, "lfo-into-fm", RATE_HZ);
  probe(&session, "vibrato/out", HOST_CV);
  play(&session, DRONE_S);
  check_levels_of(&session, "lfo-into-fm", 1);

  // Half a cycle a second at both ends, 0.5 * 2^8.5 in the middle
  const double highest_hz = 0.5 * exp2(8.5);
  ck_assert_uint_le(rises(session.tape[1], 0, frame_at(&session, 1.0)), 1);
  ck_assert_double_eq_tol(
    rises(session.tape[1], frame_at(&session, 9.95), frame_at(&session, 10.05)),
    0.1 * highest_hz,
    1.0);
  close_session(&session);
}
END_TEST

/// Return how fast a signal moves, as the energy of its steps
static double
brightness(const float* const signal, const uint32_t start, const uint32_t end)
{
  double energy = 0.0;
  for (uint32_t i = start; i < end; ++i) {
    energy += pow((double)signal[i] - (double)signal[i - 1U], 2.0);
  }
  return energy;
}

START_TEST(the_wobble_keeps_time_with_the_song)
{
  static const double tempos_bpm[] = {140.0, 97.0};
  for (size_t t = 0; t < 2; ++t) {
    const double eighth_s = 30.0 / tempos_bpm[t];
    Session      session;
    open_session(&session, "wobble-bass", RATE_HZ);
    ck_assert_double_eq(session.patch.tempo_bpm, tempos_bpm[0]);
    ck_assert(patch_set_tempo(&session.patch, tempos_bpm[t]));
    probe(&session, "wobble/out", HOST_CV);
    play(&session, 4.0);

    for (uint32_t i = 0; i < session.n_frames; i += 101U) {
      const double eighths = i / RATE_HZ / eighth_s;
      const double wanted  = 5.0 - 5.0 * cos(TWO_PI * eighths);
      ck_assert_double_eq_tol((double)session.tape[1][i], wanted, 1e-4);
    }

    // Bright in the middle of each eighth of the first note, dull between them
    for (int n = 1; n < 5; ++n) {
      const uint32_t start  = frame_at(&session, eighth_s * n);
      const uint32_t fourth = frame_at(&session, eighth_s / 4.0);
      const double   open =
        brightness(session.tape[0], start + fourth, start + 3U * fourth);
      const double shut = brightness(session.tape[0], start - fourth, start + fourth);
      ck_assert_double_gt(open, 4.0 * shut);
    }
    close_session(&session);
  }
}
END_TEST

START_TEST(the_strings_breathe_as_their_sweeps_say)
{
  // The first note, of 220 Hz: how often the pulse is high tells its width
  static const double sweep_hz = 0.61;
  static const double note_hz  = 220.0;

  Session session;
  open_session(&session, "pwm-strings", RATE_HZ);
  probe(&session, "pulse_1/out", HOST_AUDIO);
  play(&session, 3.0);

  const uint32_t n_frames = frame_at(&session, 11.0 / note_hz);
  for (uint32_t start = 4800; start < 100000; start += 9000U) {
    double n_high = 0.0;
    for (uint32_t i = 0; i < n_frames; ++i) {
      n_high += session.tape[1][start + i] > 0.0f;
    }
    const double width  = n_high / n_frames;
    const double time_s = (start + n_frames / 2U) / RATE_HZ;
    const double wanted =
      0.5 + 0.3 * asin(sin(TWO_PI * sweep_hz * time_s)) * 4.0 / TWO_PI;
    ck_assert_double_eq_tol(width, wanted, 0.012);
  }
  close_session(&session);
}
END_TEST

// ---- Crowds

/// A cable of a voice: blocks get the number of the voice where their names say so
typedef struct {
  const char* tail;
  const char* head;
} Cable;

/// Connect two ports of voice number `v`
static void
draw(Patch* const patch, const Cable cable, const int v)
{
  char tail[32];
  char head[32];
  snprintf(tail, sizeof(tail), cable.tail, v);
  snprintf(head, sizeof(head), cable.head, v);
  ck_assert(patch_connect(patch, tail, head));
}

/// Add a voice of six blocks
static void
add_voice(Patch* const patch, const int v)
{
  static const char* const blocks[][2] = {{"keys_%d", CHRONUS_URI "midi_cv"},
                                          {"osc_%d", CHRONUS_URI "oscillator"},
                                          {"vcf_%d", CHRONUS_URI "biquad"},
                                          {"sweep_%d", CHRONUS_URI "adsr"},
                                          {"env_%d", CHRONUS_URI "adsr"},
                                          {"vca_%d", CHRONUS_URI "vca"}};
  static const Cable       cables[]    = {{"midi", "keys_%d/midi"},
                                          {"keys_%d/pitch", "osc_%d/pitch"},
                                          {"keys_%d/gate", "sweep_%d/gate"},
                                          {"keys_%d/gate", "env_%d/gate"},
                                          {"osc_%d/out", "vcf_%d/in"},
                                          {"sweep_%d/envelope", "vcf_%d/frequency_cv"},
                                          {"vcf_%d/out", "vca_%d/in"},
                                          {"env_%d/envelope", "vca_%d/cv"},
                                          {"vca_%d/out", "out"}};

  for (size_t b = 0; b < sizeof(blocks) / sizeof(blocks[0]); ++b) {
    char name[32];
    snprintf(name, sizeof(name), blocks[b][0], v);
    ck_assert(patch_add_block(patch, name, blocks[b][1]));
  }
  for (size_t c = 0; c < sizeof(cables) / sizeof(cables[0]); ++c) {
    draw(patch, cables[c], v);
  }
}

/// Play a melody with so many equal voices
static void
play_voices(Session* const session, const int n_voices)
{
  *session           = (Session){.host = host_new(TEST_LV2_PATH)};
  Patch* const patch = &session->patch;
  patch_init(patch, session->host, PATCHES "voices.ttl", RATE_HZ);
  ck_assert(patch_add_port(patch, "midi", HOST_EVENTS, false));
  ck_assert(patch_add_port(patch, "out", HOST_AUDIO, true));
  ck_assert(patch_set_source(patch, "midi", PATCHES "first-voice.mid"));
  for (int v = 0; v < n_voices; ++v) {
    add_voice(patch, v);
  }
  play(session, 3.0);
}

START_TEST(ten_voices_are_ten_times_one)
{
  Session one;
  Session ten;
  play_voices(&one, 1);
  play_voices(&ten, 10);
  ck_assert_uint_eq(ten.patch.n_blocks, 60);
  ck_assert_double_gt(peak(one.tape[0], 0, one.n_frames), 0.1);
  for (uint32_t i = 0; i < one.n_frames; ++i) {
    ck_assert_double_eq_tol(
      (double)ten.tape[0][i], 10.0 * (double)one.tape[0][i], 2e-5);
  }
  close_session(&ten);
  close_session(&one);
}
END_TEST

START_TEST(patches_that_play_by_themselves_have_a_sensible_level)
{
  Session session;
  open_session(&session, others[_i], RATE_HZ);
  play(&session, DRONE_S);
  check_levels(&session, others[_i]);
  for (uint32_t t = 0; t < session.n_tapped; ++t) { // To the end
    const uint32_t last = session.n_frames - frame_at(&session, 4.0);
    ck_assert_double_gt(peak(session.tape[t], last, session.n_frames), 0.03);
  }
  close_session(&session);
}
END_TEST

// ---- Chords

START_TEST(chords_have_a_sensible_level_and_fade)
{
  Score   score;
  Session session;
  read_score(&score, chords[_i]);
  open_session(&session, chords[_i], RATE_HZ);
  play(&session, score.length_s + TAIL_S);
  check_levels(&session, chords[_i]);

  const uint32_t last = session.n_frames - frame_at(&session, 0.25);
  for (uint32_t t = 0; t < session.n_tapped; ++t) {
    const double highest = peak(session.tape[t], 0, session.n_frames);
    ck_assert_double_lt(peak(session.tape[t], last, session.n_frames), 0.1 * highest);
  }
  close_session(&session);
}
END_TEST

START_TEST(plucked_strings_are_in_tune)
{
  Session session;
  open_session(&session, "plucked-string", RATE_HZ);
  probe(&session, "string_1/out", HOST_AUDIO);
  turn(&session, "string_1/damping_amount", "0");
  play(&session, 3.0);
  const double cents = deviation_cents(
    &session, 2, frame_at(&session, 0.1), frame_at(&session, 2.4), key_hz(45));
  ck_assert_double_lt(fabs(cents), 0.1);
  close_session(&session);
}
END_TEST

START_TEST(a_chord_has_a_voice_for_every_note)
{
  static const char* const gates[] = {
    "keys/gate_1", "keys/gate_2", "keys/gate_3", "keys/gate_4"};

  Score   score;
  Session session;
  read_score(&score, "four-voices");
  open_session(&session, "four-voices", RATE_HZ);
  for (int v = 0; v < 4; ++v) {
    probe(&session, gates[v], HOST_CV);
  }
  play(&session, score.length_s + TAIL_S);
  check_levels_of(&session, "four-voices", 2);

  // Four keys go down in an eighth each at 84 beats a minute, and are held for a bar
  const uint32_t held = frame_at(&session, 60.0 / 84.0);
  for (uint32_t v = 0; v < 4U; ++v) {
    ck_assert_float_eq(session.tape[2U + v][0], v ? 0.0f : 10.0f);
    ck_assert_float_eq(session.tape[2U + v][held], 10.0f);
    ck_assert_float_eq(session.tape[2U + v][session.n_frames - 1U], 0.0f);
  }
  close_session(&session);
}
END_TEST

// ---- Chance

/// The voltage of a melody that is held in a beat, a while after it began
static double
note_v(const Session* const session, const uint32_t tape, const uint32_t beat)
{
  return (double)session->tape[tape][frame_at(session, 0.2 * beat + 0.1)];
}

START_TEST(the_melody_by_chance_repeats_every_eight_beats)
{
  enum { N_BEATS = 90 };

  Session session;
  open_session(&session, "random-melody", RATE_HZ);
  probe(&session, "notes/out", HOST_CV);
  probe(&session, "voice/out", HOST_AUDIO);
  play(&session, DRONE_S);
  check_levels_of(&session, "random-melody", 1);

  uint32_t n_new = 0;
  for (uint32_t b = 0; b < N_BEATS; ++b) {
    const double held_v  = note_v(&session, 1, b);
    const double freq_hz = key_hz(48) * exp2(0.2 * held_v);
    const double cents   = deviation_cents(&session,
                                         2,
                                         frame_at(&session, 0.2 * b + 0.01),
                                         frame_at(&session, 0.2 * b + 0.2),
                                         freq_hz);
    ck_assert_double_lt(fabs(cents), 1.0);
    if (b >= 16) { // The first loop begins without a note to hold
      ck_assert_double_eq(held_v, note_v(&session, 1, b - 8));
      n_new += b < 24 && held_v != note_v(&session, 1, b - 1);
    }
  }
  ck_assert_uint_ge(n_new, 5);
  close_session(&session);
}
END_TEST

/// An envelope is above 0 V in the frame after its strike at the latest
START_TEST(the_drums_are_struck_on_their_frames)
{
  static const char* const envelopes[] = {
    "drum_env/envelope", "snare_env/envelope", "hat_env/envelope"};
  static const double first_s[]  = {0.5, 0.5, 0.125};
  static const double period_s[] = {0.5, 1.0, 0.125};

  Session session;
  open_session(&session, "noise-percussion", RATE_HZ);
  for (int e = 0; e < 3; ++e) {
    probe(&session, envelopes[e], HOST_CV);
  }
  play(&session, DRONE_S);
  check_levels_of(&session, "noise-percussion", 1);

  for (uint32_t e = 0; e < 3; ++e) {
    const float* const env_v = session.tape[e + 1U];
    for (double at_s = first_s[e]; at_s < DRONE_S - 1.0; at_s += period_s[e]) {
      const uint32_t strike = frame_at(&session, at_s);
      ck_assert_float_eq(env_v[strike - 1U], 0.0f);
      ck_assert_float_gt(env_v[strike + 1U], 0.0f);
      ck_assert_double_eq_tol(peak(env_v, strike, strike + 48), 10.0, 1e-4);
    }
  }
  close_session(&session);
}
END_TEST

/// A quarter of an octave beside its pitch, a Q of 40 leaves a 194th of the power
START_TEST(the_rattle_rings_at_pitches_by_chance)
{
  Session session;
  open_session(&session, "noise-percussion", RATE_HZ);
  probe(&session, "pitches/out", HOST_CV);
  probe(&session, "rattle/out", HOST_AUDIO);
  play(&session, DRONE_S);

  double power[3] = {0.0};
  for (double at_s = 0.125; at_s < DRONE_S - 1.0; at_s += 0.125) {
    const uint32_t start   = frame_at(&session, at_s + 0.03);
    const uint32_t end     = frame_at(&session, at_s + 0.125);
    const double   pitch_v = (double)session.tape[1][start];
    for (int side = -1; side <= 1; ++side) {
      const double freq_hz = 523.2511 * exp2(0.2 * pitch_v + 0.25 * side);
      power[side + 1] +=
        pow(cabs(partial(session.tape[2], start, end - start, freq_hz, RATE_HZ)), 2.0);
    }
  }
  ck_assert_double_gt(power[1], 60.0 * power[0]);
  ck_assert_double_gt(power[1], 60.0 * power[2]);
  close_session(&session);
}
END_TEST

// ---- Blocks

/// Render a patch as users do, in blocks of that many frames, and return the file
static void*
render_in_blocks(const char* const name, const int n_frames, size_t* const size)
{
  char command[1024];
  snprintf(command,
           sizeof(command),
           "LV2_PATH='%s' '" BUILD_DIR "/bin/render' --seconds 6 --block %d '" PATCHES
           "%s.ttl' out.wav >/dev/null",
           TEST_LV2_PATH,
           n_frames,
           name);
  ck_assert_int_eq(system(command), 0);

  FILE* const file = fopen("out.wav", "rb");
  ck_assert_ptr_nonnull(file);
  fseek(file, 0, SEEK_END);
  *size             = (size_t)ftell(file);
  void* const bytes = malloc(*size);
  rewind(file);
  ck_assert_uint_eq(fread(bytes, 1, *size, file), *size);
  fclose(file);
  return bytes;
}

START_TEST(files_do_not_depend_on_the_length_of_blocks)
{
  static const int blocks[] = {1, 64, 1000};

  const char* const name = _i < N_MELODIES ? melodies[_i] : others[_i - N_MELODIES];

  size_t      size      = 0;
  void* const reference = render_in_blocks(name, 256, &size);
  for (size_t b = 0; b < sizeof(blocks) / sizeof(blocks[0]); ++b) {
    size_t      other_size = 0;
    void* const other      = render_in_blocks(name, blocks[b], &other_size);
    ck_assert_uint_eq(other_size, size);
    ck_assert_msg(
      !memcmp(reference, other, size), "%s in blocks of %d", name, blocks[b]);
    free(other);
  }
  free(reference);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("patch");
  TCase* const tests = tcase_create("patch");
  tcase_set_timeout(tests, 120);
  tcase_add_unchecked_fixture(tests, scratch_make, scratch_remove);
  tcase_add_loop_test(tests, every_note_has_its_pitch, 0, N_MELODIES);
  tcase_add_loop_test(tests, every_note_starts_and_ends_on_its_frame, 0, N_MELODIES);
  tcase_add_test(tests, harder_notes_are_louder);
  tcase_add_test(tests, harder_notes_open_the_wah);
  tcase_add_test(tests, plucks_fade_as_the_law_of_the_amplifier_says);
  tcase_add_test(tests, envelopes_keep_their_times);
  tcase_add_test(tests, the_portamento_keeps_its_pace);
  tcase_add_loop_test(
    tests, melodies_have_a_sensible_level_and_end_in_silence, 0, N_MELODIES);
  tcase_add_loop_test(tests,
                      patches_that_play_by_themselves_have_a_sensible_level,
                      FIRST_OF_WHOLE,
                      N_OTHERS);
  tcase_add_loop_test(tests, chords_have_a_sensible_level_and_fade, 0, N_CHORDS);
  tcase_add_test(tests, plucked_strings_are_in_tune);
  tcase_add_test(tests, a_chord_has_a_voice_for_every_note);
  tcase_add_test(tests, the_drone_plays_its_chord_on_both_sides);
  tcase_add_test(tests, the_lfo_makes_the_sidebands_of_its_index);
  tcase_add_test(tests, the_lfo_turns_from_vibrato_into_sound);
  tcase_add_test(tests, the_wobble_keeps_time_with_the_song);
  tcase_add_test(tests, the_strings_breathe_as_their_sweeps_say);
  tcase_add_test(tests, ten_voices_are_ten_times_one);
  tcase_add_test(tests, the_melody_by_chance_repeats_every_eight_beats);
  tcase_add_test(tests, the_drums_are_struck_on_their_frames);
  tcase_add_test(tests, the_rattle_rings_at_pitches_by_chance);
  tcase_add_loop_test(tests, files_do_not_depend_on_the_length_of_blocks, 0, N_PATCHES);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
