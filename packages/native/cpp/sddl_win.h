// https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format
#pragma once
#include "win32.h"

#include <sddl.h>

namespace win32 {

using SecurityDescriptor = Local<void>;

// 0 or what is wrong with the text, for which there are many errors: 87, 1336 and 1337 are some.
inline DWORD parse_sddl(const std::u16string& sddl, SecurityDescriptor& parsed) {
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  const std::wstring text = wide(sddl);
  const DWORD error = error_of(ConvertStringSecurityDescriptorToSecurityDescriptorW(text.c_str(), SDDL_REVISION_1,
                                                                                     &descriptor, nullptr));
  parsed.reset(descriptor);
  return error;
}

// Of the parsed text; both are pointers into it. 1338 where one of them is missing, as a NULL DACL protects nothing.
inline DWORD owner_and_dacl(const SecurityDescriptor& descriptor, PSID& owner, ACL*& dacl) noexcept {
  BOOL defaulted = FALSE;
  BOOL present = FALSE;
  if (!GetSecurityDescriptorOwner(descriptor.get(), &owner, &defaulted)) return GetLastError();
  if (!GetSecurityDescriptorDacl(descriptor.get(), &present, &dacl, &defaulted)) return GetLastError();
  return owner != nullptr && present && dacl != nullptr ? NO_ERROR : ERROR_INVALID_SECURITY_DESCR;
}

// For something that is being created; its handle is not inherited.
inline SECURITY_ATTRIBUTES attributes_of(const SecurityDescriptor& descriptor) noexcept {
  return {sizeof(SECURITY_ATTRIBUTES), descriptor.get(), FALSE};
}

}  // namespace win32
