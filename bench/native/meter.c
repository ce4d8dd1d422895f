/*
 * The client that measures: one command a line on standard input, its fields parted by tabs; one line of JSON on standard output for
 * each. It lives as long as the benchmark, so that no time has the start of a program in it. Ends with its input.
 */
#include "meter.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

#define LINE_CHARACTERS 4096

typedef struct {
  const wchar_t* name;
  size_t arguments;
  Command run;
} Entry;

unsigned long long now_us(void) {
  LARGE_INTEGER frequency;
  LARGE_INTEGER count;
  QueryPerformanceFrequency(&frequency);
  QueryPerformanceCounter(&count);
  return (unsigned long long)(count.QuadPart / (frequency.QuadPart / 1000000));
}

void answer_error(DWORD error) { printf("{\"error\":%lu}\n", error); }

/* For whoever holds its own clock beside this one. */
static void clock_us(wchar_t** arguments) {
  (void)arguments;
  printf("{\"error\":0,\"nowUs\":%llu}\n", now_us());
}

static const Entry ENTRIES[] = {
    {L"clock", 0, clock_us},
    {L"create", 2, create_service},
    {L"delete", 1, delete_service},
    {L"start", 1, start_service},
    {L"stop", 1, stop_service},
    {L"busy", 3, busy_service},
    {L"crash", 2, crash_service},
    {L"freeze", 1, freeze_worker},
    {L"run", 1, run_program},
};

static size_t split(wchar_t* line, wchar_t** fields) {
  wchar_t* rest = line;
  size_t count = 0;
  while (count < MAX_FIELDS && rest != NULL) {
    fields[count] = rest;
    rest = wcschr(rest, L'\t');
    if (rest != NULL) {
      *rest = L'\0';
      rest += 1;
    }
    count += 1;
  }
  return count;
}

static void dispatch(wchar_t* line) {
  wchar_t* fields[MAX_FIELDS];
  const size_t count = split(line, fields);
  for (size_t i = 0; i < sizeof ENTRIES / sizeof *ENTRIES; i += 1) {
    if (wcscmp(fields[0], ENTRIES[i].name) != 0 || count != ENTRIES[i].arguments + 1) continue;
    ENTRIES[i].run(fields + 1);
    return;
  }
  answer_error(ERROR_INVALID_PARAMETER);
}

int main(void) {
  char bytes[LINE_CHARACTERS];
  wchar_t line[LINE_CHARACTERS];
  while (fgets(bytes, sizeof bytes, stdin) != NULL) {
    bytes[strcspn(bytes, "\r\n")] = '\0';
    if (MultiByteToWideChar(CP_UTF8, 0, bytes, -1, line, LINE_CHARACTERS) == 0) return 1;
    dispatch(line);
    fflush(stdout);
  }
  return 0;
}
