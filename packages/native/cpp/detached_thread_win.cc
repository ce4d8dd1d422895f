// https://learn.microsoft.com/cpp/c-runtime-library/reference/beginthread-beginthreadex
// Not std::thread: with mingw-w64 that is winpthreads', with which processes under Wine 8 were seen to hang where one thread was begun as
// another one ended.
#include "detached_thread.h"

#include "win32.h"

#include <process.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <system_error>
#include <utility>

namespace {

using Work = std::function<void()>;

unsigned __stdcall run(void* given) noexcept {
  const std::unique_ptr<Work> work(static_cast<Work*>(given));
  (*work)();
  return 0;
}

}  // namespace

void start_detached(Work work) {
  auto owned = std::make_unique<Work>(std::move(work));
  const std::uintptr_t thread = _beginthreadex(nullptr, 0, run, owned.get(), 0, nullptr);
  if (thread == 0) throw std::system_error(errno, std::generic_category());
  static_cast<void>(owned.release());
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the C library has handles as integers
  CloseHandle(reinterpret_cast<HANDLE>(thread));
}
