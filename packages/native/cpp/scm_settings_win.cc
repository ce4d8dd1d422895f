// https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-changeserviceconfig2w
#include "scm_settings.h"

#include "nul_list.h"
#include "scm_open_win.h"

namespace scm_settings {
namespace {

using win32::with_service;

DWORD set_level(const std::u16string& service, DWORD access, DWORD level, void* info) {
  return with_service(service, access, [level, info](SC_HANDLE handle) {
    return win32::error_of(ChangeServiceConfig2W(handle, level, info));
  });
}

// Calls `take` with what the level has, whose pointers lead into a buffer that lives no longer than that.
template <typename Info, typename Take>
DWORD query_level(const std::u16string& service, DWORD level, Take take) {
  return with_service(service, SERVICE_QUERY_CONFIG, [level, &take](SC_HANDLE handle) {
    std::vector<std::byte> buffer;
    const DWORD error = win32::query_sized(buffer, [handle, level](BYTE* bytes, DWORD size, DWORD* needed) {
      return QueryServiceConfig2W(handle, level, bytes, size, needed);
    });
    if (error == NO_ERROR) take(*reinterpret_cast<const Info*>(buffer.data()));
    return error;
  });
}

// Both levels of a switch have this one member; any other level would take the number for a pointer.
struct OneBool {
  BOOL value;
};
static_assert(sizeof(OneBool) == sizeof(SERVICE_DELAYED_AUTO_START_INFO));
static_assert(sizeof(OneBool) == sizeof(SERVICE_FAILURE_ACTIONS_FLAG));

bool is_switch(std::uint32_t level) noexcept {
  return level == SERVICE_CONFIG_DELAYED_AUTO_START_INFO || level == SERVICE_CONFIG_FAILURE_ACTIONS_FLAG;
}

}  // namespace

Description query_description(const std::u16string& service) {
  Description description;
  description.error = query_level<SERVICE_DESCRIPTIONW>(
      service, SERVICE_CONFIG_DESCRIPTION,
      [&description](const SERVICE_DESCRIPTIONW& info) { description.text = win32::utf16(info.lpDescription); });
  return description;
}

std::uint32_t set_description(const std::u16string& service, const std::u16string& text) {
  std::wstring wide_text = win32::wide(text);
  SERVICE_DESCRIPTIONW info{wide_text.data()};
  return set_level(service, SERVICE_CHANGE_CONFIG, SERVICE_CONFIG_DESCRIPTION, &info);
}

FailureActions query_failure_actions(const std::u16string& service) {
  FailureActions result;
  result.error = query_level<SERVICE_FAILURE_ACTIONSW>(
      service, SERVICE_CONFIG_FAILURE_ACTIONS, [&result](const SERVICE_FAILURE_ACTIONSW& info) {
        result.reset_period_s = info.dwResetPeriod;
        for (DWORD i = 0; i < info.cActions; ++i) {
          result.actions.push_back(static_cast<std::uint32_t>(info.lpsaActions[i].Type));
          result.actions.push_back(info.lpsaActions[i].Delay);
        }
      });
  return result;
}

std::uint32_t set_failure_actions(const std::u16string& service, std::uint32_t reset_period_s,
                                  const std::vector<std::uint32_t>& actions) {
  if (actions.size() % 2 != 0) return ERROR_INVALID_PARAMETER;
  // One more than there are: no actions at all are a count of zero with a pointer, a null pointer means no change.
  std::vector<SC_ACTION> native(actions.size() / 2 + 1);
  const auto count = static_cast<DWORD>(actions.size() / 2);
  for (DWORD i = 0; i < count; ++i) {
    native[i] = {static_cast<SC_ACTION_TYPE>(actions[std::size_t{2} * i]), actions[std::size_t{2} * i + 1]};
  }
  SERVICE_FAILURE_ACTIONSW info{reset_period_s, nullptr, nullptr, count, native.data()};
  // An action that restarts is refused on a handle that may not start.
  return set_level(service, SERVICE_CHANGE_CONFIG | SERVICE_START, SERVICE_CONFIG_FAILURE_ACTIONS, &info);
}

Switch query_switch(const std::u16string& service, std::uint32_t level) {
  Switch result;
  if (!is_switch(level)) return {ERROR_INVALID_LEVEL, false};
  result.error =
      query_level<OneBool>(service, level, [&result](const OneBool& info) { result.on = info.value != FALSE; });
  return result;
}

std::uint32_t set_switch(const std::u16string& service, std::uint32_t level, bool on) {
  if (!is_switch(level)) return ERROR_INVALID_LEVEL;
  OneBool info{on ? TRUE : FALSE};
  return set_level(service, SERVICE_CHANGE_CONFIG, level, &info);
}

Privileges query_privileges(const std::u16string& service) {
  Privileges result;
  result.error = query_level<SERVICE_REQUIRED_PRIVILEGES_INFOW>(
      service, SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO, [&result](const SERVICE_REQUIRED_PRIVILEGES_INFOW& info) {
        nul_list::for_each(info.pmszRequiredPrivileges, [&result](std::wstring_view name) {
          result.names.emplace_back(name.begin(), name.end());
        });
      });
  return result;
}

std::uint32_t set_privileges(const std::u16string& service, const std::vector<std::u16string>& names) {
  std::optional<std::wstring> list = nul_list::joined<wchar_t>(names);
  if (!list.has_value()) return ERROR_INVALID_PARAMETER;
  SERVICE_REQUIRED_PRIVILEGES_INFOW info{list->data()};
  return set_level(service, SERVICE_CHANGE_CONFIG, SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO, &info);
}

}  // namespace scm_settings
