#pragma once

#include "win32.h"

// A service that starts learns the number of its control pipe from one registry value of the whole system.
// Whoever changes that value, and whoever starts a service meanwhile, takes turns through this lock.
class ServiceCurrentLock {
 public:
  ServiceCurrentLock();
  ~ServiceCurrentLock();
  ServiceCurrentLock(const ServiceCurrentLock&) = delete;
  ServiceCurrentLock& operator=(const ServiceCurrentLock&) = delete;

 private:
  UniqueHandle mutex_;
};

// Points starting services to the pipe of this number, and back on destruction. Hold the lock around it.
class ServiceCurrentOverride {
 public:
  explicit ServiceCurrentOverride(DWORD pipeNumber);
  ~ServiceCurrentOverride();
  ServiceCurrentOverride(const ServiceCurrentOverride&) = delete;
  ServiceCurrentOverride& operator=(const ServiceCurrentOverride&) = delete;

 private:
  HKEY key_ = nullptr;
  DWORD previous_ = 0;
};
