#pragma once

#include <windows.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

// The error every failed call ends in; the programs print its code.
struct Win32Error {
  DWORD code;
};

// Throws the calling thread's last error unless the call succeeded.
void check(BOOL succeeded);

struct HandleCloser {
  void operator()(HANDLE handle) const { CloseHandle(handle); }
};
using UniqueHandle = std::unique_ptr<std::remove_pointer_t<HANDLE>, HandleCloser>;

// Takes over what a Win32 call returned; throws its error if that is no handle.
UniqueHandle own(HANDLE handle);

// Whole decimal numbers only: a typing error in a test must not become 0.
std::optional<DWORD> parseNumber(std::wstring_view text);

std::string narrow(std::wstring_view text);

// Microseconds since an arbitrary start.
unsigned long long clockUs();

// Whether the process is there, and still is after so long.
bool processAlive(DWORD pid, DWORD withinMs = 0);
