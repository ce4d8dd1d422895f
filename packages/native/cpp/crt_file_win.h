// A handle as a file descriptor of node.exe's own C library, which is the one that net.Socket takes.
// https://docs.libuv.org/en/v1.x/guide/utilities.html
#pragma once
#include "win32.h"

namespace win32 {

// Takes the handle over, whatever comes of it. -1 where the process that this is in has no libuv to ask.
int file_of(Handle handle) noexcept;

}  // namespace win32
