// SPDX-License-Identifier: ISC

#include "host/inline_display.h"

#include <lv2/core/lv2.h>
#include <lv2/urid/urid.h>

#include <stddef.h>

typedef struct {
  InlineSurface* (*render)(void* handle, uint32_t max_width, uint32_t max_height);
} Interface;

static LV2_URID
map_uri(const LV2_URID_Map_Handle host, const char* const uri)
{
  return host_map((Host*)host, uri);
}

bool
inline_display_open(InlineDisplay* const    self,
                    Host* const             host,
                    const HostPlugin* const plugin,
                    const double            sample_rate,
                    InlineQueue* const      queue)
{
  LV2_URID_Map             map          = {host, map_uri};
  const LV2_Feature        map_feature  = {LV2_URID__map, &map};
  const LV2_Feature        draw_feature = {INLINE_DISPLAY_PREFIX "queue_draw", queue};
  const LV2_Feature* const features[]   = {&map_feature, &draw_feature, NULL};

  self->instance = lilv_plugin_instantiate(plugin->lilv, sample_rate, features);
  if (!self->instance) {
    return false;
  }

  const Interface* const interface = (const Interface*)lilv_instance_get_extension_data(
    self->instance, INLINE_DISPLAY_PREFIX "interface");
  if (!interface) {
    lilv_instance_free(self->instance);
    return false;
  }

  self->render = interface->render;
  return true;
}

void
inline_display_close(InlineDisplay* const self)
{
  lilv_instance_free(self->instance);
}

const InlineSurface*
inline_display_render(const InlineDisplay* const self,
                      const uint32_t             max_width,
                      const uint32_t             max_height)
{
  return self->render(lilv_instance_get_handle(self->instance), max_width, max_height);
}
