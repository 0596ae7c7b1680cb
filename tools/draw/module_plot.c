// SPDX-License-Identifier: ISC

#include "draw/module_plot.h"

#include "draw/graph.h"
#include "draw/scope.h"
#include "host/xalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846
#define MIN_HZ 20.0
#define MAX_HZ 20000.0
#define N_COLUMNS 400U         ///< Points of a curve
#define SPECTRUM_FRAMES 16384U ///< Analysed
#define SETTLING_FRAMES 4800U  ///< Before them
#define RESPONSE_FRAMES 65536U ///< Of an impulse response
#define IMPULSE 0.01f          ///< Small, so that a filter with drive stays linear
#define GATE_V 10.0f
#define FLOOR_DB (-160.0)

static const char* const kind_names[N_PLOT_KINDS] = {"wave",
                                                     "spectrum",
                                                     "response",
                                                     "envelope"};

const char*
plot_kind_name(const PlotKind kind)
{
  return kind_names[kind];
}

// ---- Ports

/// Return the symbol of the first signal of a direction, or NULL
static const char*
first_signal(const HostPlugin* const plugin, const bool is_output)
{
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    if (host_is_signal(&plugin->ports[p]) && plugin->ports[p].is_output == is_output) {
      return plugin->ports[p].symbol;
    }
  }

  return NULL;
}

/// Return the symbol of the input that starts a module's envelope
static const char*
envelope_gate(const HostPlugin* const plugin)
{
  return host_port(plugin, "gate") ? "gate" : "trigger";
}

PlotView
plot_complete(const PlotView view, const HostPlugin* const plugin)
{
  const bool        is_slow = view.kind == PLOT_ENVELOPE || !host_port(plugin, "pitch");
  const char* const in      = view.kind == PLOT_ENVELOPE   ? envelope_gate(plugin)
                              : view.kind == PLOT_RESPONSE ? first_signal(plugin, false)
                                                           : NULL;

  return (PlotView){view.kind,
                    view.out ? view.out : first_signal(plugin, true),
                    view.in ? view.in : in,
                    view.length_s > 0.0 ? view.length_s
                    : is_slow           ? 2.0
                                        : 0.01};
}

// ---- Time

/// Return an axis that holds all frames, and 0
static GraphAxis
level_axis(const float* const frames, const uint32_t n_frames, const bool is_audio)
{
  double lowest  = is_audio ? -1.0 : 0.0;
  double highest = is_audio ? 1.0 : 0.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    lowest  = fmin(lowest, (double)frames[i]);
    highest = fmax(highest, (double)frames[i]);
  }

  const double room = 0.05 * (highest - lowest) + 1e-3;
  return (GraphAxis){
    is_audio ? "level" : "volts", lowest - room, highest + room, false};
}

static void
draw_time(FILE* const        out,
          const float* const frames,
          const uint32_t     n_frames,
          const bool         is_audio)
{
  const double    length_s = n_frames / SCOPE_RATE_HZ;
  const bool      is_short = length_s < 0.5;
  const GraphAxis x_axis   = {is_short ? "time, ms" : "time, s",
                            0.0,
                            is_short ? length_s * 1000.0 : length_s,
                            false};
  const GraphAxis y_axis = level_axis(frames, n_frames, is_audio);

  const uint32_t    n_points = n_frames < 2U * N_COLUMNS ? n_frames : 2U * N_COLUMNS;
  GraphPoint* const points = (GraphPoint*)xalloc(calloc(n_points, sizeof(GraphPoint)));
  for (uint32_t p = 0; p < n_points; ++p) {
    const uint32_t at = (uint32_t)((uint64_t)p * n_frames / n_points);
    points[p].x       = x_axis.maximum * at / n_frames;
    points[p].y       = (double)frames[at];
  }
  graph_write(out, &x_axis, &y_axis, points, n_points);
  free(points);
}

// ---- Frequency

static double
column_hz(const double column)
{
  return MIN_HZ * pow(MAX_HZ / MIN_HZ, column / (N_COLUMNS - 1U));
}

/// Weigh frames with a window of seven terms, whose side lobes are below -160 dB
static void
window(float* const frames, const uint32_t n_frames)
{
  static const double terms[] = {0.27105140069342,
                                 -0.43329793923448,
                                 0.21812299954311,
                                 -0.06592544638803,
                                 0.01081174209837,
                                 -0.00077658482522,
                                 0.00001388721735};

  for (uint32_t i = 0; i < n_frames; ++i) {
    double weight = 0.0;
    for (uint32_t t = 0; t < sizeof(terms) / sizeof(terms[0]); ++t) {
      weight += terms[t] * cos(2.0 * PI * t * i / n_frames);
    }
    frames[i] = (float)((double)frames[i] * weight / terms[0]);
  }
}

/// Return the level of the loudest bin from one frequency to another, 0 dB for a sine
/// of amplitude 1; or of the next bin if there is none in between
static double
loudest_db(const float* const frames, const double low_hz, const double high_hz)
{
  const double bin_hz     = SCOPE_RATE_HZ / SPECTRUM_FRAMES;
  const double sine_db    = 20.0 * log10(SPECTRUM_FRAMES / 2.0);
  double       loudest_db = FLOOR_DB;
  double       bin        = ceil(low_hz / bin_hz);
  do {
    const double db = scope_level_db(frames, SPECTRUM_FRAMES, bin / SPECTRUM_FRAMES);
    loudest_db      = fmax(loudest_db, db - sine_db);
    ++bin;
  } while (bin * bin_hz < high_hz);

  return loudest_db;
}

static void
draw_spectrum(FILE* const out, float* const frames)
{
  const GraphAxis x_axis = {"frequency, Hz", MIN_HZ, MAX_HZ, true};
  const GraphAxis y_axis = {"level, dB", FLOOR_DB, 0.0, false};

  window(frames, SPECTRUM_FRAMES);
  GraphPoint points[N_COLUMNS];
  for (uint32_t c = 0; c < N_COLUMNS; ++c) {
    points[c].x = column_hz(c);
    points[c].y = loudest_db(frames, points[c].x, column_hz(c + 1.0));
  }
  graph_write(out, &x_axis, &y_axis, points, N_COLUMNS);
}

static void
draw_response(FILE* const out, const float* const frames)
{
  const GraphAxis x_axis     = {"frequency, Hz", MIN_HZ, MAX_HZ, true};
  const double    impulse_db = 20.0 * log10((double)IMPULSE);

  double     highest_db = 0.0;
  GraphPoint points[N_COLUMNS];
  for (uint32_t c = 0; c < N_COLUMNS; ++c) {
    const double freq = column_hz(c) / SCOPE_RATE_HZ;
    points[c].x       = column_hz(c);
    points[c].y       = scope_level_db(frames, RESPONSE_FRAMES, freq) - impulse_db;
    highest_db        = fmax(highest_db, points[c].y);
  }

  const GraphAxis y_axis = {
    "gain, dB", -60.0, 6.0 * ceil(highest_db / 6.0 + 0.5), false};
  graph_write(out, &x_axis, &y_axis, points, N_COLUMNS);
}

// ---- Signals

static uint32_t
count_frames(const PlotView* const view)
{
  return view->kind == PLOT_SPECTRUM   ? SETTLING_FRAMES + SPECTRUM_FRAMES
         : view->kind == PLOT_RESPONSE ? RESPONSE_FRAMES
                                       : (uint32_t)(view->length_s * SCOPE_RATE_HZ);
}

/// Return what goes into the module, to be freed
static float*
test_signal(const PlotView* const view, const uint32_t n_frames)
{
  float* const signal = (float*)xalloc(calloc(n_frames, sizeof(float)));
  if (view->kind == PLOT_RESPONSE) {
    signal[0] = IMPULSE;
  } else if (view->kind == PLOT_ENVELOPE) {
    for (uint32_t i = 0; i < n_frames / 2U; ++i) {
      signal[i] = GATE_V;
    }
  }

  return signal;
}

bool
plot_write(FILE* const out, Patch* const patch, const PlotView* const view)
{
  const uint32_t n_frames = count_frames(view);
  float* const   signal   = test_signal(view, n_frames);
  float* const   frames   = scope_record(patch, view->out, view->in, signal, n_frames);
  free(signal);
  if (!frames) {
    return false;
  }

  switch (view->kind) {
  case PLOT_SPECTRUM:
    draw_spectrum(out, frames + SETTLING_FRAMES);
    break;
  case PLOT_RESPONSE:
    draw_response(out, frames);
    break;
  default:
    draw_time(out,
              frames,
              n_frames,
              host_port(patch->blocks[0].plugin, view->out)->kind == HOST_AUDIO);
  }
  free(frames);
  return true;
}
