#include "binding.h"
#include "firmware.h"
#include "manager_binding.h"
#include "promise.h"

namespace {

Napi::Value firmware_table(const Napi::CallbackInfo& info) {
  return promise(
      info.Env(), [] { return firmware::smbios(); },
      [](Napi::Env env, const firmware::Table& table) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("error", table.error);
        result.Set("data", binding::uint8_array(env, table.data));
        return result;
      });
}

Napi::Value machine_guid(const Napi::CallbackInfo& info) {
  return promise(
      info.Env(), [] { return firmware::machine_guid(); },
      [](Napi::Env env, const firmware::Text& guid) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("error", guid.error);
        result.Set("text", guid.text);
        return result;
      });
}

}  // namespace

void export_firmware(Napi::Object exports) {
  binding::add<firmware_table>(exports, "firmwareTable");
  binding::add<machine_guid>(exports, "machineGuid");
}
