// Work that may take for ever, as a promise: on a thread of its own, which neither keeps one of libuv's few from others nor holds up
// the end of the process.
#pragma once
#include <napi.h>

#include "detached_thread.h"

#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

// `work()` runs on the thread and touches no JavaScript; `convert(env, result)` on the JavaScript thread. The promise keeps the event
// loop alive until it is settled. What `work` throws ends the process: it must not throw.
template <typename Work, typename Convert>
class ThreadPromise {
 public:
  static Napi::Value start(Napi::Env env, Work work, Convert convert) {
    const auto self = std::make_shared<ThreadPromise>(env, std::move(work), std::move(convert));
    const Napi::Promise promised = self->deferred_.Promise();
    // The queue has a share of its own: it may be finalized long after the thread has ended.
    self->queue_ = Queue::New(env, "guruconnect-thread", 0, 1, new Shared(self), finalize);
    napi_add_env_cleanup_hook(env, close_gate, self.get());
    try {
      start_detached([self]() noexcept { self->run(); });
    } catch (const std::system_error& error) {
      self->deferred_.Reject(Napi::Error::New(env, error.what()).Value());
      self->leave([](Queue&) {});
    }
    return promised;
  }

  ThreadPromise(Napi::Env env, Work work, Convert convert)
      : deferred_(env), work_(std::move(work)), convert_(std::move(convert)) {}

 private:
  using Shared = std::shared_ptr<ThreadPromise>;
  static void settle(Napi::Env env, Napi::Function, Shared* self, void*) {
    if (env != nullptr) (*self)->resolve(env);
  }
  using Queue = Napi::TypedThreadSafeFunction<Shared, void, settle>;

  static void finalize(Napi::Env env, void*, Shared* self) {
    napi_remove_env_cleanup_hook(env, close_gate, self->get());
    delete self;
  }

  // The environment ends, and the queue with it, whatever the thread is about.
  static void close_gate(void* self) noexcept {
    auto* const promise = static_cast<ThreadPromise*>(self);
    const std::lock_guard<std::mutex> held(promise->gate_);
    promise->open_ = false;
  }

  void run() noexcept {
    result_.emplace(work_());
    leave([](Queue& queue) { queue.NonBlockingCall(); });
  }

  template <typename Last>
  void leave(Last last) noexcept {
    const std::lock_guard<std::mutex> held(gate_);
    if (!open_) return;
    open_ = false;
    last(queue_);
    queue_.Release();
  }

  void resolve(Napi::Env env) {
    try {
      deferred_.Resolve(convert_(env, *result_));
    } catch (const Napi::Error& error) {
      deferred_.Reject(error.Value());
    } catch (const std::exception& error) {
      deferred_.Reject(Napi::Error::New(env, error.what()).Value());
    }
  }

  Napi::Promise::Deferred deferred_;
  Work work_;
  Convert convert_;
  std::optional<std::invoke_result_t<Work&>> result_;
  std::mutex gate_;
  bool open_ = true;
  Queue queue_;
};

template <typename Work, typename Convert>
Napi::Value thread_promise(Napi::Env env, Work work, Convert convert) {
  return ThreadPromise<Work, Convert>::start(env, std::move(work), std::move(convert));
}
