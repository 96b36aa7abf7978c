import assert from "node:assert/strict";
import { test } from "node:test";
import { startEngine } from "../../../../src/cli/proxied/start_engine.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { ListenError } from "../../../../src/core/errors.ts";
import type { Address } from "../../../../src/core/sockets.ts";
import { fakeHost } from "../../../support/host.ts";
import { idleSockets, proxiedSession } from "../../../support/proxied.ts";
import { settle } from "../../../support/proxy.ts";

const first = { credential: { kind: "bearer", token: new Secret("abc") } } as const;
const parts = {
  listen: { hostname: "127.0.0.1", port: 0 },
  hostNames: [],
  upstream: new URL("https://mlflow.example"),
  key: new Secret("k"),
  first,
  farewell: {},
  onEnd: () => {},
};

test("startEngine() listens, and holds what was read before", async () => {
  const asked: Address[] = [];
  const sockets = {
    ...idleSockets,
    listen: (at: Address) => {
      asked.push(at);
      return Promise.resolve({ address: { ...at, port: 4040 }, close: () => {} });
    },
  };
  const proxy = await startEngine(proxiedSession({ sockets: () => Promise.resolve(sockets) }), parts);
  assert.deepEqual([asked, proxy.address.port, proxy.readiness().ready], [[parts.listen], 4040, true]);
  await proxy.close(0);
});

test("startEngine() gives code back a while after it was needed, and goes on where that fails", async () => {
  const later: (readonly [ms: number, run: () => void])[] = [];
  let given = 0;
  const session = proxiedSession({
    sockets: () => Promise.resolve(idleSockets),
    after: (ms, run) => (later.push([ms, run]), () => {}),
    giveCodeBack: () => (given++, Promise.reject(new Error("no such function"))),
  });
  const proxy = await startEngine(session, parts);
  const [wait, run] = later.find(([ms]) => ms === 2_000) ?? [];
  assert.deepEqual([wait, given], [2_000, 0]);
  run?.();
  await settle();
  assert.equal(given, 1);
  await proxy.close(0);
});

test("startEngine() leaves nothing to wait for where it cannot listen", async () => {
  const waiting = new Set<() => void>();
  const session = proxiedSession({
    sockets: () => Promise.resolve({ ...idleSockets, listen: () => Promise.reject(new Error("in use")) }),
    after: (_ms, run) => (waiting.add(run), () => void waiting.delete(run)),
  });
  await assert.rejects(startEngine(session, parts), { constructor: ListenError, cause: new Error("in use") });
  assert.equal(waiting.size, 0);
});

test("startEngine() refuses certificate files that cannot be read", async () => {
  const session = proxiedSession({ env: { MLFLOW_TRACKING_SERVER_CERT_PATH: "/none.pem" } });
  await assert.rejects(startEngine(session, parts), { code: "setting-invalid" });
});

test("startEngine() looks at the server's certificate first where roots are named and Deno runs, unless that was done, and listens to nobody if it is an authority", async () => {
  const asked: string[] = [];
  const sockets = {
    listen: () => {
      asked.push("listen");
      return Promise.reject(new Error("listened"));
    },
    connect: (to: Address) => {
      asked.push(`${to.hostname}:${to.port}`);
      return Promise.reject(new Error("invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))"));
    },
  };
  const env = { MLFLOW_TRACKING_SERVER_CERT_PATH: "/root.pem" };
  const readText = () => Promise.resolve("-----BEGIN CERTIFICATE-----\nROOT\n-----END CERTIFICATE-----\n");
  const start = (runtime: "deno" | "bun", checked = false) =>
    startEngine(
      proxiedSession({
        env,
        readText,
        sockets: () => Promise.resolve(sockets),
        build: { ...fakeHost().build, runtime },
      }),
      { ...parts, checked },
    );
  const listened = { constructor: ListenError, cause: new Error("listened") };
  await assert.rejects(start("deno"), { code: "tls-untrusted" });
  await assert.rejects(start("deno", true), listened);
  await assert.rejects(start("bun"), listened);
  assert.deepEqual(asked, ["mlflow.example:443", "listen", "listen"]);
});
