// SPDX-License-Identifier: ISC
/**
   Plugins as hosts see them, once for each kind of processor.

   A module, its core and plugin.c are compiled twice where that can be done, the second
   time for AVX2, which gives the same bits sooner (see wscript).
*/

#ifndef DESCRIPTOR_H
#define DESCRIPTOR_H

#include <lv2/core/lv2.h>

#include <stdint.h>

/// Return the module's own plugin for 0, then its forms, and then NULL (in plugin.c)
const LV2_Descriptor*
plugin_descriptor(uint32_t index);

#if defined(HAVE_PLUGIN_AVX2)
/// Return the same, for processors with AVX2
const LV2_Descriptor*
plugin_descriptor_avx2(uint32_t index);
#endif

#endif // DESCRIPTOR_H
