// https://learn.microsoft.com/windows/win32/ipc/named-pipe-client
#pragma once
#include "win32.h"

#include <algorithm>
#include <string>

namespace win32 {

struct TimeLimit {
  explicit TimeLimit(DWORD timeout_ms) noexcept : at(GetTickCount64() + timeout_ms) {}
  // 0 once it has passed.
  DWORD left() const noexcept {
    const ULONGLONG now = GetTickCount64();
    return now >= at ? 0 : static_cast<DWORD>(std::min<ULONGLONG>(at - now, INFINITE - 1));
  }
  ULONGLONG at;
};

// Waits while the one instance is busy with another client, or between two of them. 258 once the limit has passed.
inline DWORD open_pipe(const std::wstring& name, DWORD access, const TimeLimit& limit, Handle& pipe) noexcept {
  // A stranger that has taken the name learns who asks, and cannot act as that.
  constexpr DWORD flags = FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION;
  for (;;) {
    pipe = own(CreateFileW(name.c_str(), access, 0, nullptr, OPEN_EXISTING, flags, nullptr));
    if (pipe) return NO_ERROR;
    if (const DWORD error = GetLastError(); error != ERROR_PIPE_BUSY) return error;
    const DWORD left = limit.left();
    if (left == 0) return WAIT_TIMEOUT;
    const DWORD error = error_of(WaitNamedPipeW(name.c_str(), left));
    if (error == ERROR_SEM_TIMEOUT) return WAIT_TIMEOUT;
    if (error != NO_ERROR) return error;
  }
}

}  // namespace win32
