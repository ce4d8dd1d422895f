#include "binding.h"
#include "manager_binding.h"
#include "promise.h"
#include "scm_settings.h"

namespace {

using binding::number;
using binding::text;

Napi::Value scm_description(const Napi::CallbackInfo& info) {
  return promise(
      info.Env(), [service = text(info[0])] { return scm_settings::query_description(service); },
      [](Napi::Env env, const scm_settings::Description& description) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("error", description.error);
        result.Set("text", description.text);
        return result;
      });
}

Napi::Value scm_set_description(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [service = text(info[0]), description = text(info[1])] {
    return scm_settings::set_description(service, description);
  });
}

Napi::Value scm_failure_actions(const Napi::CallbackInfo& info) {
  return promise(
      info.Env(), [service = text(info[0])] { return scm_settings::query_failure_actions(service); },
      [](Napi::Env env, const scm_settings::FailureActions& found) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("error", found.error);
        result.Set("resetPeriodS", found.reset_period_s);
        result.Set("actions", binding::array(env, found.actions, [env](std::uint32_t each) {
                     return Napi::Number::New(env, each);
                   }));
        return result;
      });
}

Napi::Value scm_set_failure_actions(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [service = text(info[0]), reset_period_s = number(info[1]),
                              actions = binding::list<std::uint32_t>(info[2], number)] {
    return scm_settings::set_failure_actions(service, reset_period_s, actions);
  });
}

Napi::Value scm_switch(const Napi::CallbackInfo& info) {
  return promise(
      info.Env(),
      [service = text(info[0]), level = number(info[1])] { return scm_settings::query_switch(service, level); },
      [](Napi::Env env, const scm_settings::Switch& found) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("error", found.error);
        result.Set("on", found.on);
        return result;
      });
}

Napi::Value scm_set_switch(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [service = text(info[0]), level = number(info[1]),
                              on = info[2].As<Napi::Boolean>().Value()] {
    return scm_settings::set_switch(service, level, on);
  });
}

Napi::Value scm_privileges(const Napi::CallbackInfo& info) {
  return promise(
      info.Env(), [service = text(info[0])] { return scm_settings::query_privileges(service); },
      [](Napi::Env env, const scm_settings::Privileges& found) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("error", found.error);
        result.Set("names", binding::array(env, found.names, [env](const std::u16string& name) {
                     return Napi::String::New(env, name);
                   }));
        return result;
      });
}

Napi::Value scm_set_privileges(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [service = text(info[0]), names = binding::list<std::u16string>(info[1], text)] {
    return scm_settings::set_privileges(service, names);
  });
}

}  // namespace

void export_scm_settings(Napi::Object exports) {
  binding::add<scm_description>(exports, "scmDescription");
  binding::add<scm_set_description>(exports, "scmSetDescription");
  binding::add<scm_failure_actions>(exports, "scmFailureActions");
  binding::add<scm_set_failure_actions>(exports, "scmSetFailureActions");
  binding::add<scm_switch>(exports, "scmSwitch");
  binding::add<scm_set_switch>(exports, "scmSetSwitch");
  binding::add<scm_privileges>(exports, "scmPrivileges");
  binding::add<scm_set_privileges>(exports, "scmSetPrivileges");
}
