#pragma once

#include "service_commands.h"

// The commands of svcctl that are about processes and what they inherit, and about pipes.

// Starts a program that inherits every inheritable handle of this one, among them an event's, and waits for its end. `{handle}` in an
// argument is the event's handle. "set" says whether anybody that has the handle has set the event.
JsonObject inheritHandle(const Arguments& arguments);
// Runs a program while a file is open as a viewer of logs has it open: others may read and write it, and not rename or delete it.
JsonObject keepOpen(const Arguments& arguments);
// Sets the event that this handle of this process is; the error says that it is none.
JsonObject setHandle(const Arguments& arguments);
// Opens a pipe to read its descriptor only: "sddl" is its DACL.
JsonObject pipeSecurity(const Arguments& arguments);
