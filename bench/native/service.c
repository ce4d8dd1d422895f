/* https://learn.microsoft.com/windows/win32/services/service-servicemain-function */
#include "service.h"

#define WAIT_HINT_MS 15000

static ServiceBody body_of_service;
static SERVICE_STATUS_HANDLE status_handle;
static HANDLE stop_event;

static void report(DWORD state, DWORD specific) {
  SERVICE_STATUS status = {0};
  status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
  status.dwCurrentState = state;
  if (state == SERVICE_RUNNING) status.dwControlsAccepted = SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN;
  if (state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING) {
    status.dwCheckPoint = 1;
    status.dwWaitHint = WAIT_HINT_MS;
  }
  status.dwWin32ExitCode = specific == 0 ? NO_ERROR : ERROR_SERVICE_SPECIFIC_ERROR;
  status.dwServiceSpecificExitCode = specific;
  SetServiceStatus(status_handle, &status);
}

static DWORD WINAPI on_control(DWORD control, DWORD type, void* data, void* context) {
  (void)type;
  (void)data;
  (void)context;
  if (control == SERVICE_CONTROL_INTERROGATE) return NO_ERROR;
  if (control != SERVICE_CONTROL_STOP && control != SERVICE_CONTROL_SHUTDOWN) return ERROR_CALL_NOT_IMPLEMENTED;
  report(SERVICE_STOP_PENDING, 0);
  SetEvent(stop_event);
  return NO_ERROR;
}

static void WINAPI service_main(DWORD count, wchar_t** arguments) {
  (void)count;
  /* Wine hands over the name; a service with a process of its own may ignore it. */
  status_handle = RegisterServiceCtrlHandlerExW(arguments[0], on_control, NULL);
  if (status_handle == NULL) return;
  report(SERVICE_START_PENDING, 0);
  report(SERVICE_STOPPED, body_of_service());
}

int service_run(ServiceBody body) {
  static wchar_t name[] = L"";
  const SERVICE_TABLE_ENTRYW table[] = {{name, service_main}, {NULL, NULL}};
  body_of_service = body;
  stop_event = CreateEventW(NULL, TRUE, FALSE, NULL);
  if (stop_event == NULL) return 1;
  return StartServiceCtrlDispatcherW(table) ? 0 : 1;
}

void service_running(void) { report(SERVICE_RUNNING, 0); }

HANDLE service_stop_event(void) { return stop_event; }
