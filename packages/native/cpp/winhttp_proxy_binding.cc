#include "binding.h"
#include "manager_binding.h"
#include "promise.h"
#include "winhttp_proxy.h"

namespace {

Napi::Value win_http_proxy(const Napi::CallbackInfo& info) {
  return promise(
      info.Env(),
      [url = binding::text(info[0]), auto_detect = info[1].As<Napi::Boolean>().Value(),
       timeout_ms = binding::number(info[2])] { return winhttp_proxy::query(url, auto_detect, timeout_ms); },
      [](Napi::Env env, const winhttp_proxy::Proxy& proxy) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("error", proxy.error);
        result.Set("proxy", proxy.proxy);
        result.Set("bypass", proxy.bypass);
        return result;
      });
}

}  // namespace

void export_winhttp_proxy(Napi::Object exports) { binding::add<win_http_proxy>(exports, "winHttpProxy"); }
