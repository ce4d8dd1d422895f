// The tests of what is pure C++: one function a file, and one line of TAP for each check.
#pragma once
#include <string_view>

namespace unit {

void check(bool holds, std::string_view what);

}  // namespace unit

void test_nul_list();
void test_secrets();
void test_utf8();
