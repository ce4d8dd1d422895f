// https://man7.org/linux/man-pages/man7/unix.7.html (SO_PEERCRED)
#include "peer_credentials.h"

#include <sys/socket.h>

#include <cerrno>

namespace peer_credentials {

Peer of(int socket) noexcept {
  Peer peer;
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    peer.error = errno;
    return peer;
  }
  peer.pid = credentials.pid;
  peer.uid = static_cast<int>(credentials.uid);
  // What is a socket, but no local one, has no process at its other end.
  if (peer.pid == 0) peer.error = EOPNOTSUPP;
  return peer;
}

}  // namespace peer_credentials
