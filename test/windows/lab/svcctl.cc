// svcctl: one command to the service control manager, answered by one line of JSON whose "error" is the Win32
// code. The exit code is 0 unless the command line makes no sense: under Wine it keeps only eight bits.
#include <array>
#include <iostream>
#include <string>

#include "json.h"
#include "message_commands.h"
#include "process_commands.h"
#include "service_commands.h"
#include "win32.h"

namespace {

constexpr std::size_t ANY = static_cast<std::size_t>(-1);

struct Command {
  const wchar_t* name;
  std::size_t least;
  std::size_t most;
  JsonObject (*run)(const Arguments&);
  const char* usage;
};

constexpr std::array<Command, 17> COMMANDS{{
    {L"create", 2, 3, createService, "create <name> <imagePath> [auto|demand]"},
    {L"delete", 1, 1, deleteService, "delete <name>"},
    {L"start", 1, ANY, startService, "start <name> [argument...]"},
    {L"control", 2, 2, controlService, "control <name> <code>"},
    {L"query", 1, 1, queryService, "query <name>"},
    {L"wait", 3, 3, waitForService, "wait <name> <state> <timeoutMs>"},
    {L"cycle", 2, 2, cycleService, "cycle <name> <timeoutMs>"},
    {L"terminate", 2, 2, terminateProcess, "terminate <pid> <exitCode>"},
    {L"alive", 1, 1, queryProcess, "alive <pid>"},
    {L"left", 2, ANY, countProcesses, "left <withinMs> <pid>..."},
    {L"handles", 1, 1, countHandles, "handles <pid>"},
    {L"inherit", 1, ANY, inheritHandle, "inherit <application> [argument|{handle}...]"},
    {L"keep-open", 2, ANY, keepOpen, "keep-open <file> <application> [argument...]"},
    {L"has-handle", 1, 1, setHandle, "has-handle <value>"},
    {L"pipe-security", 1, 1, pipeSecurity, "pipe-security <name>"},
    {L"hold", 2, 2, holdService, "hold <name> <ms>"},
    {L"messages", 2, ANY, readMessages, "messages <file> <id>..."},
}};

JsonObject dispatch(const std::wstring& name, const Arguments& arguments) {
  for (const Command& command : COMMANDS) {
    if (name != command.name) continue;
    if (arguments.size() < command.least || arguments.size() > command.most) throw UsageError{};
    return command.run(arguments);
  }
  throw UsageError{};
}

int usage() {
  for (const Command& command : COMMANDS) std::cerr << "svcctl " << command.usage << '\n';
  return 2;
}

}  // namespace

int wmain(int argc, wchar_t** argv) {
  if (argc < 2) return usage();
  try {
    print(dispatch(argv[1], Arguments(argv + 2, argv + argc)));
  } catch (const UsageError&) {
    return usage();
  } catch (const Win32Error& failure) {
    print(JsonObject().number("error", failure.code));
  }
  return 0;
}
