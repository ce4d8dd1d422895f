// https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
// https://man7.org/linux/man-pages/man2/PR_SET_NO_NEW_PRIVS.2const.html
#include "parent_death.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace parent_death {
namespace {

// Nothing but what signal-safety(7) allows.
void kill_group(int) noexcept {
  // A group that somebody else leads is none of ours: a shell may be in it.
  kill(getpgrp() == getpid() ? 0 : getpid(), SIGKILL);
}

int error_of(int result) noexcept { return result == 0 ? 0 : errno; }

}  // namespace

int set_signal(int signal) noexcept {
  return error_of(prctl(PR_SET_PDEATHSIG, static_cast<unsigned long>(signal), 0UL, 0UL, 0UL));
}

int kill_group_on(int signal) noexcept {
  struct sigaction action {};
  action.sa_handler = kill_group;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  return error_of(sigaction(signal, &action, nullptr));
}

int set_no_new_privileges() noexcept { return error_of(prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL)); }

}  // namespace parent_death
