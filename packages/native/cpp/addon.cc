// The binding: arguments in, events out. What they mean is known to scm_host and to TypeScript only.
#include <napi.h>

#include <cstdint>
#include <mutex>
#include <system_error>

#include "binding.h"
#include "child_binding.h"
#include "manager_binding.h"
#include "scm_host.h"

namespace {

void call_js(Napi::Env env, Napi::Function callback, std::nullptr_t*, void* packed);
using Queue = Napi::TypedThreadSafeFunction<std::nullptr_t, void, call_js>;

// Events come on threads of the SCM's, which do not know whether JavaScript still exists: the lock and the flag do.
struct Channel {
  std::mutex lock;
  bool open = false;
  Queue queue;
};

Channel& channel() {
  static auto* const instance = new Channel;  // never freed, for the same threads' sake
  return *instance;
}

// Both numbers travel in the pointer itself, so nobody has to own them.
static_assert(sizeof(void*) == 8, "an event and a 32-bit code must fit in a pointer");

void* pack(scm::Event event, std::uint32_t code) noexcept {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): it is never used as a pointer, so nothing is lost by that
  return reinterpret_cast<void*>((static_cast<std::uintptr_t>(event) << 32) | code);
}

void call_js(Napi::Env env, Napi::Function callback, std::nullptr_t*, void* packed) {
  if (env == nullptr || callback.IsEmpty()) return;
  const auto bits = reinterpret_cast<std::uintptr_t>(packed);
  try {
    callback.Call({Napi::Number::New(env, static_cast<double>(bits >> 32)),
                   Napi::Number::New(env, static_cast<double>(bits & 0xffffffffU))});
  } catch (const Napi::Error& error) {
    // Left to Node-API it would be a deprecation warning, and not the uncaughtException that it is.
    napi_fatal_exception(env, error.Value());
  }
}

void deliver(scm::Event event, std::uint32_t code) noexcept {
  Channel& self = channel();
  const std::lock_guard<std::mutex> held(self.lock);
  if (!self.open) return;
  self.queue.NonBlockingCall(pack(event, code));
  if (event != scm::Event::ended) return;
  self.open = false;
  self.queue.Release();  // the last event: from here on the queue no longer keeps the process alive
}

void close_channel(void*) noexcept {
  Channel& self = channel();
  const std::lock_guard<std::mutex> held(self.lock);
  self.open = false;
}

scm::Bounds bounds_of(Napi::Object given) {
  const auto number = [&given](const char* name) { return binding::number(given.Get(name)); };
  return {number("pendingWaitHintMs"), number("stopBudgetMs"), number("shutdownBudgetMs"),
          number("hungStepMs"),        number("endBudgetMs"),  number("hungExitCode")};
}

void scm_connect(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::u16string name = info[0].As<Napi::String>().Utf16Value();
  const scm::Bounds bounds = bounds_of(info[1].As<Napi::Object>());
  Channel& self = channel();
  {
    const std::lock_guard<std::mutex> held(self.lock);
    if (self.open) throw Napi::Error::New(env, "already connected");
    self.queue = Queue::New(env, info[2].As<Napi::Function>(), "guruconnect-scm", 0, 1);
    self.open = true;
  }
  napi_add_env_cleanup_hook(env, close_channel, nullptr);
  try {
    scm::connect(name, bounds, deliver);
  } catch (const std::system_error& error) {
    close_channel(nullptr);
    self.queue.Abort();
    throw Napi::Error::New(env, error.what());
  }
}

Napi::Value scm_set_status(const Napi::CallbackInfo& info) {
  const auto number = [&info](std::size_t index) { return info[index].As<Napi::Number>().Uint32Value(); };
  const scm::Status status{number(0), number(1), number(2), number(3), number(4), number(5)};
  return Napi::Number::New(info.Env(), scm::set_status(status));
}

void scm_notes(const Napi::CallbackInfo& info) { scm::set_notes(binding::text(info[0]), binding::text(info[1])); }

Napi::Value scm_service_name(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), scm::service_name());
}

Napi::Value scm_start_reason(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), scm::start_reason());
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  if (scm::supported()) {
    exports.Set("scmConnect", Napi::Function::New<scm_connect>(env, "scmConnect"));
    exports.Set("scmSetStatus", Napi::Function::New<scm_set_status>(env, "scmSetStatus"));
    exports.Set("scmNotes", Napi::Function::New<scm_notes>(env, "scmNotes"));
    exports.Set("scmServiceName", Napi::Function::New<scm_service_name>(env, "scmServiceName"));
    exports.Set("scmStartReason", Napi::Function::New<scm_start_reason>(env, "scmStartReason"));
  }
  export_scm_manager(exports);
  export_scm_settings(exports);
  export_service_process(exports);
  export_file_security(exports);
  export_status_pipe(exports);
  export_secrets(exports);
  export_firmware(exports);
  export_winhttp_proxy(exports);
  export_sealed_pipe(exports);
  export_worker_process(exports);
  export_child(exports);
  export_main_thread(exports);
  export_event_log(exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(guruconnect, init)
