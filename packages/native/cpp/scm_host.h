// The service's side of the Windows Service Control Manager. No napi in here, and no policy: numbers in, numbers out.
#pragma once
#include <cstdint>
#include <string>

namespace scm {

enum class Event : std::uint32_t { started = 0, control = 1, ended = 2 };

// Called on threads of the SCM's; may not throw and may not block.
using Sink = void (*)(Event event, std::uint32_t code) noexcept;

// SERVICE_STATUS without the type, which is always SERVICE_WIN32_OWN_PROCESS.
struct Status {
  std::uint32_t state;
  std::uint32_t controls_accepted;
  std::uint32_t win32_exit_code;
  std::uint32_t service_exit_code;
  std::uint32_t check_point;
  std::uint32_t wait_hint;
};

// In milliseconds, but for the code.
struct Bounds {
  // Of the reports that are made here.
  std::uint32_t pending_wait_hint;
  // StopPending, for SERVICE_CONTROL_SHUTDOWN or anything else, until set_status(Stopped): then the process counts as hung.
  std::uint32_t stop_budget;
  std::uint32_t shutdown_budget;
  // For the notes of a process that hangs, and again for the report of it: the end does not wait longer for either.
  std::uint32_t hung_step;
  // Stopped until the process is gone, or ended.
  std::uint32_t end_budget;
  // dwServiceSpecificExitCode of one that hangs; the exit code of every process that is ended here.
  std::uint32_t hung_exit_code;
};

// Whether this build has an SCM to talk to.
bool supported() noexcept;

// Connects this process to the SCM on a thread of its own; once per process. Two reports are made here, both with check
// point 1: StartPending as soon as the handler is registered, and StopPending by the control handler before it returns.
// Events: started(0 or the Win32 error of the registration), control(code), ended(0 or the dispatcher's Win32 error).
// Whoever reports StopPending, Stopped is expected within the budget. Where that does not come, notes are left (set_notes),
// Stopped is reported with ERROR_SERVICE_SPECIFIC_ERROR, and the process is ended; and so it is when it stays after Stopped.
// Throws std::system_error when a thread cannot be made.
void connect(const std::u16string& name, const Bounds& bounds, Sink sink);

// SetServiceStatus, in order with the control handler. 0 or a Win32 error; 1062 once Stopped has been reported.
std::uint32_t set_status(const Status& status) noexcept;

// Files to leave, empty, for a process that hangs: `stop` where the first control was SERVICE_CONTROL_STOP, `hung` in any case.
void set_notes(const std::u16string& stop, const std::u16string& hung);

// Called ahead of the notes and the report of a process that hangs. May not throw and may not block.
void set_before_end(void (*hook)() noexcept) noexcept;

// The name that the service was installed under; empty before `started`.
std::u16string service_name();

// SERVICE_START_REASON_* of this start, or 0 before `started` and where Windows does not tell.
std::uint32_t start_reason() noexcept;

}  // namespace scm
