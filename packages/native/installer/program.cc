#include "program.h"

#include "start_attributes_win.h"

#include <array>

namespace installer {
namespace {

// For what a program has written to be read once it has ended; whatever it has started may keep its output open.
constexpr DWORD kDrainMs = 2000;
constexpr DWORD kEndedByUs = 1460;  // ERROR_TIMEOUT

struct Reader {
  HANDLE from;
  std::string text;
};

DWORD WINAPI read_all(void* parameter) {
  auto* const reader = static_cast<Reader*>(parameter);
  std::array<char, 4096> piece{};
  DWORD length = 0;
  while (ReadFile(reader->from, piece.data(), static_cast<DWORD>(piece.size()), &length, nullptr) && length > 0) {
    reader->text.append(piece.data(), length);
  }
  return 0;
}

void append_argument(std::wstring& line, const std::wstring& argument) {
  line += L'"';
  std::size_t backslashes = 0;
  for (const wchar_t character : argument) {
    if (character == L'\\') {
      ++backslashes;
      continue;
    }
    // Before a quote backslashes count double, and one more is the quote's own.
    line.append(character == L'"' ? backslashes * 2 + 1 : backslashes, L'\\');
    backslashes = 0;
    line += character;
  }
  line.append(backslashes * 2, L'\\');
  line += L'"';
}

struct Pipe {
  win32::Handle ours, theirs;
};

DWORD make_output(Pipe& pipe) noexcept {
  HANDLE read = nullptr;
  HANDLE write = nullptr;
  if (!CreatePipe(&read, &write, nullptr, 0)) return GetLastError();
  pipe = {win32::own(read), win32::own(write)};
  return win32::error_of(SetHandleInformation(write, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
}

DWORD open_nothing(win32::Handle& nothing) noexcept {
  nothing = win32::own(CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ, nullptr, OPEN_EXISTING, 0, nullptr));
  if (!nothing) return GetLastError();
  return win32::error_of(SetHandleInformation(nothing.get(), HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
}

DWORD start(const std::vector<std::wstring>& arguments, std::wstring& environment, HANDLE input, HANDLE output,
            win32::Handle& process) {
  win32::StartAttributes attributes;
  if (const DWORD error = attributes.set({input, output}, nullptr); error != NO_ERROR) return error;
  STARTUPINFOEXW startup{};
  startup.StartupInfo.cb = sizeof startup;
  startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
  startup.StartupInfo.hStdInput = input;
  startup.StartupInfo.hStdOutput = output;
  startup.StartupInfo.hStdError = output;
  startup.lpAttributeList = attributes.get();
  std::wstring line = command_line(arguments);
  PROCESS_INFORMATION started{};
  constexpr DWORD flags = CREATE_NO_WINDOW | CREATE_UNICODE_ENVIRONMENT | EXTENDED_STARTUPINFO_PRESENT;
  if (!CreateProcessW(arguments.front().c_str(), line.data(), nullptr, nullptr, TRUE, flags, environment.data(),
                      nullptr, &startup.StartupInfo, &started)) {
    return GetLastError();
  }
  win32::own(started.hThread);
  process = win32::own(started.hProcess);
  return NO_ERROR;
}

DWORD await_end(HANDLE process, DWORD patience_ms, DWORD& exit_code) noexcept {
  const bool ended = WaitForSingleObject(process, patience_ms) == WAIT_OBJECT_0;
  if (!ended) TerminateProcess(process, kEndedByUs);
  if (!GetExitCodeProcess(process, &exit_code)) return GetLastError();
  return ended ? static_cast<DWORD>(NO_ERROR) : static_cast<DWORD>(WAIT_TIMEOUT);
}

}  // namespace

std::wstring command_line(const std::vector<std::wstring>& arguments) {
  std::wstring line;
  for (const std::wstring& argument : arguments) {
    if (!line.empty()) line += L' ';
    append_argument(line, argument);
  }
  return line;
}

Ending run_program(const std::vector<std::wstring>& arguments, std::wstring environment, DWORD patience_ms) {
  Ending ending{NO_ERROR, 0, {}};
  Pipe pipe;
  win32::Handle nothing;
  win32::Handle process;
  if ((ending.error = make_output(pipe)) != NO_ERROR) return ending;
  if ((ending.error = open_nothing(nothing)) != NO_ERROR) return ending;
  ending.error = start(arguments, environment, nothing.get(), pipe.theirs.get(), process);
  if (ending.error != NO_ERROR) return ending;
  pipe.theirs.reset();
  Reader reader{pipe.ours.get(), {}};
  const win32::Handle thread = win32::own(CreateThread(nullptr, 0, read_all, &reader, 0, nullptr));
  ending.error = await_end(process.get(), patience_ms, ending.exit_code);
  if (!thread) return ending;
  while (WaitForSingleObject(thread.get(), kDrainMs) == WAIT_TIMEOUT) CancelSynchronousIo(thread.get());
  ending.output = std::move(reader.text);
  return ending;
}

}  // namespace installer
