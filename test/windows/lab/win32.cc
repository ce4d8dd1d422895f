#include "win32.h"

#include <cstdint>
#include <limits>

void check(BOOL succeeded) {
  if (!succeeded) throw Win32Error{GetLastError()};
}

UniqueHandle own(HANDLE handle) {
  check(handle != nullptr && handle != INVALID_HANDLE_VALUE);
  return UniqueHandle(handle);
}

std::optional<DWORD> parseNumber(std::wstring_view text) {
  if (text.empty() || text.size() > 10) return std::nullopt;
  std::uint64_t value = 0;
  for (const wchar_t digit : text) {
    if (digit < L'0' || digit > L'9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(digit - L'0');
  }
  if (value > std::numeric_limits<DWORD>::max()) return std::nullopt;
  return static_cast<DWORD>(value);
}

std::string narrow(std::wstring_view text) {
  const int length = static_cast<int>(text.size());
  const int bytes = WideCharToMultiByte(CP_UTF8, 0, text.data(), length, nullptr, 0, nullptr, nullptr);
  std::string result(static_cast<std::size_t>(bytes), '\0');
  WideCharToMultiByte(CP_UTF8, 0, text.data(), length, result.data(), bytes, nullptr, nullptr);
  return result;
}

unsigned long long clockUs() {
  LARGE_INTEGER frequency;
  LARGE_INTEGER count;
  QueryPerformanceFrequency(&frequency);
  QueryPerformanceCounter(&count);
  const auto ticks = static_cast<unsigned long long>(count.QuadPart);
  const auto perSecond = static_cast<unsigned long long>(frequency.QuadPart);
  return ticks / perSecond * 1'000'000 + ticks % perSecond * 1'000'000 / perSecond;
}

bool processAlive(DWORD pid, DWORD withinMs) {
  if (pid == 0) return false;
  const UniqueHandle process(OpenProcess(SYNCHRONIZE, FALSE, pid));
  // A process that exists but is not ours to open is alive all the same.
  if (!process) return GetLastError() == ERROR_ACCESS_DENIED;
  return WaitForSingleObject(process.get(), withinMs) == WAIT_TIMEOUT;
}
