#include "status_pipe.h"

#include "overlapped_win.h"
#include "pipe_client_win.h"

namespace status_pipe {
namespace {

constexpr std::size_t LARGEST_AGE_LINE = 32;

// Reads to the end, which is the server's disconnection.
DWORD read_all(HANDLE pipe, const win32::TimeLimit& limit, std::string& text) {
  constexpr std::size_t most = LARGEST_TEXT + LARGEST_AGE_LINE;
  win32::Overlapped operation;
  if (!operation.done) return GetLastError();
  std::string buffer(most + 1, '\0');
  while (text.size() <= most) {
    DWORD bytes = 0;
    const DWORD error = operation.run(pipe, limit.left(), bytes, [pipe, &buffer](OVERLAPPED* native) {
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
  const win32::TimeLimit limit{timeout_ms};
  Reading reading;
  win32::Handle opened;
  reading.error = win32::open_pipe(win32::wide(pipe), GENERIC_READ, limit, opened);
  if (reading.error != NO_ERROR) return reading;
  ULONG server = 0;
  reading.error = win32::error_of(GetNamedPipeServerProcessId(opened.get(), &server));
  reading.server = server;
  if (reading.error == NO_ERROR) reading.error = read_all(opened.get(), limit, reading.text);
  return reading;
}

}  // namespace status_pipe
