// https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-getsystemfirmwaretable
#include "firmware.h"

#include "win32.h"

#include <array>

namespace firmware {

Table smbios() {
  constexpr DWORD provider = 0x52534D42;  // 'RSMB'
  const UINT size = GetSystemFirmwareTable(provider, 0, nullptr, 0);
  if (size == 0) return {GetLastError(), {}};
  Table table;
  table.data.resize(size);
  const UINT written = GetSystemFirmwareTable(provider, 0, table.data.data(), size);
  // The firmware wrote it at boot. Were it larger now all the same, nothing would have been written.
  if (written == 0 || written > size) return {written == 0 ? GetLastError() : ERROR_INSUFFICIENT_BUFFER, {}};
  table.data.resize(written);
  return table;
}

Text machine_guid() {
  // Of the 64-bit half of the registry: the other one has a copy at best.
  constexpr DWORD flags = RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY;
  std::array<wchar_t, 128> text{};  // a GUID has 36 characters; 234 for anything that does not fit
  DWORD size = sizeof text;
  const LSTATUS error = RegGetValueW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Microsoft\\Cryptography", L"MachineGuid", flags,
                                     nullptr, text.data(), &size);
  if (error != ERROR_SUCCESS) return {static_cast<DWORD>(error), {}};
  return {NO_ERROR, win32::utf16(text.data())};
}

}  // namespace firmware
