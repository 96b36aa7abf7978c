import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../../src/core/secret.ts";
import { checkNotProxied, proxyIn, variablesForProxy } from "../../../src/credential/proxied.ts";

const KEY = `mlflow-auth-${"k".repeat(43)}`;
const access = { uri: "http://127.0.0.1:4040", key: new Secret(KEY) };
const upstream = new URL("https://mlflow.example");
const shown = (set: readonly (readonly [string, Secret])[]) =>
  Object.fromEntries(set.map(([name, value]) => [name, value.reveal()]));

test("variablesForProxy() leads to the proxy, with its key as the only credential, and moves what is of TLS", () => {
  const { set, remove } = variablesForProxy(access, { env: {}, keyInUrl: false, upstream, scrubOidc: true });
  assert.deepEqual(shown(set), {
    MLFLOW_TRACKING_URI: "http://127.0.0.1:4040",
    MLFLOW_TRACKING_TOKEN: KEY,
    NO_PROXY: "127.0.0.1,localhost,::1",
    no_proxy: "127.0.0.1,localhost,::1",
  });
  assert.deepEqual(remove, [
    ...["MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_AUTH", "MLFLOW_TRACKING_AWS_SIGV4"],
    ...["MLFLOW_USERNAME", "MLFLOW_PASSWORD", "MLFLOW_TOKEN"],
    ...["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
    ...["MLFLOW_TRACKING_SERVER_CERT_PATH", "MLFLOW_TRACKING_CLIENT_CERT_PATH", "MLFLOW_TRACKING_INSECURE_TLS"],
  ]);
});

test("variablesForProxy() gives a key in the URL no token beside it", () => {
  const { set, remove } = variablesForProxy(access, { env: {}, keyInUrl: true, upstream });
  assert.equal(shown(set)["MLFLOW_TRACKING_URI"], `http://127.0.0.1:4040/${KEY}`);
  assert.ok(remove.includes("MLFLOW_TRACKING_TOKEN"));
});

test("variablesForProxy() leads the registry of the tracking server there too, and leaves one that is no server", () => {
  const registry = (uri: string, keyInUrl = false) =>
    shown(
      variablesForProxy(access, { env: { MLFLOW_REGISTRY_URI: uri }, keyInUrl, upstream }).set,
    )["MLFLOW_REGISTRY_URI"];
  assert.equal(registry("https://mlflow.example"), "http://127.0.0.1:4040");
  assert.equal(registry("https://mlflow.example", true), `http://127.0.0.1:4040/${KEY}`);
  assert.equal(registry("https://mlflow.example:443/"), "http://127.0.0.1:4040");
  assert.deepEqual([registry("databricks-uc"), registry("https://mlflow.example/other")], [undefined, undefined]);
  const env = { MLFLOW_DEPLOYMENTS_TARGET: "https://mlflow.example", MLFLOW_GATEWAY_URI: "https://gateway.example" };
  const set = shown(variablesForProxy(access, { env, keyInUrl: false, upstream }).set);
  assert.deepEqual([set["MLFLOW_DEPLOYMENTS_TARGET"], set["MLFLOW_GATEWAY_URI"]], [
    "http://127.0.0.1:4040",
    undefined,
  ]);
});

test("variablesForProxy() keeps what is not proxied already, in either spelling", () => {
  const bypass = (env: Readonly<Record<string, string>>) => {
    const { NO_PROXY: upper, no_proxy: lower } = shown(
      variablesForProxy(access, { env, keyInUrl: false, upstream }).set,
    );
    return [upper, lower];
  };
  assert.deepEqual(bypass({ NO_PROXY: ".corp" }), [".corp,127.0.0.1,localhost,::1", ".corp,127.0.0.1,localhost,::1"]);
  assert.deepEqual(bypass({ NO_PROXY: "a", no_proxy: "localhost, b" }), [
    "a,127.0.0.1,localhost,::1",
    "localhost, b,127.0.0.1,::1",
  ]);
  assert.deepEqual(bypass({ no_proxy: "*" }), ["*", "*"]);
});

test("variablesForProxy() spares what is to be kept, but not what leads to the proxy", () => {
  const keep = ["MLFLOW_TRACKING_SERVER_CERT_PATH", "MLFLOW_TOKEN"];
  const { remove } = variablesForProxy(access, { env: {}, keyInUrl: false, upstream, keep });
  assert.deepEqual(remove.filter((name) => keep.includes(name)), []);
  assert.throws(
    () => variablesForProxy(access, { env: {}, keyInUrl: false, upstream, keep: ["MLFLOW_TRACKING_URI"] }),
    {
      code: "usage",
      message: 'Cannot keep "MLFLOW_TRACKING_URI": it carries the way to the proxy',
    },
  );
});

test("variablesForProxy() sets what an env file says of MLflow, but not what the proxy does itself", () => {
  const more = { MLFLOW_EXPERIMENT_NAME: "trees", MLFLOW_TRACKING_SERVER_CERT_PATH: "/ca.pem" };
  const { set, remove } = variablesForProxy(access, { env: {}, more, keyInUrl: false, upstream });
  assert.equal(shown(set)["MLFLOW_EXPERIMENT_NAME"], "trees");
  assert.equal(shown(set)["MLFLOW_TRACKING_SERVER_CERT_PATH"], undefined);
  assert.ok(remove.includes("MLFLOW_TRACKING_SERVER_CERT_PATH"));
});

test("proxyIn() knows a proxy by its key, as token or as the first part of the path", () => {
  const uri = "http://127.0.0.1:4040";
  const found = (env: Readonly<Record<string, string>>) => {
    const proxy = proxyIn(env);
    return proxy === undefined ? undefined : [proxy.uri, proxy.key.reveal()];
  };
  assert.deepEqual(found({ MLFLOW_TRACKING_URI: uri, MLFLOW_TRACKING_TOKEN: KEY }), [uri, KEY]);
  assert.deepEqual(found({ MLFLOW_TRACKING_URI: `${uri}/${KEY}` }), [uri, KEY]);
  assert.deepEqual(found({ MLFLOW_TRACKING_URI: `${uri}/${KEY}/`, MLFLOW_TRACKING_TOKEN: "other" }), [uri, KEY]);
  assert.equal(found({ MLFLOW_TRACKING_URI: uri, MLFLOW_TRACKING_TOKEN: "eyJ" }), undefined);
  assert.equal(found({ MLFLOW_TRACKING_TOKEN: KEY }), undefined);
  assert.equal(found({}), undefined);
});

test("checkNotProxied() refuses to hand a credential to a proxy", () => {
  assert.throws(() => checkNotProxied({ MLFLOW_TRACKING_URI: `http://127.0.0.1:4040/${KEY}` }), {
    code: "proxy-nested",
    message: 'Cannot hand a credential to "127.0.0.1:4040": it is a proxy of mlflow-auth, which has one',
  });
  checkNotProxied({ MLFLOW_TRACKING_URI: "https://mlflow.example" });
});
