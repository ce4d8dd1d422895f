// How every call of the controlling side opens what it needs, and lets go of it at once: an open handle is what keeps a
// deleted service from going.
#pragma once
#include "win32.h"

#include <winsvc.h>

#include <cstddef>
#include <vector>

namespace win32 {

struct ServiceHandleCloser {
  void operator()(SC_HANDLE handle) const noexcept { CloseServiceHandle(handle); }
};
using ServiceHandle = std::unique_ptr<std::remove_pointer_t<SC_HANDLE>, ServiceHandleCloser>;

inline ServiceHandle open_manager(DWORD access) noexcept {
  return ServiceHandle(OpenSCManagerW(nullptr, nullptr, access));
}

// What `call(SC_HANDLE)` returns, a Win32 error; or the error of opening the service.
template <typename Call>
DWORD with_service(const std::u16string& name, DWORD access, Call call) {
  const std::wstring wide_name = wide(name);
  const ServiceHandle manager = open_manager(SC_MANAGER_CONNECT);
  if (!manager) return GetLastError();
  const ServiceHandle service(OpenServiceW(manager.get(), wide_name.c_str(), access));
  if (!service) return GetLastError();
  return call(service.get());
}

// Calls `query(buffer, size, needed)` with as much room as it asks for. Nearly everything fits into the first.
template <typename Query>
DWORD query_sized(std::vector<std::byte>& buffer, Query query) {
  constexpr std::size_t first_size = 8192;
  constexpr int most_tries = 4;  // somebody may make it bigger between two calls, but not for ever
  buffer.resize(first_size);
  for (int tries = 0; tries < most_tries; ++tries) {
    DWORD needed = 0;
    auto* const bytes = reinterpret_cast<BYTE*>(buffer.data());
    const DWORD error = error_of(query(bytes, static_cast<DWORD>(buffer.size()), &needed));
    if (error != ERROR_INSUFFICIENT_BUFFER || needed <= buffer.size()) return error;
    buffer.resize(needed);
  }
  return ERROR_INSUFFICIENT_BUFFER;
}

}  // namespace win32
