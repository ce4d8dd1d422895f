// `unit` checks everything, and says it as TAP; exit code 1 where something does not hold. `unit overflow`, `... arithmetic` and
// `... leak` do what a sanitizer has to notice, so that its silence elsewhere is worth something.
#include "unit.h"

#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace {

struct Count {
  int checks = 0;
  int failures = 0;
};

Count& count() noexcept {
  static Count instance;
  return instance;
}

int run_all() {
  test_nul_list();
  test_secrets();
  test_utf8();
  std::cout << "1.." << count().checks << '\n';
  return count().failures == 0 ? 0 : 1;
}

struct Ring {
  std::shared_ptr<Ring> next;
};

// Volatile, or the compiler would see the mistake and leave it out.
int misbehave(std::string_view how) {
  if (how == "overflow") {
    const std::vector<int> three(3);
    volatile std::size_t index = three.size();
    return *(three.data() + index);
  }
  if (how == "arithmetic") {
    volatile int most = std::numeric_limits<int>::max();
    return most + 1;
  }
  if (how == "leak") {
    const auto ring = std::make_shared<Ring>();
    ring->next = ring;
    return 0;
  }
  return 2;
}

}  // namespace

void unit::check(bool holds, std::string_view what) {
  ++count().checks;
  if (!holds) ++count().failures;
  std::cout << (holds ? "ok " : "not ok ") << count().checks << " - " << what << '\n';
}

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> arguments(argv, argv + argc);
    return arguments.size() > 1 ? misbehave(arguments[1]) : run_all();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
