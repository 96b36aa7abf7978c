"""Runs a program once, and prints what it took as one line of JSON.

    python3 -I -S timed.py PROGRAM ARGUMENT...

wallMs and cpuMs are milliseconds, rssMiB is the most memory that it held, in MiB, before and after execve(2) alike; status is its
exit status, negative for a signal. What the program prints to its standard output is dropped.
"""
import json
import os
import sys
import time

null = os.open(os.devnull, os.O_RDWR)
start = time.monotonic()
pid = os.fork()
if pid == 0:
    os.dup2(null, 0)
    os.dup2(null, 1)
    try:
        os.execvp(sys.argv[1], sys.argv[1:])
    finally:
        os._exit(127)
_, status, used = os.wait4(pid, 0)
wall = time.monotonic() - start
kilobytes = used.ru_maxrss / 1024 if sys.platform == "darwin" else used.ru_maxrss
print(json.dumps({
    "wallMs": wall * 1000,
    "cpuMs": (used.ru_utime + used.ru_stime) * 1000,
    "rssMiB": kilobytes / 1024,
    "status": os.waitstatus_to_exitcode(status),
}))
