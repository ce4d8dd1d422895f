#include "crt_file_win.h"

namespace win32 {
namespace {

using OpenOsfHandle = int (*)(HANDLE);

// Exported by node.exe, and by what is made of it, but in no import library.
OpenOsfHandle find_open_osfhandle() noexcept {
  void* const found = reinterpret_cast<void*>(GetProcAddress(GetModuleHandleW(nullptr), "uv_open_osfhandle"));
  return reinterpret_cast<OpenOsfHandle>(found);
}

}  // namespace

int file_of(Handle handle) noexcept {
  const OpenOsfHandle open = find_open_osfhandle();
  const int file = open == nullptr ? -1 : open(handle.get());
  if (file >= 0) static_cast<void>(handle.release());
  return file;
}

}  // namespace win32
