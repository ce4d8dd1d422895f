// A named pipe between two processes that know each other's PID. No napi in here, and no policy. Windows only.
#pragma once
#include <cstdint>
#include <string>

namespace sealed_pipe {

struct Made {
  std::uint32_t error = 0;
  std::uint32_t id = 0;  // of this process's pipes
};

struct End {
  std::uint32_t error = 0;
  int file = -1;                // descriptor of the C library's; its owner closes it
  std::uint32_t strangers = 0;  // turned away before
};

// The one instance of a name that nobody may have taken before, for whom the descriptor lets in, from this machine only. 5 or 231
// where it is taken.
Made create(const std::u16string& name, const std::u16string& sddl);

// Waits for the process with this PID; whoever else connects is hung up on before a byte is read. 995 once it is closed.
// The PID means something only while its process is held open. 6 for an id that is none, or is not waiting any more.
End accept(std::uint32_t id, std::uint32_t client_pid);

// Ends the waiting; no more than that once the client is there.
void close(std::uint32_t id);

// The other end, at which the server can identify the client and not act as it. 5 where it is not the server's process that serves.
End open(const std::u16string& name, std::uint32_t server_pid, std::uint32_t timeout_ms);

}  // namespace sealed_pipe
