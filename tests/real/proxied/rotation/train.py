"""A training that logs in every way a client has, while its secret is changed under it. It knows nothing of how it signs in.

At each STAGE it waits for a line: by then the secret was changed, and the old one refused.
"""

import os
import sys
import tempfile

import mlflow
from sklearn.linear_model import LogisticRegression

SIZE = int(os.environ.get("ARTIFACT_BYTES", 300 * 1024 * 1024))
FAILED = []


def stage(name):
    print(f"STAGE {name}", flush=True)
    if sys.stdin.readline() == "":
        sys.exit("nobody goes on")


def attempt(what, call):
    try:
        return call()
    except Exception as error:
        FAILED.append(what)
        print(f"FAILED {what}: {type(error).__name__}", flush=True)


with mlflow.start_run() as run, tempfile.TemporaryDirectory() as folder:
    print(f"RUN_ID={run.info.run_id}", flush=True)
    attempt("param", lambda: mlflow.log_param("before", 1))
    for step in range(10):
        attempt("metric", lambda: mlflow.log_metric("loss", 1 / (step + 1), step=step))
    stage("first")
    for step in range(10, 20):
        attempt("metric", lambda: mlflow.log_metric("loss", 1 / (step + 1), step=step))
    attempt("params", lambda: mlflow.log_params({f"p{at}": at for at in range(20)}))
    waiting = [mlflow.log_metric("async", step, step=step, synchronous=False) for step in range(20)]
    waiting.append(mlflow.log_params({"async": "yes"}, synchronous=False))
    path = os.path.join(folder, "weights.bin")
    with open(path, "wb") as weights:
        block = bytes(range(256)) * 4096
        for at in range(0, SIZE, len(block)):
            weights.write(block[: SIZE - at])
    stage("second")
    attempt("artifact", lambda: mlflow.log_artifact(path))
    waiting += [mlflow.log_metric("async", step, step=step, synchronous=False) for step in range(20, 40)]
    for one in waiting:
        attempt("async", one.wait)
    mlflow.sklearn.autolog(log_models=False, log_datasets=False)
    attempt("fit", lambda: LogisticRegression(C=0.5).fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]))
    with mlflow.start_span("predict") as span:
        span.set_inputs({"x": 1})
        span.set_outputs({"y": 2})
    attempt("traces", mlflow.flush_trace_async_logging)

print(f"FAILURES={len(FAILED)}", flush=True)
sys.exit(1 if FAILED else 0)
