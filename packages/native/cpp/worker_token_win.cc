// https://learn.microsoft.com/windows/win32/services/localservice-account
// https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-createrestrictedtoken
#include "worker_token_win.h"

namespace worker_process {

DWORD local_service_token(win32::Handle& token) noexcept {
  HANDLE logged_on = nullptr;
  // The account has no password; whoever may act as the system may be it.
  if (!LogonUserW(L"LocalService", L"NT AUTHORITY", nullptr, LOGON32_LOGON_SERVICE, LOGON32_PROVIDER_DEFAULT,
                  &logged_on)) {
    return GetLastError();
  }
  const win32::Handle whole(logged_on);
  HANDLE restricted = nullptr;
  if (!CreateRestrictedToken(whole.get(), DISABLE_MAX_PRIVILEGE, 0, nullptr, 0, nullptr, 0, nullptr, &restricted)) {
    return GetLastError();
  }
  token = win32::own(restricted);
  return NO_ERROR;
}

}  // namespace worker_process
