// Work off the JavaScript thread, as a promise.
#pragma once
#include <napi.h>

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

// `work()` runs on a thread of libuv's pool and touches no JavaScript; `convert(env, result)` on the JavaScript thread. What
// either of them throws rejects the promise.
template <typename Work, typename Convert>
class PromiseWorker final : public Napi::AsyncWorker {
 public:
  PromiseWorker(Napi::Env env, Work work, Convert convert)
      : AsyncWorker(env, "guruconnect"),
        deferred_(env),
        work_(std::move(work)),
        convert_(std::move(convert)) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override { result_.emplace(work_()); }

  void OnOK() override {
    try {
      deferred_.Resolve(convert_(Env(), *result_));
    } catch (const Napi::Error& error) {
      deferred_.Reject(error.Value());
    } catch (const std::exception& error) {
      deferred_.Reject(Napi::Error::New(Env(), error.what()).Value());
    }
  }

  void OnError(const Napi::Error& error) override { deferred_.Reject(error.Value()); }

 private:
  Napi::Promise::Deferred deferred_;
  Work work_;
  Convert convert_;
  std::optional<std::invoke_result_t<Work&>> result_;
};

template <typename Work, typename Convert>
Napi::Value promise(Napi::Env env, Work work, Convert convert) {
  auto worker = std::make_unique<PromiseWorker<Work, Convert>>(env, std::move(work), std::move(convert));
  const Napi::Promise promised = worker->promise();
  worker->Queue();
  static_cast<void>(worker.release());  // it deletes itself when it is done
  return promised;
}

// Of a number alone.
template <typename Work>
Napi::Value promise(Napi::Env env, Work work) {
  return promise(env, std::move(work), [](Napi::Env to, std::uint32_t number) { return Napi::Number::New(to, number); });
}
