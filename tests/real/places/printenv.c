/* printenv NAME, linked statically: for roots whose C library is older than this machine's. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  const char *value = argc == 2 ? getenv(argv[1]) : NULL;
  if (value == NULL) return 1;
  puts(value);
  return 0;
}
