/*
 * The floor: the least that keeps the product's own worker as a Windows service. Event-driven, one process, one thread that waits
 * for a stop, a line of the worker's and the worker's end. It speaks the product's pipe (packages/shared/src/pipe-protocol.ts) and
 * leaves out all else: the log, the status, the notes, the watch over the heartbeat, the judgement of strangers.
 *
 *   floor_host <worker.exe> <relay url> <enrolment token> <data folder, with slashes>
 */
#include <stdio.h>
#include <string.h>

#include "service.h"

#define LINE_BYTES 16384
#define PIPE_NAME "guruconnect-floor-%lu"
/* It proves nothing here: the first line that comes is taken for the hello. */
#define TOKEN "floor"

typedef struct {
  HANDLE pipe;
  HANDLE process;
  OVERLAPPED reading;
  char line[LINE_BYTES];
} Worker;

static wchar_t** arguments_of_process;

static HANDLE make_pipe(void) {
  wchar_t name[64];
  swprintf(name, sizeof name / sizeof *name, L"\\\\.\\pipe\\" PIPE_NAME, GetCurrentProcessId());
  return CreateNamedPipeW(name, PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE | FILE_FLAG_OVERLAPPED,
                          PIPE_TYPE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, LINE_BYTES, LINE_BYTES, 0, NULL);
}

/* All that it has started ends with this process. */
static BOOL keep_in_job(HANDLE process) {
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
  HANDLE job = CreateJobObjectW(NULL, NULL);
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  return job != NULL && SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits) &&
         AssignProcessToJobObject(job, process);
}

static BOOL start(HANDLE input, HANDLE* process) {
  wchar_t line[MAX_PATH + 32];
  STARTUPINFOW startup = {0};
  PROCESS_INFORMATION started;
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  HANDLE output =
      CreateFileW(L"NUL", GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherited, OPEN_EXISTING, 0, NULL);
  startup.cb = sizeof startup;
  startup.dwFlags = STARTF_USESTDHANDLES;
  startup.hStdInput = input;
  startup.hStdOutput = output;
  startup.hStdError = output;
  swprintf(line, sizeof line / sizeof *line, L"\"%ls\" worker --supervised", arguments_of_process[1]);
  if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, CREATE_NO_WINDOW, NULL, NULL, &startup, &started)) return FALSE;
  CloseHandle(started.hThread);
  CloseHandle(output);
  *process = started.hProcess;
  return keep_in_job(*process);
}

/* The bootstrap: where the pipe is, and what the agent is to do. */
static BOOL tell(HANDLE output) {
  char line[4096];
  DWORD written = 0;
  const DWORD pid = GetCurrentProcessId();
  const int length = snprintf(line, sizeof line,
                              "{\"version\":1,\"pipe\":\"\\\\\\\\.\\\\pipe\\\\" PIPE_NAME "\",\"token\":\"" TOKEN
                              "\",\"supervisorPid\":%lu,\"afterBoot\":false,"
                              "\"options\":{\"relay\":\"%ls\",\"enrollToken\":\"%ls\",\"data\":\"%ls\"}}\n",
                              pid, pid, arguments_of_process[2], arguments_of_process[3], arguments_of_process[4]);
  return length > 0 && WriteFile(output, line, (DWORD)length, &written, NULL) && CloseHandle(output);
}

static BOOL launch(Worker* worker) {
  HANDLE reading = NULL;
  HANDLE writing = NULL;
  worker->pipe = make_pipe();
  worker->reading.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
  if (worker->pipe == INVALID_HANDLE_VALUE || worker->reading.hEvent == NULL) return FALSE;
  if (!CreatePipe(&reading, &writing, NULL, 0)) return FALSE;
  if (!SetHandleInformation(reading, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT)) return FALSE;
  return start(reading, &worker->process) && CloseHandle(reading) && tell(writing);
}

/* Its own event says when it is done; whatever fails shows as the worker's end. */
static void connect_pipe(Worker* worker) {
  if (!ConnectNamedPipe(worker->pipe, &worker->reading) && GetLastError() == ERROR_PIPE_CONNECTED)
    SetEvent(worker->reading.hEvent);
}

static void read_on(Worker* worker) {
  ResetEvent(worker->reading.hEvent);
  ReadFile(worker->pipe, worker->line, sizeof worker->line, NULL, &worker->reading);
}

static void ask_to_stop(const Worker* worker) {
  static const char message[] = "{\"kind\":\"stop\",\"reason\":\"stop\"}\n";
  OVERLAPPED writing = {0};
  DWORD written = 0;
  writing.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
  WriteFile(worker->pipe, message, sizeof message - 1, NULL, &writing);
  GetOverlappedResult(worker->pipe, &writing, &written, TRUE);
  CloseHandle(writing.hEvent);
}

typedef enum { CONNECTING, STARTING, RUNNING } Phase;

/* What has come: a client first, then the hello, then beats that nobody reads. */
static Phase heard(Worker* worker, Phase phase) {
  DWORD bytes = 0;
  if (!GetOverlappedResult(worker->pipe, &worker->reading, &bytes, FALSE)) {
    ResetEvent(worker->reading.hEvent);
    return phase;
  }
  if (phase == STARTING) service_running();
  read_on(worker);
  return phase == CONNECTING ? STARTING : RUNNING;
}

static DWORD serve(void) {
  static Worker worker;
  Phase phase = CONNECTING;
  BOOL stopping = FALSE;
  if (!launch(&worker)) return 1;
  connect_pipe(&worker);
  for (;;) {
    const HANDLE events[] = {worker.process, worker.reading.hEvent, service_stop_event()};
    switch (WaitForMultipleObjects(stopping ? 2 : 3, events, FALSE, INFINITE)) {
      case WAIT_OBJECT_0:
        return stopping ? 0 : 1;
      case WAIT_OBJECT_0 + 1:
        phase = heard(&worker, phase);
        break;
      case WAIT_OBJECT_0 + 2:
        stopping = TRUE;
        ask_to_stop(&worker);
        break;
      default:
        return 1;
    }
  }
}

int wmain(int count, wchar_t** arguments);
int wmain(int count, wchar_t** arguments) {
  arguments_of_process = arguments;
  return count == 5 ? service_run(serve) : 2;
}
