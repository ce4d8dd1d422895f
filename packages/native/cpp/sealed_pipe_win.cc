// https://learn.microsoft.com/windows/win32/ipc/named-pipe-security-and-access-rights
#include "sealed_pipe.h"

#include "crt_file_win.h"
#include "overlapped_win.h"
#include "pipe_client_win.h"
#include "pipe_server_win.h"

#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace sealed_pipe {
namespace {

// So that a whole line fits in, whether or not it is being read at the other end.
constexpr DWORD BUFFER_BYTES = 64 * 1024;

struct Server {
  win32::Handle pipe;
  win32::Handle closed = win32::own(CreateEventW(nullptr, TRUE, FALSE, nullptr));
};

struct Servers {
  std::mutex lock;
  std::map<std::uint32_t, std::shared_ptr<Server>> waiting;
  std::uint32_t last_id = 0;
};

Servers& servers() {
  static auto* const instance = new Servers;  // never freed: a thread may be waiting while statics are destroyed
  return *instance;
}

std::shared_ptr<Server> find(std::uint32_t id) {
  Servers& self = servers();
  const std::lock_guard<std::mutex> held(self.lock);
  const auto found = self.waiting.find(id);
  return found == self.waiting.end() ? nullptr : found->second;
}

std::shared_ptr<Server> take(std::uint32_t id) {
  Servers& self = servers();
  const std::lock_guard<std::mutex> held(self.lock);
  const auto found = self.waiting.find(id);
  if (found == self.waiting.end()) return nullptr;
  std::shared_ptr<Server> server = std::move(found->second);
  self.waiting.erase(found);
  return server;
}

// One client, whoever it is; 995 where the pipe is closed first.
DWORD wait_for_client(const Server& server, win32::Overlapped& operation) noexcept {
  DWORD bytes = 0;
  auto* const pipe = server.pipe.get();
  const DWORD error = operation.run_until(server.closed.get(), pipe, bytes,
                                          [pipe](OVERLAPPED* native) { return ConnectNamedPipe(pipe, native); });
  return error == ERROR_PIPE_CONNECTED ? static_cast<DWORD>(NO_ERROR) : error;
}

// ERROR_NO_DATA: it was gone again before it was looked at.
DWORD wait_for(const Server& server, DWORD client_pid, std::uint32_t& strangers) noexcept {
  win32::Overlapped operation;
  if (!operation.done) return GetLastError();
  for (;;) {
    const DWORD error = wait_for_client(server, operation);
    if (error != NO_ERROR && error != ERROR_NO_DATA) return error;
    ULONG pid = 0;
    const bool known = error == NO_ERROR && GetNamedPipeClientProcessId(server.pipe.get(), &pid);
    if (known && pid == client_pid) return NO_ERROR;
    DisconnectNamedPipe(server.pipe.get());
    ++strangers;
  }
}

End end_of(DWORD error, win32::Handle pipe) noexcept {
  End end;
  end.error = error;
  if (error != NO_ERROR) return end;
  end.file = win32::file_of(std::move(pipe));
  if (end.file < 0) end.error = ERROR_PROC_NOT_FOUND;
  return end;
}

}  // namespace

Made create(const std::u16string& name, const std::u16string& sddl) {
  Made made;
  auto server = std::make_shared<Server>();
  if (!server->closed) {
    made.error = GetLastError();
    return made;
  }
  made.error = win32::make_pipe(name, sddl, PIPE_ACCESS_DUPLEX, BUFFER_BYTES, server->pipe);
  if (made.error != NO_ERROR) return made;
  Servers& self = servers();
  const std::lock_guard<std::mutex> held(self.lock);
  made.id = ++self.last_id;
  self.waiting.emplace(made.id, std::move(server));
  return made;
}

End accept(std::uint32_t id, std::uint32_t client_pid) {
  const std::shared_ptr<Server> server = find(id);
  if (server == nullptr) return end_of(ERROR_INVALID_HANDLE, nullptr);
  std::uint32_t strangers = 0;
  DWORD error = wait_for(*server, client_pid, strangers);
  // Whoever takes it has it: a close that came in between has closed it.
  if (error == NO_ERROR && take(id) == nullptr) error = ERROR_OPERATION_ABORTED;
  End end = end_of(error, std::move(server->pipe));
  end.strangers = strangers;
  return end;
}

void close(std::uint32_t id) {
  const std::shared_ptr<Server> server = take(id);
  if (server != nullptr) SetEvent(server->closed.get());
}

End open(const std::u16string& name, std::uint32_t server_pid, std::uint32_t timeout_ms) {
  // Without FILE_CREATE_PIPE_INSTANCE, which is in GENERIC_WRITE, and which no client is given.
  constexpr DWORD access = GENERIC_READ | FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES;
  win32::Handle pipe;
  DWORD error = win32::open_pipe(win32::wide(name), access, win32::TimeLimit{timeout_ms}, pipe);
  ULONG pid = 0;
  if (error == NO_ERROR) error = win32::error_of(GetNamedPipeServerProcessId(pipe.get(), &pid));
  if (error == NO_ERROR && pid != server_pid) error = ERROR_ACCESS_DENIED;
  return end_of(error, std::move(pipe));
}

}  // namespace sealed_pipe
