// SPDX-License-Identifier: ISC
/// Systems of linear equations

#ifndef SOLVE_H
#define SOLVE_H

/// Solve the symmetric, positive definite `matrix` of n rows x = `vector`, in place
void
solve(int n, double* matrix, double* vector);

#endif // SOLVE_H
