// Binds the Node-API imports to the running program, so that a renamed node.exe (guruconnect.exe) works too.
// https://learn.microsoft.com/cpp/build/reference/understanding-the-helper-function
#include <windows.h>

#include <delayimp.h>
#include <cstring>

namespace {

FARPROC WINAPI bind_to_this_program(unsigned event, DelayLoadInfo* info) {
  if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0) return nullptr;
  return reinterpret_cast<FARPROC>(GetModuleHandleW(nullptr));
}

}  // namespace

#ifdef _MSC_VER
extern "C" const PfnDliHook __pfnDliNotifyHook2 = bind_to_this_program;
#else
extern "C" {
PfnDliHook __pfnDliNotifyHook2 = bind_to_this_program;
}
#endif
