#pragma once

#include <windows.h>

#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "json.h"

struct ServiceHandleCloser {
  void operator()(SC_HANDLE handle) const { CloseServiceHandle(handle); }
};
using ServiceHandle = std::unique_ptr<std::remove_pointer_t<SC_HANDLE>, ServiceHandleCloser>;

ServiceHandle openManager(DWORD access);
ServiceHandle openService(const std::wstring& name, DWORD access);

SERVICE_STATUS_PROCESS queryStatus(SC_HANDLE service);

const char* stateName(DWORD state);
std::optional<DWORD> parseState(const std::wstring& name);

// The six fields of SERVICE_STATUS that tests look at.
JsonObject describe(const SERVICE_STATUS& status);
// The same with the process, and whether it lives: Wine shows a service as running after its process died.
JsonObject describe(const SERVICE_STATUS_PROCESS& status);
