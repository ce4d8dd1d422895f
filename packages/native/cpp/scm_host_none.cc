// Every platform but Windows: the binding does not export the SCM where supported() is false.
#include "scm_host.h"

namespace scm {

bool supported() noexcept { return false; }
void connect(std::u16string, std::uint32_t, Sink) {}
std::uint32_t set_status(const Status&) noexcept { return 0; }
std::u16string service_name() { return {}; }
std::uint32_t start_reason() noexcept { return 0; }

}  // namespace scm
