// The levels of ChangeServiceConfig2W and QueryServiceConfig2W. No napi in here, and no policy. Errors are 0 or a Win32 error;
// 124 where the platform does not know the level. Windows only.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace scm_settings {

struct Description {
  std::uint32_t error = 0;
  std::u16string text;
};

// SERVICE_FAILURE_ACTIONS without message and command. `actions` are SC_ACTION_TYPE and delay in milliseconds, in turn.
struct FailureActions {
  std::uint32_t error = 0;
  std::uint32_t reset_period_s = 0;
  std::vector<std::uint32_t> actions;
};

struct Switch {
  std::uint32_t error = 0;
  bool on = false;
};

struct Privileges {
  std::uint32_t error = 0;
  std::vector<std::u16string> names;
};

Description query_description(const std::u16string& service);
std::uint32_t set_description(const std::u16string& service, const std::u16string& text);

FailureActions query_failure_actions(const std::u16string& service);
// 87 for an action without a delay.
std::uint32_t set_failure_actions(const std::u16string& service, std::uint32_t reset_period_s,
                                  const std::vector<std::uint32_t>& actions);

// The levels that are one BOOL: delayed start (3) and the failure flag (4); 124 for any other.
Switch query_switch(const std::u16string& service, std::uint32_t level);
std::uint32_t set_switch(const std::u16string& service, std::uint32_t level, bool on);

Privileges query_privileges(const std::u16string& service);
// 87 for an empty name, which would end the list.
std::uint32_t set_privileges(const std::u16string& service, const std::vector<std::u16string>& names);

}  // namespace scm_settings
