// https://learn.microsoft.com/windows/win32/ipc/synchronous-and-overlapped-pipe-i-o
#pragma once
#include "win32.h"

namespace win32 {

// One operation at a time, and the event that tells its end.
struct Overlapped {
  Handle done = own(CreateEventW(nullptr, TRUE, FALSE, nullptr));
  OVERLAPPED native{};

  // Calls `begin(OVERLAPPED*)` and waits for the end of what that began. 0 with the number of bytes, WAIT_TIMEOUT once it has
  // been taken back, or its Win32 error. Neither `native` nor a buffer is in use any more when this returns.
  template <typename Begin>
  DWORD run(HANDLE file, DWORD timeout_ms, DWORD& bytes, Begin begin) noexcept {
    native = {};
    native.hEvent = done.get();
    bytes = 0;
    const DWORD begun = error_of(begin(&native));
    if (begun != NO_ERROR && begun != ERROR_IO_PENDING) return begun;
    if (WaitForSingleObject(native.hEvent, timeout_ms) == WAIT_OBJECT_0) {
      return error_of(GetOverlappedResult(file, &native, &bytes, FALSE));
    }
    CancelIoEx(file, &native);
    // It may have ended in between, which counts.
    return GetOverlappedResult(file, &native, &bytes, TRUE) ? NO_ERROR : static_cast<DWORD>(WAIT_TIMEOUT);
  }
};

}  // namespace win32
