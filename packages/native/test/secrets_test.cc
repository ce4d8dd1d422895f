#include "secrets.h"

#include "unit.h"

#include <cstring>
#include <new>

namespace {

struct Wiped {
  std::size_t calls = 0;
  std::size_t bytes = 0;
};

Wiped& wiped() noexcept {
  static Wiped instance;
  return instance;
}

}  // namespace

// Windows' part has its own.
void secrets::wipe(void* memory, std::size_t size) noexcept {
  std::memset(memory, 0, size);
  ++wiped().calls;
  wiped().bytes += size;
}

void test_secrets() {
  using unit::check;
  constexpr std::size_t size = 100;
  wiped() = {};
  {
    const secrets::Bytes bytes(size, 1);
    check(wiped().calls == 0, "secrets: nothing is overwritten while it is used");
  }
  check(wiped().bytes == size, "secrets: memory is overwritten when it is freed");
  wiped() = {};
  {
    secrets::Bytes bytes(size, 1);
    bytes.reserve(2 * size);
    check(wiped().bytes == size, "secrets: so is what a vector grows out of");
    secrets::Bytes copy;
    copy = bytes;
    check(copy == bytes, "secrets: a copy is equal");
  }
  check(wiped().calls == 3, "secrets: every copy is overwritten");
  wiped() = {};
  try {
    const secrets::Bytes bytes(size, 1);
    throw std::bad_alloc();
  } catch (const std::bad_alloc&) {
    check(wiped().bytes == size, "secrets: an exception leaves nothing behind");
  }
}
