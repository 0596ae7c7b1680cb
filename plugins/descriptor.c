// SPDX-License-Identifier: ISC
// Where hosts enter a plugin's library

#include "descriptor.h"

#include <stddef.h>

static const LV2_Descriptor*
descriptor_for_this_processor(void)
{
#if defined(HAVE_PLUGIN_AVX2)
  if (__builtin_cpu_supports("avx2")) {
    return plugin_descriptor_avx2();
  }
#endif

  return plugin_descriptor();
}

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index)
{
  return index == 0 ? descriptor_for_this_processor() : NULL;
}
