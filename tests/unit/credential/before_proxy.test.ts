import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../../src/core/secret.ts";
import { BEFORE_PROXY, changesBack, leadsTo, noteBefore } from "../../../src/credential/before_proxy.ts";
import { variablesForProxy } from "../../../src/credential/proxied.ts";

type Variables = Readonly<Record<string, string>>;

const URI = "http://127.0.0.1:4040";
const KEY = new Secret(`mlflow-auth-${"k".repeat(43)}`);

/** What a shell holds after `export --proxy`. */
function proxied(env: Variables, keyInUrl = false): Variables {
  const upstream = new URL(env["MLFLOW_TRACKING_URI"] ?? "https://mlflow.example");
  const { set, remove } = variablesForProxy({ uri: URI, key: KEY }, { env, keyInUrl, upstream });
  const left = Object.entries(env).filter(([name]) => !remove.includes(name));
  const gained = set.map(([name, value]): [string, string] => [name, value.reveal()]);
  return Object.fromEntries([...left, ...gained, [BEFORE_PROXY, noteBefore(env)]]);
}

/** And what it holds after `export --unset`, but for what `--unset` removes anyway. */
function back(env: Variables): Variables {
  const changes = changesBack(env, URI);
  assert.ok(changes !== undefined);
  const removed = [...changes.remove, "MLFLOW_TRACKING_TOKEN"];
  const left = Object.entries(env).filter(([name]) => !removed.includes(name));
  return Object.fromEntries([...left, ...changes.set.map(([name, value]): [string, string] => [name, value.reveal()])]);
}

const SHELLS: Readonly<Record<string, Variables>> = {
  "a tracking URI alone": { MLFLOW_TRACKING_URI: "https://mlflow.example/team" },
  "every variable that leads there": {
    MLFLOW_TRACKING_URI: "https://mlflow.example",
    MLFLOW_REGISTRY_URI: "https://mlflow.example/",
    MLFLOW_DEPLOYMENTS_TARGET: "https://mlflow.example",
    MLFLOW_GATEWAY_URI: "https://other.example",
  },
  "names that go past a proxy, of either spelling": {
    MLFLOW_TRACKING_URI: "https://mlflow.example",
    NO_PROXY: ".corp,10.0.0.1",
    no_proxy: "",
  },
  "one that holds all": { MLFLOW_TRACKING_URI: "https://mlflow.example", no_proxy: "*" },
  "how to reach the server": {
    MLFLOW_TRACKING_URI: "https://mlflow.example",
    MLFLOW_TRACKING_SERVER_CERT_PATH: "/etc/a b&c=d'.pem",
    MLFLOW_TRACKING_CLIENT_CERT_PATH: "/etc/ü\n.pem",
  },
  "a tracking URI of a file alone": {},
};

for (const [name, env] of Object.entries(SHELLS)) {
  test(`changesBack() gives a shell back ${name}`, () => {
    assert.deepEqual(back(proxied(env)), env);
    assert.deepEqual(back(proxied(env, true)), env);
  });
}

test("changesBack() leaves what somebody has changed since", () => {
  const env = { MLFLOW_TRACKING_URI: "https://mlflow.example", MLFLOW_TRACKING_SERVER_CERT_PATH: "/a.pem" };
  const since = {
    MLFLOW_TRACKING_URI: "https://other.example",
    NO_PROXY: "127.0.0.1,localhost,::1,.corp",
    MLFLOW_TRACKING_SERVER_CERT_PATH: "/b.pem",
  };
  assert.deepEqual(back({ ...proxied(env), ...since }), since);
});

test("changesBack() knows nothing where nothing was noted, or something else was", () => {
  for (const note of [undefined, "", "v=2&MLFLOW_TRACKING_URI=x", "MLFLOW_TRACKING_URI=x"]) {
    assert.equal(changesBack({ MLFLOW_TRACKING_URI: URI, [BEFORE_PROXY]: note }, URI), undefined, note);
  }
});

test("noteBefore() holds no user name and no password", () => {
  const uri = "https://ada:canary@mlflow.example/team";
  const note = noteBefore({ MLFLOW_TRACKING_URI: uri, MLFLOW_REGISTRY_URI: uri, MLFLOW_TRACKING_PASSWORD: "canary" });
  assert.ok(!note.includes("canary"), note);
  assert.equal(new URLSearchParams(note).get("MLFLOW_REGISTRY_URI"), "https://mlflow.example/team");
});

test("leadsTo() compares the whole address", () => {
  assert.deepEqual(
    [`${URI}/key`, URI, `${URI}1`, "https://127.0.0.1:4040", "x", undefined].map((one) => leadsTo(one, URI)),
    [
      true,
      true,
      false,
      false,
      false,
      false,
    ],
  );
});
