// https://learn.microsoft.com/windows/win32/services/service-control-handler-function
#include "detached_thread.h"
#include "scm_watchdog_win.h"

#include <windows.h>

#include <array>
#include <atomic>
#include <cwchar>
#include <mutex>
#include <string_view>
#include <utility>

namespace scm {
namespace {

// The SCM's callbacks carry no context from before the registration, so one service per process lives here.
struct Service {
  std::wstring name;
  // What it was installed under. An array, as the thread that writes it must not throw; no name is longer (256).
  std::array<wchar_t, 257> installed_name{};
  Sink sink = nullptr;
  Bounds bounds{};
  SERVICE_STATUS_HANDLE handle = nullptr;
  // Orders SetServiceStatus calls: a StopPending of the handler must never overtake the Stopped of the other thread.
  std::mutex status_lock;
  DWORD last_state = SERVICE_START_PENDING;
  // Stopped is reported once, by whoever was first to set this. Not under the lock, which a thread that hangs may hold.
  std::atomic<bool> stopped{false};
};

Service& service() {
  static auto* const instance = new Service;  // never freed: SCM threads may outlive static destruction
  return *instance;
}

bool claim_stopped() noexcept { return !service().stopped.exchange(true); }

DWORD set_locked(const Status& status) noexcept {
  Service& self = service();
  const bool last = status.state == SERVICE_STOPPED;
  if (last ? !claim_stopped() : self.stopped.load()) return ERROR_SERVICE_NOT_ACTIVE;
  // Ahead of the call: that it returns is not certain.
  if (last) expect_end();
  if (status.state == SERVICE_STOP_PENDING) expect_stopped(0);
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
  set_locked({SERVICE_STOP_PENDING, 0, NO_ERROR, 0, 1, self.bounds.pending_wait_hint});
}

// After claim_stopped: no report of TypeScript's is accepted any more, and one that is under way is waited for.
void report_hung() noexcept {
  Service& self = service();
  const std::lock_guard<std::mutex> held(self.status_lock);
  SERVICE_STATUS native{SERVICE_WIN32_OWN_PROCESS,   SERVICE_STOPPED, 0, ERROR_SERVICE_SPECIFIC_ERROR,
                        self.bounds.hung_exit_code, 0,               0};
  SetServiceStatus(self.handle, &native);
}

DWORD WINAPI handle_control(DWORD control, DWORD, LPVOID, LPVOID) noexcept {
  switch (control) {
    case SERVICE_CONTROL_INTERROGATE:
      return NO_ERROR;
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
      // Before the report, which waits for a lock that a thread that hangs may hold.
      expect_stopped(control);
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
  std::wstring_view(name).copy(self.installed_name.data(), self.installed_name.size() - 1);
  self.handle = RegisterServiceCtrlHandlerExW(name, handle_control, nullptr);
  if (!self.handle) return GetLastError();
  // JavaScript is still being loaded, and the SCM's own first hint is 2 s: on a slow disk that is too little.
  set_locked({SERVICE_START_PENDING, 0, NO_ERROR, 0, 1, self.bounds.pending_wait_hint});
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
  const std::array<SERVICE_TABLE_ENTRYW, 2> table{{{self.name.data(), service_main}, {nullptr, nullptr}}};
  const BOOL served = StartServiceCtrlDispatcherW(table.data());
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

void connect(const std::u16string& name, const Bounds& bounds, Sink sink) {
  Service& self = service();
  self.name.assign(name.begin(), name.end());
  self.bounds = bounds;
  self.sink = sink;
  watch(bounds, {claim_stopped, report_hung});
  start_detached(dispatch);
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
