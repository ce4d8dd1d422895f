#pragma once

#include <string>
#include <vector>

#include "json.h"

using Arguments = std::vector<std::wstring>;

// Thrown for arguments that make no sense; Win32Error is for what Windows refuses.
struct UsageError {};

// The commands of svcctl. Each gets as many arguments as svcctl's table promises.
JsonObject createService(const Arguments& arguments);
JsonObject deleteService(const Arguments& arguments);
JsonObject startService(const Arguments& arguments);
JsonObject controlService(const Arguments& arguments);
JsonObject queryService(const Arguments& arguments);
JsonObject waitForService(const Arguments& arguments);
JsonObject cycleService(const Arguments& arguments);
JsonObject terminateProcess(const Arguments& arguments);
JsonObject queryProcess(const Arguments& arguments);
JsonObject countProcesses(const Arguments& arguments);
JsonObject countHandles(const Arguments& arguments);
JsonObject holdService(const Arguments& arguments);
