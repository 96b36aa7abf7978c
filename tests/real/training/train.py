"""A training job: it logs a run with a parameter, metrics and an artifact, and knows nothing of how it signs in."""

import argparse
import os
import signal
import sys
import tempfile
import time

import mlflow

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--status", type=int, default=0, help="exit status to end with, inside the run")
parser.add_argument("--die", help="signal to end by, inside the run")
parser.add_argument("--wait", action="store_true", help="wait for a signal, inside the run")
options = parser.parse_args()

print(f"PID={os.getpid()} PARENT={os.getppid()}", flush=True)
with mlflow.start_run() as run, tempfile.TemporaryDirectory() as folder:
    mlflow.log_param("lr", options.lr)
    for step in range(3):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    path = os.path.join(folder, "model.txt")
    with open(path, "w") as model:
        model.write("weights\n")
    mlflow.log_artifact(path)
    print(f"RUN_ID={run.info.run_id}", flush=True)
    while options.wait:
        time.sleep(0.1)
    if options.die:
        os.kill(os.getpid(), signal.Signals[options.die])
    if options.status:
        sys.exit(options.status)
