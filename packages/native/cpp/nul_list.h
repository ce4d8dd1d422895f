// Windows' lists of texts: each ends with a NUL, and the list with one more. No napi and nothing of a platform's; `Char` is
// wchar_t for Windows.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nul_list {

// Calls `take(std::basic_string_view<Char>)` with each text of a list, which may be a null pointer for an empty one.
template <typename Char, typename Take>
void for_each(const Char* list, Take take) {
  while (list != nullptr && *list != Char{}) {
    const std::basic_string_view<Char> text(list);
    take(text);
    list += text.size() + 1;
  }
}

// The list with every NUL that it needs: two even where it is empty. None where it would be read as another list, for a text
// that is empty or has a NUL in it.
template <typename Char>
std::optional<std::basic_string<Char>> joined(const std::vector<std::u16string>& texts) {
  std::basic_string<Char> list;
  for (const std::u16string& text : texts) {
    if (text.empty() || text.find(u'\0') != std::u16string::npos) return std::nullopt;
    list.append(text.begin(), text.end());
    list += Char{};
  }
  if (texts.empty()) list += Char{};
  list += Char{};
  return list;
}

}  // namespace nul_list
