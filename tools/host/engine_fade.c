// SPDX-License-Identifier: ISC

#include "host/engine_fade.h"

#include "host/xalloc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void
fade_open(Fade* const             fade,
          const HostPlugin* const plugin,
          const uint32_t          max_frames,
          const double            sample_rate)
{
  fade->plugin   = plugin;
  fade->n_frames = (uint32_t)(ENGINE_FADE_S * sample_rate) + 1U;
  fade->outputs  = (float**)xarray(plugin->n_ports, sizeof(float*));
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (port->is_output && (host_is_signal(port) || port->kind == HOST_CONTROL)) {
      fade->outputs[p] = (float*)xarray(max_frames, sizeof(float));
    }
  }
}

void
fade_close(Fade* const fade)
{
  for (uint32_t p = 0; fade->outputs && p < fade->plugin->n_ports; ++p) {
    free(fade->outputs[p]);
  }
  free(fade->outputs);
}

void
fade_begin(Fade* const fade, LilvInstance* const instance)
{
  fade->instance = instance;
  fade->n_left   = fade->n_frames;
  for (uint32_t p = 0; p < fade->plugin->n_ports; ++p) {
    if (fade->outputs[p]) {
      lilv_instance_connect_port(instance, p, fade->outputs[p]);
    }
  }
}

void
fade_run(Fade* const fade, const uint32_t n_frames)
{
  lilv_instance_run(fade->instance, n_frames);
}

void
fade_mix(const float* const from,
         const float* const to,
         float* const       out,
         const uint32_t     n_left,
         const uint32_t     n_fade,
         const uint32_t     n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float rest = (float)(n_left - 1U - i) / (float)n_fade;
    out[i]           = from[i] == to[i] ? to[i] : to[i] + (from[i] - to[i]) * rest;
  }
}

/// Cross over from one signal to that of the plugin that goes on
static void
cross(const Fade* const  fade,
      const float* const from,
      float* const       to,
      const bool         is_discrete,
      const uint32_t     n_frames)
{
  const uint32_t n = n_frames < fade->n_left ? n_frames : fade->n_left;
  if (is_discrete) {
    memcpy(to, from, n * sizeof(float));
  } else {
    fade_mix(from, to, to, fade->n_left, fade->n_frames, n);
  }
}

void
fade_cross(Fade* const fade, void* const* const buffers, const uint32_t n_frames)
{
  for (uint32_t p = 0; p < fade->plugin->n_ports; ++p) {
    const HostPort* const port = &fade->plugin->ports[p];
    if (port->is_output && host_is_signal(port) && buffers[p]) {
      cross(fade, fade->outputs[p], (float*)buffers[p], port->is_discrete, n_frames);
    }
  }
  fade->n_left -= n_frames < fade->n_left ? n_frames : fade->n_left;
}
