// https://learn.microsoft.com/windows/win32/ipc/named-pipe-server-using-overlapped-i-o
#include "status_pipe.h"

#include "detached_thread.h"
#include "overlapped_win.h"
#include "pipe_server_win.h"
#include "utf8.h"

#include <memory>
#include <mutex>
#include <system_error>
#include <utility>

namespace status_pipe {
namespace {

constexpr DWORD RETRY_MS = 100;

struct Served {
  std::mutex lock;
  bool serving = false;
  std::string text;
  ULONGLONG since = GetTickCount64();
};

Served& served() {
  static auto* const instance = new Served;  // never freed: the thread outlives static destruction
  return *instance;
}

std::string answer() {
  Served& self = served();
  const std::lock_guard<std::mutex> held(self.lock);
  return std::to_string(GetTickCount64() - self.since) + '\n' + self.text;
}

// The pipe has no buffer, so that the end of a write is the end of the client's reading, and the disconnection that
// follows takes nothing away from it. (FlushFileBuffers would wait for that without a bound.)
DWORD serve_client(HANDLE pipe, win32::Overlapped& operation) {
  DWORD bytes = 0;
  const DWORD connected =
      operation.run(pipe, INFINITE, bytes, [pipe](OVERLAPPED* native) { return ConnectNamedPipe(pipe, native); });
  if (connected != NO_ERROR && connected != ERROR_PIPE_CONNECTED) return connected;
  const std::string text = answer();
  return operation.run(pipe, CLIENT_MS, bytes, [pipe, &text](OVERLAPPED* native) {
    return WriteFile(pipe, text.data(), static_cast<DWORD>(text.size()), nullptr, native);
  });
}

// A client that is gone or does not read is that client's matter. Only a pipe that fails by itself must not spin.
bool is_of_client(DWORD error) noexcept {
  return error == NO_ERROR || error == WAIT_TIMEOUT || error == ERROR_NO_DATA || error == ERROR_BROKEN_PIPE;
}

void serve_for_ever(HANDLE pipe, win32::Overlapped& operation) noexcept {
  for (;;) {
    DWORD error = NO_ERROR;
    try {
      error = serve_client(pipe, operation);
    } catch (...) {
      error = ERROR_NOT_ENOUGH_MEMORY;
    }
    DisconnectNamedPipe(pipe);
    if (!is_of_client(error)) Sleep(RETRY_MS);
  }
}

}  // namespace

std::uint32_t serve(const std::u16string& pipe, const std::u16string& sddl) {
  Served& self = served();
  const std::lock_guard<std::mutex> held(self.lock);
  if (self.serving) return ERROR_ALREADY_INITIALIZED;
  win32::Handle made;
  if (const DWORD error = win32::make_pipe(pipe, sddl, PIPE_ACCESS_OUTBOUND, 0, made); error != NO_ERROR) return error;
  win32::Overlapped operation;
  if (!operation.done) return GetLastError();
  try {
    // Shared, as what a thread is given must be copyable.
    const auto owned = std::make_shared<std::pair<win32::Handle, win32::Overlapped>>(std::move(made), std::move(operation));
    start_detached([owned]() noexcept { serve_for_ever(owned->first.get(), owned->second); });
  } catch (const std::system_error&) {
    return ERROR_NO_SYSTEM_RESOURCES;
  }
  self.serving = true;
  return NO_ERROR;
}

void publish(std::string text) {
  text.resize(utf8::whole_prefix(text, LARGEST_TEXT));
  Served& self = served();
  const std::lock_guard<std::mutex> held(self.lock);
  self.text.swap(text);
  self.since = GetTickCount64();
}

}  // namespace status_pipe
