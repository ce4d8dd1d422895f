#include "state_wait.h"

#include <algorithm>

#include "scm.h"
#include "win32.h"

namespace {

// Polled, in short steps: a process that ends with a subscription of NotifyServiceStatusChangeW open was seen to hang
// in Wine, now and then, where the service changed its state at that very moment.
constexpr DWORD POLL_MS = 5;

}  // namespace

StateWait waitForState(const std::wstring& service, DWORD state, DWORD timeoutMs) {
  const ULONGLONG begin = GetTickCount64();
  const ServiceHandle handle = openService(service, SERVICE_QUERY_STATUS);
  for (;;) {
    const SERVICE_STATUS_PROCESS current = queryStatus(handle.get());
    const ULONGLONG elapsed = GetTickCount64() - begin;
    if (current.dwCurrentState == state) return {true, current, elapsed};
    if (elapsed >= timeoutMs) return {false, current, elapsed};
    Sleep(static_cast<DWORD>(std::min<ULONGLONG>(POLL_MS, timeoutMs - elapsed)));
  }
}
