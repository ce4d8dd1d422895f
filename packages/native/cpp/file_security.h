// Owner and DACL of files and folders. No napi in here, and no policy: SIDs and descriptors are text. Windows only.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace file_security {

// ACE_HEADER's type and flags, the access mask, and the SID as text: empty for the types that files do not have.
struct Ace {
  std::uint32_t type;
  std::uint32_t flags;
  std::uint32_t mask;
  std::u16string sid;
};

struct Security {
  std::uint32_t error = 0;
  std::u16string owner;
  std::optional<std::vector<Ace>> aces;  // none is a NULL DACL: everybody may do everything
};

Security query(const std::u16string& path);

// CreateDirectoryW with the descriptor. 0 or a Win32 error; 183 where something of that name exists.
std::uint32_t make_folder(const std::u16string& path, const std::u16string& sddl);

// Sets the owner and the DACL of the descriptor, which has to have both (1338), and lets it inherit nothing from above.
// 0 or a Win32 error; 1920 for a link, which would lead the change to somebody else's file.
std::uint32_t protect(const std::u16string& path, const std::u16string& sddl);

}  // namespace file_security
