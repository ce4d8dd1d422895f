// The bindings of what exists on Windows only: each adds its functions to the exports, and manager_binding_none.cc nothing.
#pragma once
#include <napi.h>

void export_scm_manager(Napi::Object exports);
void export_scm_settings(Napi::Object exports);
void export_service_process(Napi::Object exports);
void export_file_security(Napi::Object exports);
void export_status_pipe(Napi::Object exports);
void export_sealed_pipe(Napi::Object exports);
void export_secrets(Napi::Object exports);
void export_firmware(Napi::Object exports);
void export_winhttp_proxy(Napi::Object exports);
void export_worker_process(Napi::Object exports);
void export_main_thread(Napi::Object exports);
void export_event_log(Napi::Object exports);
