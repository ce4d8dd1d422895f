// A moment by which something is to have happened. Time in which the machine sleeps does not count.
#pragma once
#include "win32.h"

#include <mutex>
#include <system_error>

namespace win32 {

class Deadline {
 public:
  // Throws std::system_error.
  Deadline() : changed(own(CreateEventW(nullptr, FALSE, FALSE, nullptr))) {
    if (!changed) throw std::system_error(static_cast<int>(GetLastError()), std::system_category());
  }

  // So many milliseconds from now, unless it is earlier already.
  void set(DWORD ms) noexcept {
    {
      const std::lock_guard<std::mutex> held(lock);
      const ULONGLONG wanted = now() + ms;
      if (wanted < at) at = wanted;
    }
    SetEvent(changed.get());
  }

  // It has happened.
  void meet() noexcept {
    {
      const std::lock_guard<std::mutex> held(lock);
      met = true;
    }
    SetEvent(changed.get());
  }

  // Returns once it is met (true) or missed (false), and waits for ever while none is set.
  bool wait() noexcept {
    for (;;) {
      DWORD left = INFINITE;
      {
        const std::lock_guard<std::mutex> held(lock);
        if (met) return true;
        const ULONGLONG time = now();
        if (at <= time) return false;
        if (at != NEVER) left = static_cast<DWORD>(at - time);
      }
      WaitForSingleObject(changed.get(), left);
    }
  }

 private:
  static constexpr ULONGLONG NEVER = ~0ULL;

  // In milliseconds. The timeouts of waits do not count the machine's sleep either.
  // https://learn.microsoft.com/windows/win32/api/realtimeapiset/nf-realtimeapiset-queryunbiasedinterrupttime
  static ULONGLONG now() noexcept {
    ULONGLONG ticks = 0;
    QueryUnbiasedInterruptTime(&ticks);
    return ticks / 10'000;
  }

  Handle changed;
  std::mutex lock;
  ULONGLONG at = NEVER;
  bool met = false;
};

}  // namespace win32
