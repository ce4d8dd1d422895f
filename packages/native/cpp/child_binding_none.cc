#include "child_binding.h"

void export_child(Napi::Object) {}
