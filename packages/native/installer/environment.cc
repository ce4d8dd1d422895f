#include "environment.h"

#include "nul_list.h"
#include "win32.h"

#include <shlobj.h>
#include <userenv.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace installer {
namespace {

constexpr std::wstring_view kOurs = L"GURUCONNECT_";
constexpr std::wstring_view kProgramData = L"ProgramData=";

struct TaskMemory {
  void operator()(void* memory) const noexcept { CoTaskMemFree(memory); }
};

struct EnvironmentDestroyer {
  void operator()(void* block) const noexcept { DestroyEnvironmentBlock(block); }
};

bool begins_with(std::wstring_view entry, std::wstring_view beginning) noexcept {
  if (entry.size() < beginning.size()) return false;
  const int length = static_cast<int>(beginning.size());
  return CompareStringOrdinal(entry.data(), length, beginning.data(), length, TRUE) == CSTR_EQUAL;
}

// As Windows itself knows it: the environment's may be anything.
std::wstring program_data() {
  PWSTR found = nullptr;
  if (SHGetKnownFolderPath(FOLDERID_ProgramData, 0, nullptr, &found) != S_OK) return {};
  const std::unique_ptr<wchar_t, TaskMemory> owned(found);
  return {found};
}

// https://learn.microsoft.com/windows/win32/procthread/changing-environment-variables
bool comes_before(const std::u16string& one, const std::u16string& other) {
  return CompareStringOrdinal(win32::wide(one).c_str(), -1, win32::wide(other).c_str(), -1, TRUE) == CSTR_LESS_THAN;
}

}  // namespace

std::optional<std::wstring> environment_with(const Variables& variables) {
  HANDLE opened = nullptr;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY | TOKEN_DUPLICATE, &opened)) return std::nullopt;
  const win32::Handle token = win32::own(opened);
  void* block = nullptr;
  if (!CreateEnvironmentBlock(&block, token.get(), FALSE)) return std::nullopt;
  const std::unique_ptr<void, EnvironmentDestroyer> owned(block);
  std::vector<std::u16string> entries;
  nul_list::for_each(static_cast<const wchar_t*>(block), [&entries](std::wstring_view entry) {
    if (begins_with(entry, kOurs) || begins_with(entry, kProgramData)) return;
    entries.emplace_back(entry.begin(), entry.end());
  });
  if (const std::wstring folder = program_data(); !folder.empty()) {
    entries.push_back(win32::utf16((std::wstring(kProgramData) + folder).c_str()));
  }
  for (const auto& [name, value] : variables) {
    if (!value.empty()) entries.push_back(win32::utf16(std::wstring(name).append(L"=").append(value).c_str()));
  }
  std::sort(entries.begin(), entries.end(), comes_before);
  return nul_list::joined<wchar_t>(entries);
}

}  // namespace installer
