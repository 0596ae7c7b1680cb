// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "filter/biquad.h"
#include "signal/units.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define N_TYPES 8
#define BLOCK 64U
#define GLIDE_S 0.005
#define PI_L 3.141592653589793238462643L

/// Settings of one frame
typedef struct {
  BiquadType     type;
  BiquadResponse response;
  double         pitch_oct;
  double         q_oct;
  double         gain_db;
} Setting;

static double
pitch_of(const double frequency_hz)
{
  return log2(frequency_hz / C4_HZ);
}

/// Filter any number of frames at settings that last, in slices of `n_slice`
static void
filter_sliced(Biquad* const  self,
              const Setting  setting,
              const float*   in,
              float*         out,
              const uint32_t n_frames,
              const uint32_t n_slice)
{
  double pitch_oct[BLOCK];
  double q_oct[BLOCK];
  double gain_db[BLOCK];
  for (uint32_t i = 0; i < BLOCK; ++i) {
    pitch_oct[i] = setting.pitch_oct;
    q_oct[i]     = setting.q_oct;
    gain_db[i]   = setting.gain_db;
  }

  const BiquadSettings settings = {
    {pitch_oct, false}, {q_oct, false}, {gain_db, false}};
  for (uint32_t start = 0; start < n_frames; start += n_slice) {
    const uint32_t left = n_frames - start;
    biquad_process(self,
                   setting.type,
                   setting.response,
                   &settings,
                   in + start,
                   out + start,
                   left < n_slice ? left : n_slice);
  }
}

static void
filter(Biquad* const  self,
       const Setting  setting,
       const float*   in,
       float*         out,
       const uint32_t n_frames)
{
  filter_sliced(self, setting, in, out, n_frames, BLOCK);
}

/// Return pseudo random numbers from -1 to 1
static float
noise(uint32_t* const seed)
{
  *seed = *seed * 1664525U + 1013904223U;
  return (float)(int32_t)*seed / 2147483648.0f;
}

// ---- Responses

/// b0 to b2 and a0 to a2 of the Audio EQ Cookbook
typedef struct {
  long double b[3];
  long double a[3];
} Cookbook;

static Cookbook
shelf(const long double side,
      const long double a,
      const long double cosine,
      const long double alpha)
{
  const long double up     = a + 1.0L;
  const long double down   = (a - 1.0L) * side * cosine;
  const long double root   = 2.0L * sqrtl(a) * alpha;
  const long double lean_b = 2.0L * side * a * ((a - 1.0L) - up * side * cosine);
  const long double lean_a = -2.0L * side * ((a - 1.0L) + up * side * cosine);
  const Cookbook    result = {{a * (up - down + root), lean_b, a * (up - down - root)},
                              {up + down + root, lean_a, up + down - root}};

  return result;
}

/// Return the cookbook's filter, with its formulas as they are printed there
static Cookbook
cookbook(const BiquadType  type,
         const long double cycles,
         const long double q,
         const long double gain_db)
{
  const long double c       = cosl(2.0L * PI_L * cycles);
  const long double alpha   = sinl(2.0L * PI_L * cycles) / (2.0L * q);
  const long double a       = powl(10.0L, gain_db / 40.0L);
  const Cookbook    types[] = {
       {{(1 - c) / 2, 1 - c, (1 - c) / 2}, {1 + alpha, -2 * c, 1 - alpha}},
       {{(1 + c) / 2, -(1 + c), (1 + c) / 2}, {1 + alpha, -2 * c, 1 - alpha}},
       {{alpha, 0, -alpha}, {1 + alpha, -2 * c, 1 - alpha}},
       {{1, -2 * c, 1}, {1 + alpha, -2 * c, 1 - alpha}},
       {{1 - alpha, -2 * c, 1 + alpha}, {1 + alpha, -2 * c, 1 - alpha}},
       {{1 + alpha * a, -2 * c, 1 - alpha * a}, {1 + alpha / a, -2 * c, 1 - alpha / a}},
       shelf(1.0L, a, c, alpha),
       shelf(-1.0L, a, c, alpha)};

  return types[type];
}

static long double complex
cookbook_response(const Cookbook filter, const long double cycles)
{
  const long double complex back = cexpl(-2.0L * PI_L * cycles * I);

  return (filter.b[0] + back * (filter.b[1] + back * filter.b[2])) /
         (filter.a[0] + back * (filter.a[1] + back * filter.a[2]));
}

/// Return the coefficients of settings that last
static SvfCoefs
coefs_of(const Setting setting, const double sample_rate)
{
  const float in[2] = {0.0f};
  float       out[2];
  Biquad      self;
  biquad_init(&self, sample_rate, GLIDE_S);
  filter_sliced(&self, setting, in, out, 2, 1);
  return self.filter[self.now].coefs[0];
}

/// Return the response that the formulas in svf.h have with these coefficients
static long double complex
coefs_response(const SvfCoefs coefs, const long double cycles)
{
  const long double         sine = sinl(PI_L * cycles);
  const long double complex ahead =
    -2.0L * sine * sine + I * sinl(2.0L * PI_L * cycles);
  const long double         both = (long double)coefs.cross * coefs.cross;
  const long double complex scale =
    coefs.scale * (2.0L + ahead) /
    ((ahead + coefs.damp_band) * (ahead + coefs.damp_low) + both);

  return coefs.dry +
         scale * (coefs.half_band * coefs.cross * ahead +
                  coefs.half_low * (coefs.damp_low * (ahead + coefs.damp_band) + both));
}

/// Compare the response to one setting over all frequencies
static void
check_responses(const double sample_rate, const Setting setting)
{
  const SvfCoefs coefs = coefs_of(setting, sample_rate);
  const Cookbook expected =
    cookbook(setting.type,
             (long double)C4_HZ * exp2l(setting.pitch_oct) / (long double)sample_rate,
             exp2l(setting.q_oct),
             setting.gain_db);
  for (long double hz = 10.0L; hz < 0.49L * sample_rate; hz *= 1.37L) {
    const long double         cycles = hz / (long double)sample_rate;
    const long double complex wanted = cookbook_response(expected, cycles);
    const long double complex got    = coefs_response(coefs, cycles);

    // Within 1e-5 dB, or 180 dB below the input in the depth of a notch
    ck_assert_double_le((double)cabsl(got - wanted),
                        (double)cabsl(wanted) * 1e-6 + 1e-9);
  }
}

START_TEST(responses_are_the_cookbooks)
{
  static const double rates[]   = {8e3, 44.1e3, 48e3, 96e3, 192e3, 768e3};
  static const double qs[]      = {0.1, 0.7071, 4.0, 50.0};
  static const float  gains[]   = {-36.0f, -3.0f, 0.0f, 24.0f};
  static const int    n_rates   = sizeof(rates) / sizeof(rates[0]);
  const double        rate      = rates[_i % n_rates];
  const BiquadType    type      = (BiquadType)(_i / n_rates);
  const double        limits[2] = {10.0, 0.4899 * rate};

  for (int f = 0; f <= 10; ++f) {
    const double frequency_hz = limits[0] * pow(limits[1] / limits[0], f / 10.0);
    for (int q = 0; q < 4; ++q) {
      for (int g = 0; g < 4; ++g) {
        const Setting setting = {
          type, BIQUAD_RBJ, pitch_of(frequency_hz), log2(qs[q]), gains[g]};
        check_responses(rate, setting);
      }
    }
  }
}
END_TEST

START_TEST(signals_get_the_response_of_the_coefficients)
{
  static const uint32_t n_frames = 16384;
  static float          in[16384];
  static float          out[16384];

  const Setting setting = {(BiquadType)_i, BIQUAD_RBJ, pitch_of(1000.0), 2.0f, 9.0f};
  Biquad        self;
  biquad_init(&self, 48e3, GLIDE_S);
  in[0] = 1.0f;
  filter(&self, setting, in, out, n_frames);

  for (uint32_t bin = 10; bin < n_frames / 2; bin += bin / 4) {
    const long double   cycles = (long double)bin / n_frames;
    long double complex sum    = 0.0L;
    for (uint32_t i = 0; i < n_frames; ++i) {
      sum +=
        out[i] * cexpl(-2.0L * PI_L * I * (long double)(bin * i % n_frames) / n_frames);
    }
    const long double complex wanted =
      coefs_response(self.filter[self.now].coefs[0], cycles);
    ck_assert_double_eq_tol((double)cabsl(sum - wanted), 0.0, 2e-6);
  }
}
END_TEST

// ---- The analog response

/// Return the squared magnitude of s^2 + k w s + w^2 at s = i x
static long double
prototype_square(const long double w, const long double k, const long double x)
{
  return powl(w * w - x * x, 2.0L) + powl(k * w * x, 2.0L);
}

/// Return the magnitude that the analog filter has at `hz`
static long double
prototype_gain(const Setting setting, const long double hz)
{
  const long double w         = (long double)C4_HZ * exp2l(setting.pitch_oct);
  const long double k         = exp2l(-setting.q_oct);
  const long double a         = powl(10.0L, setting.gain_db / 40.0L);
  const long double root      = sqrtl(a);
  const long double plain     = prototype_square(w, k, hz);
  const long double squares[] = {
    powl(w, 4.0L) / plain,
    powl(hz, 4.0L) / plain,
    powl(k * w * hz, 2.0L) / plain,
    prototype_square(w, 0.0L, hz) / plain,
    1.0L,
    prototype_square(w, k * a, hz) / prototype_square(w, k / a, hz),
    prototype_square(w * root, k, hz) / prototype_square(w / root, k, hz),
    powl(a, 4.0L) * prototype_square(w / root, k, hz) /
      prototype_square(w * root, k, hz)};

  return sqrtl(squares[setting.type]);
}

/// Return the magnitude that the filter has at `hz`
static long double
analog_gain(const Biquad* const self, const double sample_rate, const long double hz)
{
  long double gain = 1.0L;
  for (uint32_t s = 0; s < BIQUAD_SECTIONS; ++s) {
    gain *= cabsl(
      coefs_response(self->filter[self->now].coefs[s], hz / (long double)sample_rate));
  }

  return gain;
}

/// Return the largest error in dB, or what is the same 60 dB under the input's level
static double
analog_error_db(const Setting setting, const double sample_rate)
{
  const float in[2] = {0.0f};
  float       out[2];
  Biquad      self;
  biquad_init(&self, sample_rate, GLIDE_S);
  filter_sliced(&self, setting, in, out, 2, 1);

  double            worst  = 0.0;
  const long double centre = (long double)C4_HZ * exp2l(setting.pitch_oct);
  for (int i = 0; i < 300; ++i) {
    // Half of the frequencies all over, and half next to the filter's own
    const long double near = centre * (1.0L + 0.3L * ((i / 2) - 75) / 75.0L);
    const long double hz   = i % 2 ? near : 20.0L * powl(1000.0L, i / 299.0L);
    if (hz <= 20e3L) {
      const long double wanted = prototype_gain(setting, hz);
      const long double error  = fabsl(analog_gain(&self, sample_rate, hz) - wanted);
      const double      error_db =
        8.6859 * (double)(error / (wanted > 1e-3L ? wanted : 1e-3L));
      worst = error_db > worst ? error_db : worst;
    }
  }
  return worst;
}

/// The largest error allowed at a rate, for frequencies and a Q up to these
typedef struct {
  double sample_rate;
  double max_hz;
  double max_q;
  double error_db;
} AnalogCase;

static const AnalogCase analog_cases[] = {{44.1e3, 17e3, 50.0, 0.01},
                                          {44.1e3, 20e3, 50.0, 0.01},
                                          {48e3, 20e3, 50.0, 0.01},
                                          {88.2e3, 20e3, 50.0, 0.01},
                                          {96e3, 20e3, 50.0, 0.01},
                                          {192e3, 20e3, 50.0, 0.01},
                                          {768e3, 20e3, 50.0, 0.01}};

static const int n_analog_cases = sizeof(analog_cases) / sizeof(analog_cases[0]);

START_TEST(analog_responses_are_the_prototypes)
{
  const AnalogCase* const c    = &analog_cases[_i % n_analog_cases];
  const BiquadType        type = (BiquadType)(_i / n_analog_cases);
  for (int f = 0; f <= 16; ++f) {
    const double hz = 20.0 * pow(c->max_hz / 20.0, f / 16.0);
    for (int q = 0; q <= 8; ++q) {
      const double q_oct = log2(0.1 * pow(c->max_q / 0.1, q / 8.0));
      for (int g = type < BIQUAD_PEAK ? 3 : 0; g <= 3; ++g) {
        const double  gains_db[] = {-36.0, -9.0, 24.0, 36.0};
        const Setting setting = {type, BIQUAD_ANALOG, pitch_of(hz), q_oct, gains_db[g]};
        const double  error_db = analog_error_db(setting, c->sample_rate);
        if (error_db > c->error_db) {
          ck_abort_msg("%g Hz: %g dB at f %g Hz, Q %g, gain %g dB",
                       c->sample_rate,
                       error_db,
                       hz,
                       exp2(q_oct),
                       gains_db[g]);
        }
      }
    }
  }
}
END_TEST

START_TEST(responses_switch_without_a_click)
{
  // A slow sine far below the filter stays as it is, so any step is a click
  static const uint32_t n_frames = 9600;
  static float          in[9600];
  static float          out[9600];
  for (uint32_t i = 0; i < n_frames; ++i) {
    in[i] = (float)sin(2.0 * 3.14159265358979 * 50.0 * i / 48e3);
  }

  Setting setting = {(BiquadType)_i, BIQUAD_RBJ, pitch_of(9000.0), 0.5f, 6.0f};
  Biquad  self;
  biquad_init(&self, 48e3, GLIDE_S);
  filter(&self, setting, in, out, n_frames);
  for (int response = BIQUAD_ANALOG; response >= BIQUAD_RBJ; --response) {
    float last       = out[n_frames - 1];
    float last_slope = last - out[n_frames - 2];
    setting.response = (BiquadResponse)response;
    filter(&self, setting, in, out, n_frames);
    for (uint32_t i = 0; i < n_frames; ++i) {
      const float slope = out[i] - last;
      ck_assert_float_le(fabsf(slope - last_slope), 4e-4f);
      last       = out[i];
      last_slope = slope;
    }
  }
}
END_TEST

START_TEST(no_gain_is_no_filter)
{
  uint32_t seed = 1;
  float    in[BLOCK];
  float    out[BLOCK];
  for (uint32_t i = 0; i < BLOCK; ++i) {
    in[i] = noise(&seed);
  }

  for (int type = BIQUAD_PEAK; type <= BIQUAD_HIGH_SHELF; ++type) {
    const Setting setting = {(BiquadType)type, BIQUAD_RBJ, 2.0f, 1.0f, 0.0f};
    Biquad        self;
    biquad_init(&self, 48e3, GLIDE_S);
    filter(&self, setting, in, out, BLOCK);
    ck_assert_mem_eq(in, out, sizeof(out));
  }
}
END_TEST

START_TEST(settings_stop_at_their_limits)
{
  static const BiquadType type  = BIQUAD_PEAK;
  const Setting           least = {type, BIQUAD_RBJ, pitch_of(0.1), log2(0.1), -36.0f};
  const Setting most    = {type, BIQUAD_RBJ, pitch_of(0.49 * 48e3), log2(50.0), 36.0f};
  const Setting below[] = {{type, BIQUAD_RBJ, -20.0f, least.q_oct, least.gain_db},
                           {type, BIQUAD_RBJ, least.pitch_oct, -4.0f, least.gain_db},
                           {type, BIQUAD_RBJ, least.pitch_oct, least.q_oct, -37.0f}};
  const Setting above[] = {{type, BIQUAD_RBJ, 7.0f, most.q_oct, most.gain_db},
                           {type, BIQUAD_RBJ, most.pitch_oct, 6.0f, most.gain_db},
                           {type, BIQUAD_RBJ, most.pitch_oct, most.q_oct, 37.0f}};

  const SvfCoefs least_coefs = coefs_of(least, 48e3);
  const SvfCoefs most_coefs  = coefs_of(most, 48e3);
  for (int i = 0; i < 3; ++i) {
    const SvfCoefs below_coefs = coefs_of(below[i], 48e3);
    const SvfCoefs above_coefs = coefs_of(above[i], 48e3);
    ck_assert_mem_eq(&below_coefs, &least_coefs, sizeof(below_coefs));
    ck_assert_mem_eq(&above_coefs, &most_coefs, sizeof(above_coefs));
  }
}
END_TEST

START_TEST(low_filters_are_precise)
{
  // 20 Hz at 192 kHz against the same filter in long double
  static const Setting setting = {BIQUAD_LOW_PASS, BIQUAD_RBJ, -3.709454f, -0.5f, 0.0f};

  const long double g =
    tanl(PI_L * (long double)C4_HZ * exp2l(setting.pitch_oct) / 192e3L);
  const long double k    = exp2l(-setting.q_oct);
  long double       band = 0.0L;
  long double       low  = 0.0L;

  Biquad self;
  biquad_init(&self, 192e3, GLIDE_S);
  uint32_t    seed   = 1;
  long double signal = 0.0L;
  long double error  = 0.0L;
  for (uint32_t i = 0; i < 400000; ++i) {
    const float in  = noise(&seed);
    float       out = 0.0f;
    filter(&self, setting, &in, &out, 1);

    const long double high = (in - low - (g + k) * band) / (1.0L + g * (g + k));
    const long double v1   = band + g * high;
    const long double v2   = low + g * v1;
    band                   = v1 + g * high;
    low                    = v2 + g * v1;
    signal += v2 * v2;
    error += (v2 - out) * (v2 - out);
  }

  ck_assert_double_le(10.0 * log10((double)(error / signal)), -145.0);
}
END_TEST

// ---- Motion

typedef enum { SINE, SQUARE, RANDOM } Shape;

/// Return the largest output while the frequency moves from 50 Hz to 18 kHz
static float
modulated_peak(const BiquadType     type,
               const BiquadResponse response,
               const Shape          shape,
               const double         modulation_hz,
               const double         q)
{
  static const double sample_rate = 48e3;
  static const double centre_hz   = 948.683;
  static const float  reach_oct   = 4.246f;

  Biquad self;
  biquad_init(&self, sample_rate, GLIDE_S);
  uint32_t seed = 7;
  float    peak = 0.0f;
  for (uint32_t i = 0; i < 96000; ++i) {
    const double phase   = fmod(modulation_hz * i / sample_rate, 1.0);
    const float  waves[] = {
       (float)sinl(2.0L * PI_L * phase), phase < 0.5 ? 1.0f : -1.0f, noise(&seed)};
    const float in  = (float)(2.0 * fmod(220.0 * i / sample_rate, 1.0) - 1.0);
    float       out = 0.0f;

    const Setting setting = {
      type, response, pitch_of(centre_hz) + reach_oct * waves[shape], log2(q), 0.0f};
    filter(&self, setting, &in, &out, 1);
    peak = fmaxf(peak, fabsf(out));
  }

  return peak;
}

START_TEST(modulation_never_runs_away)
{
  static const double modulation_hz[] = {5.0, 100.0, 1000.0, 5000.0, 11000.0};

  const BiquadType     type     = (BiquadType)(_i / 2);
  const BiquadResponse response = (BiquadResponse)(_i % 2);
  for (int shape = SINE; shape <= RANDOM; ++shape) {
    for (int m = 0; m < 5; ++m) {
      const double hz    = modulation_hz[m];
      const float  wide  = modulated_peak(type, response, (Shape)shape, hz, 0.7);
      const float  sharp = modulated_peak(type, response, (Shape)shape, hz, 50.0);
      ck_assert_float_le(wide, 2.5f);
      ck_assert_float_le(sharp, 6.0f);
    }
  }
}
END_TEST

static double
energy_of(const Svf* const svf)
{
  return svf->states.band * svf->states.band + svf->states.low * svf->states.low;
}

START_TEST(energy_never_grows_by_itself)
{
  static const double rates[] = {8e3, 48e3, 768e3};

  const BiquadType type = (BiquadType)(_i / 3);
  Biquad           self;
  biquad_init(&self, rates[_i % 3], GLIDE_S);
  uint32_t seed = 11;
  double   last = 0.0;
  for (uint32_t i = 0; i < 200000; ++i) {
    const Setting setting = {type,
                             BIQUAD_RBJ,
                             (double)(20.0f * noise(&seed)),
                             (double)(6.0f * noise(&seed)),
                             (double)(40.0f * noise(&seed))};
    const bool    is_fed  = i % 1000 < 100;
    const float   in      = is_fed ? noise(&seed) : 0.0f;
    float         out     = 0.0f;
    filter(&self, setting, &in, &out, 1);

    const double energy = energy_of(&self.filter[self.now].svf[0]);
    ck_assert_double_le(energy, is_fed ? 1e8 : last * (1.0 + 1e-12));
    last = energy;
  }
}
END_TEST

START_TEST(resonance_does_not_come_out_louder_when_the_q_falls)
{
  // At its frequency, each of these lets out what it gets, or nothing
  static const BiquadType types[] = {BIQUAD_BAND_PASS, BIQUAD_NOTCH};
  static const double     q_high  = 5.6;
  static const double     q_low   = -3.3;

  Biquad self;
  biquad_init(&self, 48e3, GLIDE_S);
  for (uint32_t i = 0; i < 96000; ++i) {
    const double  q_oct   = i < 48000 ? q_high : q_low;
    const Setting setting = {types[_i], BIQUAD_RBJ, pitch_of(1000.0), q_oct, 0.0};
    const float   in      = (float)sinl(2.0L * PI_L * i / 48.0L);
    float         out     = 0.0f;
    filter(&self, setting, &in, &out, 1);
    ck_assert_float_le(fabsf(out), 3.0f);
  }
}
END_TEST

/// How settings wander while an input tries to make the filter as loud as it can
typedef struct {
  uint32_t seed;
  Setting  centre;
  Setting  reach; ///< How far from there each frame may be
  int      input;
  double   cycles; ///< Of inputs that have a frequency, per frame
} Storm;

/// Return a number from 0 to 1
static double
chance(Storm* const self)
{
  return 0.5 + 0.5 * (double)noise(&self->seed);
}

static void
storm_turn(Storm* const self, const double sample_rate)
{
  const double reach = chance(self) < 0.3 ? 1.0 : 0.0;

  self->centre.type      = (BiquadType)((int)(8.0 * chance(self)) & 7);
  self->centre.response  = chance(self) < 0.05 ? BIQUAD_ANALOG : BIQUAD_RBJ;
  self->centre.pitch_oct = pitch_of(20.0 * pow(sample_rate / 41.0, chance(self)));
  self->centre.q_oct     = chance(self) < 0.3 ? 5.7 : -3.4 + 9.0 * chance(self);
  self->centre.gain_db   = 80.0 * chance(self) - 40.0;
  self->reach.pitch_oct  = reach * 8.0 * chance(self);
  self->reach.q_oct      = reach * 5.0 * chance(self);
  self->reach.gain_db    = reach * 40.0 * chance(self);
  self->input            = (int)(5.0 * chance(self));
  self->cycles           = C4_HZ * exp2(self->centre.pitch_oct) / sample_rate;
}

static Setting
storm_setting(Storm* const self)
{
  Setting setting = self->centre;
  setting.pitch_oct += self->reach.pitch_oct * (double)noise(&self->seed);
  setting.q_oct += self->reach.q_oct * (double)noise(&self->seed);
  setting.gain_db += self->reach.gain_db * (double)noise(&self->seed);
  return setting;
}

/// Return an input: noise, what is resonant, or what always pushes the filter on
static float
storm_input(Storm* const self, const Biquad* const biquad, const uint32_t i)
{
  const double phase = fmod(self->cycles * i, 1.0);
  const double band  = biquad->filter[biquad->now].svf[0].states.band;

  return self->input == 0   ? noise(&self->seed)
         : self->input == 1 ? (noise(&self->seed) < 0.0f ? -1.0f : 1.0f)
         : self->input == 2 ? (float)sin(2.0 * (double)PI_L * phase)
         : self->input == 3 ? (phase < 0.5 ? 1.0f : -1.0f)
                            : (band < 0.0 ? -1.0f : 1.0f);
}

START_TEST(nothing_that_moves_makes_it_run_away)
{
  static const double rates[] = {8e3, 44.1e3, 48e3, 192e3, 768e3};

  const double sample_rate = rates[_i % 5];
  Storm        storm       = {.seed = 1U + (uint32_t)_i};
  Biquad       self;
  biquad_init(&self, sample_rate, GLIDE_S);
  for (uint32_t i = 0; i < 200000; ++i) {
    if (i % 1024 == 0) {
      storm_turn(&storm, sample_rate);
    }

    const float in  = storm_input(&storm, &self, i);
    float       out = 0.0f;
    filter(&self, storm_setting(&storm), &in, &out, 1);
    if (!(fabsf(out) <= BIQUAD_MAX_OUT)) {
      ck_abort_msg("seed %d: %g at frame %u", 1 + _i, (double)out, i);
    }
  }
}
END_TEST

START_TEST(states_come_back_whatever_they_were)
{
  static const double wrecks[] = {INFINITY, -INFINITY, NAN, 1e300};

  const Setting setting = {BIQUAD_LOW_SHELF, (BiquadResponse)(_i / 4), 1.0, 1.0, 12.0};
  float         in[BLOCK] = {1.0f};
  float         out[BLOCK];
  Biquad        self;
  biquad_init(&self, 48e3, GLIDE_S);
  filter(&self, setting, in, out, BLOCK);
  self.filter[self.now].svf[0].states.band = wrecks[_i % 4];
  for (int block = 0; block < 4; ++block) {
    filter(&self, setting, in, out, BLOCK);
  }
  filter(&self, setting, in, out, BLOCK);
  for (uint32_t i = 0; i < BLOCK; ++i) {
    ck_assert(isfinite(out[i]));
  }
}
END_TEST

/// Let all settings move now and then, and the type change, frame by frame
static void
wander(Setting* const setting, uint32_t* const seed, const uint32_t frame)
{
  if (frame / 150 % 3 == 1) {
    setting->pitch_oct = 4.0f * noise(seed);
  }
  if (frame / 200 % 4 == 1) {
    setting->q_oct = 3.0f * noise(seed);
  }
  if (frame / 250 % 4 == 2) {
    setting->gain_db = 20.0f * noise(seed);
  }
  setting->type     = (BiquadType)(frame / 640 % N_TYPES);
  setting->response = (BiquadResponse)(frame / 1920 % 2);
}

START_TEST(slicing_changes_no_bit)
{
  enum { N_FRAMES = 25600 };

  static float   in[N_FRAMES];
  static float   sliced[N_FRAMES];
  static float   framed[N_FRAMES];
  static double  pitch_oct[N_FRAMES];
  static double  q_oct[N_FRAMES];
  static double  gain_db[N_FRAMES];
  static Setting settings[N_FRAMES];

  uint32_t seed    = 3;
  Setting  setting = {BIQUAD_LOW_PASS, BIQUAD_RBJ, 0.0f, 0.0f, 0.0f};
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    wander(&setting, &seed, i);
    settings[i]  = setting;
    pitch_oct[i] = setting.pitch_oct;
    q_oct[i]     = setting.q_oct;
    gain_db[i]   = setting.gain_db;
    in[i]        = noise(&seed);
  }

  Biquad a;
  Biquad b;
  biquad_init(&a, 48e3, GLIDE_S);
  biquad_init(&b, 48e3, GLIDE_S);
  uint32_t n = 0;
  for (uint32_t i = 0; i < N_FRAMES; i += n) {
    // No slice has two types, as no host block has
    const uint32_t wanted = 1U + (uint32_t)(32.0f + 31.5f * noise(&seed));
    const uint32_t left   = 640 - i % 640;
    n                     = wanted < left ? wanted : left;

    const BiquadSettings slice = {
      {pitch_oct + i, false}, {q_oct + i, false}, {gain_db + i, false}};
    biquad_process(
      &a, settings[i].type, settings[i].response, &slice, in + i, sliced + i, n);
  }
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    filter(&b, settings[i], in + i, framed + i, 1);
  }

  ck_assert_mem_eq(sliced, framed, sizeof(sliced));
}
END_TEST

START_TEST(types_switch_without_a_click)
{
  // On a standing signal, a low pass gives all and a high pass nothing
  static const uint32_t n_frames = 4800;
  static float          in[4800];
  static float          out[4800];
  for (uint32_t i = 0; i < n_frames; ++i) {
    in[i] = 1.0f;
  }

  Setting setting = {BIQUAD_LOW_PASS, BIQUAD_RBJ, 2.0f, -0.5f, 0.0f};
  Biquad  self;
  biquad_init(&self, 48e3, GLIDE_S);
  filter(&self, setting, in, out, n_frames);
  float last = out[n_frames - 1];
  ck_assert_float_eq_tol(last, 1.0f, 1e-6f);

  setting.type = BIQUAD_HIGH_PASS;
  filter(&self, setting, in, out, n_frames);
  for (uint32_t i = 0; i < n_frames; last = out[i++]) {
    ck_assert_float_le(fabsf(out[i] - last), 1.01f / (float)(GLIDE_S * 48e3));
  }
  ck_assert_float_eq_tol(out[n_frames - 1], 0.0f, 1e-15f);
}
END_TEST

// ---- Extremes

START_TEST(wild_settings_give_a_tame_filter)
{
  uint32_t seed = 5;
  for (int t = 0; t < 2 * N_TYPES; ++t) {
    Biquad self;
    biquad_init(&self, 8e3, GLIDE_S);
    for (uint32_t i = 0; i < 20000; ++i) {
      const Setting setting = {(BiquadType)(t / 2),
                               (BiquadResponse)(t % 2),
                               1e6f * noise(&seed),
                               1e6f * noise(&seed),
                               1e6f * noise(&seed)};
      const float   in      = 1e6f * noise(&seed);
      float         out     = 0.0f;
      filter(&self, setting, &in, &out, 1);
      ck_assert(isfinite(out));
    }
  }
}
END_TEST

START_TEST(silence_becomes_exactly_that)
{
  static const Setting setting        = {BIQUAD_LOW_PASS, BIQUAD_RBJ, 2.0f, 1.0f, 0.0f};
  static const float   silence[BLOCK] = {0.0f};

  const float in = 1.0f;
  float       out[BLOCK];
  Biquad      self;
  biquad_init(&self, 48e3, GLIDE_S);
  filter(&self, setting, &in, out, 1);
  ck_assert_double_gt(fabs(self.filter[self.now].svf[0].states.low), 0.0);
  for (int i = 0; i < 400; ++i) {
    filter(&self, setting, silence, out, BLOCK);
  }

  ck_assert_double_eq(self.filter[self.now].svf[0].states.band, 0.0);
  ck_assert_double_eq(self.filter[self.now].svf[0].states.low, 0.0);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("biquad");

  TCase* const responses = tcase_create("responses");
  tcase_set_timeout(responses, 60.0);
  tcase_add_loop_test(responses, responses_are_the_cookbooks, 0, 6 * N_TYPES);
  tcase_add_loop_test(
    responses, signals_get_the_response_of_the_coefficients, 0, N_TYPES);
  tcase_add_loop_test(
    responses, analog_responses_are_the_prototypes, 0, n_analog_cases * N_TYPES);
  tcase_add_test(responses, no_gain_is_no_filter);
  tcase_add_test(responses, settings_stop_at_their_limits);
  tcase_add_test(responses, low_filters_are_precise);
  suite_add_tcase(suite, responses);

  TCase* const motion = tcase_create("motion");
  tcase_set_timeout(motion, 60.0);
  tcase_add_loop_test(motion, modulation_never_runs_away, 0, 2 * (BIQUAD_NOTCH + 1));
  tcase_add_loop_test(motion, energy_never_grows_by_itself, 0, 3 * N_TYPES);
  tcase_add_loop_test(
    motion, resonance_does_not_come_out_louder_when_the_q_falls, 0, 2);
  tcase_add_loop_test(motion, nothing_that_moves_makes_it_run_away, 0, 20);
  tcase_add_loop_test(motion, states_come_back_whatever_they_were, 0, 8);
  tcase_add_test(motion, slicing_changes_no_bit);
  tcase_add_test(motion, types_switch_without_a_click);
  tcase_add_loop_test(motion, responses_switch_without_a_click, 0, N_TYPES);
  suite_add_tcase(suite, motion);

  TCase* const extremes = tcase_create("extremes");
  tcase_add_test(extremes, wild_settings_give_a_tame_filter);
  tcase_add_test(extremes, silence_becomes_exactly_that);
  suite_add_tcase(suite, extremes);

  return run_tests(suite);
}
