// SPDX-License-Identifier: ISC
// Where hosts enter a plugin's library

#include "lv2/descriptor.h"

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index)
{
#if defined(HAVE_PLUGIN_AVX2)
  if (__builtin_cpu_supports("avx2")) {
    return plugin_descriptor_avx2(index);
  }
#endif

  return plugin_descriptor(index);
}
