// The descriptors of this process. No napi in here, and no policy. Linux only.
#pragma once

namespace descriptors {

// Whatever is executed from now on gets none of those that are open now, from the number `first` on. 0 or errno: EINVAL before Linux
// 5.11.
int close_on_exec(unsigned int first) noexcept;

}  // namespace descriptors
