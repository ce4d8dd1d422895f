#include "binding.h"
#include "manager_binding.h"
#include "promise.h"
#include "scm_manager.h"

namespace {

using binding::number;
using binding::text;
using binding::text_or_null;

Napi::Value scm_authorize(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [] { return scm_manager::authorize(); });
}

Napi::Value scm_status(const Napi::CallbackInfo& info) {
  return promise(
      info.Env(), [service = text(info[0])] { return scm_manager::query_status(service); },
      [](Napi::Env env, const scm_manager::Status& status) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("error", status.error);
        result.Set("state", status.state);
        result.Set("controlsAccepted", status.controls_accepted);
        result.Set("win32ExitCode", status.win32_exit_code);
        result.Set("serviceExitCode", status.service_exit_code);
        result.Set("checkPoint", status.check_point);
        result.Set("waitHintMs", status.wait_hint);
        result.Set("pid", status.pid);
        return result;
      });
}

Napi::Value scm_config(const Napi::CallbackInfo& info) {
  return promise(
      info.Env(), [service = text(info[0])] { return scm_manager::query_config(service); },
      [](Napi::Env env, const scm_manager::Config& config) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("error", config.error);
        result.Set("serviceType", config.service_type);
        result.Set("startType", config.start_type);
        result.Set("errorControl", config.error_control);
        result.Set("imagePath", config.image_path);
        result.Set("displayName", config.display_name);
        result.Set("account", config.account);
        return result;
      });
}

scm_manager::Definition definition(const Napi::CallbackInfo& info) {
  return {number(info[1]),       number(info[2]),       number(info[3]),
          text_or_null(info[4]), text_or_null(info[5]), text_or_null(info[6])};
}

Napi::Value scm_create(const Napi::CallbackInfo& info) {
  scm_manager::Definition wanted = definition(info);
  // Windows takes no account for LocalSystem, and an empty one for an error.
  if (wanted.account.has_value() && wanted.account->empty()) wanted.account.reset();
  return promise(info.Env(), [service = text(info[0]), wanted = std::move(wanted)] {
    return scm_manager::create(service, wanted);
  });
}

Napi::Value scm_change(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [service = text(info[0]), changes = definition(info)] {
    return scm_manager::change(service, changes);
  });
}

Napi::Value scm_delete(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [service = text(info[0])] { return scm_manager::remove(service); });
}

Napi::Value scm_start(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [service = text(info[0])] { return scm_manager::start(service); });
}

Napi::Value scm_control(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [service = text(info[0]), code = number(info[1])] {
    return scm_manager::control(service, code);
  });
}

}  // namespace

void export_scm_manager(Napi::Object exports) {
  binding::add<scm_authorize>(exports, "scmAuthorize");
  binding::add<scm_status>(exports, "scmStatus");
  binding::add<scm_config>(exports, "scmConfig");
  binding::add<scm_create>(exports, "scmCreate");
  binding::add<scm_change>(exports, "scmChange");
  binding::add<scm_delete>(exports, "scmDelete");
  binding::add<scm_start>(exports, "scmStart");
  binding::add<scm_control>(exports, "scmControl");
}
