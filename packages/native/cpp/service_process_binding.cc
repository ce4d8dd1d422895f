#include "binding.h"
#include "manager_binding.h"
#include "promise.h"
#include "service_process.h"

namespace {

using binding::number;
using Process = std::shared_ptr<const service_process::Process>;

// What JavaScript holds: emptied when it is closed, deleted when it is collected. Whoever waits has a share of its own.
using Held = Napi::External<Process>;

Napi::Value hold(Napi::Env env, const Process& process) {
  if (process == nullptr) return env.Undefined();
  auto owner = std::make_unique<Process>(process);
  const Held held = Held::New(env, owner.get(), [](Napi::Env, Process* collected) { delete collected; });
  static_cast<void>(owner.release());
  return held;
}

Process& process_of(Napi::Value value) { return *value.As<Held>().Data(); }

Process open_process_of(Napi::Value value) {
  Process process = process_of(value);
  if (process == nullptr) throw Napi::Error::New(value.Env(), "The process handle is closed");
  return process;
}

Napi::Value scm_open_process(const Napi::CallbackInfo& info) {
  return promise(
      info.Env(), [service = binding::text(info[0])] { return service_process::open(service); },
      [](Napi::Env env, const service_process::Opened& opened) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("error", opened.error);
        result.Set("pid", opened.pid);
        result.Set("startedAtMs", opened.started_at_ms);
        result.Set("process", hold(env, opened.process));
        return result;
      });
}

Napi::Value process_wait(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [process = open_process_of(info[0]), ms = number(info[1])] {
    return service_process::wait(*process, ms);
  });
}

Napi::Value process_terminate(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), service_process::terminate(*open_process_of(info[0]), number(info[1])));
}

Napi::Value process_close(const Napi::CallbackInfo& info) {
  process_of(info[0]).reset();
  return info.Env().Undefined();
}

}  // namespace

void export_service_process(Napi::Object exports) {
  binding::add<scm_open_process>(exports, "scmOpenProcess");
  binding::add<process_wait>(exports, "processWait");
  binding::add<process_terminate>(exports, "processTerminate");
  binding::add<process_close>(exports, "processClose");
}
