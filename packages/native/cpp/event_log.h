// Windows' Event Log: the registration of a source, and events by it. No napi in here, and no texts. Windows only.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace event_log {

struct Module {
  std::uint32_t error = 0;
  std::u16string path;
};

struct Source {
  std::uint32_t error = 0;
  std::u16string message_file;
  std::u16string category_file;
  std::uint32_t category_count = 0;
  std::uint32_t types_supported = 0;
};

struct Event {
  std::u16string source;
  std::uint16_t type = 0;
  std::uint16_t category = 0;
  std::uint32_t id = 0;
  std::vector<std::u16string> strings;
};

// The file that this code is in, and its message table.
Module own_module();

// 123 for a name that would be another key than one of a source. 2 where there is none.
Source query_source(const std::u16string& source);
std::uint32_t register_source(const std::u16string& source, const std::u16string& message_file,
                              std::uint32_t category_count, std::uint32_t types_supported);
std::uint32_t unregister_source(const std::u16string& source);

// Hands it to a thread and returns at once: 1816 where too many wait already.
std::uint32_t report(Event event);
// Waits until none waits any more: 258 where that takes longer, else the error of the last one that was lost since the last call.
std::uint32_t flush(std::uint32_t timeout_ms);

}  // namespace event_log
