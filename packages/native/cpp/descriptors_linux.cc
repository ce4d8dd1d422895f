// https://man7.org/linux/man-pages/man2/close_range.2.html
#include "descriptors.h"

#include <linux/close_range.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace descriptors {

int close_on_exec(unsigned int first) noexcept {
  constexpr unsigned int last = ~0U;
  constexpr unsigned int flags = CLOSE_RANGE_CLOEXEC;
  return syscall(SYS_close_range, first, last, flags) == 0 ? 0 : errno;
}

}  // namespace descriptors
