// Text as UTF-8. No napi and nothing of a platform's.
#pragma once
#include <cstddef>
#include <string_view>

namespace utf8 {

// How many bytes of the text make up at most `most` bytes of whole characters; all of them where they are no more. Whatever
// the bytes are: those that continue a character and have none to continue are cut too.
inline std::size_t whole_prefix(std::string_view text, std::size_t most) noexcept {
  if (text.size() <= most) return text.size();
  const auto continues = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; };
  std::size_t end = most;
  while (end > 0 && continues(text[end])) --end;
  return end;
}

}  // namespace utf8
