// https://learn.microsoft.com/windows/win32/ipc/named-pipe-security-and-access-rights
#pragma once
#include "sddl_win.h"

#include <string>

namespace win32 {

// The one instance of a name, and the first, for whom the descriptor lets in, from this machine only; its ends are bytes, and overlapped
// here. 5 (231 under Wine) where the name is taken.
// `direction` is PIPE_ACCESS_DUPLEX or PIPE_ACCESS_OUTBOUND; without a buffer the end of a write is the end of the client's reading.
inline DWORD make_pipe(const std::u16string& name, const std::u16string& sddl, DWORD direction, DWORD buffer_bytes,
                       Handle& pipe) {
  constexpr DWORD mode = PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS;
  SecurityDescriptor descriptor;
  if (const DWORD error = parse_sddl(sddl, descriptor); error != NO_ERROR) return error;
  SECURITY_ATTRIBUTES attributes = attributes_of(descriptor);
  const std::wstring wide_name = wide(name);
  pipe = own(CreateNamedPipeW(wide_name.c_str(), direction | FILE_FLAG_FIRST_PIPE_INSTANCE | FILE_FLAG_OVERLAPPED, mode,
                              1, buffer_bytes, buffer_bytes, 0, &attributes));
  return pipe ? NO_ERROR : GetLastError();
}

}  // namespace win32
