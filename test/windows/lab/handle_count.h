#pragma once

#include "win32.h"

// How many handles the process has open, by the list of all handles there are: Wine 8 answers GetProcessHandleCount
// with nothing, and the list of processes with the size of its tables.
DWORD handleCount(DWORD pid);
