"""Runs a command under a condition: confine.py session|eperm|enosys|quota COMMAND [ARGUMENT...]"""
import ctypes
import os
import platform
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)
ADD_KEY, REQUEST_KEY, KEYCTL = (217, 218, 219) if platform.machine() == "aarch64" else (248, 249, 250)
JOIN_SESSION_KEYRING = 1
USER_KEYRING = -4
QUOTA_USER = 54322


def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def refuse(errno):
    """The three system calls end with this error, as a container's profile has it."""
    statements = [(0x20, 0, 0, 0)]
    calls = (ADD_KEY, REQUEST_KEY, KEYCTL)
    statements += [(0x15, len(calls) - at, 0, call) for at, call in enumerate(calls)]
    statements += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050000 | errno)]
    code = b"".join(struct.pack("HBBI", *statement) for statement in statements)
    buffer = ctypes.create_string_buffer(code)
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(statements), ctypes.addressof(buffer)))
    check(libc.prctl(38, 1, 0, 0, 0))
    check(libc.prctl(22, 2, program, 0, 0))


def fill(ring, name, size):
    """Keeps keys until there is no room for another one."""
    payload = b"x" * size
    for number in range(300):
        key = b"%s-%d" % (name, number)
        if libc.syscall(ADD_KEY, b"user", key, payload, ctypes.c_size_t(size), ring) < 0:
            return


condition, command = sys.argv[1], sys.argv[2:]
if condition == "session":
    check(libc.syscall(KEYCTL, JOIN_SESSION_KEYRING, None, 0, 0, 0))
elif condition == "eperm":
    refuse(1)
elif condition == "enosys":
    refuse(38)
elif condition == "quota":
    # Root's quota is a thousand times as large.
    os.setgroups([])
    os.setresgid(QUOTA_USER, QUOTA_USER, QUOTA_USER)
    os.setresuid(QUOTA_USER, QUOTA_USER, QUOTA_USER)
    fill(USER_KEYRING, b"mlflow-auth-test", 90)
    fill(USER_KEYRING, b"mlflow-auth-test-more", 1)
else:
    sys.exit("no such condition: " + condition)
os.execvp(command[0], command)
