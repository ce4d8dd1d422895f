// Ends a process whose JavaScript thread does not answer: a service must not be stuck in Stopping.
#pragma once
#include "scm_host.h"

namespace scm {

// What is the watched service's own to do. Both are called on threads of the watchdog's.
struct Watched {
  // Takes the right to report Stopped. False where that has been taken: then somebody answers after all.
  bool (*claim_stopped)() noexcept;
  // Reports Stopped with the hung_exit_code. May block.
  void (*report_hung)() noexcept;
};

// Once per process, before any of the others. Throws std::system_error where its threads cannot be made.
void watch(const Bounds& bounds, const Watched& watched);

// StopPending is about to be reported, for a control or for 0. Of several the first control says what the stop was, and the
// earliest end of a budget counts.
void expect_stopped(std::uint32_t control) noexcept;

// Stopped is about to be reported: from now on the end of the process is what is waited for.
void expect_end() noexcept;

}  // namespace scm
