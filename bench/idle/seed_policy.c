/* The seed's policy and nothing else: one process that looks at its stop flag every 100 ms. Without a session, which would cost more. */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <time.h>

static volatile sig_atomic_t stop;

static void on_signal(int signal) {
  (void)signal;
  stop = 1;
}

int main(void) {
  const struct timespec tick = {0, 100L * 1000 * 1000};
  struct sigaction action = {0};
  action.sa_handler = on_signal;
  if (sigaction(SIGTERM, &action, NULL) != 0) return 1;
  while (!stop) nanosleep(&tick, NULL);
  return 0;
}
