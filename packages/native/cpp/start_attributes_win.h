// https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-updateprocthreadattribute
#pragma once
#include "win32.h"

#include <cstddef>
#include <vector>

namespace win32 {

// What a process is started with beside the STARTUPINFO: the handles that it inherits, and no other, and the job that it is in from its
// first instruction on, if in any. The handles have to outlive this.
class StartAttributes {
 public:
  StartAttributes() = default;
  StartAttributes(const StartAttributes&) = delete;
  StartAttributes& operator=(const StartAttributes&) = delete;
  ~StartAttributes() {
    if (list_ != nullptr) DeleteProcThreadAttributeList(list_);
  }

  DWORD set(const std::vector<HANDLE>& inherited, HANDLE job) {
    inherited_ = inherited;
    job_ = job;
    SIZE_T size = 0;
    InitializeProcThreadAttributeList(nullptr, 2, 0, &size);
    memory_.resize(size);
    auto* const list = reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.data());
    if (!InitializeProcThreadAttributeList(list, 2, 0, &size)) return GetLastError();
    list_ = list;
    const DWORD error = update(PROC_THREAD_ATTRIBUTE_HANDLE_LIST, inherited_.data(),
                               inherited_.size() * sizeof(HANDLE));
    if (error != NO_ERROR || job == nullptr) return error;
    return update(PROC_THREAD_ATTRIBUTE_JOB_LIST, &job_, sizeof job_);
  }

  LPPROC_THREAD_ATTRIBUTE_LIST get() const noexcept { return list_; }

 private:
  DWORD update(DWORD_PTR attribute, void* value, std::size_t size) noexcept {
    return error_of(UpdateProcThreadAttribute(list_, 0, attribute, value, size, nullptr, nullptr));
  }

  std::vector<HANDLE> inherited_;
  HANDLE job_ = nullptr;
  std::vector<std::byte> memory_;
  LPPROC_THREAD_ATTRIBUTE_LIST list_ = nullptr;
};

}  // namespace win32
