// A thread made in advance, for one task: when that is due, whoever hangs may hold what a new thread would need.
#pragma once
#include "detached_thread.h"
#include "win32.h"

#include <system_error>

namespace win32 {

// Lives as long as the process.
class SpareThread {
 public:
  using Task = void (*)() noexcept;

  // Throws std::system_error.
  explicit SpareThread(Task task)
      : go(own(CreateEventW(nullptr, FALSE, FALSE, nullptr))), done(own(CreateEventW(nullptr, FALSE, FALSE, nullptr))) {
    if (!go || !done) throw std::system_error(static_cast<int>(GetLastError()), std::system_category());
    start_detached([task, due = go.get(), finished = done.get()]() noexcept {
      if (WaitForSingleObject(due, INFINITE) != WAIT_OBJECT_0) return;
      task();
      SetEvent(finished);
    });
  }
  SpareThread(const SpareThread&) = delete;
  SpareThread& operator=(const SpareThread&) = delete;
  ~SpareThread() = default;

  // Has the task done, and waits for it so many milliseconds at the most.
  void run(DWORD ms) noexcept {
    SetEvent(go.get());
    WaitForSingleObject(done.get(), ms);
  }

 private:
  Handle go;
  Handle done;
};

}  // namespace win32
