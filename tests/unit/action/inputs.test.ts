import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "js-yaml";
import { INPUTS, readInputs, variableOf } from "../../../action/inputs.mjs";

const NOTHING = { settings: {}, run: "", workingDirectory: "", shell: "", isExport: false, version: "" };

test("INPUTS are those of action.yml, in its order", () => {
  const action = load(readFileSync(new URL("../../../action.yml", import.meta.url), "utf8")) as { inputs: object };
  assert.deepEqual(INPUTS, Object.keys(action.inputs));
});

test("variableOf() keeps the hyphen, as the runner does", () => {
  assert.equal(variableOf("working-directory"), "INPUT_WORKING-DIRECTORY");
});

test("readInputs() finds nothing where nothing is given", () => {
  assert.deepEqual(readInputs({}), NOTHING);
  assert.deepEqual(readInputs({ "INPUT_VAULT-URL": "", INPUT_RUN: " \n", INPUT_EXPORT: "false" }), NOTHING);
});

test("readInputs() turns inputs into settings and leaves the script as it is", () => {
  const env = {
    "INPUT_VAULT-URL": " https://team.vault.azure.net/ ",
    "INPUT_SECRET-NAME": "mlflow",
    "INPUT_SECRET-VERSION": "0123",
    "INPUT_AUTH-MODE": "basic",
    "INPUT_TENANT-ID": "t",
    "INPUT_CLIENT-ID": "c",
    "INPUT_TRACKING-URI": "https://mlflow.example",
    INPUT_RUN: "  a\nb\n",
    "INPUT_WORKING-DIRECTORY": "src",
    INPUT_SHELL: "bash",
    INPUT_VERSION: "v1.2.3",
  };
  assert.deepEqual(readInputs(env), {
    settings: {
      MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/",
      MLFLOW_AZURE_SECRET_NAME: "mlflow",
      MLFLOW_AZURE_SECRET_VERSION: "0123",
      MLFLOW_AZURE_AUTH_MODE: "basic",
      AZURE_TENANT_ID: "t",
      AZURE_CLIENT_ID: "c",
      MLFLOW_TRACKING_URI: "https://mlflow.example",
    },
    run: "  a\nb\n",
    workingDirectory: "src",
    shell: "bash",
    isExport: false,
    version: "v1.2.3",
  });
});

test("readInputs() takes the spellings of true that YAML has, and no other", () => {
  for (const word of ["true", "True", "TRUE"]) {
    assert.deepEqual(readInputs({ INPUT_EXPORT: word }), { ...NOTHING, isExport: true });
  }
  assert.throws(() => readInputs({ INPUT_EXPORT: "yes" }), {
    message: 'Cannot use "export": it is neither true nor false',
  });
});

test("readInputs() refuses inputs that contradict each other", () => {
  assert.throws(
    () => readInputs({ INPUT_RUN: "a", INPUT_EXPORT: "true" }),
    /^Refusal: Cannot take both "run" and "export"/,
  );
  assert.throws(() => readInputs({ INPUT_SHELL: "bash" }), { message: 'Cannot use "shell": there is no script' });
  assert.throws(() => readInputs({ "INPUT_WORKING-DIRECTORY": "src" }), {
    message: 'Cannot use "working-directory": there is no script',
  });
});
