"""Takes an abstract socket's name as another user, says so, and keeps it until standard input ends: squat.py NAME UID"""
import os
import socket
import sys

os.setresuid(int(sys.argv[2]), int(sys.argv[2]), int(sys.argv[2]))
place = socket.socket(socket.AF_UNIX)
place.bind("\0" + sys.argv[1])
place.listen()
print("taken", flush=True)
sys.stdin.read()
