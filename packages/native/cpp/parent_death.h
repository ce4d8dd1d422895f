// The worker must not outlive its supervisor, however that ends.
#pragma once

namespace parent_death {

// Whether the platform can send a signal to a process whose parent has died.
bool supported() noexcept;

// From now on the kernel sends `signal` to this process when the thread that spawned it ends. 0 or errno.
int set_signal(int signal) noexcept;

}  // namespace parent_death
