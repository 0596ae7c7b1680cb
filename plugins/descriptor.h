// SPDX-License-Identifier: ISC
/**
   A plugin as hosts see it, once for each kind of processor.

   A module, its core and plugin.c are compiled twice where that can be done, the second
   time for AVX2, which gives the same bits sooner (see wscript).
*/

#ifndef DESCRIPTOR_H
#define DESCRIPTOR_H

#include <lv2/core/lv2.h>

/// Return the plugin (in plugin.c)
const LV2_Descriptor*
plugin_descriptor(void);

#if defined(HAVE_PLUGIN_AVX2)
/// Return the same plugin, for processors with AVX2
const LV2_Descriptor*
plugin_descriptor_avx2(void);
#endif

#endif // DESCRIPTOR_H
