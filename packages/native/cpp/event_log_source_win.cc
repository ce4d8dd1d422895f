// https://learn.microsoft.com/windows/win32/eventlog/event-sources
#include "event_log.h"

#include "win32.h"

namespace event_log {
namespace {

constexpr std::size_t longest_path = 32768;

struct KeyCloser {
  void operator()(HKEY key) const noexcept { RegCloseKey(key); }
};
using Key = std::unique_ptr<std::remove_pointer_t<HKEY>, KeyCloser>;

DWORD error_of_status(LSTATUS status) noexcept { return static_cast<DWORD>(status); }

// An empty one would be the log's own key, a path somebody else's.
bool is_name(const std::u16string& source) noexcept {
  return !source.empty() && source.find(u'\\') == std::u16string::npos;
}

std::wstring path_of(const std::u16string& source) {
  return L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\" + win32::wide(source);
}

// Empty where there is none, or none of that kind.
std::u16string text_value(HKEY key, const wchar_t* name) {
  constexpr DWORD flags = RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND;
  std::vector<wchar_t> text(longest_path);
  auto size = static_cast<DWORD>(text.size() * sizeof(wchar_t));
  const LSTATUS status = RegGetValueW(key, nullptr, name, flags, nullptr, text.data(), &size);
  return status == ERROR_SUCCESS ? win32::utf16(text.data()) : std::u16string();
}

std::uint32_t number_value(HKEY key, const wchar_t* name) noexcept {
  DWORD number = 0;
  DWORD size = sizeof number;
  const LSTATUS status = RegGetValueW(key, nullptr, name, RRF_RT_REG_DWORD, nullptr, &number, &size);
  return status == ERROR_SUCCESS ? number : 0;
}

DWORD set_file(HKEY key, const wchar_t* name, const std::wstring& file) noexcept {
  const auto size = static_cast<DWORD>((file.size() + 1) * sizeof(wchar_t));
  const auto* const bytes = reinterpret_cast<const BYTE*>(file.c_str());
  return error_of_status(RegSetValueExW(key, name, 0, REG_EXPAND_SZ, bytes, size));
}

DWORD set_number(HKEY key, const wchar_t* name, DWORD number) noexcept {
  const auto* const bytes = reinterpret_cast<const BYTE*>(&number);
  return error_of_status(RegSetValueExW(key, name, 0, REG_DWORD, bytes, sizeof number));
}

}  // namespace

Module own_module() {
  constexpr DWORD flags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
  HMODULE module = nullptr;
  if (!GetModuleHandleExW(flags, reinterpret_cast<const wchar_t*>(&own_module), &module)) return {GetLastError(), {}};
  std::vector<wchar_t> path(longest_path);
  const DWORD length = GetModuleFileNameW(module, path.data(), static_cast<DWORD>(path.size()));
  if (length == 0) return {GetLastError(), {}};
  if (length == path.size()) return {ERROR_INSUFFICIENT_BUFFER, {}};
  return {NO_ERROR, win32::utf16(path.data())};
}

Source query_source(const std::u16string& source) {
  Source found;
  if (!is_name(source)) {
    found.error = ERROR_INVALID_NAME;
    return found;
  }
  HKEY opened = nullptr;
  found.error =
      error_of_status(RegOpenKeyExW(HKEY_LOCAL_MACHINE, path_of(source).c_str(), 0, KEY_QUERY_VALUE, &opened));
  if (found.error != NO_ERROR) return found;
  const Key key(opened);
  found.message_file = text_value(key.get(), L"EventMessageFile");
  found.category_file = text_value(key.get(), L"CategoryMessageFile");
  found.category_count = number_value(key.get(), L"CategoryCount");
  found.types_supported = number_value(key.get(), L"TypesSupported");
  return found;
}

std::uint32_t register_source(const std::u16string& source, const std::u16string& message_file,
                              std::uint32_t category_count, std::uint32_t types_supported) {
  if (!is_name(source)) return ERROR_INVALID_NAME;
  const std::wstring file = win32::wide(message_file);
  HKEY opened = nullptr;
  const LSTATUS status = RegCreateKeyExW(HKEY_LOCAL_MACHINE, path_of(source).c_str(), 0, nullptr,
                                         REG_OPTION_NON_VOLATILE, KEY_SET_VALUE, nullptr, &opened, nullptr);
  if (status != ERROR_SUCCESS) return error_of_status(status);
  const Key key(opened);
  DWORD error = set_file(key.get(), L"EventMessageFile", file);
  if (error == NO_ERROR) error = set_file(key.get(), L"CategoryMessageFile", file);
  if (error == NO_ERROR) error = set_number(key.get(), L"CategoryCount", category_count);
  if (error == NO_ERROR) error = set_number(key.get(), L"TypesSupported", types_supported);
  return error;
}

std::uint32_t unregister_source(const std::u16string& source) {
  if (!is_name(source)) return ERROR_INVALID_NAME;
  return error_of_status(RegDeleteKeyExW(HKEY_LOCAL_MACHINE, path_of(source).c_str(), KEY_WOW64_64KEY, 0));
}

}  // namespace event_log
