// The controlling side of the Windows Service Control Manager. No napi in here, and no policy: every function is one call of
// advapi32 on a handle with the least access that it needs, and returns 0 or a Win32 error. Windows only.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace scm_manager {

// SERVICE_STATUS_PROCESS without the type and the flags.
struct Status {
  std::uint32_t error;
  std::uint32_t state;
  std::uint32_t controls_accepted;
  std::uint32_t win32_exit_code;
  std::uint32_t service_exit_code;
  std::uint32_t check_point;
  std::uint32_t wait_hint;
  std::uint32_t pid;
};

// QUERY_SERVICE_CONFIG, as far as it is of use here.
struct Config {
  std::uint32_t error = 0;
  std::uint32_t service_type = 0;
  std::uint32_t start_type = 0;
  std::uint32_t error_control = 0;
  std::u16string image_path;
  std::u16string display_name;
  std::u16string account;
};

// What CreateServiceW and ChangeServiceConfigW take. Changing leaves alone what is SERVICE_NO_CHANGE or empty here. No
// account has a password: LocalSystem, LocalService and NetworkService.
struct Definition {
  std::uint32_t service_type = 0;
  std::uint32_t start_type = 0;
  std::uint32_t error_control = 0;
  std::optional<std::u16string> image_path;
  std::optional<std::u16string> display_name;
  std::optional<std::u16string> account;
};

// Whether the caller may install services: the right that only administrators have. 0, or 5 without it.
std::uint32_t authorize() noexcept;
Status query_status(const std::u16string& service);
Config query_config(const std::u16string& service);
std::uint32_t create(const std::u16string& service, const Definition& definition);
std::uint32_t change(const std::u16string& service, const Definition& changes);
std::uint32_t remove(const std::u16string& service);
std::uint32_t start(const std::u16string& service);

// SERVICE_CONTROL_STOP or SERVICE_CONTROL_INTERROGATE; 87 for any other.
std::uint32_t control(const std::u16string& service, std::uint32_t code);

}  // namespace scm_manager
