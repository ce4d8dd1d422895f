// https://learn.microsoft.com/windows/win32/services/service-control-handler-function
#include "scm_host.h"

#include <windows.h>

#include <array>
#include <cwchar>
#include <mutex>
#include <thread>
#include <utility>

namespace scm {
namespace {

// The SCM's callbacks carry no context from before the registration, so one service per process lives here.
struct Service {
  std::wstring name;
  // What it was installed under. An array, as the thread that writes it must not throw; no name is longer (256).
  std::array<wchar_t, 257> installed_name{};
  Sink sink = nullptr;
  DWORD pending_wait_hint = 0;
  SERVICE_STATUS_HANDLE handle = nullptr;
  // Orders SetServiceStatus calls: a StopPending of the handler must never overtake the Stopped of the other thread.
  std::mutex status_lock;
  DWORD last_state = SERVICE_START_PENDING;
};

Service& service() {
  static Service* const instance = new Service;  // never freed: SCM threads may outlive static destruction
  return *instance;
}

DWORD set_locked(const Status& status) noexcept {
  Service& self = service();
  if (self.last_state == SERVICE_STOPPED) return ERROR_SERVICE_NOT_ACTIVE;
  SERVICE_STATUS native{SERVICE_WIN32_OWN_PROCESS, status.state,       status.controls_accepted, status.win32_exit_code,
                        status.service_exit_code,  status.check_point, status.wait_hint};
  if (!SetServiceStatus(self.handle, &native)) return GetLastError();
  self.last_state = status.state;
  return NO_ERROR;
}

// Reported here and not by TypeScript: between the handler's return and the event loop's turn a second control would
// find the service Running, and Windows as well as Wine take that for a service that ignores its controls.
void report_stop_pending() noexcept {
  Service& self = service();
  const std::lock_guard<std::mutex> held(self.status_lock);
  if (self.last_state != SERVICE_RUNNING) return;
  set_locked({SERVICE_STOP_PENDING, 0, NO_ERROR, 0, 1, self.pending_wait_hint});
}

DWORD WINAPI handle_control(DWORD control, DWORD, LPVOID, LPVOID) noexcept {
  switch (control) {
    case SERVICE_CONTROL_INTERROGATE:
      return NO_ERROR;
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
      report_stop_pending();
      service().sink(Event::control, control);
      return NO_ERROR;
    default:
      return ERROR_CALL_NOT_IMPLEMENTED;
  }
}

DWORD register_handler(const wchar_t* name) noexcept {
  Service& self = service();
  const std::lock_guard<std::mutex> held(self.status_lock);
  std::wcsncpy(self.installed_name.data(), name, self.installed_name.size() - 1);
  self.handle = RegisterServiceCtrlHandlerExW(name, handle_control, nullptr);
  if (!self.handle) return GetLastError();
  // JavaScript is still being loaded, and the SCM's own first hint is 2 s: on a slow disk that is too little.
  set_locked({SERVICE_START_PENDING, 0, NO_ERROR, 0, 1, self.pending_wait_hint});
  return NO_ERROR;
}

void WINAPI service_main(DWORD argc, LPWSTR* argv) noexcept {
  // The name it was installed under comes first; the name in the dispatch table means nothing to an own process.
  const DWORD error = register_handler(argc > 0 ? argv[0] : service().name.c_str());
  service().sink(Event::started, error);
}

// Returns once Stopped was reported, or at once with 1063 when the SCM did not start this process.
void dispatch() noexcept {
  Service& self = service();
  const SERVICE_TABLE_ENTRYW table[] = {{self.name.data(), service_main}, {nullptr, nullptr}};
  const BOOL served = StartServiceCtrlDispatcherW(table);
  self.sink(Event::ended, served ? NO_ERROR : GetLastError());
}

// https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-queryservicedynamicinformation
struct StartReason {  // SERVICE_START_REASON, which not every header has
  DWORD reason;
};
using QueryDynamicInformation = BOOL(WINAPI*)(SERVICE_STATUS_HANDLE, DWORD, void**);
constexpr DWORD LEVEL_START_REASON = 1;

// Null before Windows 8, and under Wine.
QueryDynamicInformation find_query_dynamic_information() noexcept {
  const HMODULE library = GetModuleHandleW(L"advapi32.dll");
  if (library == nullptr) return nullptr;
  void* const found = reinterpret_cast<void*>(GetProcAddress(library, "QueryServiceDynamicInformation"));
  return reinterpret_cast<QueryDynamicInformation>(found);
}

}  // namespace

bool supported() noexcept { return true; }

void connect(std::u16string name, std::uint32_t pending_wait_hint, Sink sink) {
  Service& self = service();
  self.name.assign(name.begin(), name.end());
  self.pending_wait_hint = pending_wait_hint;
  self.sink = sink;
  std::thread(dispatch).detach();
}

std::uint32_t set_status(const Status& status) noexcept {
  Service& self = service();
  const std::lock_guard<std::mutex> held(self.status_lock);
  return self.handle ? set_locked(status) : ERROR_INVALID_HANDLE;
}

std::u16string service_name() {
  Service& self = service();
  const std::lock_guard<std::mutex> held(self.status_lock);
  const std::wstring name(self.installed_name.data());
  return {name.begin(), name.end()};
}

std::uint32_t start_reason() noexcept {
  Service& self = service();
  const std::lock_guard<std::mutex> held(self.status_lock);
  const QueryDynamicInformation query = find_query_dynamic_information();
  void* answer = nullptr;
  if (!self.handle || query == nullptr || !query(self.handle, LEVEL_START_REASON, &answer)) return 0;
  const DWORD reason = static_cast<const StartReason*>(answer)->reason;
  LocalFree(answer);
  return reason;
}

}  // namespace scm
