// SPDX-License-Identifier: ISC
/*
  Measure a recording: its length, level and pitch, or when it crosses a level.

  The pitch is that of the first note in the part that is listened to.  It comes from
  the difference function of YIN (de Cheveigne and Kawahara, 2002), refined over as many
  periods as the window holds, which makes it good to a small part of a cent.
*/

#include "host/number.h"

#include <sndfile.h>

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOWEST_HZ 20.0
#define HIGHEST_HZ 5000.0
#define WINDOW_S 0.2       ///< Length of note that the pitch is taken from
#define ONSET_S 0.02       ///< Time from the start of a note until its pitch is taken
#define ONSET_SHARE 0.25   ///< Share of the peak at which a note has started
#define MAX_CHANNELS 1024  ///< Of a sound file
#define MAX_LEVEL 1e9      ///< Either side of 0
#define MAX_TIME_S 1e9     ///< Longer than any recording
#define DIP_THRESHOLD 0.15 ///< Share of a mean difference that counts as a repetition

/// One channel of a recording
typedef struct {
  float* frames;
  size_t n_frames;
  double sample_rate;
} Recording;

/// Options of the command line
typedef struct {
  const char* path;
  uint32_t    channel; ///< From 1
  double      from_s;
  double      to_s;
  bool        crosses;
  double      level;
} Request;

static int
fail(const char* const path, const char* const reason)
{
  fprintf(stderr, "listen: %s: %s\n", path, reason);
  return EXIT_FAILURE;
}

/// Take one channel out of an open file
static bool
read_channel(SNDFILE* const       file,
             const SF_INFO* const info,
             const uint32_t       channel,
             Recording* const     out)
{
  const size_t n_channels = (size_t)info->channels;
  const size_t n_frames   = (size_t)info->frames;
  float* const all        = malloc((n_frames * n_channels + 1U) * sizeof(float));

  out->frames      = malloc((n_frames + 1U) * sizeof(float));
  out->sample_rate = info->samplerate;
  out->n_frames    = 0;
  if (all && out->frames) {
    out->n_frames = (size_t)sf_readf_float(file, all, info->frames);
    for (size_t i = 0; i < out->n_frames; ++i) {
      out->frames[i] = all[i * n_channels + channel - 1U];
    }
  }
  free(all);
  return out->frames;
}

/// Cut a recording down to the part that is asked for
static void
cut(Recording* const recording, const Request* const request)
{
  const double n_s    = (double)recording->n_frames / recording->sample_rate;
  const double to_s   = fmax(fmin(request->to_s, n_s), 0.0);
  const double from_s = fmax(fmin(request->from_s, to_s), 0.0);
  const size_t start  = (size_t)lrint(from_s * recording->sample_rate);

  recording->n_frames = (size_t)lrint(to_s * recording->sample_rate) - start;
  memmove(
    recording->frames, recording->frames + start, recording->n_frames * sizeof(float));
}

static double
peak(const Recording* const recording)
{
  double top = 0.0;
  for (size_t i = 0; i < recording->n_frames; ++i) {
    top = fmax(top, fabs((double)recording->frames[i]));
  }
  return top;
}

/// Return the mean of the frames, or of their squares
static double
mean(const Recording* const recording, const bool squared)
{
  double sum = 0.0;
  for (size_t i = 0; i < recording->n_frames; ++i) {
    const double x = (double)recording->frames[i];
    sum += squared ? x * x : x;
  }
  return recording->n_frames ? sum / (double)recording->n_frames : 0.0;
}

/// Return how much the `n` frames at `x` differ from those `lag` frames later
static double
difference(const float* const x, const size_t n, const size_t lag)
{
  double sum = 0.0;
  for (size_t i = 0; i < n; ++i) {
    const double step = (double)x[i] - (double)x[i + lag];
    sum += step * step;
  }
  return sum;
}

/// Return the first lag at which the signal repeats, or 0 if it doesn't
static size_t
first_repetition(const float* const x,
                 const size_t       n,
                 const size_t       shortest,
                 const size_t       longest)
{
  double sum  = 0.0;
  double best = DIP_THRESHOLD;
  size_t dip  = 0;
  for (size_t lag = 1; lag <= longest; ++lag) {
    const double d = difference(x, n, lag);
    sum += d;
    const double share = sum > 0.0 ? d * (double)lag / sum : 1.0;
    if (lag >= shortest && share < best) {
      best = share;
      dip  = lag;
    } else if (dip && share > best + DIP_THRESHOLD) {
      break;
    }
  }
  return dip;
}

/// Return the lag of least difference within 2 frames of `near`, between the frames
static double
refined_lag(const float* const x, const size_t n, const size_t near)
{
  size_t best   = near;
  double best_d = difference(x, n, near);
  for (size_t lag = near > 3 ? near - 2 : 1; lag <= near + 2; ++lag) {
    const double d = difference(x, n, lag);
    if (d < best_d) {
      best   = lag;
      best_d = d;
    }
  }

  const double before = difference(x, n, best - 1);
  const double after  = difference(x, n, best + 1);
  const double bend   = before - 2.0 * best_d + after;
  return (double)best + (bend > 0.0 ? 0.5 * (before - after) / bend : 0.0);
}

/// Return the period of the `n` frames at `x`, in frames, or 0 if they have none
static double
period(const float* const x, const size_t n, const double sample_rate)
{
  const size_t half     = n / 2;
  const size_t longest  = (size_t)(sample_rate / LOWEST_HZ);
  const size_t shortest = (size_t)(sample_rate / HIGHEST_HZ);
  const size_t dip =
    first_repetition(x, half, shortest, longest < half ? longest : half - 1);
  if (!dip) {
    return 0.0;
  }

  double length = refined_lag(x, half, dip);
  for (size_t count = 2; (double)count * length + 3.0 < (double)half; count *= 2) {
    const double n = (double)count;
    length         = refined_lag(x, half, (size_t)lrint(n * length)) / n;
  }
  return length;
}

/// Return the pitch of the first note in Hz, or 0 if there is none
static double
first_pitch(const Recording* const recording)
{
  const double threshold = ONSET_SHARE * peak(recording);
  const size_t lead      = (size_t)(ONSET_S * recording->sample_rate);
  const size_t window    = (size_t)(WINDOW_S * recording->sample_rate);

  size_t start = 0;
  while (start < recording->n_frames &&
         fabs((double)recording->frames[start]) < threshold) {
    ++start;
  }
  start += lead;
  if (threshold <= 0.0 || start + lead >= recording->n_frames) {
    return 0.0;
  }

  const size_t left   = recording->n_frames - start;
  const double frames = period(
    recording->frames + start, left < window ? left : window, recording->sample_rate);
  return frames > 0.0 ? recording->sample_rate / frames : 0.0;
}

/// Print the note of equal temperament that is next to a pitch
static void
print_note(const double pitch_hz)
{
  static const char* const names[] = {
    "C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"};
  const long number = pitch_hz > 0.0 ? lrint(69.0 + 12.0 * log2(pitch_hz / 440.0)) : -1;

  if (number < 0) {
    printf("note=none\n");
  } else {
    printf("note=%s%ld\n", names[number % 12], number / 12 - 1);
  }
}

static void
print_facts(const Recording* const recording)
{
  printf("length_s=%.3f\n", (double)recording->n_frames / recording->sample_rate);
  printf("peak=%.6f\n", peak(recording));
  printf("peak_db=%.2f\n", 20.0 * log10(fmax(peak(recording), 1e-9)));
  printf("rms_db=%.2f\n", 10.0 * log10(fmax(mean(recording, true), 1e-18)));
  printf("mean=%.6f\n", mean(recording, false));

  const double pitch_hz = first_pitch(recording);
  printf("pitch_hz=%.3f\n", pitch_hz);
  print_note(pitch_hz);
}

/// Print each time at which the recording rises to a level or falls below it
static void
print_crossings(const Recording* const recording, const Request* const request)
{
  for (size_t i = 1; i < recording->n_frames; ++i) {
    const bool was = (double)recording->frames[i - 1] >= request->level;
    const bool is  = (double)recording->frames[i] >= request->level;
    if (was != is) {
      printf("%s %.6f\n",
             is ? "up" : "down",
             request->from_s + (double)i / recording->sample_rate);
    }
  }
}

/// Take the option `name` with its value; returns false if one of them is wrong
static bool
read_option(Request* const request, const char* const name, const char* const value)
{
  if (!strcmp(name, "--channel")) {
    return number_read_whole(value, 1, MAX_CHANNELS, &request->channel);
  }
  if (!strcmp(name, "--from")) {
    return number_read(value, 0.0, MAX_TIME_S, &request->from_s);
  }
  if (!strcmp(name, "--to")) {
    return number_read(value, 0.0, MAX_TIME_S, &request->to_s);
  }

  request->crosses = true;
  return !strcmp(name, "--cross") &&
         number_read(value, -MAX_LEVEL, MAX_LEVEL, &request->level);
}

/// Read options that each have a value; returns whether they are all right
static bool
parse(const int argc, char** const argv, Request* const request)
{
  for (int i = 2; i + 1 < argc; i += 2) {
    if (!read_option(request, argv[i], argv[i + 1])) {
      return false;
    }
  }
  request->path = argc > 1 ? argv[1] : "-";
  return argc > 1 && argc % 2 == 0 && argv[1][0] != '-';
}

/// Measure an open file
static int
listen_to(SNDFILE* const file, const SF_INFO* const info, const Request* const request)
{
  if (request->channel > (uint32_t)info->channels) {
    return fail(request->path, "has no such channel");
  }

  Recording recording;
  if (!read_channel(file, info, request->channel, &recording)) {
    return fail(request->path, "is too long for this machine's memory");
  }

  cut(&recording, request);
  if (request->crosses) {
    print_crossings(&recording, request);
  } else {
    print_facts(&recording);
  }
  free(recording.frames);
  return EXIT_SUCCESS;
}

int
main(const int argc, char** const argv)
{
  Request request = {NULL, 1, 0.0, HUGE_VAL, false, 0.0};
  if (!parse(argc, argv, &request)) {
    fprintf(stderr,
            "Usage: listen FILE [--channel N] [--from SECONDS] [--to SECONDS]"
            " [--cross LEVEL]\n");
    return EXIT_FAILURE;
  }

  SF_INFO        info = {0};
  SNDFILE* const file = sf_open(request.path, SFM_READ, &info);
  if (!file) {
    return fail(request.path, sf_strerror(NULL));
  }

  const int status = listen_to(file, &info, &request);
  sf_close(file);
  return status;
}
