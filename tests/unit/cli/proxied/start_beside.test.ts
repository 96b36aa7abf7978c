import assert from "node:assert/strict";
import { test } from "node:test";
import { readOrder } from "../../../../src/cli/proxied/order.ts";
import { proxyFailed, writeReply } from "../../../../src/cli/proxied/reply.ts";
import { startBeside } from "../../../../src/cli/proxied/start_beside.ts";
import { AuthError } from "../../../../src/core/errors.ts";
import { Secret } from "../../../../src/core/secret.ts";
import type { FakeParts } from "../../../support/host.ts";
import { idleSockets, proxiedSession, type RecordedSidecar, recordingSidecar } from "../../../support/proxied.ts";

const first = { credential: { kind: "bearer", token: new Secret("abc") }, version: "v1" } as const;
const options = { keyInUrl: false, force: false, allowHttp: false, read: () => Promise.resolve(first) };
const beside = (
  recorded: RecordedSidecar,
  parts: FakeParts = {},
  changed: Partial<typeof options & { owner: number }> = {},
) => {
  const startSidecar: FakeParts["startSidecar"] = (start = {}) => {
    recorded.started.push(start);
    return Promise.resolve(recorded.sidecar);
  };
  return startBeside(proxiedSession({ startSidecar, ...parts }), { ...options, ...changed });
};

test("startBeside() hands the sidecar what was read, and says where it listens", async () => {
  const recorded = recordingSidecar(writeReply({ port: 4040 }));
  const { access, leave } = await beside(recorded, {}, { owner: 77 });
  leave();
  const order = readOrder(recorded.told[0] ?? "");
  assert.equal(access.uri, "http://127.0.0.1:4040");
  assert.equal(access.key.reveal(), order.key.reveal());
  assert.deepEqual(order.farewell, { MLFLOW_TRACKING_URI: "https://mlflow.example" });
  assert.equal(order.first.credential.kind === "bearer" && order.first.credential.token.reveal(), "abc");
  assert.deepEqual([recorded.started, recorded.told.slice(1)], [[{ owner: 77, logs: false }], ["leave"]]);
});

test("startBeside() lets the sidecar write to standard error where everything is to be seen, and only there", async () => {
  const recorded = recordingSidecar(writeReply({ port: 4040 }));
  await beside(recorded, { env: { MLFLOW_SECRETS_LOG_LEVEL: "DEBUG" } });
  assert.deepEqual(recorded.started.map(({ logs }) => logs), [true]);
});

test("startBeside() ends the sidecar where there is no credential, where it failed, and where it says nothing", async () => {
  const forbidden = new AuthError("vault-forbidden", { message: "Cannot", remedy: "ask" });
  const cases = [
    [recordingSidecar(undefined), { read: () => Promise.reject(forbidden) }, "vault-forbidden", 1],
    [recordingSidecar(writeReply({ error: proxyFailed("no port") })), {}, "proxy-failed", 2],
    [recordingSidecar(undefined), {}, "proxy-failed", 2],
  ] as const;
  for (const [recorded, changed, code, lines] of cases) {
    await assert.rejects(beside(recorded, {}, changed), { code });
    assert.deepEqual([recorded.told.length, recorded.told.at(-1)], [lines, "end"]);
  }
});

test("startBeside() refuses a server that is an authority behind what is wrong with the credential, and ends the sidecar", async () => {
  const authority = new Error("invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))");
  const parts = {
    env: { MLFLOW_TRACKING_SERVER_CERT_PATH: "/root.pem" },
    readText: () => Promise.resolve("-----BEGIN CERTIFICATE-----\nROOT\n-----END CERTIFICATE-----\n"),
    sockets: () => Promise.resolve({ ...idleSockets, connect: () => Promise.reject(authority) }),
  };
  const forbidden = new AuthError("vault-forbidden", { message: "Cannot", remedy: "ask" });
  const cases = [[{}, "tls-untrusted"], [{ read: () => Promise.reject(forbidden) }, "vault-forbidden"]] as const;
  for (const [changed, code] of cases) {
    const recorded = recordingSidecar(writeReply({ port: 4040 }));
    await assert.rejects(beside(recorded, parts, changed), { code });
    assert.equal(recorded.told.at(-1), "end");
  }
});

test("startBeside() starts nothing for settings that cannot be used, and nothing before a registry elsewhere", async () => {
  const recorded = recordingSidecar(undefined);
  await assert.rejects(beside(recorded, { env: { MLFLOW_AZURE_TTL_SEC: "soon" } }), { code: "setting-invalid" });
  await assert.rejects(beside(recorded, { env: { MLFLOW_REGISTRY_URI: "https://other.example" } }), {
    code: "registry-elsewhere",
  });
  assert.deepEqual(recorded.started, []);
});

test("startBeside() looks at the files that win over the key, unless it is in the URL or that is put up with", async () => {
  const files = { "/home/user/.netrc": "default login ada password x" };
  const fine = () => recordingSidecar(writeReply({ port: 4040 }));
  await assert.rejects(beside(fine(), { files }), { code: "netrc-wins" });
  await beside(fine(), { files }, { keyInUrl: true });
  await beside(fine(), { files }, { force: true });
  // An entry for the tracking server itself is none for the proxy.
  await beside(fine(), { files: { "/home/user/.netrc": "machine mlflow.example login ada password x" } });
});

test("startBeside() runs the proxy in this process where a process cannot be replaced", async () => {
  const { access, leave, end } = await startBeside(
    proxiedSession({ startSidecar: () => Promise.resolve(undefined) }),
    options,
  );
  leave();
  assert.equal(access.uri, "http://127.0.0.1:4040");
  await end();
});

test("startBeside() says where the system starts no process", async () => {
  const startSidecar = () => Promise.reject(new Error("system error 11"));
  await assert.rejects(startBeside(proxiedSession({ startSidecar }), options), {
    code: "proxy-failed",
    message: 'Cannot start the proxy on "127.0.0.1": the system starts no process',
  });
});
