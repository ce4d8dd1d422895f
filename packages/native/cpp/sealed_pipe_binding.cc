#include "binding.h"
#include "manager_binding.h"
#include "thread_promise.h"
#include "sealed_pipe.h"

namespace {

using binding::number;
using binding::text;

Napi::Value end_of(Napi::Env env, const sealed_pipe::End& end) {
  Napi::Object result = Napi::Object::New(env);
  result.Set("error", end.error);
  result.Set("fd", end.file);
  result.Set("strangers", end.strangers);
  return result;
}

Napi::Value sealed_pipe_create(const Napi::CallbackInfo& info) {
  const sealed_pipe::Made made = sealed_pipe::create(text(info[0]), text(info[1]));
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("error", made.error);
  result.Set("id", made.id);
  return result;
}

Napi::Value sealed_pipe_accept(const Napi::CallbackInfo& info) {
  return thread_promise(
      info.Env(), [id = number(info[0]), pid = number(info[1])] { return sealed_pipe::accept(id, pid); }, end_of);
}

Napi::Value sealed_pipe_close(const Napi::CallbackInfo& info) {
  sealed_pipe::close(number(info[0]));
  return info.Env().Undefined();
}

Napi::Value sealed_pipe_open(const Napi::CallbackInfo& info) {
  return thread_promise(
      info.Env(),
      [name = text(info[0]), pid = number(info[1]), timeout_ms = number(info[2])] {
        return sealed_pipe::open(name, pid, timeout_ms);
      },
      end_of);
}

}  // namespace

void export_sealed_pipe(Napi::Object exports) {
  binding::add<sealed_pipe_create>(exports, "sealedPipeCreate");
  binding::add<sealed_pipe_accept>(exports, "sealedPipeAccept");
  binding::add<sealed_pipe_close>(exports, "sealedPipeClose");
  binding::add<sealed_pipe_open>(exports, "sealedPipeOpen");
}
