// SPDX-License-Identifier: ISC

#include "modgui/template.h"

#include "host/module_name.h"

#include <math.h>
#include <string.h>

#define NAME_START "Chronus "

/// Columns for each row of knobs, as pedals are wider than high
#define ASPECT 1.8

enum { MIN_COLUMNS = 3 };

// ---- Ports

bool
template_is_jack(const HostPort* const port)
{
  return host_is_signal(port) || (port->kind == HOST_EVENTS && port->has_midi);
}

/// Return true for lv2:enabled, which is the footswitch of all pedals
static bool
is_footswitch(const HostPort* const port)
{
  return host_is_knob(port) && !strcmp(port->symbol, "enabled");
}

bool
template_is_knob(const HostPort* const port)
{
  return host_is_knob(port) && !is_footswitch(port);
}

TemplateLayout
template_layout(const HostPlugin* const plugin)
{
  TemplateLayout layout = {MIN_COLUMNS, 0, 0, 0, 0, 0};
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    layout.n_knobs += template_is_knob(port);
    layout.n_inputs += template_is_jack(port) && !port->is_output;
    layout.n_outputs += template_is_jack(port) && port->is_output;
  }

  const uint32_t columns = (uint32_t)ceil(sqrt(ASPECT * layout.n_knobs));
  layout.n_columns       = columns > MIN_COLUMNS ? columns : MIN_COLUMNS;
  const uint32_t n_rows  = (layout.n_knobs + layout.n_columns - 1U) / layout.n_columns;
  const uint32_t n_jacks =
    layout.n_inputs > layout.n_outputs ? layout.n_inputs : layout.n_outputs;
  const uint32_t knobs =
    TEMPLATE_TOP + TEMPLATE_PLOT_HEIGHT + (n_rows + 1U) * TEMPLATE_KNOB_HEIGHT;
  const uint32_t jacks = 2U * TEMPLATE_TOP + n_jacks * TEMPLATE_JACK_HEIGHT;
  layout.width         = 2U * TEMPLATE_SIDE + layout.n_columns * TEMPLATE_KNOB_WIDTH;
  layout.height        = knobs > jacks ? knobs : jacks;
  return layout;
}

// ---- HTML

/// Write text as HTML, which Mustache leaves alone
static void
write_text(FILE* const out, const char* const text)
{
  for (const char* c = text; *c; ++c) {
    switch (*c) {
    case '&':
      fputs("&amp;", out);
      break;
    case '<':
      fputs("&lt;", out);
      break;
    case '>':
      fputs("&gt;", out);
      break;
    case '"':
      fputs("&quot;", out);
      break;
    case '{':
      fputs("&#123;", out);
      break;
    default:
      fputc(*c, out);
    }
  }
}

static void
write_jack(FILE* const out, const HostPort* const port)
{
  const char* const kind = port->kind == HOST_AUDIO ? "audio"
                           : port->kind == HOST_CV  ? "cv"
                                                    : "midi";
  const char* const way  = port->is_output ? "output" : "input";
  fprintf(out, "    <div class=\"mod-%s mod-%s-disconnected\" title=\"", way, way);
  write_text(out, port->name);
  fprintf(out,
          "\" mod-role=\"%s-%s-port\" mod-port-symbol=\"%s\">\n"
          "      <div class=\"mod-pedal-%s-image\"></div>\n"
          "      <span class=\"chronus-jack{{{cns}}}\">",
          way,
          kind,
          port->symbol,
          way);
  write_text(out, port->name);
  fprintf(out, "</span>\n    </div>\n");
}

static void
write_jacks(FILE* const out, const HostPlugin* const plugin, const bool is_output)
{
  fprintf(out, "  <div class=\"mod-pedal-%s\">\n", is_output ? "output" : "input");
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (template_is_jack(port) && port->is_output == is_output) {
      write_jack(out, port);
    }
  }
  fprintf(out, "  </div>\n");
}

/// Write a list of the values that have names
static void
write_choice(FILE* const out, const HostPort* const port)
{
  fprintf(
    out,
    "      <div class=\"chronus-choice{{{cns}}}\" mod-role=\"input-control-port\" "
    "mod-port-symbol=\"%s\" mod-widget=\"custom-select\">\n"
    "        <div class=\"chronus-value{{{cns}}}\" "
    "mod-role=\"input-control-value\" mod-port-symbol=\"%s\"></div>\n"
    "        <div class=\"mod-enumerated-list\">\n",
    port->symbol,
    port->symbol);
  for (uint32_t i = 0; i < port->n_points; ++i) {
    fprintf(out,
            "          <div mod-role=\"enumeration-option\" mod-port-value=\"%g\">",
            (double)port->points[i].value);
    write_text(out, port->points[i].label);
    fprintf(out, "</div>\n");
  }
  fprintf(out, "        </div>\n      </div>\n");
}

/// Write a dial that turns, or a switch
static void
write_dial(FILE* const out, const HostPort* const port)
{
  fprintf(out,
          "      <div class=\"chronus-%s{{{cns}}}\" mod-role=\"input-control-port\" "
          "mod-port-symbol=\"%s\" mod-widget=\"%s\"%s></div>\n",
          port->is_toggled ? "switch" : "dial",
          port->symbol,
          port->is_toggled ? "switch" : "film",
          port->is_toggled ? "" : " mod-widget-rotation=\"270\"");
  if (!port->is_toggled) {
    fprintf(out,
            "      <div class=\"chronus-value{{{cns}}}\" "
            "mod-role=\"input-control-value\" mod-port-symbol=\"%s\"></div>\n",
            port->symbol);
  }
}

static void
write_knob(FILE* const out, const HostPort* const port)
{
  fprintf(out, "    <div class=\"chronus-knob{{{cns}}}\" title=\"");
  write_text(out, port->comment);
  fprintf(out, "\">\n");
  if (port->is_enumeration) {
    write_choice(out, port);
  } else {
    write_dial(out, port);
  }
  fprintf(out, "      <span>");
  write_text(out, port->name);
  fprintf(out, "</span>\n    </div>\n");
}

static const char*
title_of(const HostPlugin* const plugin)
{
  const size_t length = strlen(NAME_START);

  return strncmp(plugin->name, NAME_START, length) != 0 ? plugin->name
                                                        : plugin->name + length;
}

void
template_write(FILE* const out, const HostPlugin* const plugin, const char* const name)
{
  const TemplateLayout layout = template_layout(plugin);
  fprintf(out,
          "<div class=\"mod-pedal chronus{{{cns}}}\" "
          "style=\"width:%upx;height:%upx\">\n"
          "  <div mod-role=\"drag-handle\" class=\"mod-drag-handle\"></div>\n"
          "  <h1 class=\"chronus-name{{{cns}}}\">",
          layout.width,
          layout.height);
  write_text(out, title_of(plugin));
  fprintf(out,
          "</h1>\n"
          "  <img class=\"chronus-plot{{{cns}}}\" alt=\"\" "
          "src=\"/resources/%s-plot.png{{{ns}}}\">\n"
          "  <div class=\"chronus-knobs{{{cns}}}\">\n",
          name);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    if (template_is_knob(&plugin->ports[p])) {
      write_knob(out, &plugin->ports[p]);
    }
  }
  fprintf(out,
          "  </div>\n"
          "  <div class=\"mod-light chronus-light{{{cns}}}\" "
          "mod-role=\"bypass-light\"></div>\n"
          "  <div class=\"mod-footswitch chronus-foot{{{cns}}}\" "
          "mod-role=\"bypass\"></div>\n");
  write_jacks(out, plugin, false);
  write_jacks(out, plugin, true);
  fprintf(out, "</div>\n");
}

void
template_write_style(FILE* const out)
{
  fprintf(
    out,
    ".chronus{{{cns}}} { position:relative; background:#222a31; border-radius:8px; "
    "color:#d4dce4; font:11px sans-serif; }\n"
    ".chronus-name{{{cns}}} { margin:0; height:%dpx; line-height:%dpx; "
    "text-align:center; font-size:16px; font-weight:bold; color:#d4dce4; }\n"
    ".chronus-plot{{{cns}}} { display:block; height:%dpx; margin:0 %dpx; }\n"
    ".chronus-knobs{{{cns}}} { margin:4px %dpx 0; }\n"
    ".chronus-knob{{{cns}}} { float:left; width:%dpx; height:%dpx; "
    "text-align:center; overflow:hidden; }\n"
    ".chronus-knob{{{cns}}} span { display:block; font-size:10px; }\n"
    ".chronus-dial{{{cns}}} { width:34px; height:34px; margin:2px auto; "
    "border-radius:50%%; border:2px solid #8cd9ff; box-sizing:border-box; "
    "background:linear-gradient(225deg, #ffb454 22%%, #14181c 22%%); }\n"
    ".chronus-switch{{{cns}}} { width:34px; height:18px; margin:10px auto; "
    "border-radius:9px; border:2px solid #8cd9ff; box-sizing:border-box; }\n"
    ".chronus-switch{{{cns}}}.on { background:#ffb454; }\n"
    ".chronus-choice{{{cns}}} { margin:8px 2px; padding:2px; background:#14181c; "
    "cursor:pointer; }\n"
    ".chronus-choice{{{cns}}} .mod-enumerated-list { display:none; }\n"
    ".chronus-choice{{{cns}}}:hover { overflow:visible; }\n"
    ".chronus-value{{{cns}}} { height:14px; font-size:10px; color:#8cd9ff; }\n"
    ".chronus-light{{{cns}}} { position:absolute; right:12px; top:10px; }\n"
    ".chronus-foot{{{cns}}} { position:absolute; bottom:8px; left:50%%; "
    "margin-left:-24px; width:48px; height:48px; }\n"
    ".chronus-jack{{{cns}}} { font-size:9px; white-space:nowrap; }\n",
    TEMPLATE_TOP,
    TEMPLATE_TOP,
    TEMPLATE_PLOT_HEIGHT,
    TEMPLATE_SIDE,
    TEMPLATE_SIDE,
    TEMPLATE_KNOB_WIDTH,
    TEMPLATE_KNOB_HEIGHT);
}
