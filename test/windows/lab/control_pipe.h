#pragma once

#include <string>
#include <vector>

#include "win32.h"

struct ControlReply {
  DWORD error;
  // What the control handler returned; only if there was no error.
  DWORD result;
  unsigned long long elapsedUs;
};

// The service manager's end of the pipe through which Wine hands controls to a service process. The protocol
// is Wine's own business and may change with its version; this is the one of Wine 8.
class ControlPipe {
 public:
  explicit ControlPipe(DWORD number);

  // Waits until the process has opened its end; returns the error, 1053 if the process ended instead.
  DWORD connect(HANDLE process);

  // Sends one control and waits for the handler to return. Not usable after an error.
  ControlReply call(const std::wstring& service, DWORD control, const std::vector<BYTE>& data);

 private:
  DWORD write(const std::vector<BYTE>& bytes);
  DWORD read(DWORD& reply);
  DWORD finish(BOOL started, OVERLAPPED& operation, DWORD timeoutMs, DWORD expectedBytes);

  UniqueHandle pipe_;
  UniqueHandle event_;
  // Only borrowed: a dead service must end every wait for it.
  HANDLE process_ = nullptr;
};
