// Every platform but Windows: the binding does not export the SCM where supported() is false.
#include "scm_host.h"

namespace scm {

bool supported() noexcept { return false; }
void connect(const std::u16string&, const Bounds&, Sink) {}
std::uint32_t set_status(const Status&) noexcept { return 0; }
void set_notes(const std::u16string&, const std::u16string&) {}
void set_before_end(void (*)() noexcept) noexcept {}
std::u16string service_name() { return {}; }
std::uint32_t start_reason() noexcept { return 0; }

}  // namespace scm
