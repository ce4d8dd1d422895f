// https://learn.microsoft.com/windows/win32/api/dpapi/nf-dpapi-cryptprotectdata
#include "secrets.h"

#include "sddl_win.h"

#include <wincrypt.h>

#include <dpapi.h>

namespace secrets {
namespace {

// What DPAPI has allocated: overwritten and freed at the end.
struct Allocated {
  DATA_BLOB blob{};
  Allocated() = default;
  ~Allocated() {
    if (blob.pbData == nullptr) return;
    wipe(blob.pbData, blob.cbData);
    LocalFree(blob.pbData);
  }
  Allocated(const Allocated&) = delete;
  Allocated& operator=(const Allocated&) = delete;
};

// It refuses a null pointer, which an empty vector may have.
DATA_BLOB blob_of(const Bytes& bytes) noexcept {
  static BYTE nothing = 0;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): DPAPI reads only, and its structure serves for both ways
  BYTE* const data = bytes.empty() ? &nothing : const_cast<BYTE*>(bytes.data());
  return {static_cast<DWORD>(bytes.size()), data};
}

// Both calls but for the second parameter, which is the description: given to one of them and returned by the other.
template <typename Call>
Outcome transformed(const Bytes& from, const Bytes& entropy, Call call) {
  DATA_BLOB input = blob_of(from);
  DATA_BLOB extra = blob_of(entropy);
  Allocated output;
  Outcome outcome;
  outcome.error = win32::error_of(call(&input, entropy.empty() ? nullptr : &extra, &output.blob));
  if (outcome.error != NO_ERROR) return outcome;
  outcome.data.assign(output.blob.pbData, output.blob.pbData + output.blob.cbData);
  return outcome;
}

}  // namespace

void wipe(void* memory, std::size_t size) noexcept { SecureZeroMemory(memory, size); }

Outcome protect(const Bytes& plain, const Bytes& entropy) {
  constexpr DWORD flags = CRYPTPROTECT_LOCAL_MACHINE | CRYPTPROTECT_UI_FORBIDDEN;
  return transformed(plain, entropy, [](DATA_BLOB* input, DATA_BLOB* extra, DATA_BLOB* output) noexcept {
    return CryptProtectData(input, nullptr, extra, nullptr, nullptr, flags, output);
  });
}

Outcome unprotect(const Bytes& sealed, const Bytes& entropy) {
  return transformed(sealed, entropy, [](DATA_BLOB* input, DATA_BLOB* extra, DATA_BLOB* output) noexcept {
    return CryptUnprotectData(input, nullptr, extra, nullptr, nullptr, CRYPTPROTECT_UI_FORBIDDEN, output);
  });
}

std::uint32_t make_file(const std::u16string& path, const std::u16string& sddl) {
  win32::SecurityDescriptor descriptor;
  if (const DWORD error = win32::parse_sddl(sddl, descriptor); error != NO_ERROR) return error;
  PSID owner = nullptr;
  ACL* dacl = nullptr;
  if (const DWORD error = win32::owner_and_dacl(descriptor, owner, dacl); error != NO_ERROR) return error;
  SetSecurityDescriptorControl(descriptor.get(), SE_DACL_PROTECTED, SE_DACL_PROTECTED);
  const std::wstring wide_path = win32::wide(path);
  SECURITY_ATTRIBUTES attributes = win32::attributes_of(descriptor);
  constexpr DWORD flags = FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT;
  const win32::Handle file =
      win32::own(CreateFileW(wide_path.c_str(), GENERIC_WRITE, 0, &attributes, CREATE_NEW, flags, nullptr));
  return win32::error_of(file != nullptr);
}

std::uint32_t replace_file(const std::u16string& from, const std::u16string& to) {
  const std::wstring wide_from = win32::wide(from);
  const std::wstring wide_to = win32::wide(to);
  constexpr DWORD flags = MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH;
  return win32::error_of(MoveFileExW(wide_from.c_str(), wide_to.c_str(), flags));
}

}  // namespace secrets
