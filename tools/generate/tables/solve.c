// SPDX-License-Identifier: ISC

#include "tables/solve.h"

void
solve(const int n, double* const matrix, double* const vector)
{
  for (int i = 0; i < n; ++i) {
    const double* const pivot = matrix + i * n;
    for (int row = i + 1; row < n; ++row) {
      const double factor = matrix[row * n + i] / pivot[i];
      for (int column = i; column < n; ++column) {
        matrix[row * n + column] -= factor * pivot[column];
      }
      vector[row] -= factor * vector[i];
    }
  }
  for (int i = n - 1; i >= 0; --i) {
    for (int column = i + 1; column < n; ++column) {
      vector[i] -= matrix[i * n + column] * vector[column];
    }
    vector[i] /= matrix[i * n + i];
  }
}
