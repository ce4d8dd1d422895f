#include "service_current.h"

namespace {

constexpr const wchar_t* MUTEX_NAME = L"Global\\GuruConnectLabServiceCurrent";
constexpr const wchar_t* KEY_NAME = L"SYSTEM\\CurrentControlSet\\Control\\ServiceCurrent";

// Longer than the longest time another stand-in may hold the lock: its wait for the service to connect.
constexpr DWORD LOCK_TIMEOUT_MS = 30'000;

void checkStatus(LSTATUS status) {
  if (status != ERROR_SUCCESS) throw Win32Error{static_cast<DWORD>(status)};
}

LSTATUS write(HKEY key, DWORD value) {
  return RegSetValueExW(key, nullptr, 0, REG_DWORD, reinterpret_cast<const BYTE*>(&value), sizeof value);
}

}  // namespace

ServiceCurrentLock::ServiceCurrentLock() : mutex_(own(CreateMutexW(nullptr, FALSE, MUTEX_NAME))) {
  if (WaitForSingleObject(mutex_.get(), LOCK_TIMEOUT_MS) == WAIT_TIMEOUT) throw Win32Error{ERROR_TIMEOUT};
}

ServiceCurrentLock::~ServiceCurrentLock() { ReleaseMutex(mutex_.get()); }

ServiceCurrentOverride::ServiceCurrentOverride(DWORD pipeNumber) {
  checkStatus(RegOpenKeyExW(HKEY_LOCAL_MACHINE, KEY_NAME, 0, KEY_QUERY_VALUE | KEY_SET_VALUE, &key_));
  DWORD size = sizeof previous_;
  auto* bytes = reinterpret_cast<BYTE*>(&previous_);
  LSTATUS status = RegQueryValueExW(key_, nullptr, nullptr, nullptr, bytes, &size);
  if (status == ERROR_SUCCESS) status = write(key_, pipeNumber);
  if (status != ERROR_SUCCESS) RegCloseKey(key_);
  checkStatus(status);
}

ServiceCurrentOverride::~ServiceCurrentOverride() {
  write(key_, previous_);
  RegCloseKey(key_);
}
