#include "standin_steps.h"

#include <wtsapi32.h>

#include <array>

#include "scm.h"
#include "state_wait.h"

struct StepKind {
  const wchar_t* name;
  std::size_t least;
  std::size_t most;
  JsonObject (*run)(const std::vector<DWORD>& operands, const Stage& stage);
};

namespace {

using Operands = std::vector<DWORD>;

JsonObject outcome(DWORD error) { return JsonObject().number("error", error); }

std::vector<BYTE> sessionData(DWORD sessionId) {
  const WTSSESSION_NOTIFICATION notification{sizeof(WTSSESSION_NOTIFICATION), sessionId};
  const auto* bytes = reinterpret_cast<const BYTE*>(&notification);
  return {bytes, bytes + sizeof notification};
}

// The real manager knows no process of a service that it did not start.
JsonObject describeOn(const Stage& stage, SERVICE_STATUS_PROCESS status) {
  if (status.dwProcessId == 0 && !stage.process.waitForExit(0)) status.dwProcessId = stage.process.pid();
  return describe(status);
}

JsonObject control(const Operands& operands, const Stage& stage) {
  const std::vector<BYTE> data = operands.size() > 1 ? sessionData(operands[1]) : std::vector<BYTE>();
  const ControlReply reply = stage.pipe.call(stage.service, operands[0], data);
  if (reply.error != NO_ERROR) return outcome(reply.error);
  return outcome(NO_ERROR).number("result", reply.result).number("handlerUs", reply.elapsedUs);
}

JsonObject query(const Operands&, const Stage& stage) {
  const ServiceHandle service = openService(stage.service, SERVICE_QUERY_STATUS);
  return outcome(NO_ERROR).merge(describeOn(stage, queryStatus(service.get())));
}

JsonObject sleep(const Operands& operands, const Stage&) {
  Sleep(operands[0]);
  return outcome(NO_ERROR);
}

JsonObject wait(const Operands& operands, const Stage& stage) {
  const StateWait wait = waitForState(stage.service, operands[0], operands[1]);
  return outcome(wait.reached ? NO_ERROR : ERROR_TIMEOUT)
      .number("elapsedMs", wait.elapsedMs)
      .merge(describeOn(stage, wait.status));
}

JsonObject waitExit(const Operands& operands, const Stage& stage) {
  const ULONGLONG begin = GetTickCount64();
  const bool exited = stage.process.waitForExit(operands[0]);
  const ULONGLONG elapsed = GetTickCount64() - begin;
  JsonObject result = outcome(exited ? NO_ERROR : ERROR_TIMEOUT).number("elapsedMs", elapsed);
  if (const auto code = stage.process.exitCode()) result.number("exitCode", *code);
  return result;
}

constexpr std::array<StepKind, 5> KINDS{{
    {L"control", 1, 2, control},
    {L"query", 0, 0, query},
    {L"sleep", 1, 1, sleep},
    {L"wait", 2, 2, wait},
    {L"wait-exit", 1, 1, waitExit},
}};

std::vector<std::wstring> split(const std::wstring& text) {
  std::vector<std::wstring> parts(1);
  for (const wchar_t c : text) {
    if (c == L':') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

const StepKind* findKind(const std::wstring& name, std::size_t operands) {
  for (const StepKind& kind : KINDS) {
    if (name == kind.name && operands >= kind.least && operands <= kind.most) return &kind;
  }
  return nullptr;
}

}  // namespace

std::optional<Step> parseStep(const std::wstring& text) {
  const std::vector<std::wstring> parts = split(text);
  Step step{text, findKind(parts[0], parts.size() - 1), {}};
  if (step.kind == nullptr) return std::nullopt;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    auto operand = parseNumber(parts[i]);
    if (!operand) operand = parseState(parts[i]);
    if (!operand) return std::nullopt;
    step.operands.push_back(*operand);
  }
  return step;
}

const char* stepUsage() {
  return "control:<code>[:<sessionId>] | query | sleep:<ms> | wait:<state>:<ms> | wait-exit:<ms>";
}

JsonObject runStep(const Step& step, const Stage& stage) {
  JsonObject result = JsonObject().string("step", narrow(step.text));
  try {
    return result.merge(step.kind->run(step.operands, stage));
  } catch (const Win32Error& failure) {
    return result.merge(outcome(failure.code));
  }
}
