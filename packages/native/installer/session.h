// The Windows Installer, as a deferred action sees it.
// https://learn.microsoft.com/windows/win32/msi/obtaining-context-information-for-deferred-execution-custom-actions
#pragma once
#include "win32.h"

#include <msi.h>

#include <string>
#include <string_view>
#include <vector>

namespace installer {

// UTF-8 as Windows has text; what is none becomes U+FFFD.
std::wstring wide(std::string_view text);

class Session {
 public:
  explicit Session(MSIHANDLE native) noexcept : native_(native) {}

  // What the package's tables have left for this action, between unit separators. Empty where it cannot be read.
  std::vector<std::wstring> data() const;

  // From now on a person at the screen cannot stop the installation: the way back from what comes is not a whole one.
  void hide_cancel() const noexcept;

  // A line of the installer's log.
  void log(const std::wstring& line) const noexcept;

  // A line of the log that a person at the screen is shown as well, who may not be there.
  void complain(const std::wstring& line) const noexcept;

 private:
  void say(INSTALLMESSAGE kind, const std::wstring& line) const noexcept;

  MSIHANDLE native_;
};

}  // namespace installer
