import assert from "node:assert/strict";
import { test } from "node:test";
import { clientVariables } from "../../../../src/core/settings/client_variables.ts";

test("clientVariables() are MLflow's own of files, where the environment does not have them, a later file winning", () => {
  const files = [
    { variables: { MLFLOW_TRACKING_URI: "one", MLFLOW_EXPERIMENT_NAME: "a", AZURE_TENANT_ID: "t", PATH: "/bin" } },
    { variables: { MLFLOW_TRACKING_URI: "two", MLFLOW_RUN_ID: "r", MLFLOW_REGISTRY_URI: "x" } },
    { variables: { MLFLOW_AZURE_SECRET_NAME: "s", MLFLOW_AUTH_CA_BUNDLE: "c", MLFLOW_SECRETS_LOG_LEVEL: "INFO" } },
  ];
  assert.deepEqual(clientVariables(files, { MLFLOW_RUN_ID: "", MLFLOW_REGISTRY_URI: "own" }), {
    MLFLOW_EXPERIMENT_NAME: "a",
    MLFLOW_TRACKING_URI: "two",
  });
});
