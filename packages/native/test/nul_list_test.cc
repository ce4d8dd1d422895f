#include "nul_list.h"

#include "unit.h"

namespace {

using Texts = std::vector<std::u16string>;

Texts read(const char16_t* list) {
  Texts texts;
  nul_list::for_each(list, [&texts](std::u16string_view text) { texts.emplace_back(text); });
  return texts;
}

// In memory that ends where the list does: whoever reads on is seen.
bool survives(const Texts& texts) {
  const auto list = nul_list::joined<char16_t>(texts);
  if (!list.has_value()) return false;
  const std::vector<char16_t> exact(list->begin(), list->end());
  return read(exact.data()) == texts;
}

}  // namespace

void test_nul_list() {
  using unit::check;
  using namespace std::string_literals;
  check(nul_list::joined<char16_t>({}) == u"\0\0"s, "nul_list: an empty list has two NULs");
  check(nul_list::joined<char16_t>({u"a", u"bc"}) == u"a\0bc\0\0"s, "nul_list: each text has its NUL, and the list one");
  check(nul_list::joined<wchar_t>({u"ab"}) == L"ab\0\0"s, "nul_list: in the characters that are wanted");
  check(!nul_list::joined<char16_t>({u"a", u""}).has_value(), "nul_list: an empty text would end the list");
  check(!nul_list::joined<char16_t>({u"a\0b"s}).has_value(), "nul_list: a text with a NUL would be two");
  check(survives({}) && survives({u"a"}) && survives({u"ab", u"c", u"def"}), "nul_list: what was joined is read");
  check(read(nullptr).empty(), "nul_list: no list is an empty one");
}
