// The bindings of what a child on Linux does to be one; elsewhere nothing is exported.
#pragma once
#include <napi.h>

void export_child(Napi::Object exports);
