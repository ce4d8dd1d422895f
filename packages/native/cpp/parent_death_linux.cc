// https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
#include "parent_death.h"

#include <sys/prctl.h>

#include <cerrno>

namespace parent_death {

bool supported() noexcept { return true; }

int set_signal(int signal) noexcept {
  return prctl(PR_SET_PDEATHSIG, static_cast<unsigned long>(signal), 0UL, 0UL, 0UL) == 0 ? 0 : errno;
}

}  // namespace parent_death
