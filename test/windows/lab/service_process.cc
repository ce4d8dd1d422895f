#include "service_process.h"

#include <userenv.h>

#include <array>

namespace {

constexpr DWORD TERMINATE_TIMEOUT_MS = 5'000;
constexpr UINT TERMINATED_EXIT_CODE = 99;

struct EnvironmentDestroyer {
  void operator()(void* block) const { DestroyEnvironmentBlock(block); }
};
using Environment = std::unique_ptr<void, EnvironmentDestroyer>;

Environment systemEnvironment() {
  void* block = nullptr;
  check(CreateEnvironmentBlock(&block, nullptr, FALSE));
  return Environment(block);
}

std::wstring systemDirectory() {
  std::array<wchar_t, MAX_PATH> buffer{};
  check(GetWindowsDirectoryW(buffer.data(), MAX_PATH) != 0);
  return buffer.data();
}

}  // namespace

ServiceProcess::ServiceProcess(std::wstring imagePath) {
  const Environment environment = systemEnvironment();
  const std::wstring directory = systemDirectory();
  STARTUPINFOW startup{};
  startup.cb = sizeof startup;
  PROCESS_INFORMATION information{};
  constexpr DWORD flags = DETACHED_PROCESS | CREATE_UNICODE_ENVIRONMENT;
  check(CreateProcessW(nullptr, imagePath.data(), nullptr, nullptr, FALSE, flags, environment.get(),
                       directory.c_str(), &startup, &information));
  CloseHandle(information.hThread);
  process_.reset(information.hProcess);
  pid_ = information.dwProcessId;
}

ServiceProcess::~ServiceProcess() { terminate(); }

bool ServiceProcess::waitForExit(DWORD timeoutMs) const {
  return WaitForSingleObject(handle(), timeoutMs) == WAIT_OBJECT_0;
}

bool ServiceProcess::terminate() const {
  if (waitForExit(0)) return false;
  TerminateProcess(handle(), TERMINATED_EXIT_CODE);
  waitForExit(TERMINATE_TIMEOUT_MS);
  return true;
}

std::optional<DWORD> ServiceProcess::exitCode() const {
  DWORD code = 0;
  if (!waitForExit(0) || !GetExitCodeProcess(handle(), &code)) return std::nullopt;
  return code;
}
