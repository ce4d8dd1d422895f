// The environment of what the installer starts.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace installer {

// Names and values. Those without a value are left out.
using Variables = std::vector<std::pair<std::wstring, std::wstring>>;

// The machine's for this process's account, as CreateProcess takes it: not that of this process, which may be of whoever has started the
// installation. What is there of the agent's own variables is left out. Nothing where Windows gives none.
std::optional<std::wstring> environment_with(const Variables& variables);

}  // namespace installer
