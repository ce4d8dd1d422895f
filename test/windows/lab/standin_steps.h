#pragma once

#include <optional>
#include <string>
#include <vector>

#include "control_pipe.h"
#include "json.h"
#include "service_process.h"

// The service that the stand-in runs, as the steps see it.
struct Stage {
  const std::wstring& service;
  ControlPipe& pipe;
  const ServiceProcess& process;
};

struct StepKind;

struct Step {
  std::wstring text;
  const StepKind* kind;
  std::vector<DWORD> operands;
};

// Nothing if the step is not one of stepUsage().
std::optional<Step> parseStep(const std::wstring& text);
const char* stepUsage();

JsonObject runStep(const Step& step, const Stage& stage);
