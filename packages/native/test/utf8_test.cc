#include "utf8.h"

#include "unit.h"

#include <string>

void test_utf8() {
  using unit::check;
  using utf8::whole_prefix;
  check(whole_prefix("", 0) == 0, "utf8: nothing of nothing");
  check(whole_prefix("abc", 3) == 3, "utf8: a text that fits is left alone");
  check(whole_prefix("abc", 2) == 2, "utf8: between two characters of one byte");
  const std::string euro = "a\xE2\x82\xAC";
  check(whole_prefix(euro, 4) == 4, "utf8: a whole character stays");
  check(whole_prefix(euro, 3) == 1 && whole_prefix(euro, 2) == 1, "utf8: a character is never cut in two");
  check(whole_prefix(euro + "b", 4) == 4, "utf8: a character that ends at the limit stays");
  check(whole_prefix("\x80\x80\x80", 2) == 0, "utf8: bytes that continue nothing end at the beginning");
}
