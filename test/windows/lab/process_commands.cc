#include "process_commands.h"

#include <aclapi.h>
#include <sddl.h>

#include <optional>
#include <utility>

#include "win32.h"

namespace {

constexpr DWORD PROGRAM_TIMEOUT_MS = 30'000;
constexpr std::wstring_view PLACE = L"{handle}";

struct LocalDeleter {
  void operator()(void* memory) const { LocalFree(memory); }
};
template <typename T>
using Local = std::unique_ptr<T, LocalDeleter>;

UniqueHandle inheritableEvent() {
  SECURITY_ATTRIBUTES attributes{};
  attributes.nLength = sizeof attributes;
  attributes.bInheritHandle = TRUE;
  return own(CreateEventW(&attributes, TRUE, FALSE, nullptr));
}

std::wstring commandLine(const Arguments& arguments, const std::wstring& handle) {
  std::wstring line;
  for (std::wstring argument : arguments) {
    const std::size_t at = argument.find(PLACE);
    if (at != std::wstring::npos) argument.replace(at, PLACE.size(), handle);
    // The arguments of the tests have neither quotes nor backslashes at their ends.
    line.append(line.empty() ? L"\"" : L" \"").append(argument).push_back(L'"');
  }
  return line;
}

UniqueHandle startInheriting(std::wstring line) {
  STARTUPINFOW startup{};
  startup.cb = sizeof startup;
  PROCESS_INFORMATION information{};
  check(CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup, &information));
  CloseHandle(information.hThread);
  return own(information.hProcess);
}

// Its exit code, or nothing where it had to be ended.
std::optional<DWORD> runToEnd(std::wstring line) {
  const UniqueHandle process = startInheriting(std::move(line));
  if (WaitForSingleObject(process.get(), PROGRAM_TIMEOUT_MS) != WAIT_OBJECT_0) {
    TerminateProcess(process.get(), ERROR_TIMEOUT);
    return std::nullopt;
  }
  DWORD exitCode = 0;
  check(GetExitCodeProcess(process.get(), &exitCode));
  return exitCode;
}

}  // namespace

JsonObject inheritHandle(const Arguments& arguments) {
  const UniqueHandle event = inheritableEvent();
  const auto value = reinterpret_cast<std::uintptr_t>(event.get());
  const std::optional<DWORD> exitCode = runToEnd(commandLine(arguments, std::to_wstring(value)));
  if (!exitCode) return JsonObject().number("error", ERROR_TIMEOUT);
  return JsonObject()
      .number("error", NO_ERROR)
      .number("exitCode", *exitCode)
      .boolean("set", WaitForSingleObject(event.get(), 0) == WAIT_OBJECT_0);
}

JsonObject keepOpen(const Arguments& arguments) {
  constexpr DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE;
  const UniqueHandle file = own(
      CreateFileW(arguments[0].c_str(), GENERIC_READ, share, nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
  const std::optional<DWORD> exitCode = runToEnd(commandLine(Arguments(arguments.begin() + 1, arguments.end()), L""));
  if (!exitCode) return JsonObject().number("error", ERROR_TIMEOUT);
  return JsonObject().number("error", NO_ERROR).number("exitCode", *exitCode);
}

JsonObject setHandle(const Arguments& arguments) {
  const auto value = parseNumber(arguments[0]);
  if (!value) throw UsageError{};
  // NOLINTNEXTLINE(performance-no-int-to-ptr): a handle is passed on by its number
  check(SetEvent(reinterpret_cast<HANDLE>(static_cast<std::uintptr_t>(*value))));
  return JsonObject().number("error", NO_ERROR);
}

JsonObject pipeSecurity(const Arguments& arguments) {
  constexpr DWORD flags = SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION;
  const UniqueHandle pipe =
      own(CreateFileW(arguments[0].c_str(), READ_CONTROL, 0, nullptr, OPEN_EXISTING, flags, nullptr));
  PSECURITY_DESCRIPTOR found = nullptr;
  const DWORD error = GetSecurityInfo(pipe.get(), SE_KERNEL_OBJECT, DACL_SECURITY_INFORMATION, nullptr, nullptr,
                                      nullptr, nullptr, &found);
  if (error != NO_ERROR) throw Win32Error{error};
  const Local<void> descriptor(found);
  wchar_t* text = nullptr;
  check(ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor.get(), SDDL_REVISION_1,
                                                             DACL_SECURITY_INFORMATION, &text, nullptr));
  const Local<wchar_t> sddl(text);
  return JsonObject().number("error", NO_ERROR).string("sddl", narrow(sddl.get()));
}
