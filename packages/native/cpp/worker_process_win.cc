// https://learn.microsoft.com/windows/win32/procthread/job-objects
#include "worker_process.h"

#include "crt_file_win.h"
#include "nul_list.h"
#include "start_attributes_win.h"
#include "worker_token_win.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace worker_process {
namespace {

struct Child {
  win32::Handle job;
  win32::Handle process;
};

struct Children {
  std::mutex lock;
  std::map<DWORD, std::shared_ptr<const Child>> running;
  bool closed = false;
};

Children& children() {
  static auto* const instance = new Children;  // never freed: threads wait for their ends while statics are destroyed
  return *instance;
}

std::shared_ptr<const Child> find(DWORD pid) {
  Children& self = children();
  const std::lock_guard<std::mutex> held(self.lock);
  const auto found = self.running.find(pid);
  return found == self.running.end() ? nullptr : found->second;
}

void forget(DWORD pid) {
  Children& self = children();
  const std::lock_guard<std::mutex> held(self.lock);
  self.running.erase(pid);
}

// Nothing in it may break away, and all of it ends with the last handle to it, which is ours, however we end. A crash ends the process
// and shows nothing to nobody.
DWORD make_job(win32::Handle& job, DWORD most_processes) noexcept {
  job = win32::own(CreateJobObjectW(nullptr, nullptr));
  if (!job) return GetLastError();
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  limits.BasicLimitInformation.LimitFlags =
      JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
  if (most_processes > 0) {
    limits.BasicLimitInformation.LimitFlags |= JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
    limits.BasicLimitInformation.ActiveProcessLimit = most_processes;
  }
  return win32::error_of(
      SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &limits, sizeof limits));
}

struct Stdio {
  win32::Handle in, our_in, out, err, our_err;
};

DWORD make_pipe(win32::Handle& reading, win32::Handle& writing) noexcept {
  HANDLE read = nullptr;
  HANDLE write = nullptr;
  const DWORD error = win32::error_of(CreatePipe(&read, &write, nullptr, 0));
  reading = win32::own(read);
  writing = win32::own(write);
  return error;
}

DWORD make_stdio(Stdio& stdio) noexcept {
  if (const DWORD error = make_pipe(stdio.in, stdio.our_in); error != NO_ERROR) return error;
  if (const DWORD error = make_pipe(stdio.our_err, stdio.err); error != NO_ERROR) return error;
  stdio.out = win32::own(CreateFileW(L"NUL", GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING,
                                     0, nullptr));
  if (!stdio.out) return GetLastError();
  for (auto* const handle : {stdio.in.get(), stdio.out.get(), stdio.err.get()}) {
    // Inheritable for the moment of the start: whatever else may be started inherits by a list as well, or nothing.
    if (!SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT)) return GetLastError();
  }
  return NO_ERROR;
}

DWORD start(const Launch& program, const Stdio& stdio, HANDLE job, PROCESS_INFORMATION& started) {
  win32::StartAttributes attributes;
  if (const DWORD error = attributes.set({stdio.in.get(), stdio.out.get(), stdio.err.get()}, job); error != NO_ERROR) {
    return error;
  }
  STARTUPINFOEXW startup{};
  startup.StartupInfo.cb = sizeof startup;
  startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
  startup.StartupInfo.hStdInput = stdio.in.get();
  startup.StartupInfo.hStdOutput = stdio.out.get();
  startup.StartupInfo.hStdError = stdio.err.get();
  startup.lpAttributeList = attributes.get();
  const std::wstring application = win32::wide(program.application);
  std::wstring command_line = win32::wide(program.command_line);
  // https://learn.microsoft.com/windows/win32/procthread/changing-environment-variables
  std::optional<std::wstring> environment = nul_list::joined<wchar_t>(program.environment);
  if (!environment) return ERROR_INVALID_PARAMETER;
  constexpr DWORD flags = CREATE_NO_WINDOW | CREATE_UNICODE_ENVIRONMENT | EXTENDED_STARTUPINFO_PRESENT;
  if (program.account == Account::own) {
    return win32::error_of(CreateProcessW(application.c_str(), command_line.data(), nullptr, nullptr, TRUE, flags,
                                          environment->data(), nullptr, &startup.StartupInfo, &started));
  }
  win32::Handle token;
  if (const DWORD error = local_service_token(token); error != NO_ERROR) return error;
  // Its logon session has a window station of its own; into ours it could not come.
  std::wstring desktop;
  startup.StartupInfo.lpDesktop = desktop.data();
  return win32::error_of(CreateProcessAsUserW(token.get(), application.c_str(), command_line.data(), nullptr, nullptr,
                                              TRUE, flags, environment->data(), nullptr, &startup.StartupInfo, &started));
}

// Under the lock, so that nothing is launched behind the back of `terminate_all`.
DWORD start_and_keep(const Launch& program, const Stdio& stdio, DWORD& pid) {
  auto child = std::make_shared<Child>();
  if (const DWORD error = make_job(child->job, program.most_processes); error != NO_ERROR) return error;
  Children& self = children();
  const std::lock_guard<std::mutex> held(self.lock);
  if (self.closed) return ERROR_SHUTDOWN_IN_PROGRESS;
  PROCESS_INFORMATION started{};
  if (const DWORD error = start(program, stdio, child->job.get(), started); error != NO_ERROR) return error;
  const win32::Handle thread(started.hThread);
  child->process = win32::own(started.hProcess);
  pid = started.dwProcessId;
  self.running.insert_or_assign(pid, std::move(child));
  return NO_ERROR;
}

}  // namespace

Launched launch(const Launch& program) {
  Launched launched;
  Stdio stdio;
  launched.error = make_stdio(stdio);
  if (launched.error != NO_ERROR) return launched;
  // Before there is a process, to which nobody could speak without them.
  launched.stdin_file = win32::file_of(std::move(stdio.our_in));
  launched.stderr_file = win32::file_of(std::move(stdio.our_err));
  DWORD pid = 0;
  const bool made = launched.stdin_file >= 0 && launched.stderr_file >= 0;
  launched.error = made ? start_and_keep(program, stdio, pid) : ERROR_PROC_NOT_FOUND;
  launched.pid = pid;
  return launched;
}

Exit wait(std::uint32_t pid) noexcept {
  Exit exit;
  const std::shared_ptr<const Child> child = find(pid);
  if (child == nullptr) {
    exit.error = ERROR_INVALID_HANDLE;
    return exit;
  }
  WaitForSingleObject(child->process.get(), INFINITE);
  DWORD code = 0;
  exit.error = win32::error_of(GetExitCodeProcess(child->process.get(), &code));
  exit.code = code;
  TerminateJobObject(child->job.get(), code);
  forget(pid);
  return exit;
}

std::uint32_t terminate(std::uint32_t pid, std::uint32_t exit_code) noexcept {
  const std::shared_ptr<const Child> child = find(pid);
  return child == nullptr ? ERROR_INVALID_HANDLE : win32::error_of(TerminateJobObject(child->job.get(), exit_code));
}

void terminate_all() noexcept {
  Children& self = children();
  // Whoever holds it may hang in the middle of a launch. Then the end of our own process has to do, which closes the jobs.
  const std::unique_lock<std::mutex> held(self.lock, std::try_to_lock);
  if (!held.owns_lock()) return;
  self.closed = true;
  for (const auto& [pid, child] : self.running) TerminateJobObject(child->job.get(), ERROR_PROCESS_ABORTED);
}

}  // namespace worker_process
