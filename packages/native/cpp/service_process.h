// The process of a service, held by a handle. No napi in here, and no policy. Windows only.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

namespace service_process {

// A handle of Windows', closed with its last owner: whoever waits for the process is one.
struct Process;

struct Opened {
  std::uint32_t error = 0;  // 1237 where the service got another process each time
  std::uint32_t pid = 0;    // what the SCM says, 0 where there is none
  double started_at_ms = 0; // since the Unix epoch
  std::shared_ptr<const Process> process;  // null on error, and where no process has that PID (any more)
};

Opened open(const std::u16string& service);

// 0 once it has ended, 258 after `ms`, or another Win32 error.
std::uint32_t wait(const Process& process, std::uint32_t ms) noexcept;

// 0 or a Win32 error; 0 as well where it has ended or is about to.
std::uint32_t terminate(const Process& process, std::uint32_t exit_code) noexcept;

}  // namespace service_process
