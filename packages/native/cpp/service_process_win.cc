// https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-openprocess
#include "service_process.h"

#include "privileges_win.h"
#include "scm_open_win.h"

namespace service_process {

struct Process {
  win32::Handle handle;
};

namespace {

constexpr DWORD ACCESS = SYNCHRONIZE | PROCESS_TERMINATE | PROCESS_QUERY_LIMITED_INFORMATION;
constexpr int MOST_TRIES = 5;

DWORD query_pid(SC_HANDLE service, DWORD& pid) noexcept {
  SERVICE_STATUS_PROCESS status{};
  DWORD needed = 0;
  const DWORD error = win32::error_of(QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO,
                                                           reinterpret_cast<BYTE*>(&status), sizeof status, &needed));
  pid = status.dwProcessId;
  return error;
}

DWORD open_process(DWORD pid, win32::Handle& process) noexcept {
  // LocalSystem's processes let an administrator terminate them with this privilege only.
  const win32::ThreadPrivileges privileges{SE_DEBUG_NAME};
  process = win32::own(OpenProcess(ACCESS, FALSE, pid));
  return process ? NO_ERROR : GetLastError();
}

// A PID means nothing once its process has ended, as another one gets it. But the SCM keeps its service's process open,
// and so if it names the same PID before and after, that one was the service's in between.
DWORD open_same(SC_HANDLE service, DWORD& pid, win32::Handle& process) noexcept {
  DWORD error = query_pid(service, pid);
  for (int tries = 0; tries < MOST_TRIES; ++tries) {
    if (error != NO_ERROR || pid == 0) return error;
    const DWORD opened = pid;
    const DWORD failed = open_process(opened, process);
    error = query_pid(service, pid);
    if (error == NO_ERROR && pid == opened) {
      // 87: no such process (any more), and the SCM has not heard of its end. Wine's never does.
      return failed == ERROR_INVALID_PARAMETER ? NO_ERROR : failed;
    }
    process.reset();
  }
  return error == NO_ERROR ? ERROR_RETRY : error;
}

DWORD started_at(HANDLE process, double& ms) noexcept {
  constexpr ULONGLONG units_per_ms = 10'000;       // FILETIME counts 100 ns
  constexpr double epoch_ms = 11'644'473'600'000;  // from the year 1601
  FILETIME created{};
  FILETIME exited{};
  FILETIME kernel{};
  FILETIME user{};
  const DWORD error = win32::error_of(GetProcessTimes(process, &created, &exited, &kernel, &user));
  const ULARGE_INTEGER units{{created.dwLowDateTime, created.dwHighDateTime}};
  const ULONGLONG whole_ms = units.QuadPart / units_per_ms;
  ms = static_cast<double>(whole_ms) - epoch_ms;
  return error;
}

}  // namespace

Opened open(const std::u16string& service) {
  Opened result;
  win32::Handle process;
  result.error = win32::with_service(service, SERVICE_QUERY_STATUS, [&result, &process](SC_HANDLE handle) {
    DWORD pid = 0;
    const DWORD error = open_same(handle, pid, process);
    result.pid = pid;
    return error;
  });
  if (result.error != NO_ERROR || !process) return result;
  result.error = started_at(process.get(), result.started_at_ms);
  if (result.error == NO_ERROR) result.process = std::make_shared<const Process>(Process{std::move(process)});
  return result;
}

std::uint32_t wait(const Process& process, std::uint32_t ms) noexcept {
  const DWORD result = WaitForSingleObject(process.handle.get(), ms);
  return result == WAIT_FAILED ? GetLastError() : result;
}

std::uint32_t terminate(const Process& process, std::uint32_t exit_code) noexcept {
  const DWORD error = win32::error_of(TerminateProcess(process.handle.get(), exit_code));
  // The handle has the right, so that "access denied" can only say that it is ending already.
  return error == ERROR_ACCESS_DENIED ? NO_ERROR : error;
}

}  // namespace service_process
