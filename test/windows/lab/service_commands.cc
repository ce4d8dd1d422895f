#include "service_commands.h"

#include "handle_count.h"
#include "scm.h"
#include "service_current.h"
#include "state_wait.h"
#include "win32.h"

namespace {

constexpr DWORD TERMINATE_TIMEOUT_MS = 5'000;

DWORD number(const std::wstring& text) {
  if (const auto value = parseNumber(text)) return *value;
  throw UsageError{};
}

DWORD startType(const Arguments& arguments) {
  if (arguments.size() < 3 || arguments[2] == L"demand") return SERVICE_DEMAND_START;
  if (arguments[2] == L"auto") return SERVICE_AUTO_START;
  throw UsageError{};
}

JsonObject succeeded() { return JsonObject().number("error", NO_ERROR); }

void start(const std::wstring& name, const Arguments& serviceArguments) {
  std::vector<const wchar_t*> pointers;
  for (const std::wstring& argument : serviceArguments) pointers.push_back(argument.c_str());
  const ServiceHandle service = openService(name, SERVICE_START);
  const ServiceCurrentLock lock;
  check(StartServiceW(service.get(), static_cast<DWORD>(pointers.size()), pointers.data()));
}

// Only these answers are documented to fill in the status; with others it may hold anything.
bool hasStatus(DWORD error) {
  return error == NO_ERROR || error == ERROR_INVALID_SERVICE_CONTROL ||
         error == ERROR_SERVICE_CANNOT_ACCEPT_CTRL || error == ERROR_SERVICE_NOT_ACTIVE;
}

JsonObject describe(const StateWait& wait) {
  return JsonObject()
      .number("error", wait.reached ? NO_ERROR : ERROR_TIMEOUT)
      .number("elapsedMs", wait.elapsedMs)
      .merge(describe(wait.status));
}

}  // namespace

JsonObject createService(const Arguments& arguments) {
  const DWORD type = startType(arguments);
  const ServiceHandle manager = openManager(SC_MANAGER_CREATE_SERVICE);
  const wchar_t* name = arguments[0].c_str();
  const wchar_t* path = arguments[1].c_str();
  const ServiceHandle service(CreateServiceW(manager.get(), name, name, SERVICE_ALL_ACCESS,
                                             SERVICE_WIN32_OWN_PROCESS, type, SERVICE_ERROR_NORMAL, path,
                                             nullptr, nullptr, nullptr, nullptr, nullptr));
  check(service != nullptr);
  return succeeded();
}

JsonObject deleteService(const Arguments& arguments) {
  check(DeleteService(openService(arguments[0], DELETE).get()));
  return succeeded();
}

JsonObject startService(const Arguments& arguments) {
  const auto begin = clockUs();
  start(arguments[0], Arguments(arguments.begin() + 1, arguments.end()));
  return succeeded().number("elapsedUs", clockUs() - begin);
}

JsonObject controlService(const Arguments& arguments) {
  const DWORD code = number(arguments[1]);
  const ServiceHandle service = openService(arguments[0], SERVICE_ALL_ACCESS);
  SERVICE_STATUS status{};
  const auto begin = clockUs();
  const DWORD error = ControlService(service.get(), code, &status) ? NO_ERROR : GetLastError();
  JsonObject result = JsonObject().number("error", error).number("elapsedUs", clockUs() - begin);
  return hasStatus(error) ? result.merge(describe(status)) : result;
}

JsonObject queryService(const Arguments& arguments) {
  const ServiceHandle service = openService(arguments[0], SERVICE_QUERY_STATUS);
  return succeeded().merge(describe(queryStatus(service.get())));
}

JsonObject waitForService(const Arguments& arguments) {
  const auto state = parseState(arguments[1]);
  if (!state) throw UsageError{};
  return describe(waitForState(arguments[0], *state, number(arguments[2])));
}

// Start and stop in one process: the times are then the service's, without those of starting this program.
JsonObject cycleService(const Arguments& arguments) {
  const DWORD timeoutMs = number(arguments[1]);
  const auto begin = clockUs();
  start(arguments[0], {});
  const StateWait running = waitForState(arguments[0], SERVICE_RUNNING, timeoutMs);
  if (!running.reached) return describe(running).string("failed", "start");
  const auto up = clockUs();
  const ServiceHandle service = openService(arguments[0], SERVICE_STOP);
  SERVICE_STATUS status{};
  check(ControlService(service.get(), SERVICE_CONTROL_STOP, &status));
  const auto answered = clockUs();
  const StateWait stopped = waitForState(arguments[0], SERVICE_STOPPED, timeoutMs);
  if (!stopped.reached) return describe(stopped).string("failed", "stop");
  return describe(stopped)
      .number("startUs", up - begin)
      .number("stopCallUs", answered - up)
      .number("stopUs", clockUs() - up);
}

JsonObject terminateProcess(const Arguments& arguments) {
  const DWORD pid = number(arguments[0]);
  const DWORD exitCode = number(arguments[1]);
  const UniqueHandle process = own(OpenProcess(PROCESS_TERMINATE | SYNCHRONIZE, FALSE, pid));
  check(TerminateProcess(process.get(), exitCode));
  WaitForSingleObject(process.get(), TERMINATE_TIMEOUT_MS);
  return succeeded().boolean("alive", processAlive(pid));
}

JsonObject queryProcess(const Arguments& arguments) {
  return succeeded().boolean("alive", processAlive(number(arguments[0])));
}

// How many of the processes are still there after so many milliseconds at the most.
JsonObject countProcesses(const Arguments& arguments) {
  const auto end = clockUs() / 1'000 + number(arguments[0]);
  std::uint64_t left = 0;
  for (auto pid = arguments.begin() + 1; pid != arguments.end(); ++pid) {
    const auto now = clockUs() / 1'000;
    if (processAlive(number(*pid), now < end ? static_cast<DWORD>(end - now) : 0)) left += 1;
  }
  return succeeded().number("left", left);
}

JsonObject countHandles(const Arguments& arguments) {
  return succeeded().number("handles", handleCount(number(arguments[0])));
}

// An open handle, as services.msc keeps one: a deleted service stays marked for deletion as long as that is there.
JsonObject holdService(const Arguments& arguments) {
  const ServiceHandle service = openService(arguments[0], SERVICE_QUERY_STATUS);
  Sleep(number(arguments[1]));
  return succeeded();
}
