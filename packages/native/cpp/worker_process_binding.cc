#include "binding.h"
#include "manager_binding.h"
#include "process_user.h"
#include "scm_host.h"
#include "thread_promise.h"
#include "worker_process.h"

namespace {

using binding::number;
using binding::text;

Napi::Value worker_launch(const Napi::CallbackInfo& info) {
  worker_process::Launch program;
  program.application = text(info[0]);
  program.command_line = text(info[1]);
  program.environment = binding::list<std::u16string>(info[2], text);
  program.account = number(info[3]) == 0 ? worker_process::Account::own : worker_process::Account::local_service;
  program.most_processes = number(info[4]);
  const worker_process::Launched launched = worker_process::launch(program);
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("error", launched.error);
  result.Set("pid", launched.pid);
  result.Set("stdin", launched.stdin_file);
  result.Set("stderr", launched.stderr_file);
  return result;
}

Napi::Value worker_wait(const Napi::CallbackInfo& info) {
  return thread_promise(
      info.Env(), [pid = number(info[0])] { return worker_process::wait(pid); },
      [](Napi::Env env, const worker_process::Exit& exit) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("error", exit.error);
        result.Set("code", exit.code);
        return result;
      });
}

Napi::Value worker_terminate(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), worker_process::terminate(number(info[0]), number(info[1])));
}

Napi::Value process_user_sid(const Napi::CallbackInfo& info) {
  const process_user::User user = process_user::get();
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("error", user.error);
  result.Set("sid", user.sid);
  return result;
}

}  // namespace

void export_worker_process(Napi::Object exports) {
  // Whoever sees a hung service Stopped finds no worker of it any more.
  scm::set_before_end(worker_process::terminate_all);
  binding::add<worker_launch>(exports, "workerLaunch");
  binding::add<worker_wait>(exports, "workerWait");
  binding::add<worker_terminate>(exports, "workerTerminate");
  binding::add<process_user_sid>(exports, "processUser");
}
