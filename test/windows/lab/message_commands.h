#pragma once

#include "service_commands.h"

// The commands of svcctl that are about the Event Log.

// The texts of a file's message table, with their insertion strings as they stand: "messages" has one for each id.
JsonObject readMessages(const Arguments& arguments);
