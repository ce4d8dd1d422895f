// https://learn.microsoft.com/windows/win32/toolhelp/traversing-the-thread-list
// https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-getthreadtimes
#include "main_thread.h"

#include "win32.h"

#include <tlhelp32.h>

namespace main_thread {

namespace {

struct Thread {
  FILETIME created{}, exited{}, kernel{}, user{};
};

double milliseconds(const FILETIME& duration) noexcept {
  constexpr double units_per_ms = 10'000;  // FILETIME counts 100 ns
  const ULARGE_INTEGER units{{duration.dwLowDateTime, duration.dwHighDateTime}};
  return static_cast<double>(units.QuadPart) / units_per_ms;
}

bool look(DWORD id, DWORD pid, Thread& found) noexcept {
  const win32::Handle thread = win32::own(OpenThread(THREAD_QUERY_LIMITED_INFORMATION, FALSE, id));
  // It may have ended since the snapshot, and its number be another process's by now.
  if (!thread || GetProcessIdOfThread(thread.get()) != pid) return false;
  return GetThreadTimes(thread.get(), &found.created, &found.exited, &found.kernel, &found.user) != FALSE;
}

}  // namespace

// Windows has no name for the main thread: it is the one that was there first.
Times of(std::uint32_t pid) noexcept {
  const win32::Handle snapshot = win32::own(CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0));
  if (!snapshot) return {GetLastError(), 0};
  Times times{ERROR_NOT_FOUND, 0};
  Thread oldest;
  THREADENTRY32 entry{};
  entry.dwSize = sizeof entry;
  for (BOOL more = Thread32First(snapshot.get(), &entry); more; more = Thread32Next(snapshot.get(), &entry)) {
    Thread thread;
    if (entry.th32OwnerProcessID != pid || !look(entry.th32ThreadID, pid, thread)) continue;
    if (times.error == NO_ERROR && CompareFileTime(&thread.created, &oldest.created) >= 0) continue;
    oldest = thread;
    times = {NO_ERROR, milliseconds(thread.kernel) + milliseconds(thread.user)};
  }
  return times;
}

}  // namespace main_thread
