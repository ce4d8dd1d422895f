// Who this process runs as. No napi in here, and no policy. Windows only.
#pragma once
#include <cstdint>
#include <string>

namespace process_user {

struct User {
  std::uint32_t error = 0;
  std::u16string sid;  // as text
};

User get();

}  // namespace process_user
