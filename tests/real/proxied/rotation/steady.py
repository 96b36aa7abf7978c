"""A training that logs a metric ten times a second for as long as it is told, while Key Vault cannot be reached."""

import os
import sys
import time

import mlflow


def stage(name):
    print(f"STAGE {name}", flush=True)
    if sys.stdin.readline() == "":
        sys.exit("nobody goes on")


with mlflow.start_run() as run:
    print(f"RUN_ID={run.info.run_id}", flush=True)
    stage("down")
    step = 0
    end = time.monotonic() + float(os.environ["SECONDS_DOWN"])
    while time.monotonic() < end:
        mlflow.log_metric("loss", step, step=step)
        step += 1
        time.sleep(0.1)
    for name in ("missed", "up"):
        stage(name)
        for _ in range(10):
            mlflow.log_metric("loss", step, step=step)
            step += 1
print(f"STEPS={step}", flush=True)
