#include "binding.h"
#include "event_log.h"
#include "manager_binding.h"
#include "promise.h"

#include <utility>

namespace {

using binding::number;
using binding::text;

Napi::Value event_log_module(const Napi::CallbackInfo& info) {
  const event_log::Module module = event_log::own_module();
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("error", module.error);
  result.Set("path", module.path);
  return result;
}

Napi::Value event_log_source(const Napi::CallbackInfo& info) {
  return promise(
      info.Env(), [source = text(info[0])] { return event_log::query_source(source); },
      [](Napi::Env env, const event_log::Source& found) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("error", found.error);
        result.Set("messageFile", found.message_file);
        result.Set("categoryFile", found.category_file);
        result.Set("categoryCount", found.category_count);
        result.Set("typesSupported", found.types_supported);
        return result;
      });
}

Napi::Value event_log_register(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [source = text(info[0]), file = text(info[1]), categories = number(info[2]),
                              types = number(info[3])] {
    return event_log::register_source(source, file, categories, types);
  });
}

Napi::Value event_log_unregister(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [source = text(info[0])] { return event_log::unregister_source(source); });
}

Napi::Value event_log_report(const Napi::CallbackInfo& info) {
  event_log::Event event;
  event.source = text(info[0]);
  event.type = static_cast<std::uint16_t>(number(info[1]));
  event.category = static_cast<std::uint16_t>(number(info[2]));
  event.id = number(info[3]);
  event.strings = binding::list<std::u16string>(info[4], text);
  return Napi::Number::New(info.Env(), event_log::report(std::move(event)));
}

Napi::Value event_log_flush(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [timeout_ms = number(info[0])] { return event_log::flush(timeout_ms); });
}

}  // namespace

void export_event_log(Napi::Object exports) {
  binding::add<event_log_module>(exports, "eventLogModule");
  binding::add<event_log_source>(exports, "eventLogSource");
  binding::add<event_log_register>(exports, "eventLogRegister");
  binding::add<event_log_unregister>(exports, "eventLogUnregister");
  binding::add<event_log_report>(exports, "eventLogReport");
  binding::add<event_log_flush>(exports, "eventLogFlush");
}
