/* What the meter measures. Times are microseconds of one clock. Fields are what JSON has between its braces. */
#pragma once
#include <windows.h>

#define MAX_FIELDS 8

/* A command of the meter: takes its arguments and prints its answer. */
typedef void (*Command)(wchar_t** arguments);

unsigned long long now_us(void);

/* {"error": <Win32 error>} */
void answer_error(DWORD error);

void create_service(wchar_t** arguments);  /* <name> <image path> */
void delete_service(wchar_t** arguments);  /* <name> */
void start_service(wchar_t** arguments);   /* <name>: until Running */
void stop_service(wchar_t** arguments);    /* <name>: until Stopped */
void busy_service(wchar_t** arguments);    /* <name> <parent program> <ms>: the same, the worker standing still so long */
void crash_service(wchar_t** arguments);   /* <name> <parent program>: the worker is ended, until Stopped */
void freeze_worker(wchar_t** arguments);   /* <parent program>: stands still for good */
void run_program(wchar_t** arguments);     /* <command line>: until its end */
