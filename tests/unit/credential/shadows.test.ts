import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../../src/core/secret.ts";
import { checkCredentialsFile, checkProxyShadows, findShadows } from "../../../src/credential/shadows.ts";
import { fakeHost } from "../../support/host.ts";

const FILE = "/home/user/.mlflow/credentials";
const none = { credentialsFile: undefined, netrc: undefined };
const find = (
  files: Readonly<Record<string, string>>,
  env = {},
  uri: string | undefined = "https://mlflow.corp:5000/x",
) => findShadows(uri, fakeHost({ files, env }));

test("findShadows() finds nothing where nothing is", async () => assert.deepEqual(await find({}), none));

test("findShadows() finds a credentials file with user name and password", async () => {
  const texts = [
    "[mlflow]\nmlflow_tracking_username = ada\nmlflow_tracking_password = pw\n",
    "# note\r\n[other]\r\nx=1\r\n[mlflow]\r\nMLFLOW_TRACKING_USERNAME: ada\r\nmlflow_tracking_password:pw\r\n",
  ];
  for (const text of texts) assert.deepEqual(await find({ [FILE]: text }), { ...none, credentialsFile: FILE });
});

test("findShadows() passes over a credentials file without both", async () => {
  const texts = [
    "",
    "[mlflow]\nmlflow_tracking_username = ada\n",
    "[mlflow]\nmlflow_tracking_username = ada\nmlflow_tracking_password =\n",
    "[mlflow]\n#mlflow_tracking_username = ada\nmlflow_tracking_password = pw\n",
    "[mlflow2]\nmlflow_tracking_username = ada\nmlflow_tracking_password = pw\n",
  ];
  for (const text of texts) assert.deepEqual(await find({ [FILE]: text }), none, text);
});

const NETRC = "/home/user/.netrc";

test("findShadows() finds the netrc entry of the tracking host", async () => {
  const text = "machine other login a password b\nmachine mlflow.corp\n  login ada\n  password pw\n";
  assert.deepEqual(await find({ [NETRC]: text }), { ...none, netrc: { path: NETRC, entry: "mlflow.corp" } });
});

test("findShadows() finds a default netrc entry, also without a tracking URI", async () => {
  const files = { "/home/user/_netrc": "default login ada password pw" };
  const expected = { ...none, netrc: { path: "/home/user/_netrc", entry: "default" } };
  assert.deepEqual(await find(files), expected);
  assert.deepEqual(await findShadows(undefined, fakeHost({ files })), expected);
});

test("findShadows() follows NETRC, and an empty one switches netrc off", async () => {
  const files = { [NETRC]: "default login a password b", "/etc/netrc": "machine mlflow.corp login a password b" };
  assert.deepEqual((await find(files, { NETRC: "/etc/netrc" })).netrc, { path: "/etc/netrc", entry: "mlflow.corp" });
  assert.deepEqual((await find(files, { NETRC: "" })).netrc, undefined);
  assert.deepEqual((await find(files, { NETRC: "/dev/null" })).netrc, undefined);
});

test("findShadows() is not deceived by passwords, comments and macros of a netrc file", async () => {
  const texts = [
    "machine x login default password default",
    "# default\nmachine x login a password b",
    "machine x login a password b\nmacdef init\ndefault\nmachine mlflow.corp\n\n",
    'machine x login a password "machine mlflow.corp"',
  ];
  for (const text of texts) assert.deepEqual((await find({ [NETRC]: text })).netrc, undefined, text);
});

test("checkCredentialsFile() lets a user name and password pass, which win over the file", () => {
  const credential = { kind: "basic", username: "ada", password: new Secret("pw") } as const;
  checkCredentialsFile(credential, { ...none, credentialsFile: FILE });
});

test("checkCredentialsFile() lets a token pass where no such file is", () => {
  checkCredentialsFile({ kind: "bearer", token: new Secret("t") }, none);
});

test("checkProxyShadows() refuses each file that wins over the key, and names the way that no file wins over", () => {
  checkProxyShadows(none);
  const netrc = { path: "/home/user/.netrc", entry: "127.0.0.1" };
  const remedy = "pass --key-in-url, which no file wins over";
  assert.throws(() => checkProxyShadows({ ...none, credentialsFile: FILE }), { code: "credentials-file-wins", remedy });
  assert.throws(() => checkProxyShadows({ ...none, netrc }), { code: "netrc-wins", remedy });
});
