// Starts a command in a state that the operations describe, and writes down how it ended and what it left behind.
//
//   launch REPORT OPERATION... -- COMMAND [ARG...]
//
// Output goes to REPORT.out and REPORT.err. See `struct operation` for the operations; words of one are joined by `:`.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static FILE *report;
static char out_path[4096], err_path[4096];
static char **argv_of_command;
static int terminal = -1, master = -1, own_group, background;
static int stdio[3] = {-1, -1, -1};
static int holder[2];

static void fail(const char *what) {
  fprintf(report, "launcher %s: %s\n", what, strerror(errno));
  fflush(report);
  _exit(90);
}

// Moves a descriptor out of the command's sight.
static int keep(int fd) {
  int kept = fcntl(fd, F_DUPFD_CLOEXEC, 300);
  close(fd);
  return kept;
}

static void put(int fd, int at) {
  if (fd < 0) fail("descriptor");
  if (fd == at) return;
  if (dup2(fd, at) < 0) fail("dup2");
  close(fd);
}

// A file of strings that each end with NUL.
static char **strings(const char *path, char **first, int count) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (fd < 0 || fstat(fd, &status) != 0) fail(path);
  char *bytes = malloc(status.st_size + 1);
  for (off_t at = 0; at < status.st_size;) {
    ssize_t got = read(fd, bytes + at, status.st_size - at);
    if (got <= 0) fail("read");
    at += got;
  }
  close(fd);
  char **list = malloc(sizeof *list * (status.st_size + count + 2));
  for (int i = 0; i < count; i++) list[i] = first[i];
  for (char *at = bytes; at < bytes + status.st_size; at += strlen(at) + 1) list[count++] = at;
  list[count] = NULL;
  return list;
}

static int open_like(const char *path, const char *how) {
  int flags = strchr(how, 'w') ? O_RDWR | O_CREAT : O_RDONLY;
  if (strchr(how, 'a')) flags |= O_APPEND;
  if (strchr(how, 'n')) flags |= O_NONBLOCK;
  if (strchr(how, 'd')) flags |= O_DIRECTORY;
  if (strchr(how, 'p')) flags |= O_PATH;
  return open(path, flags, 0600);
}

static int filled_pipe(const char *text) {
  int ends[2];
  if (pipe(ends) != 0) fail("pipe");
  if (write(ends[1], text, strlen(text)) < 0) fail("write");
  close(ends[1]);
  return ends[0];
}

static int listener(void) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 5) != 0) fail("listen");
  return fd;
}

static void add_nonblock(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }

static void start_child(int lives) {
  pid_t pid = fork();
  if (pid != 0) {
    if (!lives) usleep(20000);
    return;
  }
  if (!lives) _exit(0);
  // Ends with the launcher: the other end of this pipe closes then.
  char byte;
  close(holder[1]);
  for (int fd = 0; fd < 256; fd++) if (fd != holder[0]) close(fd);
  while (read(holder[0], &byte, 1) < 0 && errno == EINTR) {}
  _exit(0);
}

static void pend(int signal_number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal_number);
  sigprocmask(SIG_BLOCK, &set, NULL);
  kill(getpid(), signal_number);
}

static void block(int signal_number, int how) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal_number);
  sigprocmask(how, &set, NULL);
}

// One operation in the child, before it becomes the command.
static void prepare(char *operation) {
  char *word[5] = {"", "", "", "", ""};
  int count = 0;
  for (char *at = strtok(operation, ":"); at != NULL && count < 5; at = strtok(NULL, ":")) word[count++] = at;
  const char *is = word[0];
  long a = strtol(word[1], NULL, 0), b = strtol(word[2], NULL, 0);
  if (!strcmp(is, "ignore")) signal(a, SIG_IGN);
  else if (!strcmp(is, "block")) block(a, SIG_BLOCK);
  else if (!strcmp(is, "pend")) pend(a);
  else if (!strcmp(is, "limit")) {
    struct rlimit limit = {strtoull(word[2], NULL, 0), strtoull(word[3], NULL, 0)};
    if (setrlimit(a, &limit) != 0) fail("setrlimit");
  } else if (!strcmp(is, "open")) put(open_like(word[2], word[3]), a);
  else if (!strcmp(is, "seek")) lseek(a, b, SEEK_SET);
  else if (!strcmp(is, "pipe")) put(filled_pipe(word[2]), a);
  else if (!strcmp(is, "memfd")) put(memfd_create("memory", 0), a);
  else if (!strcmp(is, "socket")) put(listener(), a);
  else if (!strcmp(is, "eventfd")) put(eventfd(3, 0), a);
  else if (!strcmp(is, "epoll")) put(epoll_create1(0), a);
  else if (!strcmp(is, "timerfd")) put(timerfd_create(CLOCK_MONOTONIC, 0), a);
  else if (!strcmp(is, "dup")) { if (dup2(a, b) < 0) fail("dup"); }
  else if (!strcmp(is, "close")) close(a);
  else if (!strcmp(is, "cloexec")) fcntl(a, F_SETFD, FD_CLOEXEC);
  else if (!strcmp(is, "nonblock")) add_nonblock(a);
  else if (!strcmp(is, "owner")) { fcntl(a, F_SETOWN, getpid()); fcntl(a, F_SETSIG, b); }
  else if (!strcmp(is, "lock")) flock(a, LOCK_EX | LOCK_NB);
  else if (!strcmp(is, "umask")) umask(a);
  else if (!strcmp(is, "nice")) setpriority(PRIO_PROCESS, 0, a);
  else if (!strcmp(is, "session")) { if (setsid() < 0) fail("setsid"); }
  else if (!strcmp(is, "group")) setpgid(0, 0);
  else if (!strcmp(is, "cd")) { if (chdir(word[1]) != 0) fail("chdir"); }
  else if (!strcmp(is, "unlink")) rmdir(word[1]);
  else if (!strcmp(is, "deathsig")) prctl(PR_SET_PDEATHSIG, a);
  else if (!strcmp(is, "subreaper")) prctl(PR_SET_CHILD_SUBREAPER, 1);
  else if (!strcmp(is, "nonewprivs")) prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  else if (!strcmp(is, "slack")) prctl(PR_SET_TIMERSLACK, a);
  else if (!strcmp(is, "thp")) prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
  else if (!strcmp(is, "dropcap")) prctl(PR_CAPBSET_DROP, a);
  else if (!strcmp(is, "personality")) personality(a);
  else if (!strcmp(is, "timer")) {
    struct itimerval timer = {.it_value.tv_sec = 100};
    setitimer(a, &timer, NULL);
  } else if (!strcmp(is, "scheduler")) {
    struct sched_param param = {0};
    sched_setscheduler(0, a, &param);
  } else if (!strcmp(is, "ioprio")) syscall(SYS_ioprio_set, 1, 0, a);
  else if (!strcmp(is, "affinity")) {
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(a, &cpus);
    sched_setaffinity(0, sizeof cpus, &cpus);
  } else if (!strcmp(is, "oom")) {
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (write(fd, word[1], strlen(word[1])) < 0) fail("oom");
    close(fd);
  } else if (!strcmp(is, "child")) start_child(1);
  else if (!strcmp(is, "zombie")) start_child(0);
  else if (!strcmp(is, "environ")) environ = strings(word[1], NULL, 0);
  else if (!strcmp(is, "arguments")) {
    int have = 0;
    while (argv_of_command[have] != NULL) have++;
    argv_of_command = strings(word[1], argv_of_command, have);
  } else if (strcmp(is, "pty") && strcmp(is, "foreground") && strcmp(is, "background") && strcmp(is, "script") &&
             strcmp(is, "stdin") && strcmp(is, "stdout") && strcmp(is, "output")) {
    errno = EINVAL;
    fail(is);
  }
}

// What 0 to 2 are, and what stays open here to look at afterwards.
static void open_stdio(char **operation, char **end) {
  const char *input = "/dev/null", *how = "file";
  for (; operation < end; operation++) {
    if (!strncmp(*operation, "stdin:", 6)) input = *operation + 6;
    if (!strncmp(*operation, "stdout:", 7)) how = *operation + 7;
    if (!strcmp(*operation, "foreground")) own_group = 1;
    if (!strcmp(*operation, "background")) own_group = background = 1;
    if (!strcmp(*operation, "pty")) {
      if (setsid() < 0 || openpty(&master, &terminal, NULL, NULL, NULL) != 0) fail("pty");
      if (ioctl(terminal, TIOCSCTTY, 0) != 0) fail("TIOCSCTTY");
      master = keep(master);
      terminal = keep(terminal);
    }
  }
  if (terminal >= 0) {
    for (int fd = 0; fd < 3; fd++) stdio[fd] = terminal;
    return;
  }
  stdio[0] = keep(!strncmp(input, "pipe:", 5) ? filled_pipe(input + 5) : open(input, O_RDONLY));
  stdio[1] = keep(open(out_path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600));
  stdio[2] = keep(open(err_path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600));
  if (!strcmp(how, "socket")) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) fail("socketpair");
    stdio[0] = stdio[1] = stdio[2] = keep(ends[0]);
    master = keep(ends[1]);
  }
  if (!strcmp(how, "pipe")) {
    int ends[2];
    if (pipe(ends) != 0) fail("pipe");
    stdio[1] = keep(ends[1]);
    master = keep(ends[0]);
  }
}

static void pump(void) {
  if (master < 0) return;
  struct pollfd ready = {.fd = master, .events = POLLIN};
  char bytes[65536];
  while (poll(&ready, 1, 0) == 1 && (ready.revents & POLLIN)) {
    ssize_t got = read(master, bytes, sizeof bytes);
    if (got <= 0) return;
    int fd = open(out_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (write(fd, bytes, got) < 0) fail("write");
    close(fd);
  }
}

static int output_holds(const char *text) {
  pump();
  int fd = open(out_path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  char bytes[65536];
  ssize_t got = read(fd, bytes, sizeof bytes);
  close(fd);
  return got > 0 && memmem(bytes, got, text, strlen(text)) != NULL;
}

static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec + at.tv_nsec / 1e9;
}

// Waits for the next change of the command; 1 once it has ended.
static int event(pid_t child, double seconds) {
  for (double end = now() + seconds; now() < end; usleep(1000)) {
    int status;
    pump();
    if (waitpid(child, &status, WNOHANG | WUNTRACED | WCONTINUED) != child) continue;
    pump();
    if (WIFSTOPPED(status)) fprintf(report, "event stopped %d\n", WSTOPSIG(status));
    else if (WIFCONTINUED(status)) fprintf(report, "event continued\n");
    else if (WIFEXITED(status)) fprintf(report, "event exit %d\n", WEXITSTATUS(status));
    else fprintf(report, "event signal %d\n", WTERMSIG(status));
    if (WIFEXITED(status) || WIFSIGNALED(status)) return 1;
    return 0;
  }
  fprintf(report, "event none\n");
  return 0;
}

// Steps, comma-separated: ready, text=T, wait, idle, kill=N, group=N, type=HH, foreground.
static int play(char *steps, pid_t child) {
  int ended = 0;
  for (char *step = strtok(steps, ","); step != NULL && !ended; step = strtok(NULL, ",")) {
    const char *value = strchr(step, '=') != NULL ? strchr(step, '=') + 1 : "ready";
    if (!strcmp(step, "ready") || !strncmp(step, "text=", 5)) {
      double end = now() + 15;
      while (!output_holds(value) && now() < end) usleep(1000);
      if (now() >= end) fprintf(report, "event not-%s\n", value);
    } else if (!strcmp(step, "wait")) ended = event(child, 10);
    else if (!strcmp(step, "idle")) ended = event(child, 0.15);
    else if (!strncmp(step, "kill=", 5)) kill(child, atoi(value));
    else if (!strncmp(step, "group=", 6)) kill(-child, atoi(value));
    else if (!strcmp(step, "foreground")) tcsetpgrp(terminal, child);
    else if (!strncmp(step, "type=", 5)) {
      char byte = (char)strtol(value, NULL, 16);
      if (write(master, &byte, 1) != 1) fail("type");
    }
  }
  return ended;
}

static void afterwards(void) {
  for (int fd = 0; fd < 3; fd++) {
    struct stat status;
    if (fstat(stdio[fd], &status) != 0) continue;
    long long offset = fd == 0 && S_ISREG(status.st_mode) ? (long long)lseek(stdio[fd], 0, SEEK_CUR) : -1;
    fprintf(report, "after.fd.%d status=%o offset=%lld\n", fd, fcntl(stdio[fd], F_GETFL), offset);
  }
  struct termios modes;
  memset(&modes, 0, sizeof modes);
  if (terminal >= 0 && tcgetattr(terminal, &modes) == 0) {
    fprintf(report, "after.terminal ");
    for (size_t i = 0; i < sizeof modes; i++) fprintf(report, "%02x", ((unsigned char *)&modes)[i]);
    fputc('\n', report);
  }
}

int main(int argc, char **argv) {
  char steps[1024] = "";
  if (argc < 4) return 91;
  for (int fd = 3; fd < 256; fd++) close(fd);
  // What started this may have left the two signals of the C library ignored; only the system itself lets one change that.
  char none[32] = {0};
  for (int n = 32; n < 34; n++) syscall(SYS_rt_sigaction, n, none, NULL, 8L);
  report = fopen(argv[1], "we");
  if (report == NULL) return 92;
  snprintf(out_path, sizeof out_path, "%s.out", argv[1]);
  snprintf(err_path, sizeof err_path, "%s.err", argv[1]);
  char **operation = argv + 2, **end = operation;
  while (*end != NULL && strcmp(*end, "--") != 0) end++;
  argv_of_command = end + 1;
  for (char **at = operation; at < end; at++)
    if (!strncmp(*at, "script:", 7)) snprintf(steps, sizeof steps, "%s", *at + 7);
  // Whatever outlives the command is adopted, and so noticed, here.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  if (pipe2(holder, O_CLOEXEC) != 0) fail("pipe");
  holder[0] = keep(holder[0]);
  holder[1] = keep(holder[1]);
  open_stdio(operation, end);
  // This process must not be stopped where it moves the terminal about.
  struct sigaction before;
  sigaction(SIGTTOU, NULL, &before);
  if (terminal >= 0) signal(SIGTTOU, SIG_IGN);
  int gate[2];
  if (pipe2(gate, O_CLOEXEC) != 0) fail("gate");
  pid_t child = fork();
  if (child == 0) {
    char byte;
    close(gate[1]);
    if (read(gate[0], &byte, 1) < 0) fail("gate");
    sigaction(SIGTTOU, &before, NULL);
    for (int fd = 0; fd < 3; fd++) if (dup2(stdio[fd], fd) < 0) fail("stdio");
    while (operation < end) prepare(*operation++);
    execvp(argv_of_command[0], argv_of_command);
    dprintf(2, "launch: %s: %s\n", argv_of_command[0], strerror(errno));
    _exit(errno == ENOENT ? 127 : 126);
  }
  fprintf(report, "launcher %d\nchild %d\n", getpid(), child);
  if (own_group) setpgid(child, child);
  if (own_group && !background) tcsetpgrp(terminal, child);
  close(gate[1]);
  int ended = play(steps, child);
  if (!ended) ended = event(child, 20);
  if (!ended) {
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    fprintf(report, "event timeout\n");
  }
  pump();
  afterwards();
  // The children that the operations made end now; what else there is should have ended before.
  close(holder[1]);
  usleep(2000);
  int left = 0, status;
  for (int tries = 0; tries < 100; tries++) {
    pid_t pid = waitpid(-1, &status, WNOHANG | __WALL);
    if (pid < 0) break;
    if (pid == 0) left = 1, usleep(2000);
    else left = 0;
  }
  fprintf(report, "after.left %s\n", left ? "running" : "none");
  fclose(report);
  return 0;
}
