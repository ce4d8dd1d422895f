/* The agent's process, found by the program that has started it. */
#pragma once
#include <windows.h>

/* The youngest process whose parent runs `parent` ("nssm.exe"); 0 where there is none. */
DWORD child_of(const wchar_t* parent);

/* Every thread of it stands still, as where it is busy, and goes on. Nothing of it answers meanwhile. */
void suspend_process(HANDLE process);
void resume_process(HANDLE process);
