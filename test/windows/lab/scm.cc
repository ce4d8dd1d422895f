#include "scm.h"

#include <array>

#include "win32.h"

namespace {

// Indexed by the SERVICE_* state constants, which begin at 1.
constexpr std::array<const char*, 8> STATE_NAMES = {"unknown", "stopped",          "start_pending", "stop_pending",
                                                    "running", "continue_pending", "pause_pending", "paused"};

template <typename Status>
JsonObject describeCommon(const Status& status) {
  return JsonObject()
      .string("state", stateName(status.dwCurrentState))
      .number("controlsAccepted", status.dwControlsAccepted)
      .number("win32ExitCode", status.dwWin32ExitCode)
      .number("serviceSpecificExitCode", status.dwServiceSpecificExitCode)
      .number("checkPoint", status.dwCheckPoint)
      .number("waitHint", status.dwWaitHint);
}

}  // namespace

ServiceHandle openManager(DWORD access) {
  ServiceHandle manager(OpenSCManagerW(nullptr, nullptr, access));
  check(manager != nullptr);
  return manager;
}

ServiceHandle openService(const std::wstring& name, DWORD access) {
  const ServiceHandle manager = openManager(SC_MANAGER_CONNECT);
  ServiceHandle service(OpenServiceW(manager.get(), name.c_str(), access));
  check(service != nullptr);
  return service;
}

SERVICE_STATUS_PROCESS queryStatus(SC_HANDLE service) {
  SERVICE_STATUS_PROCESS status{};
  DWORD needed = 0;
  auto* bytes = reinterpret_cast<BYTE*>(&status);
  check(QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, bytes, sizeof status, &needed));
  return status;
}

const char* stateName(DWORD state) {
  return STATE_NAMES[state < STATE_NAMES.size() ? state : 0];
}

std::optional<DWORD> parseState(const std::wstring& name) {
  const std::string wanted = narrow(name);
  for (DWORD state = 1; state < STATE_NAMES.size(); ++state) {
    if (wanted == STATE_NAMES[state]) return state;
  }
  return std::nullopt;
}

JsonObject describe(const SERVICE_STATUS& status) { return describeCommon(status); }

JsonObject describe(const SERVICE_STATUS_PROCESS& status) {
  return describeCommon(status)
      .number("pid", status.dwProcessId)
      .boolean("alive", processAlive(status.dwProcessId));
}
