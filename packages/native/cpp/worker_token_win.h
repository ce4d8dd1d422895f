#pragma once
#include "win32.h"

namespace worker_process {

// A token of NT AUTHORITY\LocalService without any privilege but that to pass through folders. Only LocalSystem gets one.
DWORD local_service_token(win32::Handle& token) noexcept;

}  // namespace worker_process
