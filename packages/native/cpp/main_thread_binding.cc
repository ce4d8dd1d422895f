#include "binding.h"
#include "main_thread.h"
#include "manager_binding.h"

namespace {

Napi::Value main_thread_cpu_ms(const Napi::CallbackInfo& info) {
  const main_thread::Times times = main_thread::of(binding::number(info[0]));
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("error", times.error);
  result.Set("cpuMs", times.cpu_ms);
  return result;
}

}  // namespace

void export_main_thread(Napi::Object exports) { binding::add<main_thread_cpu_ms>(exports, "mainThreadCpuMs"); }
