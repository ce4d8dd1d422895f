// A child process in a job object of its own, which takes all of its descendants with it. No napi in here, and no policy. Windows only.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace worker_process {

enum class Account : std::uint32_t { own = 0, local_service = 1 };

struct Launch {
  std::u16string application;
  std::u16string command_line;
  // `NAME=value` each, sorted by name without regard to case.
  std::vector<std::u16string> environment;
  Account account = Account::own;
  // Of its job at the same time, itself among them; 0: as many as it likes.
  std::uint32_t most_processes = 0;
};

struct Launched {
  std::uint32_t error = 0;
  std::uint32_t pid = 0;
  // Our ends of its stdin and stderr, as descriptors of the C library's; their owner closes them, whatever `error` is.
  int stdin_file = -1;
  int stderr_file = -1;
};

// Starts the program inside the job, without a window, with three standard handles (a pipe, NUL, a pipe) and no other handle of ours.
Launched launch(const Launch& program);

// Waits for its end, ends what is left of its descendants, and forgets the PID. `error` is 6 for a PID that is not a child's.
struct Exit {
  std::uint32_t error = 0;
  std::uint32_t code = 0;
};
Exit wait(std::uint32_t pid) noexcept;

// Ends it and its descendants; at once. 6 once `wait` has returned for it.
std::uint32_t terminate(std::uint32_t pid, std::uint32_t exit_code) noexcept;

// Ends them all, for good: nothing can be launched any more. Never waits: one that is just being launched may be left out.
void terminate_all() noexcept;

}  // namespace worker_process
