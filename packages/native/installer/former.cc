#include "former.h"

#include "win32.h"

#include <shellapi.h>

#include <algorithm>
#include <array>

namespace installer {
namespace {

constexpr std::size_t kLongestPath = 8192;
constexpr const wchar_t* kService = L"SYSTEM\\CurrentControlSet\\Services\\GuruConnectAgent";
// Of the 64-bit view, as the DLL is; there while an installation is under way.
constexpr const wchar_t* kMemory = L"SOFTWARE\\GuruConnectInstaller";
constexpr const wchar_t* kImagePath = L"ImagePath";

std::optional<std::wstring> read_text(const wchar_t* key, const wchar_t* name) {
  constexpr DWORD flags = RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND;
  std::array<wchar_t, kLongestPath> value{};
  DWORD size = sizeof value;
  const LSTATUS status = RegGetValueW(HKEY_LOCAL_MACHINE, key, name, flags, nullptr, value.data(), &size);
  if (status != ERROR_SUCCESS) return std::nullopt;
  return std::wstring(value.data());
}

// Of an empty line Windows would make the path of the program that asks.
std::vector<std::wstring> arguments_of(const std::wstring& line) {
  if (line.empty()) return {};
  int count = 0;
  const win32::Local<LPWSTR> found(CommandLineToArgvW(line.c_str(), &count));
  if (!found) return {};
  return {found.get(), found.get() + count};
}

}  // namespace

std::wstring image_path() { return read_text(kService, kImagePath).value_or(std::wstring()); }

unsigned long remember_image_path() noexcept {
  try {
    const std::wstring path = image_path();
    const auto size = static_cast<DWORD>((path.size() + 1) * sizeof(wchar_t));
    return static_cast<unsigned long>(
        RegSetKeyValueW(HKEY_LOCAL_MACHINE, kMemory, kImagePath, REG_SZ, path.c_str(), size));
  } catch (...) {
    return ERROR_OUTOFMEMORY;
  }
}

std::optional<std::wstring> remembered_image_path() { return read_text(kMemory, kImagePath); }

void forget_image_path() noexcept { RegDeleteKeyExW(HKEY_LOCAL_MACHINE, kMemory, KEY_WOW64_64KEY, 0); }

bool starts(const std::wstring& line, const std::wstring& program) {
  const std::vector<std::wstring> arguments = arguments_of(line);
  if (arguments.empty()) return false;
  return CompareStringOrdinal(arguments.front().c_str(), -1, program.c_str(), -1, TRUE) == CSTR_EQUAL;
}

std::optional<std::vector<std::wstring>> former_install(const std::wstring& line) {
  std::vector<std::wstring> arguments = arguments_of(line);
  const auto run = std::find(arguments.begin(), arguments.end(), L"service-run");
  if (run == arguments.begin() || run == arguments.end()) return std::nullopt;
  *run = L"install";
  arguments.insert(run + 1, L"--quiet");
  return arguments;
}

}  // namespace installer
