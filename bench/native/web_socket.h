/* As much of a WebSocket client as holds one session at the product's relay (docs/relay-protocol.md). */
#pragma once
#include <winsock2.h>

typedef enum { HEARD_NOTHING, HEARD_TEXT, HEARD_CLOSE, HEARD_END } Heard;

/* Opens a session over TCP: the upgrade, and nothing said yet. INVALID_SOCKET where it does not come to be. */
SOCKET web_socket_open(const char* host, unsigned short port, const char* credential);

/* One text frame, of at most 65535 bytes. */
BOOL web_socket_say(SOCKET socket, const char* text);

/* The close frame. */
BOOL web_socket_close(SOCKET socket, unsigned short code);

/* The next frame, or nothing after so many milliseconds. What a frame says is dropped. */
Heard web_socket_hear(SOCKET socket, long milliseconds);
