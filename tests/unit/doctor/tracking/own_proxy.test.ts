import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../../../src/core/secret.ts";
import { askProxy, proxyNote } from "../../../../src/doctor/tracking/own_proxy.ts";

const access = { uri: "http://127.0.0.1:4040", key: new Secret("mlflow-auth-k") };
const state = { ready: true, ageSeconds: 12, readAgainInSeconds: 270 };
const ask = (answer: () => Promise<Response>) => askProxy(access, { fetch: answer, after: () => () => {}, env: {} });

test("askProxy() reads what a proxy says of itself, ready or not, and shows it no key", async () => {
  for (const ready of [true, false]) {
    const asked: Request[] = [];
    const answer = await askProxy(access, {
      after: () => () => {},
      env: {},
      fetch: (request) => {
        asked.push(request);
        return Promise.resolve(Response.json({ ...state, ready }, { status: ready ? 200 : 503 }));
      },
    });
    assert.deepEqual(answer, { ...state, ready, place: "127.0.0.1:4040" });
    assert.deepEqual(asked.map(({ url, headers }) => [url, headers.get("authorization")]), [
      ["http://127.0.0.1:4040/-/ready", null],
    ]);
  }
});

test("askProxy() names a proxy that is gone, and a port that somebody else has now", async () => {
  const gone = { code: "proxy-gone", message: 'Cannot reach the proxy at "127.0.0.1:4040": it does not run any more' };
  await assert.rejects(ask(() => Promise.reject(new TypeError("refused"))), gone);
  await assert.rejects(ask(() => Promise.resolve(new Response("<html>"))), gone);
  await assert.rejects(ask(() => Promise.resolve(Response.json({ ready: "yes" }))), gone);
  const remedyWhere = async (env: Readonly<Record<string, string>>) => {
    const host = { fetch: () => Promise.reject(new TypeError("refused")), after: () => () => {}, env };
    return await askProxy(access, host).then(() => undefined, ({ remedy }) => String(remedy));
  };
  assert.match(await remedyWhere({}) ?? "", /^leave this command, /);
  assert.match(await remedyWhere({ MLFLOW_AUTH_BEFORE_PROXY: "v=1" }) ?? "", /export --unset/);
});

test("proxyNote() fails where the server refused what the proxy holds", () => {
  const place = "127.0.0.1:4040";
  assert.equal(proxyNote({ ...state, place }).status, "ok");
  const { status, error } = proxyNote({ ...state, place, ready: false });
  assert.deepEqual([status, error?.code], ["fail", "mlflow-rejected"]);
});
