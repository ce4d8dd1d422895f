// The proxy that the machine has for an URL. No napi in here, and no policy. Windows only.
#pragma once
#include <cstdint>
#include <string>

namespace winhttp_proxy {

// In WinHTTP's form, items separated by semicolons; both empty where there is no proxy.
struct Proxy {
  std::uint32_t error = 0;
  std::u16string proxy;
  std::u16string bypass;
};

// What netsh winhttp has set, else what the network tells if it shall be asked: 258 where it does not in `timeout_ms`, and
// 170 while it still has not. Loads winhttp.dll the first time.
Proxy query(const std::u16string& url, bool auto_detect, std::uint32_t timeout_ms);

}  // namespace winhttp_proxy
