// Three threads, made while all is well. The one that watches calls nothing that could block: a thread that hangs may hold the
// heap or the loader's lock, and hang in the very disk that the notes go to, or in the SCM.
#include "scm_watchdog_win.h"

#include "deadline_win.h"
#include "detached_thread.h"
#include "spare_thread_win.h"

#include <atomic>
#include <string>

namespace scm {
namespace {

struct Notes {
  std::wstring stop;
  std::wstring hung;
};

struct Watchdog {
  Watchdog(const Bounds& given, const Watched& watched);

  Bounds bounds;
  bool (*claim_stopped)() noexcept;
  win32::Deadline stopped;
  win32::SpareThread note;
  win32::SpareThread report;
};

// Null until there is something to watch. Never freed: its threads outlive static destruction.
std::atomic<Watchdog*> instance{nullptr};

// Published as a whole and never freed: whoever reads them must not wait for a lock.
std::atomic<const Notes*> notes{nullptr};
std::atomic<void (*)() noexcept> before_end{nullptr};
std::atomic<DWORD> first_control{0};

// Empty: what counts is that it is there, and since when. It inherits who may get at it from its folder.
void leave_note(const std::wstring& path) noexcept {
  constexpr DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
  win32::own(CreateFileW(path.c_str(), GENERIC_WRITE, share, nullptr, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr));
}

void leave_notes() noexcept {
  const Notes* const left = notes;
  if (left == nullptr) return;
  if (first_control == SERVICE_CONTROL_STOP) leave_note(left->stop);
  leave_note(left->hung);
}

// Not ExitProcess: that waits for the loader's lock.
void end_process(const Watchdog& self) noexcept { TerminateProcess(GetCurrentProcess(), self.bounds.hung_exit_code); }

void keep_watch(Watchdog& self) noexcept {
  if (!self.stopped.wait() && self.claim_stopped()) {
    if (const auto hook = before_end.load(); hook != nullptr) hook();
    // Before the report: with that the next start may come, which looks for them.
    self.note.run(self.bounds.hung_step);
    self.report.run(self.bounds.hung_step);
    end_process(self);
  }
  Sleep(self.bounds.end_budget);
  end_process(self);
}

Watchdog::Watchdog(const Bounds& given, const Watched& watched)
    : bounds(given), claim_stopped(watched.claim_stopped), note(leave_notes), report(watched.report_hung) {
  start_detached([this]() noexcept { keep_watch(*this); });
}

}  // namespace

void watch(const Bounds& bounds, const Watched& watched) { instance = new Watchdog(bounds, watched); }

void expect_stopped(std::uint32_t control) noexcept {
  Watchdog* const self = instance;
  if (self == nullptr) return;
  DWORD none = 0;
  if (control != 0) first_control.compare_exchange_strong(none, control);
  self->stopped.set(control == SERVICE_CONTROL_SHUTDOWN ? self->bounds.shutdown_budget : self->bounds.stop_budget);
}

void expect_end() noexcept {
  if (Watchdog* const self = instance; self != nullptr) self->stopped.meet();
}

void set_notes(const std::u16string& stop, const std::u16string& hung) {
  notes = new Notes{win32::wide(stop), win32::wide(hung)};
}

void set_before_end(void (*hook)() noexcept) noexcept { before_end = hook; }

}  // namespace scm
