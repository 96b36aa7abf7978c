import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError } from "../../../../src/core/errors.ts";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { Secret } from "../../../../src/core/secret.ts";
import type { Credential } from "../../../../src/credential/parse.ts";
import { shadows, variableNotes } from "../../../../src/doctor/checks/shadows.ts";
import { makeSubject } from "../../../../src/doctor/subject.ts";
import { fakeHost } from "../../../support/host.ts";

const file = "[mlflow]\nmlflow_tracking_username = ada\nmlflow_tracking_password = pw\n";
const bearer: Credential = { kind: "bearer", token: new Secret("abc") };
const basic: Credential = { kind: "basic", username: "ada", password: new Secret("pw") };

const said = async (
  files: Readonly<Record<string, string>>,
  options: { readonly env?: Readonly<Record<string, string>>; readonly credential?: Credential | undefined } = {},
) => {
  const env = { MLFLOW_TRACKING_URI: "https://mlflow.example", ...options.env };
  const host = fakeHost({ env, files });
  const whole = makeSubject({ ...readSettings({ env }), host, log: makeLog("ERROR", () => {}) });
  const { credential } = options;
  const none = new AuthError("vault-forbidden", { message: "Cannot read it", remedy: "grant it" });
  const steps = {
    ...whole.steps,
    credential: () => credential === undefined ? Promise.reject(none) : Promise.resolve(credential),
  };
  return (await shadows.run({ ...whole, steps })).map(({ status, code }) => `${status} ${code ?? ""}`);
};

test("shadows fails on a credentials file beside a token, warns while the kind is not known, and spares a password", async () => {
  const files = { "/home/user/.mlflow/credentials": file };
  assert.deepEqual(await said(files, { credential: bearer }), ["fail credentials-file-wins"]);
  assert.deepEqual(await said(files), ["warn credentials-file-wins"]);
  assert.deepEqual(await said(files, { credential: basic }), ["ok "]);
});

test("shadows waits for no credential where there is no such file", async () => {
  assert.deepEqual(await said({}), ["ok "]);
});

test("shadows warns of netrc: an entry of the server, a default, a file that NETRC names", async () => {
  const entry = "machine mlflow.example login ada password x";
  assert.deepEqual(await said({ "/home/user/.netrc": entry }), ["warn netrc-wins"]);
  assert.deepEqual(await said({ "/home/user/.netrc": "default login ada password x" }), ["warn netrc-wins"]);
  assert.deepEqual(await said({ "/n": entry }, { env: { NETRC: "/n" } }), ["warn netrc-wins"]);
  assert.deepEqual(await said({ "/home/user/.netrc": entry }, { env: { NETRC: "/dev/null" } }), ["ok "]);
  assert.deepEqual(await said({ "/home/user/.netrc": "machine other.example login a password x" }), ["ok "]);
});

test("variableNotes() names each rival in the environment", () => {
  const messages = (env: Readonly<Record<string, string>>) => variableNotes(env).map((note) => note.remedy);
  assert.deepEqual(messages({ MLFLOW_TRACKING_AUTH: "entra", MLFLOW_TRACKING_AWS_SIGV4: "true" }), [
    "unset MLFLOW_TRACKING_AUTH",
    "unset MLFLOW_TRACKING_AWS_SIGV4",
  ]);
  assert.deepEqual(messages({ MLFLOW_TRACKING_AUTH: "", MLFLOW_TRACKING_AWS_SIGV4: "false" }), []);
  const pair = { MLFLOW_TRACKING_USERNAME: "ada", MLFLOW_TRACKING_PASSWORD: "pw" };
  assert.deepEqual(messages(pair), []);
  assert.deepEqual(messages({ ...pair, MLFLOW_TRACKING_TOKEN: "abc" }), [
    "unset MLFLOW_TRACKING_USERNAME MLFLOW_TRACKING_PASSWORD",
  ]);
});
