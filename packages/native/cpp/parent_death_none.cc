// Windows has job objects for this; elsewhere the end of the pipe has to do.
#include "parent_death.h"

#include <cerrno>

namespace parent_death {

bool supported() noexcept { return false; }
int set_signal(int) noexcept { return ENOSYS; }

}  // namespace parent_death
