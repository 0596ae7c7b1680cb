// SPDX-License-Identifier: ISC

#include "measure/keys_quality.h"

#include "measure/ticks.h"

#include <math.h>
#include <stdint.h>

#define GROUP "keys"
#define NOTE_ON 0x90
#define NOTE_OFF 0x80
#define BEND 0xE0
#define MIDDLE_C 60
#define WHEEL_S 1.0 ///< Until the wheel is at rest
#define N_KEYS 128
#define BLOCK_FRAMES 64U
#define N_FRAMES 256U   ///< Of a note, and of the rest behind it
#define START_FRAME 17U ///< Of a key, in its block

/// Where the wheel is, and how far that bends, by a range of 2 semitones
typedef struct {
  int    place;
  double semitones;
} Wheel;

/// Press a key and let it go later; keep the output
static void
strike(Probe* const probe, const RoleName role, const int key, float* const out)
{
  float rest[N_FRAMES];
  probe_send(probe, START_FRAME, NOTE_ON, key, 100);
  probe_render(probe, role, out, N_FRAMES, BLOCK_FRAMES);
  probe_send(probe, START_FRAME, NOTE_OFF, key, 0);
  probe_render(probe, role, rest, N_FRAMES, BLOCK_FRAMES);
}

/// Return how far the pitch of any key is off, in cents, with the wheel at rest
static double
cents_off(Probe* const probe, const Role* const role, const Wheel wheel)
{
  double off = 0.0;
  probe_send(probe, 0, BEND, wheel.place & 127, wheel.place >> 7);
  probe_settle(probe, WHEEL_S);
  for (int key = 0; key < N_KEYS; ++key) {
    float out[N_FRAMES];
    strike(probe, ROLE_OUT, key, out);
    const double semitones = key - MIDDLE_C + wheel.semitones;
    const double octaves   = role_quantity(role, (double)out[N_FRAMES - 1U]);
    off                    = fmax(off, 100.0 * fabs(12.0 * octaves - semitones));
  }
  return off;
}

static double
worst_cents_off(const Study* const study)
{
  static const Wheel wheels[] = {{0, -2.0}, {4096, -1.0}, {8192, 0.0}, {16383, 2.0}};

  Probe* const probe = study_probe(study);
  double       off   = 0.0;
  for (int i = 0; i < 4; ++i) {
    off = fmax(off, cents_off(probe, &study->subject->role[ROLE_OUT], wheels[i]));
  }
  probe_free(probe);
  return off;
}

/// Return by how many frames the gate of any key is off, infinity if one is not heard
static double
frames_off(const Study* const study)
{
  Probe* const probe = study_probe(study);
  double       off   = 0.0;
  for (int key = 0; key < N_KEYS; ++key) {
    float    out[N_FRAMES];
    uint32_t rise = 0;
    strike(probe, ROLE_SYNC_OUT, key, out);
    while (rise < N_FRAMES && (double)out[rise] <= TICKS_HIGH) {
      ++rise;
    }
    off =
      rise < N_FRAMES ? fmax(off, fabs((double)rise - START_FRAME)) : (double)INFINITY;
  }
  probe_free(probe);
  return off;
}

void
keys_quality(const Study* const study)
{
  study_add(study, GROUP, "pitch cent", worst_cents_off(study));
  study_add(study, GROUP, "frames off", frames_off(study));
}
