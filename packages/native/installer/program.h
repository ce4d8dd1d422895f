// A program that is run to its end.
#pragma once
#include "win32.h"

#include <string>
#include <vector>

namespace installer {

struct Ending {
  // Win32 error of what kept it from running to its end; WAIT_TIMEOUT where it was ended for taking too long.
  DWORD error;
  DWORD exit_code;
  // Both of its outputs, UTF-8.
  std::string output;
};

// Quoted as the C runtime reads it: https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
std::wstring command_line(const std::vector<std::wstring>& arguments);

// `arguments[0]` is the program, absolute. `environment` as CreateProcess takes it.
Ending run_program(const std::vector<std::wstring>& arguments, std::wstring environment, DWORD patience_ms);

}  // namespace installer
