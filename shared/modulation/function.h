// SPDX-License-Identifier: ISC
/**
   A way up and a way down, started by triggers or going round by themselves.

   level
     1       /\            ______                 /\      /\
            /  \          /      \               /  \    /  \
     0 ____/    \__    __/        \__     ______/    \  /    \
           ^ trigger     |<-gate->|                   \/
        attack decay   attack sustain release      cycling

   Ways are bent as those of a ramp (segment.h).  One that was triggered takes as many
   frames as its time rounds to, and the last is exactly on the level it leads to;
   so does the next, from the frame after.  While it cycles, nothing is rounded: what is
   left of a frame goes to the next way, so that a cycle takes rise and fall to within
   2^-50 of them, and `oct` follows a pitch.

   A trigger on the way up is ignored, which divides clocks; on the way down, it starts
   the way up from the level there is.
*/

#ifndef FUNCTION_H
#define FUNCTION_H

#include "signal/gate.h"
#include "signal/gate_out.h"
#include "signal/signal.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum { FUNCTION_UP, FUNCTION_DOWN, N_FUNCTION_WAYS } FunctionWay;

typedef enum {
  FUNCTION_IDLE,
  FUNCTION_RISES,
  FUNCTION_SUSTAINS,
  FUNCTION_FALLS
} FunctionStage;

typedef struct {
  double time_s[N_FUNCTION_WAYS];
  double curve[N_FUNCTION_WAYS]; ///< -1..1
  bool   sustains;               ///< Whether it stays up while the trigger is high
  bool   cycles;
} FunctionKnobs;

typedef struct {
  Signal       trigger;
  Signal       cycle;                ///< A gate, beside the knob
  const float* oct[N_FUNCTION_WAYS]; ///< What the times are longer by
} FunctionSignals;

typedef struct {
  float* level;                  ///< From 0 to 1
  float* moves[N_FUNCTION_WAYS]; ///< Gates, high on the way, or NULL
  float* end;                    ///< A trigger where a way down ends
} FunctionOutputs;

/// A step, and what it is for
typedef struct {
  bool    is_valid;
  bool    is_rounded;
  float   oct;
  int64_t part; ///< Of a way, in 2^-62
} FunctionStep;

typedef struct {
  double        sample_rate;
  FunctionKnobs knobs;
  double        bend[N_FUNCTION_WAYS];
  double        height[N_FUNCTION_WAYS]; ///< That of time_curve_height()
  FunctionStep  step[N_FUNCTION_WAYS];
  Gate          trigger;
  Gate          cycle;
  GateOut       end;
  FunctionStage stage;
  double        start; ///< Level where the way began
  double        level; ///< Of the last frame
  int64_t       left;  ///< Part of the way, in 2^-62
} Function;

/// Set up with all knobs at 0
void
function_init(Function* self, double sample_rate);

/// Forget everything but the knobs: idle at level 0
void
function_reset(Function* self);

/// Turn the knobs: times and curves change from where it is
void
function_set(Function* self, const FunctionKnobs* knobs);

/// Write the next `n_frames`; no input may overlap an output
void
function_process(Function*              self,
                 const FunctionSignals* in,
                 const FunctionOutputs* out,
                 uint32_t               n_frames);

#endif // FUNCTION_H
