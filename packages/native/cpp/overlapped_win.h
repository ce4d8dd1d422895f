// https://learn.microsoft.com/windows/win32/ipc/synchronous-and-overlapped-pipe-i-o
#pragma once
#include "win32.h"

#include <array>

namespace win32 {

// One operation at a time, and the event that tells its end.
struct Overlapped {
  Handle done = own(CreateEventW(nullptr, TRUE, FALSE, nullptr));
  OVERLAPPED native{};

  // Calls `begin(OVERLAPPED*)` and waits for the end of what that began. 0 with the number of bytes, WAIT_TIMEOUT once it has
  // been taken back, or its Win32 error. Neither `native` nor a buffer is in use any more when this returns.
  template <typename Begin>
  DWORD run(HANDLE file, DWORD timeout_ms, DWORD& bytes, Begin begin) noexcept {
    const auto wait = [timeout_ms](HANDLE ended) { return WaitForSingleObject(ended, timeout_ms) == WAIT_OBJECT_0; };
    return run_while(wait, file, bytes, begin) ? result_ : static_cast<DWORD>(WAIT_TIMEOUT);
  }

  // The same without a bound, until `stop` is set: ERROR_OPERATION_ABORTED then.
  template <typename Begin>
  DWORD run_until(HANDLE stop, HANDLE file, DWORD& bytes, Begin begin) noexcept {
    const auto wait = [stop](HANDLE ended) {
      const std::array<HANDLE, 2> either{ended, stop};
      return WaitForMultipleObjects(2, either.data(), FALSE, INFINITE) == WAIT_OBJECT_0;
    };
    return run_while(wait, file, bytes, begin) ? result_ : static_cast<DWORD>(ERROR_OPERATION_ABORTED);
  }

 private:
  // Whether it came to an end of its own, with `result_`; otherwise it has been taken back.
  template <typename Wait, typename Begin>
  bool run_while(Wait wait, HANDLE file, DWORD& bytes, Begin begin) noexcept {
    native = {};
    native.hEvent = done.get();
    bytes = 0;
    result_ = error_of(begin(&native));
    if (result_ != NO_ERROR && result_ != ERROR_IO_PENDING) return true;
    const bool ended = wait(native.hEvent);
    if (!ended) CancelIoEx(file, &native);
    // What has been taken back may have ended in between, which counts.
    result_ = error_of(GetOverlappedResult(file, &native, &bytes, ended ? FALSE : TRUE));
    return ended || result_ == NO_ERROR;
  }

  DWORD result_ = NO_ERROR;
};

}  // namespace win32
