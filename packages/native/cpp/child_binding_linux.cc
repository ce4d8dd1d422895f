#include "binding.h"
#include "child_binding.h"
#include "descriptors.h"
#include "parent_death.h"
#include "peer_credentials.h"

namespace {

int integer(Napi::Value value) { return value.As<Napi::Number>().Int32Value(); }

Napi::Value set_parent_death_signal(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), parent_death::set_signal(integer(info[0])));
}

Napi::Value kill_group_on_signal(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), parent_death::kill_group_on(integer(info[0])));
}

Napi::Value set_no_new_privileges(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), parent_death::set_no_new_privileges());
}

Napi::Value close_on_exec(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), descriptors::close_on_exec(info[0].As<Napi::Number>().Uint32Value()));
}

Napi::Value peer_of(const Napi::CallbackInfo& info) {
  const peer_credentials::Peer peer = peer_credentials::of(integer(info[0]));
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("error", peer.error);
  result.Set("pid", peer.pid);
  result.Set("uid", peer.uid);
  return result;
}

}  // namespace

void export_child(Napi::Object exports) {
  binding::add<set_parent_death_signal>(exports, "setParentDeathSignal");
  binding::add<kill_group_on_signal>(exports, "killGroupOnSignal");
  binding::add<set_no_new_privileges>(exports, "setNoNewPrivileges");
  binding::add<close_on_exec>(exports, "closeOnExec");
  binding::add<peer_of>(exports, "peerOf");
}
