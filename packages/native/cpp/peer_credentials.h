// Who is at the other end of a local socket. No napi in here, and no policy.
#pragma once

namespace peer_credentials {

struct Peer {
  int error = 0;  // errno
  int pid = 0;
  int uid = 0;
};

// As they were when the connection was made. ENOTSOCK, EBADF and the like for what is not a connected local socket.
Peer of(int socket) noexcept;

}  // namespace peer_credentials
