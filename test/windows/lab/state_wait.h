#pragma once

#include <windows.h>

#include <string>

struct StateWait {
  bool reached;
  SERVICE_STATUS_PROCESS status;
  unsigned long long elapsedMs;
};

// Waits until the service is, or for a moment was, in the state. Throws Win32Error if it is not installed.
StateWait waitForState(const std::wstring& service, DWORD state, DWORD timeoutMs);
