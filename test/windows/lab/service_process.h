#pragma once

#include <optional>
#include <string>

#include "win32.h"

// A service's process, started the way the service manager does: detached, in the system's directory and with
// the system's environment. It does not outlive this object.
class ServiceProcess {
 public:
  explicit ServiceProcess(std::wstring imagePath);
  ~ServiceProcess();
  ServiceProcess(const ServiceProcess&) = delete;
  ServiceProcess& operator=(const ServiceProcess&) = delete;

  HANDLE handle() const { return process_.get(); }
  DWORD pid() const { return pid_; }
  // Waits for the process to end by itself.
  bool waitForExit(DWORD timeoutMs) const;
  // Ends the process if it still runs, and says whether it had to.
  bool terminate() const;
  std::optional<DWORD> exitCode() const;

 private:
  UniqueHandle process_;
  DWORD pid_ = 0;
};
