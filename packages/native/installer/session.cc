#include "session.h"

#include <msiquery.h>

namespace installer {
namespace {

constexpr wchar_t kSeparator = L'\x1f';

struct RecordCloser {
  explicit RecordCloser(MSIHANDLE record) noexcept : record_(record) {}
  RecordCloser(const RecordCloser&) = delete;
  RecordCloser& operator=(const RecordCloser&) = delete;
  ~RecordCloser() { MsiCloseHandle(record_); }

 private:
  MSIHANDLE record_;
};

std::wstring property(MSIHANDLE session, const wchar_t* name) {
  DWORD length = 0;
  std::wstring value(1, L'\0');
  // The length comes without the null at the end.
  if (MsiGetPropertyW(session, name, value.data(), &length) != ERROR_MORE_DATA) return {};
  value.resize(++length);
  if (MsiGetPropertyW(session, name, value.data(), &length) != ERROR_SUCCESS) return {};
  value.resize(length);
  return value;
}

}  // namespace

std::wstring wide(std::string_view text) {
  if (text.empty()) return {};
  const auto size = static_cast<int>(text.size());
  std::wstring result(text.size(), L'\0');
  const int length = MultiByteToWideChar(CP_UTF8, 0, text.data(), size, result.data(), size);
  result.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  return result;
}

std::vector<std::wstring> Session::data() const {
  const std::wstring text = property(native_, L"CustomActionData");
  std::vector<std::wstring> fields;
  if (text.empty()) return fields;
  std::size_t from = 0;
  for (std::size_t end = text.find(kSeparator); end != std::wstring::npos; end = text.find(kSeparator, from)) {
    fields.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  fields.push_back(text.substr(from));
  return fields;
}

// https://learn.microsoft.com/windows/win32/api/msiquery/nf-msiquery-msiprocessmessage, INSTALLMESSAGE_COMMONDATA
void Session::hide_cancel() const noexcept {
  const MSIHANDLE record = MsiCreateRecord(2);
  if (record == 0) return;
  const RecordCloser closer(record);
  constexpr int cancel_button = 2;
  constexpr int hidden = 0;
  MsiRecordSetInteger(record, 1, cancel_button);
  MsiRecordSetInteger(record, 2, hidden);
  MsiProcessMessage(native_, INSTALLMESSAGE_COMMONDATA, record);
}

void Session::say(INSTALLMESSAGE kind, const std::wstring& line) const noexcept {
  const MSIHANDLE record = MsiCreateRecord(1);
  if (record == 0) return;
  const RecordCloser closer(record);
  // Field 0 is a format: brackets and braces in the line itself mean nothing in a field.
  MsiRecordSetStringW(record, 0, L"GuruConnect: [1]");
  MsiRecordSetStringW(record, 1, line.c_str());
  MsiProcessMessage(native_, kind, record);
}

void Session::log(const std::wstring& line) const noexcept { say(INSTALLMESSAGE_INFO, line); }

void Session::complain(const std::wstring& line) const noexcept { say(INSTALLMESSAGE_ERROR, line); }

}  // namespace installer
