// https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-reporteventw
// Both calls are remote procedure calls to the service of the Event Log, which may be gone or hang: a thread makes them.
#include "event_log.h"

#include "detached_thread.h"
#include "win32.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <utility>

namespace event_log {
namespace {

constexpr std::size_t most_waiting = 64;

struct Queue {
  std::mutex lock;
  std::condition_variable idle;
  std::deque<Event> waiting;
  bool writing = false;
  std::uint32_t error = NO_ERROR;  // of the last event that was lost
};

Queue& queue() {
  static auto* const instance = new Queue;  // never freed: the thread may outlive everything else
  return *instance;
}

struct SourceCloser {
  void operator()(HANDLE source) const noexcept { DeregisterEventSource(source); }
};
using OpenSource = std::unique_ptr<std::remove_pointer_t<HANDLE>, SourceCloser>;

DWORD write(const Event& event) {
  const OpenSource source(RegisterEventSourceW(nullptr, win32::wide(event.source).c_str()));
  if (!source) return win32::error_or(ERROR_INVALID_HANDLE);
  std::vector<std::wstring> texts;
  texts.reserve(event.strings.size());
  for (const std::u16string& text : event.strings) texts.push_back(win32::wide(text));
  std::vector<const wchar_t*> pointers;
  pointers.reserve(texts.size());
  for (const std::wstring& text : texts) pointers.push_back(text.c_str());
  return win32::error_of(ReportEventW(source.get(), event.type, event.category, event.id, nullptr,
                                      static_cast<WORD>(pointers.size()), 0, pointers.data(), nullptr));
}

DWORD try_to_write(const Event& event) noexcept {
  try {
    return write(event);
  } catch (const std::exception&) {
    return ERROR_NOT_ENOUGH_MEMORY;
  }
}

// Until nothing waits any more; the next event gets a thread of its own.
void write_all() noexcept {
  Queue& self = queue();
  std::unique_lock<std::mutex> held(self.lock);
  while (!self.waiting.empty()) {
    const Event event = std::move(self.waiting.front());
    self.waiting.pop_front();
    held.unlock();
    const DWORD error = try_to_write(event);
    held.lock();
    if (error != NO_ERROR) self.error = error;
  }
  self.writing = false;
  self.idle.notify_all();
}

}  // namespace

std::uint32_t report(Event event) {
  Queue& self = queue();
  const std::lock_guard<std::mutex> held(self.lock);
  if (self.waiting.size() == most_waiting) return self.error = ERROR_NOT_ENOUGH_QUOTA;
  self.waiting.push_back(std::move(event));
  if (self.writing) return NO_ERROR;
  try {
    start_detached(write_all);
    self.writing = true;
    return NO_ERROR;
  } catch (const std::exception&) {
    self.waiting.pop_back();
    return self.error = ERROR_NOT_ENOUGH_MEMORY;
  }
}

std::uint32_t flush(std::uint32_t timeout_ms) {
  Queue& self = queue();
  std::unique_lock<std::mutex> held(self.lock);
  const auto is_idle = [&self] { return !self.writing; };
  if (!self.idle.wait_for(held, std::chrono::milliseconds(timeout_ms), is_idle)) return WAIT_TIMEOUT;
  return std::exchange(self.error, NO_ERROR);
}

}  // namespace event_log
