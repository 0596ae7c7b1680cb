// SPDX-License-Identifier: ISC

#include "ttl2c/read_module.h"

#include "ttl2c/complaint.h"
#include "ttl2c/model.h"
#include "ttl2c/read_plugin.h"
#include "ttl2c/read_preset.h"
#include "ttl2c/uri.h"

#include <sord/sord.h>

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const char* const channel_ending[MAX_CHANNELS] = {"_left", "_right"};

static void
visit_plugin(const SordNode* const node, void* const data)
{
  read_plugin((Plugin*)data, node);
}

static void
visit_preset(const SordNode* const node, void* const data)
{
  check_preset((const Plugin*)data, node);
}

/// Complain if a port of a form is not what the module has under its symbol; its range
/// may be another
static void
check_same_port(const Port* const port, const Port* const same)
{
  if (strcmp(kind_name(port->kind), kind_name(same->kind)) != 0 ||
      port->is_output != same->is_output || port->is_integer != same->is_integer) {
    complain("has another \"%s\" than its module, in kind, direction or steps",
             port->symbol);
  }
}

/// Complain of properties of a form that its module has not got
static void
check_same_properties(const Plugin* const form, const Plugin* const module)
{
  for (unsigned p = 0; p < form->n_properties; ++p) {
    bool is_same = false;
    for (unsigned q = 0; q < module->n_properties; ++q) {
      is_same = is_same || !strcmp(form->properties[p], module->properties[q]);
    }
    if (!is_same) {
      complain("has property <%s>, which its module has not", form->properties[p]);
    }
  }
}

/// Return the channel that the symbol of a port names, or ANY_CHANNEL
static unsigned
channel_of(const Port* const port)
{
  const size_t length = strlen(port->symbol);
  for (unsigned c = 0; c < MAX_CHANNELS; ++c) {
    const size_t n = strlen(channel_ending[c]);
    if (length > n && !strcmp(port->symbol + length - n, channel_ending[c])) {
      return c;
    }
  }

  return ANY_CHANNEL;
}

/// Find which ports of a form are the module's in one of its channels
static void
find_channels(const Module* const module, Plugin* const form)
{
  for (unsigned p = 0; p < form->n_ports; ++p) {
    Port* const    port    = &form->ports[p];
    const unsigned channel = channel_of(port);
    if (channel != ANY_CHANNEL && !find_port(&module->forms[0], port->symbol)) {
      const size_t length = strlen(port->symbol) - strlen(channel_ending[channel]);

      port->channel               = channel;
      port->module_symbol[length] = '\0';
      form->n_channels            = MAX_CHANNELS;
    }
  }
}

/// Return how many channels of a form have a port of the module
static unsigned
count_channels(const Plugin* const form, const Port* const port)
{
  unsigned n = 0;
  for (unsigned p = 0; p < form->n_ports; ++p) {
    n += form->ports[p].channel != ANY_CHANNEL &&
         !strcmp(form->ports[p].module_symbol, port->module_symbol);
  }
  return n;
}

/// Complain of ports that a form with channels cannot have
static void
check_channels(const Plugin* const form)
{
  for (unsigned p = 0; form->n_channels > 1 && p < form->n_ports; ++p) {
    const Port* const port = &form->ports[p];
    if (port->channel == ANY_CHANNEL && port->is_output) {
      complain("has channels, so its output \"%s\" must be of one", port->symbol);
    } else if (port->channel != ANY_CHANNEL && port->kind != AUDIO &&
               port->kind != CV) {
      complain("has \"%s\" in one channel, which is no signal", port->symbol);
    } else if (port->channel != ANY_CHANNEL &&
               count_channels(form, port) != MAX_CHANNELS) {
      complain("has no \"%s\" in one of its channels", port->module_symbol);
    }
  }
}

/// Give a module the ports of its last form that it has not got yet
static void
join_form(Module* const module)
{
  const Plugin* const form = &module->forms[module->n_forms - 1];
  Plugin* const       all  = &module->all;
  for (unsigned p = 0; p < form->n_ports; ++p) {
    const Port* const port = &form->ports[p];
    const Port* const same = find_port(all, port->module_symbol);
    if (same) {
      check_same_port(port, same);
    } else if (all->n_ports == MAX_PORTS) {
      complain("has more than %d ports, together with its module", MAX_PORTS);
    } else {
      all->ports[all->n_ports]          = *port;
      all->ports[all->n_ports++].symbol = port->module_symbol;
    }
  }
}

/// Complain of a module that has more signals in a form's channels than plugin.c can
/// keep
static void
check_signals(const Module* const module)
{
  unsigned n_signals = 0;
  for (unsigned p = 0; p < module->all.n_ports; ++p) {
    const Kind kind = module->all.ports[p].kind;
    n_signals += kind == AUDIO || kind == CV;
  }
  for (unsigned f = 0; f < module->n_forms; ++f) {
    if (n_signals * module->forms[f].n_channels > MAX_PORTS) {
      complain("has more than %d signals in all channels", MAX_PORTS);
    }
  }
}

/// Read the one plugin of the model, which is the module's own or another form of it
static void
read_form(Module* const module)
{
  if (module->n_forms == MAX_FORMS) {
    complain("is one form too many: there may be %d", MAX_FORMS);
    return;
  }

  Plugin* const form = &module->forms[module->n_forms++];
  form->n_channels   = 1;
  model_for_each(NS_LV2 "Plugin", visit_plugin, form);
  if (module->n_forms == 1) {
    module->all = *form;
    return;
  }

  const size_t length = strlen(module->all.uri);
  if (strncmp(form->uri, module->all.uri, length) != 0 ||
      form->uri[length] != FORM_SIGN) {
    complain("is no form of <%s>, whose name and '%c' it must begin with",
             module->all.uri,
             FORM_SIGN);
  }
  find_channels(module, form);
  check_channels(form);
  check_same_properties(form, &module->all);
  join_form(module);
  check_signals(module);
}

void
read_file(Module* const module, const char* const file)
{
  if (!model_load(file)) {
    return;
  }

  const unsigned n_plugins = model_for_each(NS_LV2 "Plugin", NULL, NULL);
  if (n_plugins == 1) {
    read_form(module);
  } else if (n_plugins || !module->n_forms) {
    complain("describes %u plugins, not one", n_plugins);
  } else if (!model_for_each(
               NS_PSET "Preset", visit_preset, &module->forms[module->n_forms - 1])) {
    complain("describes no presets");
  }
}
