// https://learn.microsoft.com/windows/win32/services/service-configuration-programs
#include "scm_manager.h"

#include "scm_open_win.h"

namespace scm_manager {
namespace {

using win32::error_of;
using win32::with_service;

// Null where there is no text; as long-lived as the text it is of.
class NullableText {
 public:
  explicit NullableText(const std::optional<std::u16string>& text)
      : given_(text.has_value()), text_(given_ ? win32::wide(*text) : std::wstring()) {}
  const wchar_t* get() const noexcept { return given_ ? text_.c_str() : nullptr; }

 private:
  bool given_;
  std::wstring text_;
};

// The accounts that need none want an empty password and not a null pointer, which would mean the old one.
const wchar_t* password_for(const NullableText& account) noexcept { return account.get() == nullptr ? nullptr : L""; }

}  // namespace

std::uint32_t authorize() noexcept {
  return win32::open_manager(SC_MANAGER_CREATE_SERVICE) ? NO_ERROR : GetLastError();
}

Status query_status(const std::u16string& service) {
  SERVICE_STATUS_PROCESS native{};
  const DWORD error = with_service(service, SERVICE_QUERY_STATUS, [&native](SC_HANDLE handle) {
    DWORD needed = 0;
    auto* const bytes = reinterpret_cast<BYTE*>(&native);
    return error_of(QueryServiceStatusEx(handle, SC_STATUS_PROCESS_INFO, bytes, sizeof native, &needed));
  });
  return {error,
          native.dwCurrentState,
          native.dwControlsAccepted,
          native.dwWin32ExitCode,
          native.dwServiceSpecificExitCode,
          native.dwCheckPoint,
          native.dwWaitHint,
          native.dwProcessId};
}

Config query_config(const std::u16string& service) {
  Config config;
  config.error = with_service(service, SERVICE_QUERY_CONFIG, [&config](SC_HANDLE handle) {
    std::vector<std::byte> buffer;
    const DWORD error = win32::query_sized(buffer, [handle](BYTE* bytes, DWORD size, DWORD* needed) {
      return QueryServiceConfigW(handle, reinterpret_cast<QUERY_SERVICE_CONFIGW*>(bytes), size, needed);
    });
    if (error != NO_ERROR) return error;
    const auto& native = *reinterpret_cast<const QUERY_SERVICE_CONFIGW*>(buffer.data());
    config.service_type = native.dwServiceType;
    config.start_type = native.dwStartType;
    config.error_control = native.dwErrorControl;
    config.image_path = win32::utf16(native.lpBinaryPathName);
    config.display_name = win32::utf16(native.lpDisplayName);
    config.account = win32::utf16(native.lpServiceStartName);
    return error;
  });
  return config;
}

std::uint32_t create(const std::u16string& service, const Definition& definition) {
  const std::wstring name = win32::wide(service);
  const NullableText image_path(definition.image_path);
  const NullableText display_name(definition.display_name);
  const NullableText account(definition.account);
  const win32::ServiceHandle manager = win32::open_manager(SC_MANAGER_CREATE_SERVICE);
  if (!manager) return GetLastError();
  // The new handle is closed at once, so that it needs some right and no matter which.
  const win32::ServiceHandle created(CreateServiceW(
      manager.get(), name.c_str(), display_name.get(), SERVICE_QUERY_STATUS, definition.service_type,
      definition.start_type, definition.error_control, image_path.get(), nullptr, nullptr, nullptr, account.get(),
      password_for(account)));
  return created ? NO_ERROR : GetLastError();
}

std::uint32_t change(const std::u16string& service, const Definition& changes) {
  const NullableText image_path(changes.image_path);
  const NullableText display_name(changes.display_name);
  const NullableText account(changes.account);
  return with_service(service, SERVICE_CHANGE_CONFIG, [&](SC_HANDLE handle) {
    return error_of(ChangeServiceConfigW(handle, changes.service_type, changes.start_type, changes.error_control,
                                         image_path.get(), nullptr, nullptr, nullptr, account.get(),
                                         password_for(account), display_name.get()));
  });
}

std::uint32_t remove(const std::u16string& service) {
  return with_service(service, DELETE, [](SC_HANDLE handle) { return error_of(DeleteService(handle)); });
}

std::uint32_t start(const std::u16string& service) {
  return with_service(service, SERVICE_START,
                      [](SC_HANDLE handle) { return error_of(StartServiceW(handle, 0, nullptr)); });
}

std::uint32_t control(const std::u16string& service, std::uint32_t code) {
  if (code != SERVICE_CONTROL_STOP && code != SERVICE_CONTROL_INTERROGATE) return ERROR_INVALID_PARAMETER;
  const DWORD access = code == SERVICE_CONTROL_STOP ? SERVICE_STOP : SERVICE_INTERROGATE;
  return with_service(service, access, [code](SC_HANDLE handle) {
    SERVICE_STATUS status{};
    return error_of(ControlService(handle, code, &status));
  });
}

}  // namespace scm_manager
