import assert from "node:assert/strict";
import { test } from "node:test";
import type { Changes } from "../../../src/core/host.ts";
import { Secret } from "../../../src/core/secret.ts";
import { CREDENTIAL_VARIABLES, headerFor, variablesFor } from "../../../src/credential/apply.ts";

const bearer = { kind: "bearer", token: new Secret("tok") } as const;
const basic = { kind: "basic", username: "ada", password: new Secret("pw") } as const;
const open = ({ set, remove }: Changes) => ({ set: set.map(([name, value]) => [name, value.reveal()]), remove });

const rivals = [
  "MLFLOW_TRACKING_AUTH",
  "MLFLOW_TRACKING_AWS_SIGV4",
  "MLFLOW_USERNAME",
  "MLFLOW_PASSWORD",
  "MLFLOW_TOKEN",
];

test("variablesFor() sets a token and removes all that competes with it", () => {
  assert.deepEqual(open(variablesFor(bearer, { env: {} })), {
    set: [["MLFLOW_TRACKING_TOKEN", "tok"]],
    remove: ["MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD", ...rivals],
  });
});

test("variablesFor() sets a user name and password and removes all that competes with them", () => {
  assert.deepEqual(open(variablesFor(basic, { env: {} })), {
    set: [["MLFLOW_TRACKING_USERNAME", "ada"], ["MLFLOW_TRACKING_PASSWORD", "pw"]],
    remove: ["MLFLOW_TRACKING_TOKEN", ...rivals],
  });
});

test("variablesFor() takes GitHub's request variables from a command, whatever they are called", () => {
  const env = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: "t", ACTIONS_ID_TOKEN_REQUEST_X: "x", ACTIONS_RUNTIME_URL: "u" };
  assert.deepEqual(variablesFor(bearer, { env, scrubOidc: true }).remove.slice(-3), [
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_X",
  ]);
  assert.ok(!variablesFor(bearer, { env }).remove.some((name) => name.startsWith("ACTIONS_")));
});

const uris: readonly (readonly [string, string | undefined])[] = [
  ["https://ada:pw@mlflow.corp/base?x=1#y", "https://mlflow.corp/base?x=1#y"],
  ["HTTP://ada@MLFLOW.corp:5000", "HTTP://MLFLOW.corp:5000"],
  ["https://a:p@ss@mlflow.corp/", "https://mlflow.corp/"],
  ["https://mlflow.corp/user@host", undefined],
  ["https://mlflow.corp?x=a@b", undefined],
  ["postgresql://ada:pw@db/mlflow", undefined],
  ["file:///tmp/a@b", undefined],
  ["", undefined],
];

for (const [uri, bare] of uris) {
  test(`variablesFor() ${bare === undefined ? "leaves" : "strips the user from"} ${JSON.stringify(uri)}`, () => {
    const env = { MLFLOW_TRACKING_URI: uri, MLFLOW_REGISTRY_URI: uri };
    const expected = bare === undefined ? [] : [["MLFLOW_TRACKING_URI", bare], ["MLFLOW_REGISTRY_URI", bare]];
    assert.deepEqual(open(variablesFor(bearer, { env })).set.slice(1), expected);
  });
}

test("variablesFor() keeps a variable that is to be kept, a URI's user included", () => {
  const env = { MLFLOW_TRACKING_URI: "https://ada:pw@mlflow.corp" };
  const keep = ["MLFLOW_PASSWORD", "MLFLOW_TRACKING_URI", "ACTIONS_ID_TOKEN_REQUEST_URL"];
  const { set, remove } = variablesFor(bearer, { env, keep, scrubOidc: true });
  assert.deepEqual(set.map(([name]) => name), ["MLFLOW_TRACKING_TOKEN"]);
  assert.deepEqual(keep.filter((name) => remove.includes(name)), []);
});

test("variablesFor() does not keep the variable that carries the credential", () => {
  assert.throws(() => variablesFor(basic, { env: {}, keep: ["MLFLOW_TRACKING_PASSWORD"] }), { code: "usage" });
});

test("CREDENTIAL_VARIABLES names what is set or removed for either kind", () => {
  const touched = [bearer, basic].map((credential) => {
    const { set, remove } = variablesFor(credential, { env: {} });
    return [...set.map(([name]) => name), ...remove].sort();
  });
  assert.deepEqual(touched, [[...CREDENTIAL_VARIABLES].sort(), [...CREDENTIAL_VARIABLES].sort()]);
});

test("headerFor() makes a bearer header", () => assert.equal(headerFor(bearer).reveal(), "Bearer tok"));

test("headerFor() encodes user name and password as UTF-8 (RFC 7617, section 2.1)", () => {
  const header = headerFor({ kind: "basic", username: "test", password: new Secret("123\u00A3") });
  assert.equal(header.reveal(), "Basic dGVzdDoxMjPCow==");
});

test("variablesFor() sets MLflow's own variables of env files as if they stood in the environment", () => {
  const more = {
    MLFLOW_EXPERIMENT_NAME: "a",
    MLFLOW_TRACKING_TOKEN: "old",
    MLFLOW_TRACKING_URI: "https://ada:pw@mlflow.example",
    MLFLOW_TRACKING_USERNAME: "ada",
    MLFLOW_USERNAME: "ada",
  };
  const changes = variablesFor({ kind: "bearer", token: new Secret("abc") }, { env: more, more });
  assert.deepEqual(changes.set.map(([name, value]) => [name, value.reveal()]), [
    ["MLFLOW_TRACKING_TOKEN", "abc"],
    ["MLFLOW_TRACKING_URI", "https://mlflow.example"],
    ["MLFLOW_EXPERIMENT_NAME", "a"],
  ]);
  assert.ok(["MLFLOW_TRACKING_USERNAME", "MLFLOW_USERNAME"].every((name) => changes.remove.includes(name)));
  const kept = variablesFor({ kind: "bearer", token: new Secret("abc") }, {
    env: more,
    more,
    keep: ["MLFLOW_USERNAME"],
  });
  assert.ok(kept.set.some(([name]) => name === "MLFLOW_USERNAME") && !kept.remove.includes("MLFLOW_USERNAME"));
});
