// https://learn.microsoft.com/windows/win32/secauthz/access-control-model
#include "file_security.h"

#include "privileges_win.h"
#include "sddl_win.h"

#include <aclapi.h>

namespace file_security {
namespace {

std::u16string sid_text(PSID sid) {
  wchar_t* text = nullptr;
  if (!ConvertSidToStringSidW(sid, &text)) return {};
  const win32::Local<wchar_t> owned(text);
  return win32::utf16(text);
}

// Whether the SID follows the mask at once. Object ACEs have GUIDs in between, and no file has those.
bool has_plain_layout(BYTE type) noexcept {
  return type == ACCESS_ALLOWED_ACE_TYPE || type == ACCESS_DENIED_ACE_TYPE ||
         type == ACCESS_ALLOWED_CALLBACK_ACE_TYPE || type == ACCESS_DENIED_CALLBACK_ACE_TYPE;
}

DWORD aces_of(ACL* dacl, std::vector<Ace>& aces) {
  for (DWORD i = 0; i < dacl->AceCount; ++i) {
    void* entry = nullptr;
    if (!GetAce(dacl, i, &entry)) return GetLastError();
    auto& ace = *static_cast<ACCESS_ALLOWED_ACE*>(entry);
    const bool plain = has_plain_layout(ace.Header.AceType);
    aces.push_back({ace.Header.AceType, ace.Header.AceFlags, ace.Mask,
                    plain ? sid_text(&ace.SidStart) : std::u16string()});
  }
  return NO_ERROR;
}

// The file itself: a link is opened and refused, and what has been opened cannot be exchanged for one afterwards.
DWORD open_for_change(const std::u16string& path, win32::Handle& file) {
  constexpr DWORD access = READ_CONTROL | WRITE_DAC | WRITE_OWNER | FILE_READ_ATTRIBUTES;
  constexpr DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
  // Backup semantics open folders, and are what makes the privileges count.
  constexpr DWORD flags = FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS;
  const std::wstring wide_path = win32::wide(path);
  file = win32::own(CreateFileW(wide_path.c_str(), access, share, nullptr, OPEN_EXISTING, flags, nullptr));
  if (!file) return GetLastError();
  BY_HANDLE_FILE_INFORMATION info{};
  if (!GetFileInformationByHandle(file.get(), &info)) return GetLastError();
  if ((info.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) return ERROR_CANT_ACCESS_FILE;
  // What is set for one name of a file is set for the others.
  const bool folder = (info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
  return !folder && info.nNumberOfLinks > 1 ? ERROR_TOO_MANY_LINKS : NO_ERROR;
}

// Two calls for one thing: the first one also passes on to what is in a folder what that may inherit now, the second sets
// exactly what is given. Wine's first one adds the rights that the folder above hands down, in spite of the flag.
DWORD set_security(HANDLE file, const win32::SecurityDescriptor& descriptor, PSID owner, ACL* dacl) noexcept {
  constexpr SECURITY_INFORMATION wanted =
      OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION;
  const DWORD error = SetSecurityInfo(file, SE_FILE_OBJECT, wanted, owner, nullptr, dacl, nullptr);
  if (error != NO_ERROR) return error;
  SetSecurityDescriptorControl(descriptor.get(), SE_DACL_PROTECTED, SE_DACL_PROTECTED);
  return win32::error_of(SetKernelObjectSecurity(file, wanted, descriptor.get()));
}

}  // namespace

Security query(const std::u16string& path) {
  constexpr SECURITY_INFORMATION wanted = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
  Security security;
  const std::wstring wide_path = win32::wide(path);
  PSID owner = nullptr;
  ACL* dacl = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  security.error = GetNamedSecurityInfoW(wide_path.c_str(), SE_FILE_OBJECT, wanted, &owner, nullptr, &dacl, nullptr,
                                         &descriptor);
  const win32::SecurityDescriptor owned(descriptor);
  if (security.error != NO_ERROR) return security;
  security.owner = sid_text(owner);
  if (dacl != nullptr) security.error = aces_of(dacl, security.aces.emplace());
  return security;
}

std::uint32_t make_folder(const std::u16string& path, const std::u16string& sddl) {
  win32::SecurityDescriptor descriptor;
  if (const DWORD error = win32::parse_sddl(sddl, descriptor); error != NO_ERROR) return error;
  const std::wstring wide_path = win32::wide(path);
  SECURITY_ATTRIBUTES attributes = win32::attributes_of(descriptor);
  return win32::error_of(CreateDirectoryW(wide_path.c_str(), &attributes));
}

std::uint32_t protect(const std::u16string& path, const std::u16string& sddl) {
  win32::SecurityDescriptor descriptor;
  if (const DWORD error = win32::parse_sddl(sddl, descriptor); error != NO_ERROR) return error;
  PSID owner = nullptr;
  ACL* dacl = nullptr;
  if (const DWORD error = win32::owner_and_dacl(descriptor, owner, dacl); error != NO_ERROR) return error;
  // Who owns the file now, or has shut everybody out of it, must not matter to an administrator.
  const win32::ThreadPrivileges privileges{SE_TAKE_OWNERSHIP_NAME, SE_RESTORE_NAME, SE_BACKUP_NAME};
  win32::Handle file;
  if (const DWORD error = open_for_change(path, file); error != NO_ERROR) return error;
  return set_security(file.get(), descriptor, owner, dacl);
}

}  // namespace file_security
