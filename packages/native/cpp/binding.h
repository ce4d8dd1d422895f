// What the binding files share: arguments, and results that are objects or bytes. Arguments of a wrong kind throw.
#pragma once
#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace binding {

// Text for Windows, which would take a NUL for its end and go on with half of what was meant.
inline std::u16string text(Napi::Value value) {
  std::u16string text = value.As<Napi::String>().Utf16Value();
  if (text.find(u'\0') != std::u16string::npos) throw Napi::TypeError::New(value.Env(), "A text must have no NUL");
  return text;
}

inline std::optional<std::u16string> text_or_null(Napi::Value value) {
  return value.IsNull() ? std::nullopt : std::make_optional(text(value));
}

// A copy that work off the JavaScript thread may read; `Bytes` is a vector of bytes.
template <typename Bytes>
Bytes bytes(Napi::Value value) {
  const bool typed = value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_uint8_array;
  if (!typed) throw Napi::TypeError::New(value.Env(), "A Uint8Array was expected");
  const auto array = value.As<Napi::Uint8Array>();
  // Windows counts in a DWORD, and would take the low half of what is meant.
  if (array.ByteLength() > std::numeric_limits<std::uint32_t>::max()) {
    throw Napi::RangeError::New(value.Env(), "A Uint8Array must be shorter than 4 GiB");
  }
  return Bytes(array.Data(), array.Data() + array.ByteLength());
}

inline std::uint32_t number(Napi::Value value) { return value.As<Napi::Number>().Uint32Value(); }

template <typename Item, typename Convert>
std::vector<Item> list(Napi::Value value, Convert convert) {
  if (!value.IsArray()) throw Napi::TypeError::New(value.Env(), "An array was expected");
  const auto array = value.As<Napi::Array>();
  std::vector<Item> items;
  for (std::uint32_t i = 0; i < array.Length(); ++i) items.push_back(convert(array.Get(i)));
  return items;
}

template <typename Item, typename Convert>
Napi::Array array(Napi::Env env, const std::vector<Item>& items, Convert convert) {
  Napi::Array result = Napi::Array::New(env, items.size());
  for (std::size_t i = 0; i < items.size(); ++i) result.Set(static_cast<std::uint32_t>(i), convert(items[i]));
  return result;
}

// JavaScript's own copy.
template <typename Bytes>
Napi::Uint8Array uint8_array(Napi::Env env, const Bytes& bytes) {
  Napi::Uint8Array result = Napi::Uint8Array::New(env, bytes.size());
  if (!bytes.empty()) std::memcpy(result.Data(), bytes.data(), bytes.size());
  return result;
}

template <Napi::Value (*function)(const Napi::CallbackInfo&)>
void add(Napi::Object exports, const char* name) {
  exports.Set(name, Napi::Function::New<function>(exports.Env(), name));
}

}  // namespace binding
