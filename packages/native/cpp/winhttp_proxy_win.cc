// https://learn.microsoft.com/windows/win32/winhttp/winhttp-autoproxy-support
#include "winhttp_proxy.h"

#include "detached_thread.h"
#include "winhttp_api_win.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

namespace winhttp_proxy {
namespace {

struct HandleCloser {
  decltype(&WinHttpCloseHandle) close;
  void operator()(void* handle) const noexcept { close(handle); }
};
using Handle = std::unique_ptr<void, HandleCloser>;

struct GlobalMemory {
  void operator()(void* memory) const noexcept { GlobalFree(memory); }
};
using GlobalText = std::unique_ptr<wchar_t, GlobalMemory>;

// Takes over the texts.
Proxy proxy_of(const WINHTTP_PROXY_INFO& info) {
  const GlobalText proxy(info.lpszProxy);
  const GlobalText bypass(info.lpszProxyBypass);
  if (info.dwAccessType != WINHTTP_ACCESS_TYPE_NAMED_PROXY) return {};
  return {NO_ERROR, win32::utf16(proxy.get()), win32::utf16(bypass.get())};
}

Proxy configured(const winhttp::Api& api) {
  WINHTTP_PROXY_INFO info{};
  if (!api.default_proxy(&info)) return {GetLastError(), {}, {}};
  return proxy_of(info);
}

// However long that takes.
Proxy detected(const winhttp::Api& api, const std::u16string& url) {
  const Handle session(api.open(nullptr, WINHTTP_ACCESS_TYPE_NO_PROXY, nullptr, nullptr, 0), {api.close});
  if (session == nullptr) return {GetLastError(), {}, {}};
  WINHTTP_AUTOPROXY_OPTIONS options{};
  // A script of the network's does not run in this process, whose account may do anything.
  options.dwFlags = WINHTTP_AUTOPROXY_AUTO_DETECT | WINHTTP_AUTOPROXY_RUN_OUTPROCESS_ONLY;
  options.dwAutoDetectFlags = WINHTTP_AUTO_DETECT_TYPE_DHCP | WINHTTP_AUTO_DETECT_TYPE_DNS_A;
  // Nor does whoever has it get that account's name and password.
  options.fAutoLogonIfChallenged = FALSE;
  const std::wstring wide_url = win32::wide(url);
  WINHTTP_PROXY_INFO info{};
  if (!api.proxy_for_url(session.get(), wide_url.c_str(), &options, &info)) return {GetLastError(), {}, {}};
  return proxy_of(info);
}

struct Answer {
  std::mutex lock;
  std::condition_variable changed;
  std::optional<Proxy> proxy;
};

void answer(Answer& to, Proxy proxy) {
  const std::lock_guard<std::mutex> held(to.lock);
  to.proxy = std::move(proxy);
  to.changed.notify_all();
}

// Whether a thread is asking the network. One at a time, or those that nobody waits for any longer would pile up.
std::atomic_flag& asking() noexcept {
  static std::atomic_flag flag = ATOMIC_FLAG_INIT;
  return flag;
}

void ask(const winhttp::Api& api, const std::u16string& url, Answer& to) noexcept {
  try {
    Proxy proxy = detected(api, url);
    asking().clear();
    answer(to, std::move(proxy));
  } catch (const std::bad_alloc&) {
    asking().clear();
    answer(to, {ERROR_NOT_ENOUGH_MEMORY, {}, {}});
  }
}

// WinHTTP has no bound of its own for this, so a thread asks that can be left alone with it.
Proxy detected_within(const winhttp::Api& api, const std::u16string& url, std::uint32_t timeout_ms) {
  const auto shared = std::make_shared<Answer>();
  if (asking().test_and_set()) return {ERROR_BUSY, {}, {}};
  try {
    start_detached([api, url, shared] { ask(api, url, *shared); });
  } catch (const std::exception&) {
    asking().clear();
    return {ERROR_NOT_ENOUGH_MEMORY, {}, {}};
  }
  std::unique_lock<std::mutex> held(shared->lock);
  const auto is_there = [&shared] { return shared->proxy.has_value(); };
  if (!shared->changed.wait_for(held, std::chrono::milliseconds(timeout_ms), is_there)) return {WAIT_TIMEOUT, {}, {}};
  return *shared->proxy;
}

}  // namespace

Proxy query(const std::u16string& url, bool auto_detect, std::uint32_t timeout_ms) {
  winhttp::Api api;
  if (const DWORD error = winhttp::load(api); error != NO_ERROR) return {error, {}, {}};
  Proxy proxy = configured(api);
  if (proxy.error != NO_ERROR || !proxy.proxy.empty() || !auto_detect) return proxy;
  return detected_within(api, url, timeout_ms);
}

}  // namespace winhttp_proxy
