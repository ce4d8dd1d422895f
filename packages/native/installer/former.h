// The service as it was before, by its image path.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace installer {

// The image path of the agent's service as it is registered, its variables not replaced. Empty where there is none.
std::wstring image_path();

// Keeps the image path for the way back, where administrators alone can write: the installer's properties are of whoever calls it. A Win32 error.
unsigned long remember_image_path() noexcept;

// What was kept; nothing where that was not done.
std::optional<std::wstring> remembered_image_path();

void forget_image_path() noexcept;

// Whether it is this program that an image path starts.
bool starts(const std::wstring& line, const std::wstring& program);

// The command line that installs a service again that had this image path: `"program" "service-run" "--data" "folder"` becomes
// `program install --quiet --data folder`. Nothing where it is none of ours.
std::optional<std::vector<std::wstring>> former_install(const std::wstring& line);

}  // namespace installer
