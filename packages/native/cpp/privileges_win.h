// Privileges that an administrator's token has, but switched off.
#pragma once
#include <initializer_list>

namespace win32 {

// Switches them on for this thread alone, and off again at the end: the process is not changed for anybody else. A
// privilege that the token lacks is left out, as the call it is meant for will say so.
struct ThreadPrivileges {
  explicit ThreadPrivileges(std::initializer_list<const wchar_t*> names) noexcept;
  ~ThreadPrivileges();
  ThreadPrivileges(const ThreadPrivileges&) = delete;
  ThreadPrivileges& operator=(const ThreadPrivileges&) = delete;

 private:
  bool impersonating = false;
};

}  // namespace win32
