// https://learn.microsoft.com/windows/win32/ipc/named-pipe-client
#include "status_pipe.h"

#include "overlapped_win.h"

#include <algorithm>

namespace status_pipe {
namespace {

constexpr std::size_t LARGEST_AGE_LINE = 32;

struct Deadline {
  ULONGLONG at;
  // 0 once it has passed.
  DWORD left() const noexcept {
    const ULONGLONG now = GetTickCount64();
    return now >= at ? 0 : static_cast<DWORD>(std::min<ULONGLONG>(at - now, INFINITE - 1));
  }
};

// The one instance is busy with another reader, or between two of them.
DWORD open(const std::wstring& name, const Deadline& deadline, win32::Handle& pipe) noexcept {
  // A stranger that has taken the name learns who asks, and cannot act as that.
  constexpr DWORD flags = FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION;
  for (;;) {
    pipe = win32::own(CreateFileW(name.c_str(), GENERIC_READ, 0, nullptr, OPEN_EXISTING, flags, nullptr));
    if (pipe) return NO_ERROR;
    if (const DWORD error = GetLastError(); error != ERROR_PIPE_BUSY) return error;
    const DWORD left = deadline.left();
    if (left == 0) return WAIT_TIMEOUT;
    const DWORD error = win32::error_of(WaitNamedPipeW(name.c_str(), left));
    if (error == ERROR_SEM_TIMEOUT) return WAIT_TIMEOUT;
    if (error != NO_ERROR) return error;
  }
}

// Reads to the end, which is the server's disconnection.
DWORD read_all(HANDLE pipe, const Deadline& deadline, std::string& text) {
  constexpr std::size_t most = LARGEST_TEXT + LARGEST_AGE_LINE;
  win32::Overlapped operation;
  if (!operation.done) return GetLastError();
  std::string buffer(most + 1, '\0');
  while (text.size() <= most) {
    DWORD bytes = 0;
    const DWORD error = operation.run(pipe, deadline.left(), bytes, [pipe, &buffer](OVERLAPPED* native) {
      return ReadFile(pipe, buffer.data(), static_cast<DWORD>(buffer.size()), nullptr, native);
    });
    const bool ended = error == ERROR_BROKEN_PIPE || error == ERROR_PIPE_NOT_CONNECTED;
    if (ended) return text.empty() ? error : NO_ERROR;
    if (error != NO_ERROR) return error;
    text.append(buffer, 0, bytes);
  }
  return ERROR_MORE_DATA;
}

}  // namespace

Reading read(const std::u16string& pipe, std::uint32_t timeout_ms) {
  const Deadline deadline{GetTickCount64() + timeout_ms};
  Reading reading;
  win32::Handle opened;
  reading.error = open(win32::wide(pipe), deadline, opened);
  if (reading.error != NO_ERROR) return reading;
  ULONG server = 0;
  reading.error = win32::error_of(GetNamedPipeServerProcessId(opened.get(), &server));
  reading.server = server;
  if (reading.error == NO_ERROR) reading.error = read_all(opened.get(), deadline, reading.text);
  return reading;
}

}  // namespace status_pipe
