// SPDX-License-Identifier: ISC
/// Polynomials in x, from -1/2 to 1/2

#ifndef CHEBYSHEV_H
#define CHEBYSHEV_H

enum { N_COEFS = 8 }; ///< Of each polynomial, the constant first

/// Write the polynomial in x = -1/2..1/2 for T_degree(2x) to `coef`
void
chebyshev(int degree, double coef[N_COEFS]);

#endif // CHEBYSHEV_H
