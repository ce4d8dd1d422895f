// Every platform but Windows: nothing of this is exported.
#include "manager_binding.h"

void export_scm_manager(Napi::Object) {}
void export_scm_settings(Napi::Object) {}
void export_service_process(Napi::Object) {}
void export_file_security(Napi::Object) {}
void export_status_pipe(Napi::Object) {}
void export_sealed_pipe(Napi::Object) {}
void export_secrets(Napi::Object) {}
void export_firmware(Napi::Object) {}
void export_winhttp_proxy(Napi::Object) {}
void export_worker_process(Napi::Object) {}
void export_main_thread(Napi::Object) {}
void export_event_log(Napi::Object) {}
