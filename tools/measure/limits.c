// SPDX-License-Identifier: ISC

#include "measure/limits.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const Limit wave_limits[] = {{"aliases, dB", "worst", -105.0},
                                    {"oscillator", "pitch cent", 0.001},
                                    {"oscillator", "DC", 1e-6},
                                    {"oscillator", "level dB", 0.01},
                                    {"oscillator", "harmon. dB", 0.01},
                                    {"oscillator", "droop dB", 0.01},
                                    {"oscillator", "0 Hz step", 2e-7},
                                    {"linear FM, dB", "444/74 x1", -105.0},
                                    {"linear FM, dB", "444/666 x1", -105.0},
                                    {"linear FM, dB", "444/666 x3", -105.0},
                                    {"linear FM, dB", "444/666 x6", -105.0},
                                    {"linear FM, dB", "444/1849x1", -105.0},
                                    {"linear FM, dB", "1479/962x2", -105.0},
                                    {"hard sync, dB", "cable 74", -105.0},
                                    {"hard sync, dB", "cable 444", -105.0},
                                    {"hard sync, dB", "cable 962", -105.0},
                                    {"hard sync, dB", "sine 74", -105.0},
                                    {"hard sync, dB", "sine 444", -105.0},
                                    {"hard sync, dB", "sine 962", -105.0},
                                    {"hard sync, dB", "saw 962", -85.0},
                                    {"reverse sync, dB", "cable 74", -105.0},
                                    {"reverse sync, dB", "cable 444", -105.0},
                                    {"reverse sync, dB", "cable 962", -105.0},
                                    {NULL, NULL, 0.0}};

static const Limit sine_limits[] = {{"aliases, dB", "worst", -130.0},
                                    {"oscillator", "pitch cent", 0.001},
                                    {"oscillator", "DC", 1e-6},
                                    {"oscillator", "level dB", 0.01},
                                    {"oscillator", "0 Hz step", 2e-7},
                                    {NULL, NULL, 0.0}};

static const Limit triangle_limits[] = {{"aliases, dB", "worst", -110.0},
                                        {NULL, NULL, 0.0}};

static const Limit pulse_limits[] = {{"pulse widths, dB", "0 %", -140.0},
                                     {"pulse widths, dB", "0.1 %", -105.0},
                                     {"pulse widths, dB", "1 %", -105.0},
                                     {"pulse widths, dB", "10 %", -105.0},
                                     {"pulse widths, dB", "37 %", -105.0},
                                     {"pulse widths, dB", "90 %", -105.0},
                                     {"pulse widths, dB", "99.9 %", -105.0},
                                     {"pulse widths, dB", "100 %", -140.0},
                                     {"PWM, dB", "444/962", -105.0},
                                     {"PWM, dB", "444/1849", -105.0},
                                     {"PWM, dB", "4438/2293", -105.0},
                                     {NULL, NULL, 0.0}};

/// Frames of sound after infinity at the input
static const Limit recovery_limits[] = {{"recovery, frames", "in", 256.0},
                                        {NULL, NULL, 0.0}};

static const Limit filter_limits[] = {{"filter, dB", "noise 192k", -140.0},
                                      {"filter, dB", "step", -120.0},
                                      {"filter, dB", "sweep", -80.0},
                                      {"peak under modulation", "CV Q 0.7", 2.5},
                                      {"peak under modulation", "CV Q 50", 6.0},
                                      {"peak under modulation", "f, Q CV", 6.0},
                                      {NULL, NULL, 0.0}};

// What an all pass lets out is its input less twice what is left of the past
static const Limit all_pass_limits[] = {{"filter, dB", "noise 192k", -140.0},
                                        {"filter, dB", "step", -120.0},
                                        {"filter, dB", "sweep", -80.0},
                                        {"peak under modulation", "CV Q 0.7", 3.7},
                                        {"peak under modulation", "CV Q 50", 6.0},
                                        {"peak under modulation", "f, Q CV", 6.0},
                                        {NULL, NULL, 0.0}};

static const Limit rbj_limits[] = {{"error from RBJ, dB", "20 Hz", 0.001},
                                   {"error from RBJ, dB", "100", 0.001},
                                   {"error from RBJ, dB", "1k", 0.001},
                                   {"error from RBJ, dB", "5k", 0.001},
                                   {"error from RBJ, dB", "10k", 0.001},
                                   {"error from RBJ, dB", "16k", 0.001},
                                   {"error from RBJ, dB", "20k", 0.001},
                                   {NULL, NULL, 0.0}};

static const Limit analog_limits[] = {{"error from analog, dB", "20 Hz", 0.01},
                                      {"error from analog, dB", "100", 0.01},
                                      {"error from analog, dB", "1k", 0.01},
                                      {"error from analog, dB", "5k", 0.01},
                                      {"error from analog, dB", "10k", 0.01},
                                      {"error from analog, dB", "16k", 0.01},
                                      {"error from analog, dB", "20k", 0.01},
                                      {NULL, NULL, 0.0}};

// A gain of 24 dB is a factor of 15.8
static const Limit gain_limits[] = {{"peak under modulation", "f, Q, g CV", 95.0},
                                    {NULL, NULL, 0.0}};

static const Limit envelope_limits[] = {{"attack, frames off", "0.1 ms", 1.0},
                                        {"attack, frames off", "1 ms", 1.0},
                                        {"attack, frames off", "10 ms", 1.0},
                                        {"attack, frames off", "0.1 s", 1.0},
                                        {"attack, frames off", "1 s", 1.0},
                                        {"attack, frames off", "10 s", 1.0},
                                        {"attack, frames off", "60 s", 1.0},
                                        {"decay, frames off", "0.1 ms", 1.0},
                                        {"decay, frames off", "1 ms", 1.0},
                                        {"decay, frames off", "10 ms", 1.0},
                                        {"decay, frames off", "0.1 s", 1.0},
                                        {"decay, frames off", "1 s", 1.0},
                                        {"decay, frames off", "10 s", 1.0},
                                        {"decay, frames off", "60 s", 1.0},
                                        {"release, frames off", "0.1 ms", 1.0},
                                        {"release, frames off", "1 ms", 1.0},
                                        {"release, frames off", "10 ms", 1.0},
                                        {"release, frames off", "0.1 s", 1.0},
                                        {"release, frames off", "1 s", 1.0},
                                        {"release, frames off", "10 s", 1.0},
                                        {"release, frames off", "60 s", 1.0},
                                        {"levels", "top", 0.0},
                                        {"levels", "sustain", 0.0},
                                        {"levels", "end", 0.0},
                                        {"levels", "jump A", 1.0},
                                        {"levels", "jump D", 1.0},
                                        {"levels", "jump R", 1.0},
                                        {"levels", "missed", 0.0},
                                        {NULL, NULL, 0.0}};

static const Limit mixer_limits[] = {{"gain, dB", "unity", -300.0},
                                     {"gain, dB", "law", 0.01},
                                     {"gain, dB", "mute", -300.0},
                                     {"gain, dB", "step", -60.0},
                                     {"gain, dB", "mute step", -60.0},
                                     {"gain, dB", "inv. step", -60.0},
                                     {NULL, NULL, 0.0}};

static const Limit clip_limits[] = {{"gain, dB", "aliases", -80.0}, {NULL, NULL, 0.0}};

static const Limit vca_limits[] = {{"gain, dB", "unity", -300.0},
                                   {"gain, dB", "CV law", 0.01},
                                   {"gain, dB", "CV 0 V", -300.0},
                                   {NULL, NULL, 0.0}};

static const Limit scale_limits[] = {{"gain, dB", "unity", -300.0},
                                     {"gain, dB", "law", 0.01},
                                     {"gain, dB", "step", -60.0},
                                     {NULL, NULL, 0.0}};

static const Limit follower_limits[] = {{"follower", "att. 1ms", 1.0},
                                        {"follower", "att. 10ms", 1.0},
                                        {"follower", "att. 0.1s", 1.0},
                                        {"follower", "rel. 1ms", 1.0},
                                        {"follower", "rel. 10ms", 1.0},
                                        {"follower", "rel. 0.1s", 1.0},
                                        {"follower", "level dB", 0.1},
                                        {"follower", "ripple dB", 0.6},
                                        {NULL, NULL, 0.0}};

static const Limit noise_limits[] = {{"noise", "slope dB", 0.1},
                                     {"noise", "RMS dB", -13.9},
                                     {NULL, NULL, 0.0}};

static const Limit white_limits[] = {{"noise", "DC dB", -80.0},
                                     {"noise", "peak dB", -9.2},
                                     {NULL, NULL, 0.0}};

static const Limit treble_limits[] = {{"noise", "DC dB", -120.0},
                                      {"noise", "peak dB", -4.4},
                                      {NULL, NULL, 0.0}};

static const Limit bell_limits[] = {{"noise", "DC dB", -80.0},
                                    {"noise", "peak dB", -1.7},
                                    {NULL, NULL, 0.0}};

static const Limit bass_limits[] = {{"noise", "peak dB", 1.0}, {NULL, NULL, 0.0}};

static const Limit hold_limits[] = {{"hold", "late", 0.0},
                                    {"hold", "error", 0.0},
                                    {"hold", "droop", 0.0},
                                    {NULL, NULL, 0.0}};

static const Limit lfo_limits[] = {{"low frequency", "drift fast", 1e-7},
                                   {"low frequency", "drift slow", 1e-7},
                                   {"low frequency", "shape dB", -130.0},
                                   {"low frequency", "slow dB", -120.0},
                                   {NULL, NULL, 0.0}};

static const Limit reset_limits[] = {{"low frequency", "reset lag", 0.0},
                                     {NULL, NULL, 0.0}};

static const Limit slew_limits[] = {{"rise, frames off", "1 ms", 1.0},
                                    {"rise, frames off", "10 ms", 1.0},
                                    {"rise, frames off", "0.1 s", 1.0},
                                    {"rise, frames off", "1 s", 1.0},
                                    {"rise, frames off", "10 s", 1.0},
                                    {"rise, frames off", "60 s", 1.0},
                                    {"fall, frames off", "1 ms", 1.0},
                                    {"fall, frames off", "10 ms", 1.0},
                                    {"fall, frames off", "0.1 s", 1.0},
                                    {"fall, frames off", "1 s", 1.0},
                                    {"fall, frames off", "10 s", 1.0},
                                    {"fall, frames off", "60 s", 1.0},
                                    {"slew", "overshoot", 0.0},
                                    {"slew", "settled", 0.0},
                                    {NULL, NULL, 0.0}};

static const Limit rate_limits[] = {{"slew", "passing", 0.0}, {NULL, NULL, 0.0}};

static const Expectation expectations[] = {
  {"Chronus sine", {sine_limits, NULL}},
  {"Chronus triangle", {wave_limits, triangle_limits}},
  {"Chronus saw", {wave_limits, NULL}},
  {"Chronus pulse", {wave_limits, pulse_limits}},
  {"Chronus low pass", {filter_limits, rbj_limits, recovery_limits}},
  {"Chronus high pass", {filter_limits, rbj_limits, NULL}},
  {"Chronus band pass", {filter_limits, rbj_limits, NULL}},
  {"Chronus notch", {filter_limits, rbj_limits, NULL}},
  {"Chronus all pass", {all_pass_limits, rbj_limits, NULL}},
  {"Chronus peak", {filter_limits, rbj_limits, gain_limits}},
  {"Chronus low shelf", {filter_limits, rbj_limits, gain_limits}},
  {"Chronus high shelf", {filter_limits, rbj_limits, gain_limits}},
  {"Chronus ADSR", {envelope_limits, NULL}},
  {"Chronus ADSR, curves 1", {envelope_limits, NULL}},
  {"Chronus ADSR, curves -1", {envelope_limits, NULL}},
  {"Chronus mixer", {mixer_limits, NULL}},
  {"Chronus mixer, soft clip", {clip_limits, NULL}},
  {"Chronus mixer as VCA", {vca_limits, NULL}},
  {"Chronus mixer as VCA, exp.", {vca_limits, NULL}},
  {"Chronus VCA", {mixer_limits, NULL}},
  {"Chronus VCA, linear", {vca_limits, NULL}},
  {"Chronus VCA, exponential", {vca_limits, NULL}},
  {"Chronus VCA, quartic", {vca_limits, NULL}},
  {"Chronus VCA, ring", {vca_limits, NULL}},
  {"Chronus CV mixer", {scale_limits, NULL}},
  {"Chronus audio to CV", {scale_limits, NULL}},
  {"Chronus CV to audio", {scale_limits, NULL}},
  {"Chronus CV to audio, soft clip", {clip_limits, NULL}},
  {"Chronus follower, peak", {follower_limits, NULL}},
  {"Chronus follower, RMS", {follower_limits, NULL}},
  {"Chronus white noise", {noise_limits, white_limits}},
  {"Chronus white noise, Gaussian", {noise_limits, bell_limits}},
  {"Chronus pink noise", {noise_limits, bass_limits}},
  {"Chronus brown noise", {noise_limits, bass_limits}},
  {"Chronus blue noise", {noise_limits, treble_limits}},
  {"Chronus violet noise", {noise_limits, treble_limits}},
  {"Chronus sample and hold", {hold_limits, NULL}},
  {"Chronus LFO sine", {lfo_limits, reset_limits}},
  {"Chronus LFO triangle", {lfo_limits, reset_limits}},
  {"Chronus LFO saw", {lfo_limits, reset_limits}},
  {"Chronus LFO pulse", {lfo_limits, reset_limits}},
  {"Chronus LFO stepped", {reset_limits, NULL}},
  {"Chronus LFO smooth", {reset_limits, NULL}},
  {"Chronus slew", {slew_limits, rate_limits}},
  {"Chronus slew, curves 1", {slew_limits, rate_limits}},
  {"Chronus slew, curves -1", {slew_limits, rate_limits}},
  {"Chronus slew, constant time", {slew_limits, NULL}},
  // The error of the all pass is not limited: it is one of phase, which bends
  {"Chronus low pass, analog", {analog_limits, filter_limits, NULL}},
  {"Chronus high pass, analog", {analog_limits, filter_limits, NULL}},
  {"Chronus band pass, analog", {analog_limits, filter_limits, NULL}},
  {"Chronus notch, analog", {analog_limits, filter_limits, NULL}},
  {"Chronus all pass, analog", {all_pass_limits, NULL}},
  {"Chronus peak, analog", {analog_limits, filter_limits, gain_limits}},
  {"Chronus low shelf, analog", {analog_limits, filter_limits, gain_limits}},
  {"Chronus high shelf, analog", {analog_limits, filter_limits, gain_limits}},
};

const Expectation*
limits_expectations(uint32_t* const n_expectations)
{
  *n_expectations = sizeof(expectations) / sizeof(expectations[0]);
  return expectations;
}

const Expectation*
limits_of(const char* const label)
{
  for (size_t e = 0; e < sizeof(expectations) / sizeof(expectations[0]); ++e) {
    if (!strcmp(expectations[e].label, label)) {
      return &expectations[e];
    }
  }

  return NULL;
}

double
limits_at_most(const char* const label, const char* const group, const char* const name)
{
  const Expectation* const expected = limits_of(label);
  double                   least    = (double)NAN;
  for (uint32_t l = 0; expected && l < MAX_LIMIT_LISTS && expected->limits[l]; ++l) {
    for (const Limit* limit = expected->limits[l]; limit->group; ++limit) {
      const bool is_it = !strcmp(limit->group, group) && !strcmp(limit->name, name);
      if (is_it && !(limit->at_most >= least)) {
        least = limit->at_most;
      }
    }
  }

  return least;
}
