"""Says where MLflow's own client would connect to: reads a JSON list of URIs, and connects nowhere."""

import json
import os
import sys

os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "0"
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

import urllib3.util.connection

seen = []


def refuse(address, *rest, **named):
    seen.append(address[0])
    raise OSError("nobody is connected to")


urllib3.util.connection.create_connection = refuse

from mlflow import MlflowClient  # noqa: E402

SAFE = "https://good.example"


def hosts_of(work):
    seen.clear()
    try:
        work()
    except Exception:
        pass  # That nobody was connected to is always one.
    return list(seen)


json.dump(
    {
        uri: {
            "MLFLOW_TRACKING_URI": hosts_of(lambda: MlflowClient(tracking_uri=uri).search_experiments(max_results=1)),
            "MLFLOW_REGISTRY_URI": hosts_of(
                lambda: MlflowClient(tracking_uri=SAFE, registry_uri=uri).search_registered_models(max_results=1)
            ),
        }
        for uri in json.load(sys.stdin)
    },
    sys.stdout,
)
