/* Two processes and a socket between them: pipe_floor COUNT REQUEST_BYTES ANSWER_BYTES prints the microseconds of each round trip. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST 4096

static int take(int fd, char *buffer, size_t size) {
  for (size_t had = 0; had < size;) {
    const ssize_t some = read(fd, buffer + had, size - had);
    if (some <= 0) return 0;
    had += (size_t)some;
  }
  return 1;
}

static double now_us(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static void answer_all(int fd, size_t request, size_t answer) {
  char buffer[MOST] = {0};
  while (take(fd, buffer, request))
    if (write(fd, buffer, answer) != (ssize_t)answer) return;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  const long count = atol(argv[1]);
  const size_t request = (size_t)atol(argv[2]);
  const size_t answer = (size_t)atol(argv[3]);
  int ends[2];
  if (request > MOST || answer > MOST || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return 2;
  const pid_t child = fork();
  if (child < 0) return 1;
  if (child == 0) {
    close(ends[0]);
    answer_all(ends[1], request, answer);
    return 0;
  }
  close(ends[1]);
  char buffer[MOST] = {0};
  for (long i = 0; i < count; i += 1) {
    const double from = now_us();
    if (write(ends[0], buffer, request) != (ssize_t)request || !take(ends[0], buffer, answer)) return 1;
    printf("%.1f\n", now_us() - from);
  }
  close(ends[0]);
  waitpid(child, NULL, 0);
  return 0;
}
