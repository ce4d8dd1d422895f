// https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-gettokeninformation
#include "process_user.h"

#include "sddl_win.h"

#include <array>
#include <cstddef>

namespace process_user {

User get() {
  User user;
  HANDLE opened = nullptr;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &opened)) {
    user.error = GetLastError();
    return user;
  }
  const win32::Handle token(opened);
  alignas(TOKEN_USER) std::array<std::byte, sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE> memory{};
  DWORD size = 0;
  wchar_t* text = nullptr;
  if (!GetTokenInformation(token.get(), TokenUser, memory.data(), static_cast<DWORD>(memory.size()), &size) ||
      !ConvertSidToStringSidW(reinterpret_cast<const TOKEN_USER*>(memory.data())->User.Sid, &text)) {
    user.error = GetLastError();
    return user;
  }
  const win32::Local<wchar_t> owned(text);
  user.sid = win32::utf16(text);
  return user;
}

}  // namespace process_user
