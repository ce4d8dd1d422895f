// A text that one process serves and others read, over a named pipe. No napi in here, and no policy. Windows only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace status_pipe {

// Of the text; a longer one is cut.
constexpr std::size_t LARGEST_TEXT = std::size_t{64} * 1024;
// What one reader may hold up the others; a reader takes what there is in one go.
constexpr std::uint32_t CLIENT_MS = 2'000;

// Serves "<age in ms>\n<text>" to whoever the descriptor lets in, one after the other, from a thread of its own until the
// process ends. 0 or the Win32 error of making the pipe; 1247 where this process serves already.
std::uint32_t serve(const std::u16string& pipe, const std::u16string& sddl);

// The text from now on, UTF-8; its age begins here. Empty before the first one.
void publish(std::string text);

struct Reading {
  std::uint32_t error = 0;   // 2 where nobody serves, 258 where that took too long, 234 for more than may be served
  std::uint32_t server = 0;  // PID of the process at the other end
  std::string text;          // as served, age and newline included
};

Reading read(const std::u16string& pipe, std::uint32_t timeout_ms);

}  // namespace status_pipe
