// https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-impersonateself
#include "privileges_win.h"

#include "win32.h"

namespace win32 {

ThreadPrivileges::ThreadPrivileges(std::initializer_list<const wchar_t*> names) noexcept {
  if (!ImpersonateSelf(SecurityImpersonation)) return;
  impersonating = true;
  HANDLE opened = nullptr;
  if (!OpenThreadToken(GetCurrentThread(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, TRUE, &opened)) return;
  const Handle token(opened);
  // One by one: of several in one call, those that the token lacks would hide which of the others were set.
  for (const wchar_t* const name : names) {
    TOKEN_PRIVILEGES wanted{};
    wanted.PrivilegeCount = 1;
    wanted.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    if (!LookupPrivilegeValueW(nullptr, name, &wanted.Privileges[0].Luid)) continue;
    AdjustTokenPrivileges(token.get(), FALSE, &wanted, 0, nullptr, nullptr);
  }
}

ThreadPrivileges::~ThreadPrivileges() {
  if (impersonating) RevertToSelf();
}

}  // namespace win32
