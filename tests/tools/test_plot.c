// SPDX-License-Identifier: ISC
// Graphs that plot draws, against the mathematics of what they show

#include "support/program.h"
#include "support/scratch.h"
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLOT BUILD_DIR "/bin/plot"
#define MAX_SIZE 65536
#define MAX_POINTS 1024

// The frame of graph.c
#define LEFT_PX 56.0
#define RIGHT_PX 624.0
#define TOP_PX 12.0
#define BOTTOM_PX 216.0

typedef struct {
  double x; ///< From 0 at the left of the frame to 1 at its right
  double y; ///< From 0 at the bottom to 1 at the top
} Point;

typedef struct {
  Point  points[MAX_POINTS];
  size_t n_points;
  char   text[MAX_SIZE];
} Lagrange8;

static Lagrange8 curve;

/// Draw a graph and read its curve
static void
draw(const char* const arguments)
{
  char line[512];
  snprintf(line, sizeof(line), "%s curve.svg", arguments);
  program_check_works(PLOT, line);
  read_text("curve.svg", curve.text, sizeof(curve.text));

  curve.n_points   = 0;
  const char* text = strstr(curve.text, "points=\"");
  ck_assert_ptr_nonnull(text);
  text += strlen("points=\"");
  double x      = 0.0;
  double y      = 0.0;
  int    length = 0;
  while (sscanf(text, " %lf,%lf%n", &x, &y, &length) == 2) {
    ck_assert_uint_lt(curve.n_points, MAX_POINTS);
    curve.points[curve.n_points++] = (Point){(x - LEFT_PX) / (RIGHT_PX - LEFT_PX),
                                             (BOTTOM_PX - y) / (BOTTOM_PX - TOP_PX)};
    text += length;
  }
  ck_assert_uint_gt(curve.n_points, 100);
}

/// Return the height of the curve at a place
static double
height_at(const double x)
{
  size_t p = 0;
  while (p + 2U < curve.n_points && curve.points[p + 1U].x < x) {
    ++p;
  }

  const Point a = curve.points[p];
  const Point b = curve.points[p + 1U];
  return a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x);
}

/// Return where a frequency is on an axis from 20 Hz to 20 kHz
static double
place_of_hz(const double freq_hz)
{
  return log(freq_hz / 20.0) / log(1000.0);
}

START_TEST(a_low_pass_is_3_db_down_at_its_cutoff)
{
  draw("--kind response --set frequency=500 --set q=0.70710678 urn:chronus:biquad");

  // The axis goes from -60 dB to 6 dB
  const double pixel_db = 66.0 / (BOTTOM_PX - TOP_PX);
  ck_assert_double_eq_tol(height_at(place_of_hz(500.0)) * 66.0 - 60.0, -3.01, pixel_db);
  ck_assert_double_eq_tol(height_at(place_of_hz(50.0)) * 66.0 - 60.0, 0.0, pixel_db);
  ck_assert_double_eq_tol(height_at(place_of_hz(5000.0)) * 66.0 - 60.0, -41.0, 1.0);
}
END_TEST

START_TEST(a_spectrum_has_its_harmonics_and_nothing_between)
{
  draw("--kind spectrum --set waveform=Sine --set level=0 urn:chronus:oscillator");

  // The axis goes from -160 dB to 0 dB
  double highest = 0.0;
  for (size_t p = 0; p < curve.n_points; ++p) {
    const double distance = fabs(curve.points[p].x - place_of_hz(261.63));
    highest               = fmax(highest, curve.points[p].y);
    if (distance > 0.02) {
      ck_assert_double_le(curve.points[p].y, 0.15);
    }
  }
  ck_assert_double_eq_tol(highest, 1.0, 0.01);
}
END_TEST

START_TEST(an_envelope_falls_when_its_gate_does)
{
  draw("--kind envelope --set sustain=50 --set decay=0.1 --set release=0.1 "
       "urn:chronus:adsr");

  const double sustain = height_at(0.45);
  const double zero    = height_at(0.95);
  double       peak    = 0.0;
  for (size_t p = 0; p < curve.n_points; ++p) {
    peak = fmax(peak, curve.points[p].y);
  }
  ck_assert_double_eq_tol((sustain - zero) / (peak - zero), 0.5, 0.02);
  ck_assert_double_eq_tol(height_at(0.499), sustain, 0.01);
  ck_assert_double_lt(height_at(0.53), sustain - 0.05);
}
END_TEST

START_TEST(bad_requests_are_refused)
{
  static const struct {
    const char* arguments;
    const char* message;
  } bad[] = {
    {"--kind wafe urn:chronus:adsr out.svg",
     "plot: --kind: wafe: must be wave, spectrum, response or envelope\n"},
    {"--seconds nan urn:chronus:adsr out.svg",
     "plot: --seconds: nan: must be a number from 0.001 to 60\n"},
    {"--seconds 1e9 urn:chronus:adsr out.svg",
     "plot: --seconds: 1e9: must be a number from 0.001 to 60\n"},
    {"--out gate urn:chronus:adsr out.svg",
     "plot: urn:chronus:adsr: gate: is no output for audio or CV; see chronus-plot "
     "--help\n"},
    {"--set attack urn:chronus:adsr out.svg",
     "plot: --set: attack: must look like KNOB=VALUE\n"},
    {"--set =1 urn:chronus:adsr out.svg",
     "plot: --set: =1: must look like KNOB=VALUE\n"},
  };

  for (size_t b = 0; b < sizeof(bad) / sizeof(bad[0]); ++b) {
    program_check_refused(PLOT, bad[b].arguments, bad[b].message);
  }
}
END_TEST

static void
setup(void)
{
  scratch_clear();
  setenv("LV2_PATH", TEST_LV2_PATH, 1);
}

int
main(void)
{
  Suite* const suite = suite_create("plot");
  TCase* const tests = tcase_create("plot");
  tcase_add_unchecked_fixture(tests, scratch_make, scratch_remove);
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, a_low_pass_is_3_db_down_at_its_cutoff);
  tcase_add_test(tests, a_spectrum_has_its_harmonics_and_nothing_between);
  tcase_add_test(tests, an_envelope_falls_when_its_gate_does);
  tcase_add_test(tests, bad_requests_are_refused);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
