#include "binding.h"
#include "manager_binding.h"
#include "promise.h"
#include "status_pipe.h"

namespace {

using binding::text;

Napi::Value status_serve(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), status_pipe::serve(text(info[0]), text(info[1])));
}

Napi::Value status_publish(const Napi::CallbackInfo& info) {
  status_pipe::publish(info[0].As<Napi::String>().Utf8Value());
  return info.Env().Undefined();
}

Napi::Value status_read(const Napi::CallbackInfo& info) {
  return promise(
      info.Env(),
      [pipe = text(info[0]), timeout_ms = binding::number(info[1])] { return status_pipe::read(pipe, timeout_ms); },
      [](Napi::Env env, const status_pipe::Reading& reading) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("error", reading.error);
        result.Set("server", reading.server);
        result.Set("text", reading.text);
        return result;
      });
}

}  // namespace

void export_status_pipe(Napi::Object exports) {
  binding::add<status_serve>(exports, "statusServe");
  binding::add<status_publish>(exports, "statusPublish");
  binding::add<status_read>(exports, "statusRead");
}
