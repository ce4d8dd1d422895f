#include "json.h"

#include <iostream>

namespace {

constexpr std::string_view HEX = "0123456789abcdef";

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      result += "\\u00";
      result += HEX[static_cast<unsigned char>(c) >> 4U];
      result += HEX[static_cast<unsigned char>(c) & 0xFU];
    } else {
      result += c;
    }
  }
  return result + "\"";
}

}  // namespace

JsonObject& JsonObject::number(std::string_view key, std::uint64_t value) {
  return field(key, std::to_string(value));
}

JsonObject& JsonObject::boolean(std::string_view key, bool value) {
  return field(key, value ? "true" : "false");
}

JsonObject& JsonObject::string(std::string_view key, std::string_view value) {
  return field(key, quoted(value));
}

JsonObject& JsonObject::object(std::string_view key, const JsonObject& value) {
  return field(key, value.text());
}

JsonObject& JsonObject::array(std::string_view key, const std::vector<JsonObject>& values) {
  std::string list;
  for (const JsonObject& value : values) {
    if (!list.empty()) list += ',';
    list += value.text();
  }
  return field(key, "[" + list + "]");
}

JsonObject& JsonObject::merge(const JsonObject& other) {
  if (!fields_.empty() && !other.fields_.empty()) fields_ += ',';
  fields_ += other.fields_;
  return *this;
}

JsonObject& JsonObject::field(std::string_view key, std::string_view value) {
  if (!fields_.empty()) fields_ += ',';
  fields_ += quoted(key);
  fields_ += ':';
  fields_ += value;
  return *this;
}

void print(const JsonObject& object) {
  std::cout << object.text() << std::endl;
}
