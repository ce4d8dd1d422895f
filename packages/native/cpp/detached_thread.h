// A thread that nobody waits for. No napi in here, and no policy. Windows only.
#pragma once
#include <functional>

// Runs `work`, which must not throw, on a thread of its own. Throws std::system_error where there is none to be had.
void start_detached(std::function<void()> work);
