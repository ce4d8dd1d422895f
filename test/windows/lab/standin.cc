// standin: takes the service manager's place towards one service, to send the controls that Wine's never
// sends (shutdown, preshutdown, session change) and to see what the handler returns. The service's status
// goes on to the real manager. One line of JSON; exit code 0 unless the command line makes no sense.
#include <windows.h>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "control_pipe.h"
#include "json.h"
#include "scm.h"
#include "service_current.h"
#include "service_process.h"
#include "standin_steps.h"
#include "win32.h"

namespace {

// The pipe's order to start; the public control codes begin at 1.
constexpr DWORD CONTROL_START = 0;

// Far from the numbers that Wine counts up from 0.
constexpr DWORD FIRST_PIPE_NUMBER = 70'000;

struct Plan {
  std::wstring service;
  std::wstring imagePath;
  std::vector<Step> steps;
};

// The real service manager of Windows must never lose a service to a pipe of ours.
void requireWine() {
  const HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
  const bool wine = ntdll != nullptr && GetProcAddress(ntdll, "wine_get_version") != nullptr;
  if (!wine) throw Win32Error{ERROR_NOT_SUPPORTED};
}

// A service whose process died as running is refused too: its old state would pass for the new process's.
void requireStopped(const std::wstring& name) {
  const ServiceHandle service = openService(name, SERVICE_QUERY_STATUS);
  const bool stopped = queryStatus(service.get()).dwCurrentState == SERVICE_STOPPED;
  if (!stopped) throw Win32Error{ERROR_SERVICE_ALREADY_RUNNING};
}

// The arguments of ServiceMain: the service's name, then the empty string that ends the list.
std::vector<BYTE> startData(const std::wstring& service) {
  const std::wstring list = service + L'\0' + L'\0';
  const auto* bytes = reinterpret_cast<const BYTE*>(list.data());
  return {bytes, bytes + list.size() * sizeof(wchar_t)};
}

// The number of our pipe is in the registry only until the process has found it.
std::unique_ptr<ServiceProcess> launch(const std::wstring& imagePath, DWORD number, ControlPipe& pipe,
                                       DWORD& error) {
  const ServiceCurrentLock lock;
  const ServiceCurrentOverride current(number);
  auto process = std::make_unique<ServiceProcess>(imagePath);
  error = pipe.connect(process->handle());
  return process;
}

JsonObject perform(const Plan& plan, const Stage& stage) {
  const ControlReply start = stage.pipe.call(plan.service, CONTROL_START, startData(plan.service));
  std::vector<JsonObject> results;
  if (start.error == NO_ERROR) {
    for (const Step& step : plan.steps) results.push_back(runStep(step, stage));
  }
  return JsonObject()
      .number("error", start.error)
      .number("startResult", start.result)
      .array("steps", results);
}

JsonObject ending(const std::wstring& name, const ServiceProcess& process) {
  JsonObject result = JsonObject().boolean("terminated", process.terminate());
  if (const auto code = process.exitCode()) result.number("exitCode", *code);
  const ServiceHandle service = openService(name, SERVICE_QUERY_STATUS);
  return result.object("status", describe(queryStatus(service.get())));
}

JsonObject run(const Plan& plan) {
  requireWine();
  requireStopped(plan.service);
  const DWORD number = FIRST_PIPE_NUMBER + GetCurrentProcessId();
  ControlPipe pipe(number);
  DWORD error = NO_ERROR;
  const auto process = launch(plan.imagePath, number, pipe, error);
  JsonObject result = JsonObject().number("pid", process->pid());
  if (error == NO_ERROR) {
    result.merge(perform(plan, Stage{plan.service, pipe, *process}));
  } else {
    result.number("error", error);
  }
  return result.merge(ending(plan.service, *process));
}

bool parsePlan(int argc, wchar_t** argv, Plan& plan) {
  if (argc < 3) return false;
  plan.service = argv[1];
  plan.imagePath = argv[2];
  for (int i = 3; i < argc; ++i) {
    const auto step = parseStep(argv[i]);
    if (!step) return false;
    plan.steps.push_back(*step);
  }
  return true;
}

}  // namespace

int wmain(int argc, wchar_t** argv) {
  Plan plan;
  if (!parsePlan(argc, argv, plan)) {
    std::cerr << "standin <service> <imagePath> <step>...\nsteps: " << stepUsage() << '\n';
    return 2;
  }
  try {
    print(run(plan));
  } catch (const Win32Error& failure) {
    print(JsonObject().number("error", failure.code));
  }
  return 0;
}
