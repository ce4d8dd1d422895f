/* https://www.rfc-editor.org/rfc/rfc6455 */
#include "web_socket.h"

#include <stdio.h>
#include <string.h>

#define FINAL 0x80U
#define MASKED 0x80U
#define TEXT_FRAME 0x1U
#define CLOSE_FRAME 0x8U
#define TWO_BYTES 126U
#define HEADER_BYTES 8U /* with two bytes of length and the mask, which is zero and changes nothing */

static BOOL send_all(SOCKET socket, const char* bytes, size_t length) {
  while (length > 0) {
    const int sent = send(socket, bytes, (int)length, 0);
    if (sent <= 0) return FALSE;
    bytes += sent;
    length -= (size_t)sent;
  }
  return TRUE;
}

static BOOL receive_all(SOCKET socket, unsigned char* bytes, size_t length) {
  while (length > 0) {
    const int got = recv(socket, (char*)bytes, (int)length, 0);
    if (got <= 0) return FALSE;
    bytes += got;
    length -= (size_t)got;
  }
  return TRUE;
}

static SOCKET dial(const char* host, unsigned short port) {
  struct sockaddr_in address = {0};
  const BOOL at_once = TRUE;
  const SOCKET made = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = inet_addr(host);
  if (made == INVALID_SOCKET) return INVALID_SOCKET;
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, (const char*)&at_once, sizeof at_once);
  if (connect(made, (const struct sockaddr*)&address, sizeof address) == 0) return made;
  closesocket(made);
  return INVALID_SOCKET;
}

/* Byte by byte up to the empty line: what follows it is frames. */
static BOOL upgraded(SOCKET socket) {
  char answer[2048] = {0};
  size_t length = 0;
  while (length < sizeof answer - 1 && receive_all(socket, (unsigned char*)answer + length, 1)) {
    length += 1;
    if (length >= 4 && memcmp(answer + length - 4, "\r\n\r\n", 4) == 0)
      return strncmp(answer, "HTTP/1.1 101", 12) == 0;
  }
  return FALSE;
}

SOCKET web_socket_open(const char* host, unsigned short port, const char* credential) {
  char request[1024];
  const SOCKET socket = dial(host, port);
  const int length = snprintf(request, sizeof request,
                              "GET /v1/agent HTTP/1.1\r\nHost: %s:%u\r\nAuthorization: Bearer %s\r\n"
                              "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                              "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                              "Sec-WebSocket-Protocol: guruconnect.agent.v1\r\n\r\n",
                              host, port, credential);
  if (socket == INVALID_SOCKET) return INVALID_SOCKET;
  if (length > 0 && (size_t)length < sizeof request && send_all(socket, request, (size_t)length) && upgraded(socket))
    return socket;
  closesocket(socket);
  return INVALID_SOCKET;
}

static BOOL send_frame(SOCKET socket, unsigned opcode, const void* payload, size_t length) {
  char frame[HEADER_BYTES + 4096] = {0};
  if (length > sizeof frame - HEADER_BYTES) return FALSE;
  frame[0] = (char)(FINAL | opcode);
  /* A short payload has its length in seven bits, and nothing may say it longer than it has to. */
  const size_t header = length < TWO_BYTES ? HEADER_BYTES - 2 : HEADER_BYTES;
  if (header == HEADER_BYTES) {
    frame[1] = (char)(MASKED | TWO_BYTES);
    frame[2] = (char)(length >> 8);
    frame[3] = (char)(length & 0xFF);
  } else {
    frame[1] = (char)(MASKED | length);
  }
  memcpy(frame + header, payload, length);
  return send_all(socket, frame, header + length);
}

BOOL web_socket_say(SOCKET socket, const char* text) { return send_frame(socket, TEXT_FRAME, text, strlen(text)); }

BOOL web_socket_close(SOCKET socket, unsigned short code) {
  const unsigned short payload = htons(code);
  return send_frame(socket, CLOSE_FRAME, &payload, sizeof payload);
}

static BOOL readable(SOCKET socket, long milliseconds) {
  fd_set sockets;
  struct timeval limit = {milliseconds / 1000, milliseconds % 1000 * 1000};
  FD_ZERO(&sockets);
  FD_SET(socket, &sockets);
  return select(0, &sockets, NULL, NULL, &limit) == 1;
}

Heard web_socket_hear(SOCKET socket, long milliseconds) {
  unsigned char header[4];
  unsigned char payload[4096];
  size_t length = 0;
  if (!readable(socket, milliseconds)) return HEARD_NOTHING;
  if (!receive_all(socket, header, 2)) return HEARD_END;
  length = header[1];
  if (length == TWO_BYTES) {
    if (!receive_all(socket, header + 2, 2)) return HEARD_END;
    length = (size_t)header[2] << 8 | header[3];
  }
  if (length > sizeof payload || !receive_all(socket, payload, length)) return HEARD_END;
  return (header[0] & 0xFU) == CLOSE_FRAME ? HEARD_CLOSE : HEARD_TEXT;
}
