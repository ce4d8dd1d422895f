#include "worker_process.h"

#include <tlhelp32.h>
#include <wchar.h>

#define CONSOLE L"conhost.exe"

/* Of ntdll, and in no header. */
LONG NTAPI NtSuspendProcess(HANDLE process);
LONG NTAPI NtResumeProcess(HANDLE process);

static BOOL runs(DWORD pid, const wchar_t* program) {
  PROCESSENTRY32W entry = {0};
  BOOL found = FALSE;
  /* Of its own: a snapshot knows one place in itself, and the caller is at it. */
  const HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  if (snapshot == INVALID_HANDLE_VALUE) return FALSE;
  entry.dwSize = sizeof entry;
  for (BOOL more = Process32FirstW(snapshot, &entry); more && !found; more = Process32NextW(snapshot, &entry))
    found = entry.th32ProcessID == pid && _wcsicmp(entry.szExeFile, program) == 0;
  CloseHandle(snapshot);
  return found;
}

DWORD child_of(const wchar_t* parent) {
  PROCESSENTRY32W entry = {0};
  DWORD found = 0;
  const HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  if (snapshot == INVALID_HANDLE_VALUE) return 0;
  entry.dwSize = sizeof entry;
  for (BOOL more = Process32FirstW(snapshot, &entry); more; more = Process32NextW(snapshot, &entry)) {
    /* The worker's console has a process of its own, which is a child of the agent's program as well. */
    if (_wcsicmp(entry.szExeFile, CONSOLE) != 0 && runs(entry.th32ParentProcessID, parent)) found = entry.th32ProcessID;
  }
  CloseHandle(snapshot);
  return found;
}

void suspend_process(HANDLE process) { NtSuspendProcess(process); }

void resume_process(HANDLE process) { NtResumeProcess(process); }
