// SPDX-License-Identifier: ISC

#include "measure/oscillator_quality.h"

#include "measure/spectrum.h"
#include "measure/waves.h"

#include <math.h>
#include <stdlib.h>

#define PI 3.14159265358979323846
#define SETTLE_S 0.3
#define N_PHASES 17 ///< Of a modulator; the first is not heard
#define N_SWEEP 41  ///< Pitches; the worst counts

typedef struct {
  const Study* study;
  Probe*       probe;
  Spectrum*    spectrum;
  double       sample_rate;
  double       limit_hz; ///< Up to where aliases count
  uint32_t     n_frames; ///< Of an analysis
  float*       signal;
  double*      wave;
} Bench;

// ---- Lifetime

/// Return a power of two that parts the harmonics of 20 Hz by about 100 bins
static uint32_t
analysis_frames(const double sample_rate)
{
  uint32_t n_frames = 65536;
  while (n_frames < 5.4 * sample_rate) {
    n_frames *= 2U;
  }

  return n_frames;
}

static void
bench_free(Bench* const self)
{
  if (self->probe) {
    probe_free(self->probe);
  }
  spectrum_free(self->spectrum);
  free(self->signal);
  free(self->wave);
}

static bool
bench_init(Bench* const self)
{
  self->n_frames = analysis_frames(self->sample_rate);
  self->limit_hz = self->sample_rate < 48000.0 ? self->sample_rate * 0.40816 : 20000.0;
  self->probe    = study_probe(self->study);
  self->spectrum = spectrum_new(self->n_frames, self->sample_rate);
  self->signal   = (float*)calloc(self->n_frames, sizeof(float));
  self->wave     = (double*)calloc(self->n_frames, sizeof(double));
  return self->probe && self->spectrum && self->signal && self->wave;
}

// ---- One render

/// Return a frequency near `freq_hz` whose aliases miss the harmonics
static double
odd_frequency(const Bench* const self, const double freq_hz)
{
  return wave_odd_hz(freq_hz, self->sample_rate);
}

/// Render and analyse what comes next
static void
listen(Bench* const self)
{
  probe_render(self->probe, ROLE_OUT, self->signal, self->n_frames, PROBE_BLOCK_FRAMES);
  if (isfinite(wave_peak(self->signal, self->n_frames))) {
    spectrum_analyse(self->spectrum, self->signal);
  }
}

/// A pitch, in Hz; NaN if the oscillator doesn't play it
typedef struct {
  double set_hz;   ///< What the port asks for
  double found_hz; ///< What comes out
} Pitch;

/// Play a pitch and analyse it
static Pitch
play(Bench* const self, const double freq_hz)
{
  const double set_hz = probe_set(self->probe, ROLE_FREQUENCY, freq_hz);
  if (isnan(set_hz)) {
    return (Pitch){set_hz, set_hz};
  }

  probe_settle(self->probe, SETTLE_S);
  listen(self);
  return (Pitch){set_hz, spectrum_frequency(self->spectrum, self->signal, set_hz)};
}

/// Return the others of what is periodic in `base_hz` over its harmonics, in dB
static double
alias_db(const Bench* const self, const double base_hz)
{
  const uint32_t n_harmonics =
    self->study->subject->shape == SHAPE_SINE ? 1 : UINT32_MAX;
  const SpectrumSplit split =
    spectrum_split(self->spectrum, base_hz, n_harmonics, self->limit_hz);

  return isfinite(wave_peak(self->signal, self->n_frames))
           ? power_db(split.others / split.harmonics)
           : (double)INFINITY;
}

// ---- Steady pitches

/// Return the amplitude that harmonic `k` of a wave from -1 to 1 has
static double
ideal_amplitude(const Shape shape, const double width, const uint32_t k)
{
  switch (shape) {
  case SHAPE_SINE:
    return k == 1 ? 1.0 : 0.0;
  case SHAPE_TRIANGLE:
    return k % 2U ? 8.0 / (PI * PI * k * k) : 0.0;
  case SHAPE_SAW:
    return 2.0 / (PI * k);
  case SHAPE_PULSE:
    return 4.0 / (PI * k) * fabs(sin(PI * k * width));
  default:
    return 0.0;
  }
}

/// Return the level of harmonic `k` of a pitch over the ideal, in dB; NaN if it has
/// none
static double
harmonic_db(const Bench* const self, const double freq_hz, const uint32_t k)
{
  const double ideal = ideal_amplitude(self->study->subject->shape, 0.5, k);
  const double floor =
    0.5 * ideal_amplitude(self->study->subject->shape, 0.5, 1) / k / k;

  return ideal > floor
           ? amplitude_db(spectrum_amplitude(self->spectrum, k * freq_hz) / ideal)
           : (double)NAN;
}

/// Add level, harmonics and droop at a pitch that has many harmonics
static void
measure_harmonics(Bench* const self)
{
  const double freq_hz = play(self, odd_frequency(self, 110.0)).found_hz;
  const double level   = harmonic_db(self, freq_hz, 1);
  const double top_hz  = 0.40625 * self->sample_rate; // 19.5 kHz at 48 kHz

  double error = self->study->subject->shape == SHAPE_SINE ? (double)NAN : 0.0;
  double droop = (double)NAN;
  for (uint32_t k = 2; k * freq_hz <= top_hz; ++k) {
    const double change = harmonic_db(self, freq_hz, k) - level;
    error               = isnan(change) || k * freq_hz > 0.75 * top_hz
                            ? error
                            : study_worse(error, fabs(change));
    droop               = isnan(change) ? droop : -change;
  }
  study_add(self->study, "oscillator", "level dB", level);
  study_add(self->study, "oscillator", "harmon. dB", isnan(freq_hz) ? freq_hz : error);
  study_add(self->study, "oscillator", "droop dB", droop);
}

/// Add the aliases at some pitches and at the worst of many, with pitch and DC errors
static void
measure_pitches(Bench* const self)
{
  static const double      freq_hz[] = {20, 110, 440, 1244.5, 2489, 4978, 9956};
  static const char* const names[]   = {
      "20 Hz", "110", "440", "1244", "2489", "4978", "9956"};

  double worst = (double)NAN;
  double cents = (double)NAN;
  double dc    = (double)NAN;
  for (int i = 0; i < N_SWEEP + 7; ++i) {
    const double pitch  = i < 7 ? freq_hz[i] : 20.0 * pow(500.0, (i - 7.0) / N_SWEEP);
    const Pitch  played = play(self, odd_frequency(self, pitch));
    const bool   sounds = !isnan(played.found_hz);
    const double alias  = sounds ? alias_db(self, played.found_hz) : (double)NAN;
    worst               = study_worse(worst, alias);
    cents = study_worse(cents, 1200.0 * fabs(log2(played.found_hz / played.set_hz)));
    dc    = study_worse(dc, sounds ? fabs(spectrum_dc(self->spectrum)) : (double)NAN);
    if (i < 7) {
      study_add(self->study, "aliases, dB", names[i], alias);
    }
  }
  study_add(self->study, "aliases, dB", "worst", worst);
  study_add(self->study, "oscillator", "pitch cent", cents);
  study_add(self->study, "oscillator", "DC", dc);
}

/// Add the largest step that is left when linear FM has brought the pitch to 0 Hz
static void
measure_standstill(Bench* const self)
{
  double step = (double)NAN;
  if (probe_has(self->probe, ROLE_LINEAR_FM) &&
      !isnan(probe_set(self->probe, ROLE_FREQUENCY, 440.0))) {
    probe_set(self->probe, ROLE_LINEAR_FM, -1.0);
    probe_settle(self->probe, SETTLE_S);
    listen(self);
    step = wave_largest_step(self->signal, 0, self->n_frames);
    probe_set(self->probe, ROLE_LINEAR_FM, 0.0);
  }
  study_add(self->study, "oscillator", "0 Hz step", step);
}

// ---- Pulse widths

/// Return the aliases of a pulse in dB, or its AC power if the width leaves no edges
static double
width_db(Bench* const self, const double width)
{
  if (isnan(probe_set(self->probe, ROLE_PULSE_WIDTH, width))) {
    return (double)NAN;
  }

  const Pitch played = play(self, odd_frequency(self, 1244.5));
  return width > 0.0 && width < 1.0
           ? alias_db(self, played.found_hz)
           : power_db(spectrum_band_power(self->spectrum, 10.0, self->limit_hz));
}

static void
measure_widths(Bench* const self)
{
  static const double      widths[] = {0.0, 0.001, 0.01, 0.1, 0.37, 0.9, 0.999, 1.0};
  static const char* const names[]  = {
     "0 %", "0.1 %", "1 %", "10 %", "37 %", "90 %", "99.9 %", "100 %"};

  if (!probe_has(self->probe, ROLE_PULSE_WIDTH)) {
    return;
  }

  for (int i = 0; i < 8; ++i) {
    study_add(self->study, "pulse widths, dB", names[i], width_db(self, widths[i]));
  }
  probe_set(self->probe, ROLE_PULSE_WIDTH, 0.5);
  probe_settle(self->probe, SETTLE_S);
}

// ---- Modulation

/**
   Set a pitch of a multiple of about 74 Hz, and return of what exactly.

   A modulator can be made to fit the pitch that comes out.  The other way round, ports
   that are floats would leave a pitch that drifts against its modulator: enough for a
   phase that just touches the start of a cycle to cross it in a part of the analysis.
*/
static double
tune(Bench* const self, const uint32_t multiple)
{
  return play(self, multiple * odd_frequency(self, 74.0)).found_hz / multiple;
}

/// Return the worst aliases, in dB, under a modulator that starts at several phases
static double
modulated_db(Bench* const   self,
             const RoleName role,
             const double   base_hz,
             const uint32_t multiple,
             const double   depth)
{
  const double freq_hz = multiple * base_hz;

  // The carrier goes on meanwhile, so that the two meet at another phase each time
  double worst = (double)NAN;
  wave_sine(self->wave, self->n_frames, freq_hz / self->sample_rate, depth);
  for (int i = 0; i < N_PHASES; ++i) {
    probe_feed(self->probe, role, self->wave, self->n_frames);
    listen(self);
    worst = i ? study_worse(worst, alias_db(self, base_hz)) : worst;
  }
  probe_set(self->probe, role, 0.0);
  return worst;
}

/// Return the aliases of a carrier under linear FM, both multiples of a base
static double
fm_db(Bench* const   self,
      const uint32_t carrier,
      const uint32_t modulator,
      const double   index)
{
  const bool is_relative = probe_has(self->probe, ROLE_LINEAR_FM);
  if ((!is_relative && !probe_has(self->probe, ROLE_LINEAR_FM_HZ)) ||
      self->study->subject->shape == SHAPE_SINE) {
    return (double)NAN;
  }

  const double base_hz = tune(self, carrier);
  const double change  = index * modulator / carrier;
  return isnan(base_hz) ? base_hz
         : is_relative
           ? modulated_db(self, ROLE_LINEAR_FM, base_hz, modulator, change)
           : modulated_db(
               self, ROLE_LINEAR_FM_HZ, base_hz, modulator, change * carrier * base_hz);
}

static void
measure_fm(Bench* const self)
{
  static const char group[] = "linear FM, dB";

  study_add(self->study, group, "444/74 x1", fm_db(self, 6, 1, 1.0));
  study_add(self->study, group, "444/666 x1", fm_db(self, 6, 9, 1.0));
  study_add(self->study, group, "444/666 x3", fm_db(self, 6, 9, 3.0));
  study_add(self->study, group, "444/666 x6", fm_db(self, 6, 9, 6.0));
  study_add(self->study, group, "444/1849x1", fm_db(self, 6, 25, 1.0));
  study_add(self->study, group, "1479/962x2", fm_db(self, 20, 13, 2.0));
  study_add(self->study, group, "444/4512", fm_db(self, 6, 61, 0.7));
}

static double
pwm_db(Bench* const self, const uint32_t carrier, const uint32_t modulator)
{
  if (!probe_has(self->probe, ROLE_PULSE_WIDTH_CV)) {
    return (double)NAN;
  }

  const double base_hz = tune(self, carrier);
  return isnan(base_hz)
           ? base_hz
           : modulated_db(self, ROLE_PULSE_WIDTH_CV, base_hz, modulator, 0.4);
}

static void
measure_pwm(Bench* const self)
{
  study_add(self->study, "PWM, dB", "444/962", pwm_db(self, 6, 13));
  study_add(self->study, "PWM, dB", "444/1849", pwm_db(self, 6, 25));
  study_add(self->study, "PWM, dB", "4438/2293", pwm_db(self, 60, 31));
}

// ---- Sync

typedef enum { MASTER_CABLE, MASTER_SAW, MASTER_SINE, N_MASTERS } Master;

/// Render twice n_frames of what `master` sends at `freq_hz`; NULL if there is none
static float*
render_master(Bench* const self, const Master master, const double freq_hz)
{
  const uint32_t n_frames = 2U * self->n_frames;
  float* const   out      = (float*)calloc(n_frames, sizeof(float));
  double* const  wave     = (double*)calloc(n_frames, sizeof(double));
  Probe* const   probe    = study_probe(self->study);

  if (master == MASTER_CABLE) {
    probe_set(probe, ROLE_FREQUENCY, freq_hz);
    probe_settle(probe, SETTLE_S);
    probe_render(probe, ROLE_SYNC_OUT, out, n_frames, PROBE_BLOCK_FRAMES);
  } else {
    const double freq = freq_hz / self->sample_rate;
    if (master == MASTER_SAW) {
      wave_band_limited_saw(wave, n_frames, freq);
    } else {
      wave_sine(wave, n_frames, freq, 1.0);
    }
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = (float)wave[i];
    }
  }

  probe_free(probe);
  free(wave);
  return out;
}

/// Return the aliases of a slave at `ratio` times a master at a multiple of the base
static double
sync_db(Bench* const   self,
        const Master   master,
        const uint32_t multiple,
        const double   ratio)
{
  const double base_hz   = odd_frequency(self, 37.0);
  const double master_hz = multiple * base_hz;
  if (isnan(probe_set(self->probe, ROLE_FREQUENCY, ratio * master_hz)) ||
      !probe_takes(self->probe, ROLE_FREQUENCY, master_hz)) {
    return (double)NAN;
  }

  float* const signal = render_master(self, master, master_hz);
  probe_feed_raw(self->probe, ROLE_SYNC_IN, signal, self->n_frames);
  listen(self);
  probe_feed_raw(self->probe, ROLE_SYNC_IN, signal + self->n_frames, self->n_frames);
  listen(self);
  probe_set(self->probe, ROLE_SYNC_IN, 0.0);
  free(signal);

  // Half of the master's pitch: a slave that turns round at each edge takes two
  return alias_db(self, 0.5 * master_hz);
}

/// Add the aliases of sync in the mode that is set
static void
measure_sync(Bench* const self, const char* const group)
{
  static const char* const names[N_MASTERS][3] = {
    {"cable 74", "cable 444", "cable 962"},
    {"saw 74", "saw 444", "saw 962"},
    {"sine 74", "sine 444", "sine 962"},
  };
  static const uint32_t multiples[] = {2, 12, 26};
  static const double   ratios[]    = {7.37, 1.53, 2.62};

  for (int m = 0; m < N_MASTERS; ++m) {
    const bool has_master = m != MASTER_CABLE || probe_has(self->probe, ROLE_SYNC_OUT);
    for (int i = 0; i < 3; ++i) {
      study_add(self->study,
                group,
                names[m][i],
                has_master ? sync_db(self, (Master)m, multiples[i], ratios[i])
                           : (double)NAN);
    }
  }
}

static void
measure_syncs(Bench* const self)
{
  if (!probe_has(self->probe, ROLE_SYNC_IN) ||
      self->study->subject->shape == SHAPE_SINE) {
    return;
  }

  measure_sync(self, "hard sync, dB");
  if (!isnan(probe_set(self->probe, ROLE_SYNC_REVERSE, 1.0))) {
    measure_sync(self, "reverse sync, dB");
  }
}

void
oscillator_quality(const Study* const study)
{
  Bench bench = {.study = study, .sample_rate = study->sample_rate};
  if (bench_init(&bench)) {
    measure_pitches(&bench);
    measure_harmonics(&bench);
    measure_standstill(&bench);
    measure_widths(&bench);
    measure_fm(&bench);
    measure_pwm(&bench);
    measure_syncs(&bench);
  }
  bench_free(&bench);
}
