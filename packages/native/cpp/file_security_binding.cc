#include "binding.h"
#include "file_security.h"
#include "manager_binding.h"
#include "promise.h"

namespace {

using binding::text;

Napi::Object ace_object(Napi::Env env, const file_security::Ace& ace) {
  Napi::Object result = Napi::Object::New(env);
  result.Set("type", ace.type);
  result.Set("flags", ace.flags);
  result.Set("mask", ace.mask);
  result.Set("sid", ace.sid);
  return result;
}

Napi::Value query(const Napi::CallbackInfo& info) {
  return promise(
      info.Env(), [path = text(info[0])] { return file_security::query(path); },
      [](Napi::Env env, const file_security::Security& security) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("error", security.error);
        result.Set("owner", security.owner);
        result.Set("aces", env.Undefined());
        if (!security.aces.has_value()) return result;
        result.Set("aces", binding::array(env, *security.aces, [env](const file_security::Ace& ace) {
                     return ace_object(env, ace);
                   }));
        return result;
      });
}

Napi::Value make_protected_folder(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [path = text(info[0]), sddl = text(info[1])] {
    return file_security::make_folder(path, sddl);
  });
}

Napi::Value protect_file(const Napi::CallbackInfo& info) {
  return promise(info.Env(),
                 [path = text(info[0]), sddl = text(info[1])] { return file_security::protect(path, sddl); });
}

}  // namespace

void export_file_security(Napi::Object exports) {
  binding::add<query>(exports, "fileSecurity");
  binding::add<make_protected_folder>(exports, "makeProtectedFolder");
  binding::add<protect_file>(exports, "protectFile");
}
