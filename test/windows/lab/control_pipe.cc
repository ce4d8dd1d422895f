#include "control_pipe.h"

#include <array>
#include <cstring>

namespace {

constexpr DWORD PACKET_MAGIC = 0x57494e45;
constexpr DWORD CONNECT_TIMEOUT_MS = 20'000;
constexpr DWORD CALL_TIMEOUT_MS = 30'000;
constexpr DWORD CANCEL_TIMEOUT_MS = 1'000;

struct PacketHeader {
  DWORD magic;
  DWORD totalBytes;
  // In characters, the closing zero included.
  DWORD nameLength;
  DWORD control;
};

HANDLE createPipe(DWORD number) {
  const std::wstring name = L"\\\\.\\pipe\\net\\NtControlPipe" + std::to_wstring(number);
  constexpr DWORD access = PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED;
  constexpr DWORD mode = PIPE_TYPE_BYTE | PIPE_WAIT;
  constexpr DWORD instances = 1;
  constexpr DWORD bufferBytes = 256;
  return CreateNamedPipeW(name.c_str(), access, mode, instances, bufferBytes, bufferBytes, 0, nullptr);
}

std::vector<BYTE> packet(const std::wstring& service, DWORD control, const std::vector<BYTE>& data) {
  const std::size_t nameBytes = (service.size() + 1) * sizeof(wchar_t);
  std::vector<BYTE> bytes(sizeof(PacketHeader) + nameBytes);
  const PacketHeader header{PACKET_MAGIC, static_cast<DWORD>(bytes.size() + data.size()),
                            static_cast<DWORD>(service.size() + 1), control};
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, service.c_str(), nameBytes);
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

OVERLAPPED overlapped(HANDLE event) {
  OVERLAPPED operation{};
  operation.hEvent = event;
  return operation;
}

}  // namespace

ControlPipe::ControlPipe(DWORD number)
    : pipe_(own(createPipe(number))), event_(own(CreateEventW(nullptr, TRUE, FALSE, nullptr))) {}

DWORD ControlPipe::connect(HANDLE process) {
  process_ = process;
  OVERLAPPED operation = overlapped(event_.get());
  const BOOL connected = ConnectNamedPipe(pipe_.get(), &operation);
  if (!connected && GetLastError() == ERROR_PIPE_CONNECTED) return NO_ERROR;
  const DWORD error = finish(connected, operation, CONNECT_TIMEOUT_MS, 0);
  return error == ERROR_PROCESS_ABORTED ? ERROR_SERVICE_REQUEST_TIMEOUT : error;
}

ControlReply ControlPipe::call(const std::wstring& service, DWORD control, const std::vector<BYTE>& data) {
  ControlReply reply{NO_ERROR, 0, 0};
  const std::vector<BYTE> request = packet(service, control, data);
  const auto begin = clockUs();
  reply.error = write(request);
  if (reply.error == NO_ERROR) reply.error = read(reply.result);
  reply.elapsedUs = clockUs() - begin;
  return reply;
}

DWORD ControlPipe::write(const std::vector<BYTE>& bytes) {
  OVERLAPPED operation = overlapped(event_.get());
  const auto size = static_cast<DWORD>(bytes.size());
  const BOOL started = WriteFile(pipe_.get(), bytes.data(), size, nullptr, &operation);
  return finish(started, operation, CALL_TIMEOUT_MS, size);
}

DWORD ControlPipe::read(DWORD& reply) {
  OVERLAPPED operation = overlapped(event_.get());
  const BOOL started = ReadFile(pipe_.get(), &reply, sizeof reply, nullptr, &operation);
  return finish(started, operation, CALL_TIMEOUT_MS, sizeof reply);
}

DWORD ControlPipe::finish(BOOL started, OVERLAPPED& operation, DWORD timeoutMs, DWORD expectedBytes) {
  if (!started && GetLastError() != ERROR_IO_PENDING) return GetLastError();
  const std::array<HANDLE, 2> events{operation.hEvent, process_};
  const DWORD outcome = WaitForMultipleObjects(static_cast<DWORD>(events.size()), events.data(), FALSE, timeoutMs);
  if (outcome != WAIT_OBJECT_0) {
    CancelIo(pipe_.get());
    // The operation is on our caller's stack: the system has to let go of it before we return.
    WaitForSingleObject(operation.hEvent, CANCEL_TIMEOUT_MS);
    return outcome == WAIT_TIMEOUT ? ERROR_SERVICE_REQUEST_TIMEOUT : ERROR_PROCESS_ABORTED;
  }
  DWORD transferred = 0;
  if (!GetOverlappedResult(pipe_.get(), &operation, &transferred, FALSE)) return GetLastError();
  return transferred == expectedBytes ? NO_ERROR : ERROR_INVALID_DATA;
}
