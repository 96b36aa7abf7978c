import assert from "node:assert/strict";
import { test } from "node:test";
import type { Address, Way } from "../../../../src/core/sockets.ts";
import { checkCertificate } from "../../../../src/proxy/upstream/certificate.ts";

const AUTHORITY = new Error("invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))");
const ROOTS = { extraRoots: "-----BEGIN CERTIFICATE-----\nROOT\n-----END CERTIFICATE-----\n" };
const listen = () => Promise.reject(new Error("listened"));

/** Looks at a server, and says what it was asked and how the connection ended. */
async function look(url: string, { network = ROOTS, fails }: { network?: object; fails?: Error } = {}) {
  const seen: unknown[] = [];
  const connect = (to: Address, { tls, timeoutMs }: Way) => {
    seen.push([to.hostname, to.port, tls, timeoutMs]);
    if (fails !== undefined) return Promise.reject(fails);
    const never = () => Promise.reject(new Error("something was sent"));
    return Promise.resolve({ read: never, write: never, shut: never, close: () => void seen.push("closed") });
  };
  await checkCertificate(new URL(url), { host: { sockets: { listen, connect } }, network, proxy: undefined });
  return seen;
}

test("checkCertificate() refuses an authority, with what to do", async () => {
  await assert.rejects(look("https://mlflow.example:8443", { fails: AUTHORITY }), {
    code: "tls-untrusted",
    message: 'Cannot reach tracking server "mlflow.example:8443": its certificate is one of an authority (CA:TRUE), ' +
      "which this build takes from no server",
  });
});

test("checkCertificate() sends nothing, and leaves every other failure to the requests", async () => {
  assert.deepEqual(await look("https://mlflow.example"), [["mlflow.example", 443, true, 2000], "closed"]);
  assert.deepEqual(await look("https://mlflow.example", { fails: new Error("UnknownIssuer") }), [
    ["mlflow.example", 443, true, 2000],
  ]);
});

test("checkCertificate() asks nobody where no roots are named, nor over http", async () => {
  assert.deepEqual(await look("https://mlflow.example", { network: {}, fails: AUTHORITY }), []);
  assert.deepEqual(await look("http://127.0.0.1:5000", { fails: AUTHORITY }), []);
});
