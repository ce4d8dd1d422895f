#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// One JSON object, written field by field. The kinds have names of their own because overloads would turn a
// string literal into a boolean.
class JsonObject {
 public:
  JsonObject& number(std::string_view key, std::uint64_t value);
  JsonObject& boolean(std::string_view key, bool value);
  JsonObject& string(std::string_view key, std::string_view value);
  JsonObject& object(std::string_view key, const JsonObject& value);
  JsonObject& array(std::string_view key, const std::vector<JsonObject>& values);
  JsonObject& merge(const JsonObject& other);

  std::string text() const { return "{" + fields_ + "}"; }

 private:
  JsonObject& field(std::string_view key, std::string_view value);

  std::string fields_;
};

// Prints the object as the program's only line of output.
void print(const JsonObject& object);
