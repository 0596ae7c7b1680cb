// SPDX-License-Identifier: ISC
/// A sinc under a Kaiser window

#ifndef KERNEL_H
#define KERNEL_H

#define PI 3.14159265358979323846

/// A pulse of no width, without what is above the cutoff
typedef struct {
  int    n_taps; ///< Even
  double beta;   ///< Shape of the window: how far down the stop band is
  double cutoff; ///< Middle of the transition band in cycles per frame
} Kernel;

/// Return h(t) but for its scale, where `t` is in frames from the middle
double
pulse(const Kernel* kernel, double t);

#endif // KERNEL_H
