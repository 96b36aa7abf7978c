// Writes down everything about itself that the process that started it could have changed.
//
//   probe FILE [ARG...]           one fact a line, `name value`
//   probe FILE --wait [ARG...]    the same, then prints "ready" and waits to be ended
//   probe FILE --status N         the same, then ends with status N
//   probe FILE --die N            the same, then ends by signal N
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

extern char **environ;
static FILE *out;

static void hex(const char *name, const void *data, size_t length) {
  const unsigned char *bytes = data;
  fprintf(out, "%s ", name);
  for (size_t i = 0; i < length; i++) fprintf(out, "%02x", bytes[i]);
  fputc('\n', out);
}

static void signals(void) {
  sigset_t mask, pending;
  sigprocmask(SIG_BLOCK, NULL, &mask);
  sigpending(&pending);
  for (int n = 1; n <= 64; n++) {
    struct sigaction action;
    if (sigaction(n, NULL, &action) == 0) {
      const char *is = action.sa_handler == SIG_IGN ? "ignored" : action.sa_handler == SIG_DFL ? "default" : "caught";
      fprintf(out, "signal.%d.disposition %s flags=%x\n", n, is, action.sa_flags);
    }
    if (sigismember(&mask, n) == 1) fprintf(out, "signal.%d.blocked\n", n);
    if (sigismember(&pending, n) == 1) fprintf(out, "signal.%d.pending\n", n);
  }
  stack_t stack;
  if (sigaltstack(NULL, &stack) == 0) fprintf(out, "signal.stack flags=%d\n", stack.ss_flags);
}

static void limits(void) {
  for (int n = 0; n < RLIM_NLIMITS; n++) {
    struct rlimit limit;
    if (getrlimit(n, &limit) == 0)
      fprintf(out, "limit.%d %llx %llx\n", n, (unsigned long long)limit.rlim_cur, (unsigned long long)limit.rlim_max);
  }
}

static int by_number(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

static void descriptors(void) {
  int fds[4096], count = 0;
  DIR *dir = opendir("/proc/self/fd");
  for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
    int fd = atoi(entry->d_name);
    if (entry->d_name[0] != '.' && fd != dirfd(dir) && fd != fileno(out) && count < 4096) fds[count++] = fd;
  }
  qsort(fds, count, sizeof *fds, by_number);
  for (int i = 0; i < count; i++) {
    char path[64], target[4097];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fds[i]);
    ssize_t length = readlink(path, target, sizeof target - 1);
    target[length < 0 ? 0 : length] = 0;
    struct stat status;
    int kind = fstat(fds[i], &status) == 0 ? (int)(status.st_mode & S_IFMT) : -1;
    off_t offset = S_ISREG(status.st_mode) ? lseek(fds[i], 0, SEEK_CUR) : -1;
    fprintf(out, "fd.%d %s kind=%o status=%o flags=%d offset=%lld owner=%d signal=%d\n", fds[i], target, kind,
            fcntl(fds[i], F_GETFL), fcntl(fds[i], F_GETFD), (long long)offset, fcntl(fds[i], F_GETOWN),
            fcntl(fds[i], F_GETSIG));
  }
  if (dir != NULL) closedir(dir);
}

static void terminal(void) {
  for (int fd = 0; fd < 3; fd++) {
    struct termios modes;
    memset(&modes, 0, sizeof modes);
    if (tcgetattr(fd, &modes) != 0) continue;
    char name[32];
    snprintf(name, sizeof name, "terminal.%d.modes", fd);
    hex(name, &modes, sizeof modes);
    pid_t group = tcgetpgrp(fd);
    fprintf(out, "terminal.%d.foreground %s\n", fd, group == getpgrp() ? "own" : group > 0 ? "other" : "none");
  }
  int fd = open("/dev/tty", O_RDONLY | O_CLOEXEC);
  fprintf(out, "terminal.controlling %s\n", fd >= 0 ? "yes" : "no");
  if (fd >= 0) close(fd);
}

static void process(void) {
  fprintf(out, "process.pid %d\nprocess.parent %d\nprocess.group %d\nprocess.session %d\n", getpid(), getppid(),
          getpgrp(), getsid(0));
  mode_t mask = umask(0);
  umask(mask);
  fprintf(out, "process.umask %o\nprocess.nice %d\n", mask, getpriority(PRIO_PROCESS, 0));
  struct sched_param param;
  sched_getparam(0, &param);
  fprintf(out, "process.scheduler %d %d\n", sched_getscheduler(0), param.sched_priority);
  fprintf(out, "process.ioprio %ld\n", syscall(SYS_ioprio_get, 1, 0));
  int value = 0;
  prctl(PR_GET_PDEATHSIG, &value);
  fprintf(out, "process.death-signal %d\n", value);
  prctl(PR_GET_CHILD_SUBREAPER, &value);
  fprintf(out, "process.subreaper %d\n", value);
  fprintf(out, "process.dumpable %d\nprocess.keepcaps %d\nprocess.timerslack %d\nprocess.thp %d\nprocess.securebits %d\n",
          prctl(PR_GET_DUMPABLE), prctl(PR_GET_KEEPCAPS), prctl(PR_GET_TIMERSLACK), prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0),
          prctl(PR_GET_SECUREBITS));
  fprintf(out, "process.personality %x\n", personality(0xffffffff));
  for (int which = 0; which < 3; which++) {
    struct itimerval timer;
    getitimer(which, &timer);
    fprintf(out, "process.timer.%d %s\n", which, timer.it_value.tv_sec || timer.it_value.tv_usec ? "armed" : "off");
  }
  errno = 0;
  pid_t child = waitpid(-1, NULL, WNOHANG | __WALL);
  fprintf(out, "process.children %s\n", child < 0 && errno == ECHILD ? "none" : child == 0 ? "running" : "zombie");
  char *cwd = getcwd(NULL, 0);
  fprintf(out, "process.cwd %s\n", cwd != NULL ? cwd : strerror(errno));
  fprintf(out, "process.executable %s\n", (const char *)getauxval(AT_EXECFN));
  fprintf(out, "process.secure %lu\n", getauxval(AT_SECURE));
}

// Lines of a file of /proc that stay the same from one run to the next.
static void lines(const char *path, const char *const *names) {
  FILE *file = fopen(path, "re");
  char line[4096];
  while (file != NULL && fgets(line, sizeof line, file) != NULL)
    for (const char *const *name = names; *name != NULL; name++)
      if (strncmp(line, *name, strlen(*name)) == 0) fprintf(out, "%s %s", path, line);
  if (file != NULL) fclose(file);
}

static void kernel(void) {
  const char *const status[] = {"Name:",   "Uid:",     "Gid:",    "Groups:", "Threads:", "SigPnd:",
                                "ShdPnd:", "SigBlk:",  "SigIgn:", "SigCgt:", "CapInh:",  "CapPrm:",     "CapEff:",
                                "CapBnd:", "CapAmb:",  "NoNew",   "Seccomp", "Cpus_a",   "Mems_allowed", "CoreDumping:",
                                "TracerPid:", "VmLck:", NULL};
  const char *const any[] = {"", NULL};
  lines("/proc/self/status", status);
  lines("/proc/self/oom_score_adj", any);
  lines("/proc/self/coredump_filter", any);
  lines("/proc/self/comm", any);
  lines("/proc/self/cgroup", any);
  const char *const spaces[] = {"cgroup", "ipc", "mnt", "net", "pid", "user", "uts", "time"};
  for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
    char path[64], target[256];
    snprintf(path, sizeof path, "/proc/self/ns/%s", spaces[i]);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length > 0) fprintf(out, "namespace %.*s\n", (int)length, target);
  }
}

static void rest_of_input(void) {
  if (isatty(0) || fcntl(0, F_GETFL) < 0 || (fcntl(0, F_GETFL) & O_ACCMODE) == O_WRONLY) return;
  if (fcntl(0, F_GETFL) & O_NONBLOCK) return;
  unsigned long long count = 0, sum = 0;
  unsigned char bytes[65536];
  for (ssize_t got; (got = read(0, bytes, sizeof bytes)) > 0;)
    for (ssize_t i = 0; i < got; i++, count++) sum = sum * 31 + bytes[i];
  fprintf(out, "input.rest %llu %llx\n", count, sum);
}

int main(int argc, char **argv) {
  if (argc < 2) return 99;
  int fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  // High above, so that the descriptors themselves are seen as they came.
  int high = fcntl(fd, F_DUPFD_CLOEXEC, 200);
  out = fdopen(high < 0 ? fd : high, "w");
  if (out == NULL) return 98;
  if (high >= 0) close(fd);
  signals();
  descriptors();
  limits();
  terminal();
  process();
  kernel();
  for (char **entry = environ; *entry != NULL; entry++) hex("environment", *entry, strlen(*entry));
  for (int i = 0; i < argc; i++) hex("argument", argv[i], strlen(argv[i]));
  rest_of_input();
  fclose(out);
  if (argc > 2 && strcmp(argv[2], "--wait") == 0) {
    if (write(1, "ready\n", 6) == 6) pause();
  }
  if (argc > 3 && strcmp(argv[2], "--status") == 0) return atoi(argv[3]);
  if (argc > 3 && strcmp(argv[2], "--die") == 0) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    raise(atoi(argv[3]));
    return 97;
  }
  return 0;
}
