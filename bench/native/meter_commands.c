/*
 * The state of a service is polled, as fast as the system lets: a subscription of NotifyServiceStatusChange was seen to hang under Wine.
 * A look and a pause take some 1.7 ms there, which every contender's times have in them alike.
 */
#include <stdio.h>

#include "meter.h"
#include "worker_process.h"

#define LIMIT_US 60000000ULL
#define END_MS 10000
#define CRASH_CODE 3
#define POLL_MS 1

typedef struct {
  SERVICE_STATUS_PROCESS status;
  unsigned long long at;
} Seen;

/* Goes on standing still until this moment, if anything does. */
typedef struct {
  HANDLE worker;
  unsigned long long until;
} Busy;

/* The process of the service that was started last: the next start waits for its end. */
static HANDLE last_process;

static SC_HANDLE open_service(const wchar_t* name, DWORD access) {
  const SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
  const SC_HANDLE service = manager == NULL ? NULL : OpenServiceW(manager, name, access);
  if (manager != NULL) CloseServiceHandle(manager);
  return service;
}

static void wake(Busy* busy) {
  if (busy->worker == NULL || now_us() < busy->until) return;
  resume_process(busy->worker);
  busy->worker = NULL;
}

static DWORD wait_for(SC_HANDLE service, DWORD state, Busy busy, Seen* seen) {
  const unsigned long long end = now_us() + LIMIT_US;
  DWORD needed = 0;
  for (;;) {
    if (!QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE*)&seen->status, sizeof seen->status, &needed))
      return GetLastError();
    seen->at = now_us();
    wake(&busy);
    if (seen->status.dwCurrentState == state) return NO_ERROR;
    /* One that has failed to start does not come to run any more. */
    if (seen->status.dwCurrentState == SERVICE_STOPPED) return ERROR_SERVICE_NOT_ACTIVE;
    if (seen->at > end) return ERROR_TIMEOUT;
    Sleep(POLL_MS);
  }
}

static void answer(DWORD error, unsigned long long begin, const Seen* seen) {
  if (error != NO_ERROR) {
    answer_error(error);
    return;
  }
  printf("{\"error\":0,\"beginUs\":%llu,\"reachedUs\":%llu,\"win32ExitCode\":%lu,\"serviceExitCode\":%lu}\n", begin,
         seen->at, seen->status.dwWin32ExitCode, seen->status.dwServiceSpecificExitCode);
}

/* Stopped comes before the process' end, and a start at once after it would meet the old one. */
static DWORD wait_for_end(void) {
  DWORD error = NO_ERROR;
  if (last_process == NULL) return NO_ERROR;
  if (WaitForSingleObject(last_process, END_MS) != WAIT_OBJECT_0) error = ERROR_TIMEOUT;
  CloseHandle(last_process);
  last_process = NULL;
  return error;
}

void create_service(wchar_t** arguments) {
  const SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CREATE_SERVICE);
  const SC_HANDLE service = CreateServiceW(manager, arguments[0], arguments[0], SERVICE_ALL_ACCESS,
                                           SERVICE_WIN32_OWN_PROCESS, SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL,
                                           arguments[1], NULL, NULL, NULL, NULL, NULL);
  answer_error(service == NULL ? GetLastError() : NO_ERROR);
  if (service != NULL) CloseServiceHandle(service);
  if (manager != NULL) CloseServiceHandle(manager);
}

void delete_service(wchar_t** arguments) {
  const SC_HANDLE service = open_service(arguments[0], DELETE);
  answer_error(service != NULL && DeleteService(service) ? NO_ERROR : GetLastError());
  if (service != NULL) CloseServiceHandle(service);
}

void start_service(wchar_t** arguments) {
  const Busy nobody = {NULL, 0};
  const SC_HANDLE service = open_service(arguments[0], SERVICE_START | SERVICE_QUERY_STATUS);
  Seen seen = {0};
  const unsigned long long begin = now_us();
  DWORD error = service != NULL && StartServiceW(service, 0, NULL) ? NO_ERROR : GetLastError();
  if (error == NO_ERROR) error = wait_for(service, SERVICE_RUNNING, nobody, &seen);
  if (error == NO_ERROR) last_process = OpenProcess(SYNCHRONIZE, FALSE, seen.status.dwProcessId);
  answer(error, begin, &seen);
  if (service != NULL) CloseServiceHandle(service);
}

static void stop(const wchar_t* name, HANDLE worker, unsigned long long busy_us) {
  const SC_HANDLE service = open_service(name, SERVICE_STOP | SERVICE_QUERY_STATUS);
  SERVICE_STATUS status;
  Seen seen = {0};
  DWORD error = NO_ERROR;
  if (worker != NULL) suspend_process(worker);
  const unsigned long long begin = now_us();
  const Busy busy = {worker, begin + busy_us};
  error = service != NULL && ControlService(service, SERVICE_CONTROL_STOP, &status) ? NO_ERROR : GetLastError();
  if (error == NO_ERROR) error = wait_for(service, SERVICE_STOPPED, busy, &seen);
  if (error == NO_ERROR) error = wait_for_end();
  answer(error, begin, &seen);
  if (service != NULL) CloseServiceHandle(service);
}

void stop_service(wchar_t** arguments) { stop(arguments[0], NULL, 0); }

static HANDLE open_child_of(const wchar_t* parent) {
  const DWORD pid = child_of(parent);
  return pid == 0 ? NULL : OpenProcess(PROCESS_TERMINATE | PROCESS_SUSPEND_RESUME, FALSE, pid);
}

void busy_service(wchar_t** arguments) {
  const HANDLE worker = open_child_of(arguments[1]);
  if (worker == NULL) {
    answer_error(ERROR_NOT_FOUND);
    return;
  }
  stop(arguments[0], worker, wcstoul(arguments[2], NULL, 10) * 1000ULL);
  CloseHandle(worker);
}

void crash_service(wchar_t** arguments) {
  const Busy nobody = {NULL, 0};
  const SC_HANDLE service = open_service(arguments[0], SERVICE_QUERY_STATUS);
  const HANDLE worker = open_child_of(arguments[1]);
  Seen seen = {0};
  const unsigned long long begin = now_us();
  DWORD error = service != NULL && worker != NULL && TerminateProcess(worker, CRASH_CODE) ? NO_ERROR : ERROR_NOT_FOUND;
  if (error == NO_ERROR) error = wait_for(service, SERVICE_STOPPED, nobody, &seen);
  if (error == NO_ERROR) error = wait_for_end();
  answer(error, begin, &seen);
  if (worker != NULL) CloseHandle(worker);
  if (service != NULL) CloseServiceHandle(service);
}

void freeze_worker(wchar_t** arguments) {
  const HANDLE worker = open_child_of(arguments[0]);
  if (worker != NULL) suspend_process(worker);
  answer_error(worker == NULL ? ERROR_NOT_FOUND : NO_ERROR);
  if (worker != NULL) CloseHandle(worker);
}

void run_program(wchar_t** arguments) {
  STARTUPINFOW startup = {0};
  PROCESS_INFORMATION started;
  Seen seen = {0};
  DWORD error = NO_ERROR;
  startup.cb = sizeof startup;
  const unsigned long long begin = now_us();
  if (!CreateProcessW(NULL, arguments[0], NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, NULL, &startup, &started)) {
    answer_error(GetLastError());
    return;
  }
  if (WaitForSingleObject(started.hProcess, END_MS) != WAIT_OBJECT_0) error = ERROR_TIMEOUT;
  seen.at = now_us();
  GetExitCodeProcess(started.hProcess, &seen.status.dwWin32ExitCode);
  answer(error, begin, &seen);
  CloseHandle(started.hThread);
  CloseHandle(started.hProcess);
}
