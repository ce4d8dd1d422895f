// What identifies the machine: its firmware's tables and Windows' own number for it. No napi in here. Windows only.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace firmware {

struct Table {
  std::uint32_t error = 0;
  std::vector<std::uint8_t> data;  // RawSMBIOSData
};

struct Text {
  std::uint32_t error = 0;
  std::u16string text;
};

Table smbios();

Text machine_guid();

}  // namespace firmware
