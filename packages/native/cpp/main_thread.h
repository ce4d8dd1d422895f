// How much processor time the main thread of a process has used. No napi in here. Windows only.
#pragma once
#include <cstdint>

namespace main_thread {

struct Times {
  std::uint32_t error = 0;  // 0 or a Win32 error; 1168 where no process has that PID, or none of its threads can be opened
  double cpu_ms = 0;        // in user and in kernel mode
};

Times of(std::uint32_t pid) noexcept;

}  // namespace main_thread
