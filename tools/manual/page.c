// SPDX-License-Identifier: ISC

#include "manual/page.h"

#include "draw/picture.h"
#include "draw/scope.h"
#include "host/patch.h"
#include "manual/modules.h"
#include "manual/plugin.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define NS_DOAP "http://usefulinc.com/ns/doap#"

const PlotKind*
manual_plots_of(const HostPlugin* const module)
{
  static const struct {
    const char* trade;
    PlotKind    plots[3];
  } plots[] = {{"Oscillator Plugin", {PLOT_WAVE, PLOT_SPECTRUM, N_PLOT_KINDS}},
               {"Generator Plugin", {PLOT_SPECTRUM, N_PLOT_KINDS}},
               {"Instrument Plugin", {PLOT_ENVELOPE, N_PLOT_KINDS}},
               {"Filter Plugin", {PLOT_RESPONSE, N_PLOT_KINDS}},
               {"Envelope Plugin", {PLOT_ENVELOPE, N_PLOT_KINDS}},
               {"Modulator Plugin", {PLOT_WAVE, N_PLOT_KINDS}}};
  static const PlotKind none = N_PLOT_KINDS;

  for (size_t p = 0; p < sizeof(plots) / sizeof(plots[0]); ++p) {
    if (!strcmp(trade_of(module), plots[p].trade)) {
      return plots[p].plots;
    }
  }
  return &none;
}

void
manual_page(FILE* const out, Host* const host, const HostPlugin* const module)
{
  fprintf(out,
          "# %s\n\n![Ports of %s](../pictures/modules/%s.svg)\n\n",
          module->name,
          module->name,
          symbol_of(module));
  for (const PlotKind* kind = manual_plots_of(module); *kind != N_PLOT_KINDS; ++kind) {
    const char* const name = plot_kind_name(*kind);
    fprintf(out,
            "![%s of %s at its defaults](../pictures/modules/%s-%s.svg)\n\n",
            name,
            module->name,
            symbol_of(module),
            name);
  }
  manual_plugin(out, host, module);
  for (const HostPlugin* const* p = host_plugins(host, CHRONUS_URI); *p; ++p) {
    if (is_form_of(*p, module)) {
      fprintf(out, "## %s\n\n", (*p)->name);
      manual_plugin(out, host, *p);
    }
  }
  fputs("[All modules](README.md)\n", out);
}

void
manual_index(FILE* const out, Host* const host)
{
  fputs("# Modules\n\nEvery page has a module's ports, knobs, ranges and presets.\n\n"
        "| kind | module | |\n|---|---|---|\n",
        out);
  const HostPlugin** const modules = list_modules(host);
  for (const HostPlugin** m = modules; *m; ++m) {
    char* const text = manual_text(host, *m, NS_DOAP "shortdesc");
    fputs("| ", out);
    print_trade(out, *m);
    fprintf(out, " | [%s](%s.md) | ", (*m)->name, symbol_of(*m));
    manual_cell(out, text);
    fputs(" |\n", out);
    free(text);
  }
  free(modules);
}

void
manual_table(FILE* const out, Host* const host)
{
  const HostPlugin** const modules = list_modules(host);

  fputs("| kind | modules |\n|---|---|\n", out);
  for (const HostPlugin** m = modules; *m; ++m) {
    if (m == modules || strcmp(trade_of(m[-1]), trade_of(*m)) != 0) {
      fputs("| ", out);
      print_trade(out, *m);
      fputs(" |", out);
    }
    const bool is_last = !m[1] || strcmp(trade_of(*m), trade_of(m[1])) != 0;
    fprintf(out,
            " [%s](docs/modules/%s.md)%s",
            plain_name(*m),
            symbol_of(*m),
            is_last ? " |\n" : ",");
  }
  free(modules);
}

void
manual_picture(FILE* const out, Host* const host, const HostPlugin* const module)
{
  (void)host;
  picture_write_module(out, module);
}

bool
manual_plot(FILE* const             out,
            Host* const             host,
            const HostPlugin* const module,
            const PlotKind          kind)
{
  Patch patch;
  patch_init(&patch, host, module->uri, SCOPE_RATE_HZ);
  const PlotView view = plot_complete((PlotView){.kind = kind}, module);
  const bool     ok   = patch_add_block(&patch, symbol_of(module), module->uri) &&
                  plot_write(out, &patch, &view);
  patch_free(&patch);
  return ok;
}
