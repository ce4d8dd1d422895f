#include "binding.h"
#include "manager_binding.h"
#include "promise.h"
#include "secrets.h"

namespace {

using binding::text;
using secrets::Bytes;

using Transform = secrets::Outcome (*)(const Bytes&, const Bytes&);

Napi::Value transformed(const Napi::CallbackInfo& info, Transform transform) {
  return promise(
      info.Env(),
      [transform, from = binding::bytes<Bytes>(info[0]), entropy = binding::bytes<Bytes>(info[1])] {
        return transform(from, entropy);
      },
      [](Napi::Env env, const secrets::Outcome& outcome) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("error", outcome.error);
        result.Set("data", binding::uint8_array(env, outcome.data));
        return result;
      });
}

Napi::Value protect_data(const Napi::CallbackInfo& info) { return transformed(info, secrets::protect); }

Napi::Value unprotect_data(const Napi::CallbackInfo& info) { return transformed(info, secrets::unprotect); }

Napi::Value make_protected_file(const Napi::CallbackInfo& info) {
  return promise(info.Env(),
                 [path = text(info[0]), sddl = text(info[1])] { return secrets::make_file(path, sddl); });
}

Napi::Value replace_file(const Napi::CallbackInfo& info) {
  return promise(info.Env(),
                 [from = text(info[0]), to = text(info[1])] { return secrets::replace_file(from, to); });
}

}  // namespace

void export_secrets(Napi::Object exports) {
  binding::add<protect_data>(exports, "protectData");
  binding::add<unprotect_data>(exports, "unprotectData");
  binding::add<make_protected_file>(exports, "makeProtectedFile");
  binding::add<replace_file>(exports, "replaceFile");
}
