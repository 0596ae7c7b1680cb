// SPDX-License-Identifier: ISC
/// A port, from its Turtle

#ifndef READ_PORT_H
#define READ_PORT_H

#include "ttl2c/module.h"

/// Read what a port's node holds, and complain of what it must not
void
read_port(Port* port);

#endif // READ_PORT_H
