import assert from "node:assert/strict";
import { test } from "node:test";
import { leaveProxy } from "../../../../src/cli/proxied/leave_proxy.ts";
import { BEFORE_PROXY, noteBefore } from "../../../../src/credential/before_proxy.ts";
import { fakeHost } from "../../../support/host.ts";

const KEY = `mlflow-auth-${"k".repeat(43)}`;
const env = {
  MLFLOW_TRACKING_URI: "http://127.0.0.1:4040",
  MLFLOW_TRACKING_TOKEN: KEY,
  MLFLOW_REGISTRY_URI: "http://127.0.0.1:4040",
};
const leave = async (
  fetch: (request: Request) => Promise<Response>,
  variables: Readonly<Record<string, string>> = env,
) => {
  const warnings: string[] = [];
  const host = fakeHost({ env: variables, fetch });
  const { set, remove } = await leaveProxy(host, { warning: (line) => void warnings.push(line) });
  return { set: Object.fromEntries(set.map(([name, value]) => [name, value.reveal()])), remove, warnings };
};

test("leaveProxy() ends the proxy with its key, and puts back what led to the server", async () => {
  const asked: string[] = [];
  const left = await leave((request) => {
    asked.push(`${request.method} ${request.url} ${request.headers.get("authorization")}`);
    return Promise.resolve(Response.json({ MLFLOW_TRACKING_URI: "https://mlflow.example" }));
  });
  assert.deepEqual(asked, [`POST http://127.0.0.1:4040/-/end Bearer ${KEY}`]);
  assert.deepEqual(left, {
    set: { MLFLOW_TRACKING_URI: "https://mlflow.example" },
    remove: ["MLFLOW_REGISTRY_URI"],
    warnings: [],
  });
});

test("leaveProxy() takes a proxy that is gone for no error, and says that the server is not known", async () => {
  const gone = () => Promise.reject(new Error("refused"));
  const stranger = () => Promise.resolve(new Response("", { status: 401 }));
  for (const answer of [gone, stranger]) {
    const left = await leave(answer);
    assert.deepEqual([left.set, left.remove], [{}, ["MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI"]]);
    assert.match(left.warnings.join(), /does not run any more/);
  }
});

test("leaveProxy() ends the proxy and puts back what the shell notes, whether the proxy still runs or not", async () => {
  const note = noteBefore({ MLFLOW_TRACKING_URI: "https://mlflow.example/team", NO_PROXY: ".corp" });
  const gained = ".corp,127.0.0.1,localhost,::1";
  const shell = { ...env, [BEFORE_PROXY]: note, NO_PROXY: gained, no_proxy: gained };
  const asked: string[] = [];
  const runs = (request: Request) => {
    asked.push(request.url);
    return Promise.resolve(Response.json({ MLFLOW_TRACKING_URI: "https://other.example" }));
  };
  for (const answer of [runs, () => Promise.reject(new Error("refused"))]) {
    assert.deepEqual(await leave(answer, shell), {
      set: { MLFLOW_TRACKING_URI: "https://mlflow.example/team", NO_PROXY: ".corp" },
      remove: ["MLFLOW_REGISTRY_URI", "no_proxy", BEFORE_PROXY],
      warnings: [],
    });
  }
  assert.deepEqual(asked, ["http://127.0.0.1:4040/-/end"]);
});

test("leaveProxy() asks nobody where there is no proxy", async () => {
  const left = await leave(() => Promise.reject(new Error("asked")), { MLFLOW_TRACKING_URI: "https://mlflow.example" });
  assert.deepEqual(left, { set: {}, remove: [], warnings: [] });
});
