/* A Windows service in one process: what the hosts of the benchmark share. */
#pragma once
#include <windows.h>

/* Runs on the service's own thread, StartPending being reported. Returns the service-specific code of Stopped, 0 for a good end. */
typedef DWORD (*ServiceBody)(void);

/* Connects to the dispatcher, runs the body and reports Stopped. Returns the process' exit code. */
int service_run(ServiceBody body);

/* SERVICE_RUNNING, with stop and shutdown accepted. */
void service_running(void);

/* Signalled by a stop or a shutdown, StopPending being reported already. */
HANDLE service_stop_event(void);
