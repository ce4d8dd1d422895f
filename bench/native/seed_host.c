/*
 * The policy that the product replaces: one process with the session in it, Running before the relay is reached, and a stop that sets
 * a flag which the session looks at after every wait of 100 ms.
 *
 *   seed_host <host> <port> <credential> <machine id>
 */
#include "web_socket.h"

#include <stdio.h>
#include <stdlib.h>

#include "service.h"

#define TICK_MS 100
#define HEARTBEAT_MS 15000
#define CLOSE_MS 2000
#define RETRY_MS 1000
#define GOING_AWAY 1001

static const char* host;
static unsigned short port;
static const char* credential;
static const char* machine_id;

/* The flag. Whoever waits, waits a whole tick. */
static BOOL stop_asked(void) { return WaitForSingleObject(service_stop_event(), 0) == WAIT_OBJECT_0; }

static BOOL say_hello(SOCKET socket) {
  char hello[512];
  snprintf(hello, sizeof hello,
           "{\"kind\":\"hello\",\"machineId\":\"%s\",\"hostname\":\"seed\",\"platform\":\"win32\",\"agentVersion\":\"0\"}",
           machine_id);
  return web_socket_say(socket, hello);
}

static BOOL say_heartbeat(SOCKET socket, unsigned long seq) {
  char heartbeat[64];
  snprintf(heartbeat, sizeof heartbeat, "{\"kind\":\"heartbeat\",\"seq\":%lu}", seq);
  return web_socket_say(socket, heartbeat);
}

static void close_session(SOCKET socket) {
  Heard heard = HEARD_TEXT;
  if (!web_socket_close(socket, GOING_AWAY)) return;
  while (heard == HEARD_TEXT) heard = web_socket_hear(socket, CLOSE_MS);
}

/* Until a stop, or the session's end. */
static void hold(SOCKET socket) {
  ULONGLONG last = GetTickCount64();
  unsigned long seq = 0;
  if (!say_hello(socket)) return;
  while (!stop_asked()) {
    const Heard heard = web_socket_hear(socket, TICK_MS);
    if (heard == HEARD_CLOSE || heard == HEARD_END) return;
    if (GetTickCount64() - last < HEARTBEAT_MS) continue;
    last = GetTickCount64();
    seq += 1;
    if (!say_heartbeat(socket, seq)) return;
  }
  close_session(socket);
}

static void wait_to_retry(void) {
  for (int waited = 0; waited < RETRY_MS && !stop_asked(); waited += TICK_MS) Sleep(TICK_MS);
}

static DWORD serve(void) {
  WSADATA data;
  if (WSAStartup(MAKEWORD(2, 2), &data) != 0) return 1;
  service_running();
  while (!stop_asked()) {
    const SOCKET socket = web_socket_open(host, port, credential);
    if (socket != INVALID_SOCKET) {
      hold(socket);
      closesocket(socket);
    }
    if (!stop_asked()) wait_to_retry();
  }
  return 0;
}

int main(int count, char** arguments) {
  if (count != 5) return 2;
  host = arguments[1];
  port = (unsigned short)strtoul(arguments[2], NULL, 10);
  credential = arguments[3];
  machine_id = arguments[4];
  return service_run(serve);
}
