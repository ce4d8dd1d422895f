// Bytes sealed to this machine, and the file that holds them. No napi in here, and no policy. Windows only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace secrets {

// Overwrites, however little the compiler sees the use of it.
void wipe(void* memory, std::size_t size) noexcept;

// Memory is overwritten before it is freed, whoever frees it and why.
template <typename T>
struct WipingAllocator {
  using value_type = T;
  WipingAllocator() noexcept = default;
  template <typename Other>
  WipingAllocator(const WipingAllocator<Other>&) noexcept {}
  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* memory, std::size_t count) noexcept {
    wipe(memory, count * sizeof(T));
    std::allocator<T>().deallocate(memory, count);
  }
};
template <typename T, typename Other>
bool operator==(const WipingAllocator<T>&, const WipingAllocator<Other>&) noexcept {
  return true;
}
template <typename T, typename Other>
bool operator!=(const WipingAllocator<T>&, const WipingAllocator<Other>&) noexcept {
  return false;
}

using Bytes = std::vector<std::uint8_t, WipingAllocator<std::uint8_t>>;

struct Outcome {
  std::uint32_t error = 0;
  Bytes data;  // empty on error
};

// CryptProtectData and CryptUnprotectData with the machine's key. Each takes at most 4 GiB.
Outcome protect(const Bytes& plain, const Bytes& entropy);
Outcome unprotect(const Bytes& sealed, const Bytes& entropy);

// An empty file with the owner and the DACL of the descriptor, which has to have both (1338), inheriting nothing from
// above. 0 or a Win32 error; 80 where something of that name exists, a link that leads nowhere included.
std::uint32_t make_file(const std::u16string& path, const std::u16string& sddl);

// Gives a file the name of another, which is gone then; on the disk when it returns. 0 or a Win32 error.
std::uint32_t replace_file(const std::u16string& from, const std::u16string& to);

}  // namespace secrets
