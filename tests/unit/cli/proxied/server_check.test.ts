import assert from "node:assert/strict";
import { test } from "node:test";
import { checkServer, networkOf } from "../../../../src/cli/proxied/server_check.ts";
import type { Address } from "../../../../src/core/sockets.ts";
import { fakeHost } from "../../../support/host.ts";
import { idleSockets, proxiedSession } from "../../../support/proxied.ts";

const ROOT = "-----BEGIN CERTIFICATE-----\nROOT\n-----END CERTIFICATE-----\n";

/** Somebody whose server is an authority, and what was connected to. */
function somebody(runtime: "deno" | "bun", env: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const connect = ({ hostname, port }: Address) => {
    asked.push(`${hostname}:${port}`);
    return Promise.reject(new Error("invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))"));
  };
  const session = proxiedSession({
    env,
    readText: () => Promise.resolve(ROOT),
    sockets: () => Promise.resolve({ ...idleSockets, connect }),
    build: { ...fakeHost().build, runtime },
  });
  return { session, asked };
}

const UPSTREAM = new URL("https://mlflow.example");
const NEVER = new AbortController().signal;
const ROOTS = { MLFLOW_TRACKING_SERVER_CERT_PATH: "/root.pem" };

test("checkServer() refuses a server that is an authority, where roots are named and Deno runs", async () => {
  const { session, asked } = somebody("deno", ROOTS);
  await assert.rejects(checkServer(session, { upstream: UPSTREAM, signal: NEVER }), { code: "tls-untrusted" });
  assert.deepEqual(asked, ["mlflow.example:443"]);
});

test("checkServer() asks nobody under Bun, without roots, and over http", async () => {
  const bun = somebody("bun", ROOTS);
  await checkServer(bun.session, { upstream: UPSTREAM, signal: NEVER });
  const plain = somebody("deno", {});
  await checkServer(plain.session, { upstream: UPSTREAM, signal: NEVER });
  const http = somebody("deno", ROOTS);
  await checkServer(http.session, { upstream: new URL("http://127.0.0.1:5000"), signal: NEVER });
  assert.deepEqual([bun.asked, plain.asked, http.asked], [[], [], []]);
});

test("checkServer() asks nobody once it was given up", async () => {
  const { session, asked } = somebody("deno", ROOTS);
  await checkServer(session, { upstream: UPSTREAM, signal: AbortSignal.abort() });
  assert.deepEqual(asked, []);
});

test("networkOf() reads the roots of the tracking server, and refuses a file that cannot be read", async () => {
  assert.deepEqual(await networkOf(somebody("deno", ROOTS).session), { extraRoots: ROOT });
  await assert.rejects(networkOf(proxiedSession({ env: ROOTS })), { code: "setting-invalid" });
});
