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

// Whether this build has an SCM to talk to.
bool supported() noexcept;

// Connects this process to the SCM on a thread of its own; once per process. pending_wait_hint (milliseconds) goes with the
// two reports that are made here: StartPending as soon as the handler is registered, and StopPending by the control handler
// before it returns. Both have check point 1.
// Events: started(0 or the Win32 error of the registration), control(code), ended(0 or the dispatcher's Win32 error).
// Throws std::system_error when the thread cannot be made.
void connect(std::u16string name, std::uint32_t pending_wait_hint, Sink sink);

// SetServiceStatus, in order with the control handler. 0 or a Win32 error; 1062 once Stopped has been reported.
std::uint32_t set_status(const Status& status) noexcept;

// The name that the service was installed under; empty before `started`.
std::u16string service_name();

// SERVICE_START_REASON_* of this start, or 0 before `started` and where Windows does not tell.
std::uint32_t start_reason() noexcept;

}  // namespace scm
