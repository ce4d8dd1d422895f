// What the files for Windows share: handles that close themselves, errors, and text as JavaScript has it.
#pragma once
#include <windows.h>

#include <memory>
#include <string>
#include <type_traits>

namespace win32 {

struct HandleCloser {
  void operator()(HANDLE handle) const noexcept { CloseHandle(handle); }
};
using Handle = std::unique_ptr<std::remove_pointer_t<HANDLE>, HandleCloser>;

// Takes over what a call returned; empty where that says failure in either of Windows' two ways.
inline Handle own(HANDLE handle) noexcept { return Handle(handle == INVALID_HANDLE_VALUE ? nullptr : handle); }

struct LocalMemory {
  void operator()(void* memory) const noexcept { LocalFree(memory); }
};
// What a function of Windows' has allocated with LocalAlloc.
template <typename T>
using Local = std::unique_ptr<T, LocalMemory>;

// The error of a call that says only whether it succeeded; to be asked before anything else is called.
inline DWORD error_of(BOOL succeeded) noexcept { return succeeded ? NO_ERROR : GetLastError(); }

// Of a call that has failed; `otherwise` where Windows does not say why, as no error would mean success.
inline DWORD error_or(DWORD otherwise) noexcept {
  const DWORD error = GetLastError();
  return error == NO_ERROR ? otherwise : error;
}

inline std::wstring wide(const std::u16string& text) { return {text.begin(), text.end()}; }

// A null pointer is an empty text: Windows uses both for a member that is not set.
inline std::u16string utf16(const wchar_t* text) {
  if (text == nullptr) return {};
  const std::wstring copy(text);
  return {copy.begin(), copy.end()};
}

}  // namespace win32
