// What the bindings of Windows' functions share, as functions of their own, so that it runs under the sanitizers on Linux.
#include "binding.h"
#include "promise.h"

#include <numeric>
#include <stdexcept>

namespace {

using Bytes = std::vector<std::uint8_t>;

Napi::Value echo_text(const Napi::CallbackInfo& info) {
  const std::optional<std::u16string> text = binding::text_or_null(info[0]);
  return text.has_value() ? Napi::String::New(info.Env(), *text) : info.Env().Null();
}

Napi::Value echo_bytes(const Napi::CallbackInfo& info) {
  return binding::uint8_array(info.Env(), binding::bytes<Bytes>(info[0]));
}

Napi::Value echo_list(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto numbers = binding::list<std::uint32_t>(info[0], binding::number);
  return binding::array(env, numbers, [env](std::uint32_t each) { return Napi::Number::New(env, each); });
}

Napi::Value sum_later(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [bytes = binding::bytes<Bytes>(info[0])] {
    return std::accumulate(bytes.begin(), bytes.end(), std::uint32_t{0});
  });
}

Napi::Value fail_later(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [why = info[0].As<Napi::String>().Utf8Value()]() -> std::uint32_t {
    throw std::runtime_error(why);
  });
}

Napi::Value fail_to_convert(const Napi::CallbackInfo& info) {
  return promise(
      info.Env(), [why = info[0].As<Napi::String>().Utf8Value()] { return why; },
      [](Napi::Env, const std::string& why) -> Napi::Value { throw std::runtime_error(why); });
}

struct Ring {
  std::shared_ptr<Ring> next;
};

// These three are wrong on purpose: were they not reported, the silence about the others would say nothing.
Napi::Value read_past_the_end(const Napi::CallbackInfo& info) {
  return promise(info.Env(), [bytes = binding::bytes<Bytes>(info[0])] {
    volatile std::size_t index = bytes.size();
    return std::uint32_t{*(bytes.data() + index)};
  });
}

Napi::Value overflow_an_int(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), info[0].As<Napi::Number>().Int32Value() + 1);
}

Napi::Value lose_memory(const Napi::CallbackInfo& info) {
  const auto ring = std::make_shared<Ring>();
  ring->next = ring;
  return info.Env().Undefined();
}

Napi::Object init(Napi::Env, Napi::Object exports) {
  binding::add<echo_text>(exports, "echoText");
  binding::add<echo_bytes>(exports, "echoBytes");
  binding::add<echo_list>(exports, "echoList");
  binding::add<sum_later>(exports, "sumLater");
  binding::add<fail_later>(exports, "failLater");
  binding::add<fail_to_convert>(exports, "failToConvert");
  binding::add<read_past_the_end>(exports, "readPastTheEnd");
  binding::add<overflow_an_int>(exports, "overflowAnInt");
  binding::add<lose_memory>(exports, "loseMemory");
  return exports;
}

}  // namespace

NODE_API_MODULE(helpers, init)
