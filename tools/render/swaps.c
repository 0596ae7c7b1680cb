// SPDX-License-Identifier: ISC

#include "render/swaps.h"

#include "host/message.h"
#include "host/number.h"
#include "host/xalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TIME_S 1e7

/// Read "1.5s", "250ms" or "1.5", in seconds; returns false after a report
static bool
read_time(const char* const text, double* const time_s)
{
  const size_t length = strlen(text);
  const bool   has_s  = length > 1U && text[length - 1U] == 's';
  const bool   has_ms = has_s && length > 2U && text[length - 2U] == 'm';
  char* const  number = (char*)xalloc(strndup(text, length - has_s - has_ms));
  const double most   = has_ms ? 1e3 * MAX_TIME_S : MAX_TIME_S;
  const bool   ok     = number_read(number, 0.0, most, time_s);
  free(number);
  if (!ok) {
    message_error("--swap", text, "must be a time such as 1.5s or 250ms");
    return false;
  }

  *time_s *= has_ms ? 1e-3 : 1.0;
  return true;
}

static bool
open_swap(Render* const render, const char* const time, const char* const bundle)
{
  RenderSwap* const swap   = &render->swaps[render->n_swaps];
  double            time_s = 0.0;
  if (!read_time(time, &time_s)) {
    return false;
  }

  swap->frame = (uint64_t)llround(time_s * render->options->sample_rate);
  if (swap->frame >= render->n_frames) {
    message_error("--swap", time, "comes after the end");
    return false;
  }
  if (render->n_swaps && swap->frame < swap[-1].frame) {
    message_error("--swap", time, "must not come before the one that stands before it");
    return false;
  }

  ++render->n_swaps;
  swap->host = (Host*)xalloc(host_new_bundle(bundle));
  swap->swap = engine_swap_new(render->engine, swap->host, bundle);
  return swap->swap;
}

bool
render_open_swaps(Render* const render)
{
  const Assignments* const asked = &render->options->swap;
  bool                     ok    = true;

  render->swaps = (RenderSwap*)xarray((size_t)asked->n, sizeof(RenderSwap));
  for (int i = 0; ok && i < asked->n; ++i) {
    ok = open_swap(render, asked->names[i], asked->values[i]);
  }
  return ok;
}

void
render_close_swaps(Render* const render)
{
  for (uint32_t i = 0; i < render->n_swaps; ++i) {
    if (render->swaps[i].swap) {
      engine_swap_free(render->swaps[i].swap);
    }
  }
  // Each swap is left with the plugins of the one before
  for (uint32_t i = 0; i < render->n_swaps; ++i) {
    host_free(render->swaps[i].host);
  }
  free(render->swaps);
}

bool
render_swap_due(Render* const render, const uint64_t done, uint32_t* const n_frames)
{
  bool ok = true;
  while (render->next_swap < render->n_swaps &&
         render->swaps[render->next_swap].frame == done) {
    ok = engine_swap_run(render->swaps[render->next_swap++].swap) && ok;
  }
  if (render->next_swap < render->n_swaps) {
    const uint64_t left = render->swaps[render->next_swap].frame - done;
    *n_frames           = left < *n_frames ? (uint32_t)left : *n_frames;
  }
  return ok;
}
