// What the MSI's tables call, all of it as LocalSystem, in a process of the installer's.
// https://learn.microsoft.com/windows/win32/msi/dynamic-link-libraries
#include "environment.h"
#include "former.h"
#include "program.h"
#include "session.h"

#include <algorithm>
#include <array>
#include <utility>

using installer::Ending;
using installer::Session;

namespace {

// Above the sum of all the bounds of `install`, its way back included (packages/shared/src/timing.ts).
constexpr DWORD kPatienceMs = 10 * 60 * 1000;

using Arguments = std::vector<std::wstring>;

std::vector<std::wstring> lines_of(const std::string& output) {
  std::vector<std::wstring> lines;
  std::size_t from = 0;
  while (from < output.size()) {
    const std::size_t end = std::min(output.find_first_of("\r\n", from), output.size());
    if (end > from) lines.push_back(installer::wide(std::string_view(output).substr(from, end - from)));
    from = end + 1;
  }
  return lines;
}

std::wstring last_words(const Ending& ending, const std::vector<std::wstring>& lines) {
  if (ending.error == WAIT_TIMEOUT) return L"it did not come to an end";
  if (ending.error != NO_ERROR) return L"it could not be run: Windows error " + std::to_wstring(ending.error);
  const std::wstring code = L"exit code " + std::to_wstring(ending.exit_code);
  return lines.empty() ? code : lines.back() + L" (" + code + L")";
}

struct Result {
  bool done;
  std::wstring why;
};

// The variables are for the program alone: an argument can be read by every user, and is logged.
Result run(const Session& session, const Arguments& arguments, const installer::Variables& variables = {}) {
  session.log(installer::command_line(arguments));
  const auto environment = installer::environment_with(variables);
  if (!environment) return {false, L"there is no environment for it"};
  const Ending ending = installer::run_program(arguments, *environment, kPatienceMs);
  const std::vector<std::wstring> lines = lines_of(ending.output);
  for (const std::wstring& line : lines) session.log(line);
  const bool done = ending.error == NO_ERROR && ending.exit_code == 0;
  return {done, done ? std::wstring() : last_words(ending, lines)};
}

constexpr std::array<const wchar_t*, 4> kVariables{L"GURUCONNECT_RELAY", L"GURUCONNECT_ENROLL_TOKEN", L"GURUCONNECT_CA",
                                                   L"GURUCONNECT_PROXY"};
constexpr std::array<const wchar_t*, 2> kFlags{L"--allow-insecure-path", L"--take-over-data"};
constexpr const wchar_t* kYes = L"1";

// Of `install`, from where the action's data says of each whether it is wanted.
void append_flags(Arguments& arguments, Arguments::const_iterator wanted) {
  for (const wchar_t* const flag : kFlags) {
    if (*wanted++ == kYes) arguments.emplace_back(flag);
  }
}

// Whoever writes 0, or "no", means that, and not what any text would mean.
bool are_flags(Arguments::const_iterator from, Arguments::const_iterator to) {
  return std::all_of(from, to, [](const std::wstring& value) { return value.empty() || value == kYes; });
}

// Data: the program, the values of the variables, the flags.
UINT install(const Session& session) {
  const Arguments data = session.data();
  if (data.size() != 1 + kVariables.size() + kFlags.size()) return ERROR_INSTALL_FAILURE;
  const auto flags = data.begin() + 1 + kVariables.size();
  if (!are_flags(flags, data.end())) {
    session.complain(L"ALLOW_INSECURE_PATH and TAKE_OVER_DATA are 1, or not given");
    return ERROR_INSTALL_FAILURE;
  }
  installer::Variables variables;
  for (std::size_t at = 0; at < kVariables.size(); ++at) variables.emplace_back(kVariables[at], data[at + 1]);
  Arguments arguments{data[0], L"install", L"--quiet"};
  append_flags(arguments, flags);
  session.hide_cancel();
  const auto [done, why] = run(session, arguments, variables);
  if (done) return ERROR_SUCCESS;
  session.complain(L"the service is not installed: " + why);
  return ERROR_INSTALL_FAILURE;
}

// What brings the former state back, if anything does: where `install` itself has failed, it has done so already.
Arguments way_back(const Arguments& data) {
  const auto former = installer::remembered_image_path();
  if (!former || *former == installer::image_path()) return {};
  if (former->empty()) return {data[0], L"uninstall", L"--quiet"};
  auto arguments = installer::former_install(*former);
  if (!arguments) return {};
  append_flags(*arguments, data.begin() + 1);
  return *arguments;
}

// Data: the program, the flags. Whatever becomes of it, the way back goes on.
UINT roll_back(const Session& session) {
  const Arguments data = session.data();
  if (data.size() != 1 + kFlags.size()) return ERROR_SUCCESS;
  const Arguments arguments = way_back(data);
  installer::forget_image_path();
  if (arguments.empty()) return ERROR_SUCCESS;
  const auto [done, why] = run(session, arguments);
  if (!done) session.log(L"the former state is not restored: " + why);
  return ERROR_SUCCESS;
}

UINT remember(const Session& session) {
  const auto error = installer::remember_image_path();
  if (error == NO_ERROR) return ERROR_SUCCESS;
  session.complain(L"what the service is now cannot be kept: Windows error " + std::to_wstring(error));
  return ERROR_INSTALL_FAILURE;
}

UINT forget(const Session&) {
  installer::forget_image_path();
  return ERROR_SUCCESS;
}

bool is_there(const std::wstring& file) noexcept { return GetFileAttributesW(file.c_str()) != INVALID_FILE_ATTRIBUTES; }

// Data: the program, and whether the identity is to be kept.
UINT uninstall(const Session& session) {
  const Arguments data = session.data();
  if (data.size() != 2) return ERROR_INSTALL_FAILURE;
  if (!are_flags(data.begin() + 1, data.end())) {
    session.complain(L"KEEP_IDENTITY is 1, or not given");
    return ERROR_INSTALL_FAILURE;
  }
  if (!is_there(data[0])) {
    // A product that could not be removed any more, as somebody has deleted its program, helps nobody.
    session.log(data[0] + L" is not there: a service that is still registered is to be removed with sc.exe");
    return ERROR_SUCCESS;
  }
  const std::wstring image = installer::image_path();
  if (!image.empty() && !installer::starts(image, data[0])) {
    session.log(L"the service is another program's by now, and stays: " + image);
    return ERROR_SUCCESS;
  }
  Arguments arguments{data[0], L"uninstall", L"--quiet"};
  if (data[1] != kYes) arguments.emplace_back(L"--purge");
  session.hide_cancel();
  const auto [done, why] = run(session, arguments);
  if (done) return ERROR_SUCCESS;
  if (installer::image_path().empty()) {
    // There is no service any more: what is left of its files is no reason to keep the program.
    session.log(L"not all of it is removed: " + why);
    return ERROR_SUCCESS;
  }
  session.complain(L"the service is not removed: " + why);
  return ERROR_INSTALL_FAILURE;
}

// No exception may leave the DLL.
UINT guarded(MSIHANDLE native, UINT (*action)(const Session&)) noexcept {
  try {
    return action(Session(native));
  } catch (...) {
    return ERROR_INSTALL_FAILURE;
  }
}

}  // namespace

extern "C" {
__declspec(dllexport) UINT __stdcall RememberService(MSIHANDLE session);
__declspec(dllexport) UINT __stdcall ForgetService(MSIHANDLE session);
__declspec(dllexport) UINT __stdcall InstallService(MSIHANDLE session);
__declspec(dllexport) UINT __stdcall UninstallService(MSIHANDLE session);
__declspec(dllexport) UINT __stdcall RollBack(MSIHANDLE session);

UINT __stdcall RememberService(MSIHANDLE session) { return guarded(session, remember); }
UINT __stdcall ForgetService(MSIHANDLE session) { return guarded(session, forget); }
UINT __stdcall InstallService(MSIHANDLE session) { return guarded(session, install); }
UINT __stdcall UninstallService(MSIHANDLE session) { return guarded(session, uninstall); }
UINT __stdcall RollBack(MSIHANDLE session) { return guarded(session, roll_back); }
}
