// SPDX-License-Identifier: ISC

#include "render/report.h"

#include "host/atomic_file.h"
#include "host/engine.h"
#include "host/engine_swap.h"
#include "host/host.h"
#include "host/message.h"
#include "host/value.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>

// ---- Afterwards

/// Write a level, "-6.02 dB" or "10 V", or "silent"
static void
print_peak(const Render* const render, char* const text, const size_t size)
{
  const double peak   = (double)render->audio_peak;
  const double peak_v = (double)render->cv_peak;
  if (peak > 0.0) {
    snprintf(text, size, "peak %.2f dB", 20.0 * log10(peak));
  } else if (peak_v > 0.0) {
    snprintf(text, size, "peak %.3g V", peak_v);
  } else {
    snprintf(text, size, "silent");
  }
}

/// Return where facts go: not among the sound
static FILE*
facts_of(const Render* const render)
{
  return atomic_file_is_stdout(render->options->output) ? stderr : stdout;
}

static void
print_facts(const Render* const render)
{
  const double sample_rate = render->options->sample_rate;
  char         peak[64]    = "";
  print_peak(render, peak, sizeof(peak));
  fprintf(facts_of(render),
          "%s: %.3f s, %u channel%s at %.0f Hz, %s\n",
          render->options->output,
          (double)render->n_frames / sample_rate,
          render->n_channels,
          render->n_channels == 1 ? "" : "s",
          sample_rate,
          peak);
}

static void
warn_of_levels(const Render* const render)
{
  const char* const output = render->options->output;
  if (render->audio_peak > 1.0f) {
    message_warning(output,
                    NULL,
                    "goes %.2f dB above full scale%s",
                    20.0 * log10((double)render->audio_peak),
                    render->is_float ? "" : " and is clipped there");
  }
  if (render->n_wrong) {
    message_warning(output,
                    NULL,
                    "holds %llu samples that are not finite numbers",
                    (unsigned long long)render->n_wrong);
  }
}

static void
print_profile(const Render* const render)
{
  const Patch* const patch    = render->patch;
  const double       n_frames = (double)render->n_frames;
  FILE* const        out      = facts_of(render);
  for (uint32_t i = 0; i < patch->n_blocks; ++i) {
    const PatchBlock* const block  = &patch->blocks[patch->order[i]];
    const double            time_s = engine_time_s(render->engine, patch->order[i]);
    fprintf(out,
            "  %-16s %8.2f ns/frame %7.3f %%  %s\n",
            block->name,
            1e9 * time_s / n_frames,
            100.0 * time_s * render->options->sample_rate / n_frames,
            block->plugin->name);
  }
}

static void
print_swaps(const Render* const render)
{
  for (uint32_t i = 0; i < render->n_swaps; ++i) {
    const RenderSwap* const swap = &render->swaps[i];
    printf("  swap at %.3f s: %u of %u blocks in %.1f us\n",
           (double)swap->frame / render->options->sample_rate,
           engine_swap_n_blocks(swap->swap),
           render->patch->n_blocks,
           1e6 * engine_swap_time_s(swap->swap));
  }
}

void
render_report(const Render* const render)
{
  print_facts(render);
  warn_of_levels(render);
  if (render->options->profile) {
    print_profile(render);
    print_swaps(render);
  }
}

// ---- Before

static void
list_knob(const Patch* const patch, const PatchBlock* const block, const uint32_t index)
{
  const HostPort port =
    host_port_at_rate(&block->plugin->ports[index], patch->sample_rate);

  char value[VALUE_TEXT_SIZE] = "";
  char range[VALUE_TEXT_SIZE] = "";
  value_print(&port, block->values[index], value, sizeof(value));
  value_print_range(&port, range, sizeof(range));
  printf("  %s/%s = %s (%s)\n", block->name, port.symbol, value, range);
}

static const char*
end_name(const Patch* const patch, const PatchEnd end)
{
  return end.block == PATCH_ITSELF
           ? patch->ports[end.port].name
           : patch->blocks[end.block].plugin->ports[end.port].symbol;
}

/// Print "osc/out -> vcf/in"
static void
list_cable(const Patch* const patch, const PatchCable* const cable)
{
  const PatchEnd ends[] = {cable->tail, cable->head};
  for (int e = 0; e < 2; ++e) {
    const bool is_block = ends[e].block != PATCH_ITSELF;
    printf("%s%s%s%s",
           e ? " -> " : "",
           is_block ? patch->blocks[ends[e].block].name : "",
           is_block ? "/" : "",
           end_name(patch, ends[e]));
  }
  printf("\n");
}

void
render_list(const Patch* const patch)
{
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    const PatchPort* const port = &patch->ports[p];
    printf("%s: %s%s%s\n",
           port->name,
           port->is_output ? "output" : "input",
           port->source ? ", plays " : "",
           port->source ? port->source : "");
  }
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    const PatchBlock* const block = &patch->blocks[patch->order[b]];
    printf("%s: %s\n", block->name, block->plugin->name);
    for (uint32_t p = 0; p < block->plugin->n_ports; ++p) {
      const HostPort* const port = &block->plugin->ports[p];
      if (host_is_knob(port)) {
        list_knob(patch, block, p);
      }
    }
  }
  for (uint32_t c = 0; c < patch->n_cables; ++c) {
    list_cable(patch, &patch->cables[c]);
  }
}
