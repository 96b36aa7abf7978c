/* confine wx|eperm|enosys COMMAND...: runs a command as service managers and containers of all ages do. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Calls that are younger than the lists of allowed calls of old container runtimes. */
static const int YOUNG[] = {
    SYS_clone3, SYS_close_range, SYS_faccessat2, SYS_io_uring_setup, SYS_openat2, SYS_pidfd_open, SYS_rseq, SYS_statx,
};

/* PR_SET_MDWE and PR_MDWE_REFUSE_EXEC_GAIN, which old headers lack: no memory becomes executable. */
static int refuse_executable_memory(void) { return prctl(65, 1, 0, 0, 0); }

static int refuse_young_calls(int error) {
  struct sock_filter code[2 + 2 * LENGTH(YOUNG)];
  size_t at = 0;
  code[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  for (size_t i = 0; i < LENGTH(YOUNG); i++) {
    code[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, YOUNG[i], 0, 1);
    code[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error);
  }
  code[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  struct sock_fprog program = {(unsigned short)at, code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int failed = strcmp(argv[1], "wx") == 0 ? refuse_executable_memory()
                                          : refuse_young_calls(strcmp(argv[1], "eperm") == 0 ? EPERM : ENOSYS);
  if (failed != 0) {
    perror("confine");
    return 77; /* this kernel cannot */
  }
  execvp(argv[2], argv + 2);
  perror("confine");
  return 2;
}
