// The end of a child together with its parent. No napi in here, and no policy. Linux only.
#pragma once

namespace parent_death {

// The signal that this process gets when the thread that started it ends; 0 for none. 0 or errno.
int set_signal(int signal) noexcept;

// From now on the signal kills this process and, where it leads a group of its own, the whole group: also while JavaScript hangs. 0 or
// errno.
int kill_group_on(int signal) noexcept;

// What this process, and whatever it starts, executes gives it no more rights than it has (set-user-ID programs). 0 or errno.
int set_no_new_privileges() noexcept;

}  // namespace parent_death
