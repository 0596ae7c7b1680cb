// SPDX-License-Identifier: ISC
// Pictures of plugins for hosts' mixers: their sizes, what they show, what they cost

#include "support/test.h"

#include "display/drawing.h"
#include "host/host.h"
#include "host/inline_display.h"

#include <lv2/atom/atom.h>

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define RATE 48000.0

enum {
  MAX_PORTS_HERE = 128,
  BLOCK          = 256,
  BLOCKS_OF_2_S  = 375,
  EVENT_WORDS    = 64,
  MAX_SIDE       = 1024, ///< Larger pictures are not made
  WIDTH          = 600,
  HEIGHT         = 300
};

// ---- Calls of the heap

static _Atomic bool is_playing;
static unsigned     n_calls;

static void
heap_call(const int n_pieces)
{
  (void)n_pieces;
  n_calls += is_playing;
}

#include "support/heap.h"

// ---- A host that shows pictures

typedef struct {
  const HostPlugin* plugin;
  InlineQueue       queue;
  InlineDisplay     display;
  unsigned          n_queued;
  float             control[MAX_PORTS_HERE];
  float             signal[MAX_PORTS_HERE][BLOCK];
  uint64_t          events[MAX_PORTS_HERE][EVENT_WORDS];
} Shown;

static Host*                    host;
static const HostPlugin* const* plugins;
static int                      n_plugins;
static Shown                    shown;

static void
count_queue(void* const handle)
{
  ++*(unsigned*)handle;
}

static void
connect(Shown* const self, LilvInstance* const instance)
{
  for (uint32_t p = 0; p < self->plugin->n_ports; ++p) {
    const HostPort* const    port     = &self->plugin->ports[p];
    LV2_Atom_Sequence* const sequence = (LV2_Atom_Sequence*)self->events[p];
    sequence->atom.type               = host_map(host, LV2_ATOM__Sequence);
    sequence->atom.size               = port->is_output
                                          ? (uint32_t)(sizeof(self->events[p]) - sizeof(LV2_Atom))
                                          : (uint32_t)sizeof(LV2_Atom_Sequence_Body);

    void* const data = port->kind == HOST_CONTROL  ? (void*)&self->control[p]
                       : port->kind == HOST_EVENTS ? (void*)sequence
                                                   : (void*)self->signal[p];
    lilv_instance_connect_port(instance, p, data);
  }
}

static void
open_shown(Shown* const self, const HostPlugin* const plugin)
{
  memset(self, 0, sizeof(*self));
  self->plugin = plugin;
  self->queue  = (InlineQueue){&self->n_queued, count_queue};
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    self->control[p] = plugin->ports[p].default_value;
  }
  ck_assert_msg(inline_display_open(&self->display, host, plugin, RATE, &self->queue),
                "%s makes no pictures",
                plugin->uri);
  connect(self, self->display.instance);
  lilv_instance_activate(self->display.instance);
}

static void
open_module(Shown* const self, const char* const uri)
{
  const HostPlugin* const plugin = host_plugin(host, uri);
  ck_assert_ptr_nonnull(plugin);
  open_shown(self, plugin);
}

static uint32_t
port_of(const Shown* const self, const char* const symbol)
{
  const HostPort* const port = host_port(self->plugin, symbol);
  ck_assert_ptr_nonnull(port);
  return port->index;
}

static void
turn(Shown* const self, const char* const symbol, const float value)
{
  self->control[port_of(self, symbol)] = value;
}

static void
fill(Shown* const self, const char* const symbol, const float value)
{
  float* const signal = self->signal[port_of(self, symbol)];
  for (int i = 0; i < BLOCK; ++i) {
    signal[i] = value;
  }
}

static void
play(Shown* const self, const int n_blocks)
{
  for (int b = 0; b < n_blocks; ++b) {
    lilv_instance_run(self->display.instance, BLOCK);
  }
}

static void
close_shown(Shown* const self)
{
  inline_display_close(&self->display);
}

/// Return a pixel, as 0xaarrggbb
static uint32_t
pixel_at(const InlineSurface* const surface, const int x, const int y)
{
  uint32_t pixel = 0;
  memcpy(&pixel, surface->data + y * surface->stride + 4 * x, sizeof(pixel));
  return pixel;
}

static int
red_of(const uint32_t pixel)
{
  return (int)(pixel >> 16U & 0xffU);
}

static int
blue_of(const uint32_t pixel)
{
  return (int)(pixel & 0xffU);
}

// ---- Sizes

/// Check a picture of a size, and return how many of its pixels are as the first
static int
check_size(const Shown* const self, const uint32_t width, const uint32_t height)
{
  const InlineSurface* const surface =
    inline_display_render(&self->display, width, height);
  ck_assert_ptr_nonnull(surface);
  ck_assert_ptr_nonnull(surface->data);
  ck_assert_int_ge(surface->width, 1);
  ck_assert_int_ge(surface->height, 1);
  ck_assert_int_le(surface->width, MAX_SIDE);
  ck_assert_int_le(surface->height, MAX_SIDE);
  ck_assert_uint_le((uint32_t)surface->width, width);
  ck_assert_uint_le((uint32_t)surface->height, height);
  ck_assert_int_ge(surface->stride, 4 * surface->width);

  int n_same   = 0;
  int n_opaque = 0;
  for (int y = 0; y < surface->height; ++y) {
    for (int x = 0; x < surface->width; ++x) {
      const uint32_t pixel = pixel_at(surface, x, y);
      n_opaque += pixel >> 24U == 0xff;
      n_same += pixel == pixel_at(surface, surface->width - 1, 0);
    }
  }
  ck_assert_int_eq(n_opaque, surface->width * surface->height);
  return n_same;
}

static void
check_sizes(const Shown* const self)
{
  static const uint32_t sizes[][2] = {{1, 1},
                                      {600, 300},
                                      {2, 200},
                                      {100, 50},
                                      {7, 23},
                                      {3000, 1},
                                      {UINT32_MAX, UINT32_MAX}};

  for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); ++s) {
    check_size(self, sizes[s][0], sizes[s][1]);
  }
  ck_assert_ptr_null(inline_display_render(&self->display, 0, 50));
  ck_assert_ptr_null(inline_display_render(&self->display, 100, 0));
}

START_TEST(pictures_have_any_size)
{
  open_shown(&shown, plugins[_i]);
  check_sizes(&shown); // Before it is run for the first time, too
  play(&shown, 4);
  check_sizes(&shown);
  ck_assert_msg(
    check_size(&shown, 100, 50) < 100 * 50, "%s is blank", plugins[_i]->uri);
  close_shown(&shown);
}
END_TEST

START_TEST(pictures_take_any_knobs)
{
  open_shown(&shown, plugins[_i]);
  for (int end = 0; end < 2; ++end) {
    for (uint32_t p = 0; p < shown.plugin->n_ports; ++p) {
      const HostPort* const port = &shown.plugin->ports[p];
      shown.control[p]           = end ? port->maximum : port->minimum;
      for (int i = 0; i < BLOCK && host_is_signal(port) && !port->is_output; ++i) {
        shown.signal[p][i] = end ? INFINITY : -1e6f;
      }
    }
    play(&shown, 4);
    check_size(&shown, 100, 50);
  }
  close_shown(&shown);
}
END_TEST

// ---- Costs

START_TEST(run_allocates_nothing)
{
  open_shown(&shown, plugins[_i]);
  n_calls = 0;
  for (int b = 0; b < 64; ++b) {
    for (uint32_t p = 0; p < shown.plugin->n_ports; ++p) {
      const HostPort* const port = &shown.plugin->ports[p];
      shown.control[p]           = b % 2 ? port->maximum : port->minimum;
    }
    is_playing = true;
    play(&shown, 1);
    is_playing = false;
    if (b % 16 == 0) {
      inline_display_render(&shown.display, 100, 50);
    }
  }
  ck_assert_uint_eq(n_calls, 0);
  close_shown(&shown);
}
END_TEST

START_TEST(pictures_of_a_size_are_kept)
{
  open_shown(&shown, plugins[_i]);
  play(&shown, 4);
  const InlineSurface* const first = inline_display_render(&shown.display, 100, 50);
  const unsigned char* const data  = first->data;
  const InlineSurface* const small = inline_display_render(&shown.display, 60, 30);
  ck_assert_ptr_eq(small->data, data);
  ck_assert_ptr_eq(inline_display_render(&shown.display, 100, 50)->data, data);
  close_shown(&shown);
}
END_TEST

START_TEST(pictures_are_asked_for_when_something_moves)
{
  open_module(&shown, "urn:chronus:biquad");
  play(&shown, 1);
  ck_assert_uint_le(shown.n_queued, 1);
  shown.n_queued = 0;
  play(&shown, BLOCKS_OF_2_S);
  ck_assert_uint_eq(shown.n_queued, 0);

  turn(&shown, "frequency", 200.0f);
  play(&shown, BLOCKS_OF_2_S);
  ck_assert_uint_eq(shown.n_queued, 1);
  close_shown(&shown);
}
END_TEST

START_TEST(pictures_are_asked_for_25_times_a_second_at_most)
{
  open_shown(&shown, plugins[_i]);
  for (int b = 0; b < BLOCKS_OF_2_S; ++b) {
    for (uint32_t p = 0; p < shown.plugin->n_ports; ++p) {
      const HostPort* const port = &shown.plugin->ports[p];
      shown.control[p]           = b / 3 % 2 ? port->maximum : port->minimum;
      for (int i = 0; i < BLOCK && host_is_signal(port) && !port->is_output; ++i) {
        shown.signal[p][i] = b % 7 ? 5.0f : 0.0f;
      }
    }
    play(&shown, 1);
  }
  ck_assert_uint_le(shown.n_queued, 51);
  ck_assert_uint_ge(shown.n_queued, 10);
  close_shown(&shown);
}
END_TEST

START_TEST(sound_is_the_same_without_pictures)
{
  static Shown other;

  open_shown(&shown, plugins[_i]);
  open_shown(&other, plugins[_i]);
  LilvInstance* const plain = host_instantiate(host, plugins[_i], RATE);
  ck_assert_ptr_nonnull(plain);
  connect(&other, plain);
  lilv_instance_activate(plain);
  for (int b = 0; b < 20; ++b) {
    for (uint32_t p = 0; p < shown.plugin->n_ports; ++p) {
      for (int i = 0; i < BLOCK && !shown.plugin->ports[p].is_output; ++i) {
        shown.signal[p][i] = other.signal[p][i] = b % 2 ? 1.0f : 0.0f;
      }
    }
    play(&shown, 1);
    inline_display_render(&shown.display, 40, 20);
    lilv_instance_run(plain, BLOCK);
    ck_assert_mem_eq(shown.signal, other.signal, sizeof(shown.signal));
  }
  lilv_instance_free(plain);
  close_shown(&other);
  close_shown(&shown);
}
END_TEST

// ---- What they show

/// Return how high the line of a curve is at a column, from above; -1 if there is none
static double
line_at(const InlineSurface* const surface, const int x)
{
  static const int dark = 0x40; // Redder than area and grid

  double       sum  = 0.0;
  double       mean = 0.0;
  const double top  = (double)draw_plot(surface->width, surface->height).top;
  for (int y = (int)ceil(top); y < surface->height; ++y) {
    const int red = red_of(pixel_at(surface, x, y));
    if (red > dark) {
      sum += red - dark;
      mean += (red - dark) * (y + 0.5);
    }
  }
  return sum > 0.0 ? mean / sum : -1.0;
}

/// Return where the line first falls below a height, in pixels
static double
fall_of(const InlineSurface* const surface, const double height)
{
  double before = line_at(surface, 0);
  for (int x = 1; x < surface->width; ++x) {
    const double now = line_at(surface, x);
    if (now >= height) {
      return x - 0.5 + (height - before) / (now - before);
    }
    before = now;
  }
  return -1.0;
}

START_TEST(low_pass_is_down_by_3_db_at_its_frequency)
{
  static const float  frequencies[] = {50.0f, 200.0f, 1000.0f, 4000.0f, 10000.0f};
  static const double half_db       = -3.0103;

  const DrawPlot plot = draw_plot(WIDTH, HEIGHT);
  open_module(&shown, "urn:chronus:biquad");
  turn(&shown, "q", 0.70710678f);
  turn(&shown, "frequency", frequencies[_i]);
  play(&shown, 20);

  const InlineSurface* const surface =
    inline_display_render(&shown.display, WIDTH, HEIGHT);
  const double share   = (half_db - DRAW_LOW_DB) / (DRAW_HIGH_DB - DRAW_LOW_DB);
  const double y       = (double)plot.bottom + share * (double)(plot.top - plot.bottom);
  const double octaves = log2((double)frequencies[_i] / DRAW_LOW_HZ);
  const double expected = WIDTH * octaves / log2(DRAW_HIGH_HZ / DRAW_LOW_HZ);
  ck_assert_double_eq_tol(fall_of(surface, y), expected, 1.0);
  close_shown(&shown);
}
END_TEST

START_TEST(filter_follows_its_voltage)
{
  open_module(&shown, "urn:chronus:biquad");
  turn(&shown, "q", 0.70710678f);
  turn(&shown, "frequency", 500.0f);
  fill(&shown, "frequency_cv", 1.0f);
  play(&shown, 20);

  const DrawPlot             plot = draw_plot(WIDTH, HEIGHT);
  const InlineSurface* const surface =
    inline_display_render(&shown.display, WIDTH, HEIGHT);
  const double share = (-3.0103 - DRAW_LOW_DB) / (DRAW_HIGH_DB - DRAW_LOW_DB);
  const double y     = (double)plot.bottom + share * (double)(plot.top - plot.bottom);
  const double expected =
    WIDTH * log2(1000.0 / DRAW_LOW_HZ) / log2(DRAW_HIGH_HZ / DRAW_LOW_HZ);
  ck_assert_double_eq_tol(fall_of(surface, y), expected, 1.0);
  close_shown(&shown);
}
END_TEST

/// Find the middle of what is marked; return false if nothing is
static bool
find_mark(const InlineSurface* const surface, double* const x, double* const y)
{
  double n     = 0.0;
  double sum_x = 0.0;
  double sum_y = 0.0;
  for (int row = 0; row < surface->height; ++row) {
    for (int column = 0; column < surface->width; ++column) {
      const uint32_t pixel = pixel_at(surface, column, row);
      if (red_of(pixel) > 0xe0 && blue_of(pixel) < 0x80) {
        ++n;
        sum_x += column + 0.5;
        sum_y += row + 0.5;
      }
    }
  }
  *x = sum_x / fmax(n, 1.0);
  *y = sum_y / fmax(n, 1.0);
  return n > 0.0;
}

START_TEST(envelope_shows_where_it_is)
{
  // A quarter of the picture is the sustain between them
  static const double attack_s  = 1.0;
  static const double decay_s   = 0.5;
  static const double release_s = 1.5;

  const double whole_s = (attack_s + decay_s + release_s) / 0.75;
  open_module(&shown, "urn:chronus:adsr");
  turn(&shown, "attack", (float)attack_s);
  turn(&shown, "attack_curve", 0.0f);
  turn(&shown, "decay", (float)decay_s);
  turn(&shown, "release", (float)release_s);
  turn(&shown, "level", 10.0f);
  play(&shown, 10);

  double x = 0.0;
  double y = 0.0;
  ck_assert(!find_mark(inline_display_render(&shown.display, WIDTH, HEIGHT), &x, &y));

  fill(&shown, "gate", 10.0f);
  unsigned n_queued = shown.n_queued;
  for (int b = 1; b * BLOCK < attack_s * RATE; ++b) {
    play(&shown, 1);
    if (shown.n_queued != n_queued) { // What is shown is as new as can be
      const double   share = b * BLOCK / (attack_s * RATE);
      const DrawPlot plot  = draw_plot(WIDTH, HEIGHT);
      ck_assert(
        find_mark(inline_display_render(&shown.display, WIDTH, HEIGHT), &x, &y));
      ck_assert_double_eq_tol(x, fmax(share * attack_s / whole_s * WIDTH, 2.0), 1.5);
      ck_assert_double_eq_tol(
        y,
        fmax((double)plot.bottom + share * (double)(plot.top - plot.bottom), 2.0),
        2.5);
    }
    n_queued = shown.n_queued;
  }
  close_shown(&shown);
}
END_TEST

START_TEST(text_is_legible_at_100_by_50)
{
  open_module(&shown, "urn:chronus:biquad");
  play(&shown, 10);

  // "1.00kHz" has letters of 5 by 7 pixels, in the upper left corner
  const InlineSurface* const surface = inline_display_render(&shown.display, 100, 50);
  int                        n_lit   = 0;
  for (int y = 0; y < 9; ++y) {
    for (int x = 0; x < 2 + 7 * 6; ++x) {
      n_lit += red_of(pixel_at(surface, x, y)) > 0xc0;
    }
  }
  ck_assert_int_ge(n_lit, 60);
  close_shown(&shown);
}
END_TEST

// ---- Threads

enum { N_RENDERS = 200, N_STATES = 2 };

static _Atomic bool is_over;

/// Turn two knobs at once, again and again
static void*
turn_and_play(void* const data)
{
  Shown* const self = data;
  for (unsigned b = 0; !is_over; ++b) {
    turn(self, "frequency", b / 16U % 2U ? 200.0f : 8000.0f);
    turn(self, "type", b / 16U % 2U ? 1.0f : 0.0f);
    play(self, 1);
  }
  return NULL;
}

START_TEST(pictures_are_never_torn)
{
  static const int     size = 4 * 100 * 50;
  static unsigned char expected[N_STATES][4 * 100 * 50];
  pthread_t            player;
  int                  n_seen[N_STATES] = {0, 0};
  const InlineSurface* surface          = NULL;
  open_module(&shown, "urn:chronus:biquad");
  for (int s = 0; s < N_STATES; ++s) {
    turn(&shown, "frequency", s ? 200.0f : 8000.0f);
    turn(&shown, "type", (float)s);
    play(&shown, 20);
    surface = inline_display_render(&shown.display, 100, 50);
    memcpy(expected[s], surface->data, (size_t)size);
  }

  is_over = false;
  ck_assert_int_eq(pthread_create(&player, NULL, turn_and_play, &shown), 0);
  for (int i = 0; i < N_RENDERS; ++i) {
    surface = inline_display_render(&shown.display, 100, 50);
    int s   = 0;
    while (s < N_STATES && memcmp(surface->data, expected[s], (size_t)size) != 0) {
      ++s;
    }
    ck_assert_int_lt(s, N_STATES);
    ++n_seen[s];
  }
  is_over = true;
  ck_assert_int_eq(pthread_join(player, NULL), 0);
  ck_assert_int_gt(n_seen[0], 0);
  ck_assert_int_gt(n_seen[1], 0);
  close_shown(&shown);
}
END_TEST

// ---- Suite

static Suite*
make_suite(void)
{
  Suite* const suite = suite_create("display");
  TCase* const all   = tcase_create("all");
  TCase* const some  = tcase_create("some");
  tcase_add_loop_test(all, pictures_have_any_size, 0, n_plugins);
  tcase_add_loop_test(all, pictures_take_any_knobs, 0, n_plugins);
  tcase_add_loop_test(all, run_allocates_nothing, 0, n_plugins);
  tcase_add_loop_test(all, pictures_of_a_size_are_kept, 0, n_plugins);
  tcase_add_loop_test(
    all, pictures_are_asked_for_25_times_a_second_at_most, 0, n_plugins);
  tcase_add_loop_test(all, sound_is_the_same_without_pictures, 0, n_plugins);
  tcase_add_test(some, pictures_are_asked_for_when_something_moves);
  tcase_add_loop_test(some, low_pass_is_down_by_3_db_at_its_frequency, 0, 5);
  tcase_add_test(some, filter_follows_its_voltage);
  tcase_add_test(some, envelope_shows_where_it_is);
  tcase_add_test(some, text_is_legible_at_100_by_50);
  tcase_add_test(some, pictures_are_never_torn);
  suite_add_tcase(suite, all);
  suite_add_tcase(suite, some);
  return suite;
}

int
main(void)
{
  host    = host_new(TEST_LV2_PATH);
  plugins = host ? host_plugins(host, CHRONUS_URI) : NULL;
  while (plugins && plugins[n_plugins]) {
    ++n_plugins;
  }

  const int status = run_tests(make_suite());
  host_free(host);
  return status;
}
