// SPDX-License-Identifier: ISC

#include "signal/cv_law.h"

const float cv_law_shut = 0.0f;
const float cv_law_open = 1.0f;
