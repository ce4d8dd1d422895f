// winhttp.dll, loaded when it is asked for: a service that needs no proxy of the machine's has no use for it. A delay-loaded
// import would look for it beside the program first, which this does not.
// https://learn.microsoft.com/windows/win32/api/libloaderapi/nf-libloaderapi-loadlibraryexw
#pragma once
#include "win32.h"

#include <winhttp.h>

namespace winhttp {

struct Api {
  decltype(&WinHttpOpen) open = nullptr;
  decltype(&WinHttpCloseHandle) close = nullptr;
  decltype(&WinHttpGetDefaultProxyConfiguration) default_proxy = nullptr;
  decltype(&WinHttpGetProxyForUrl) proxy_for_url = nullptr;
};

template <typename Function>
bool find(HMODULE library, const char* name, Function& function) noexcept {
  function = reinterpret_cast<Function>(reinterpret_cast<void*>(GetProcAddress(library, name)));
  return function != nullptr;
}

// 0 or a Win32 error: 127 where a function is missing. The library stays loaded.
inline DWORD load(Api& api) noexcept {
  const HMODULE library = LoadLibraryExW(L"winhttp.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (library == nullptr) return win32::error_or(ERROR_MOD_NOT_FOUND);
  const bool found = find(library, "WinHttpOpen", api.open) && find(library, "WinHttpCloseHandle", api.close) &&
                     find(library, "WinHttpGetDefaultProxyConfiguration", api.default_proxy) &&
                     find(library, "WinHttpGetProxyForUrl", api.proxy_for_url);
  return found ? NO_ERROR : static_cast<DWORD>(ERROR_PROC_NOT_FOUND);
}

}  // namespace winhttp
