#include "handle_count.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

// Of ntdll. winternl.h has an enumeration for the class, without the one that is asked for here.
// https://learn.microsoft.com/windows/win32/api/winternl/nf-winternl-ntquerysysteminformation
extern "C" {
LONG NTAPI NtQuerySystemInformation(ULONG informationClass, void* buffer, ULONG size, ULONG* needed);
ULONG NTAPI RtlNtStatusToDosError(LONG status);
}

namespace {

constexpr std::size_t FIRST_SIZE = std::size_t{256} * 1024;
// STATUS_INFO_LENGTH_MISMATCH, of ntstatus.h, which cannot be included beside windows.h.
constexpr LONG TOO_SMALL = static_cast<LONG>(0xC0000004);
// SystemExtendedHandleInformation, and what it fills in.
constexpr ULONG EXTENDED_HANDLES = 64;

struct HandleEntry {
  void* object;
  std::uintptr_t processId;
  std::uintptr_t handle;
  ULONG access;
  USHORT creatorBackTraceIndex;
  USHORT typeIndex;
  ULONG attributes;
  ULONG reserved;
};

struct HandleList {
  std::uintptr_t count;
  std::uintptr_t reserved;
  std::array<HandleEntry, 1> first;  // of `count`
};

std::vector<char> listHandles() {
  std::vector<char> buffer(FIRST_SIZE);
  for (;;) {
    const auto size = static_cast<ULONG>(buffer.size());
    const LONG status = NtQuerySystemInformation(EXTENDED_HANDLES, buffer.data(), size, nullptr);
    if (status == 0) return buffer;
    if (status != TOO_SMALL) throw Win32Error{RtlNtStatusToDosError(status)};
    buffer.resize(buffer.size() * 2);
  }
}

}  // namespace

DWORD handleCount(DWORD pid) {
  const std::vector<char> buffer = listHandles();
  const auto* list = reinterpret_cast<const HandleList*>(buffer.data());
  return static_cast<DWORD>(std::count_if(list->first.data(), list->first.data() + list->count,
                                          [pid](const HandleEntry& entry) { return entry.processId == pid; }));
}
