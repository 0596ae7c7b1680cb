// SPDX-License-Identifier: ISC
/// The pages, tables and pictures of modules

#ifndef MANUAL_PAGE_H
#define MANUAL_PAGE_H

#include "draw/module_plot.h"
#include "host/host.h"

#include <stdbool.h>
#include <stdio.h>

/// Return which graphs show what a module does, by its class; N_PLOT_KINDS ends them
const PlotKind*
manual_plots_of(const HostPlugin* module);

/// Print the page of a module and its forms
void
manual_page(FILE* out, Host* host, const HostPlugin* module);

/// Print the list of all modules, each with the first words on it
void
manual_index(FILE* out, Host* host);

/// Print the README's table, a row for every trade
void
manual_table(FILE* out, Host* host);

/// Draw a module with its ports
void
manual_picture(FILE* out, Host* host, const HostPlugin* module);

/// Draw the graph of a module at its defaults; false after a report
bool
manual_plot(FILE* out, Host* host, const HostPlugin* module, PlotKind kind);

#endif // MANUAL_PAGE_H
