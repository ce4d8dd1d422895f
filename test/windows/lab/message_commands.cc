#include "message_commands.h"

#include "win32.h"

namespace {

struct LibraryCloser {
  void operator()(HMODULE library) const { FreeLibrary(library); }
};
using Library = std::unique_ptr<std::remove_pointer_t<HMODULE>, LibraryCloser>;

constexpr std::size_t LONGEST = 4096;

JsonObject readMessage(HMODULE library, DWORD id) {
  std::wstring text(LONGEST, L'\0');
  constexpr DWORD flags = FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_IGNORE_INSERTS;
  const DWORD length =
      FormatMessageW(flags, library, id, 0, text.data(), static_cast<DWORD>(text.size()), nullptr);
  if (length == 0) return JsonObject().number("error", GetLastError());
  text.resize(length);
  return JsonObject().number("error", NO_ERROR).string("text", narrow(text));
}

}  // namespace

JsonObject readMessages(const Arguments& arguments) {
  // As Event Viewer does it: nothing in the file is run.
  const Library library(LoadLibraryExW(arguments[0].c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE));
  check(library != nullptr);
  std::vector<JsonObject> messages;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const auto id = parseNumber(arguments[i]);
    if (!id) throw UsageError{};
    messages.push_back(readMessage(library.get(), *id));
  }
  return JsonObject().number("error", NO_ERROR).array("messages", messages);
}
