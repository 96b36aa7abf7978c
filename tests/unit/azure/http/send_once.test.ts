import assert from "node:assert/strict";
import { test } from "node:test";
import { describe, type OnceParts, sendOnce } from "../../../../src/azure/http/send_once.ts";
import { makeLog } from "../../../../src/core/log.ts";
import { fakeHost } from "../../../support/host.ts";

const URL_TEXT = "https://team.vault.azure.net/secrets/a?api-version=7.6&sig=canary";
const REQUEST = { method: "GET", url: URL_TEXT, headers: {} };

const parts = (fetch: OnceParts["host"]["fetch"], signal = new AbortController().signal): OnceParts => ({
  host: fakeHost({ fetch }),
  network: { unreadRoots: ["CURL_CA_BUNDLE"] },
  log: makeLog("ERROR", () => {}),
  signal,
  url: new URL(URL_TEXT),
});

test("describe() shows names of a query alone", () => {
  assert.equal(
    describe(REQUEST, new URL(URL_TEXT)),
    "GET https://team.vault.azure.net/secrets/a?api-version=…&sig=…",
  );
  assert.equal(describe(REQUEST, new URL("https://login.corp/t")), "GET https://login.corp/t");
});

test("sendOnce() gives an answer that is too long as a failure, and the roots that were not read with one of the network", async () => {
  const long = parts(() => Promise.resolve(new Response("x".repeat(1024 * 1024 + 1))));
  assert.deepEqual(await sendOnce(REQUEST, long), { kind: "too-large", host: "team.vault.azure.net" });
  const untrusted = parts(() => Promise.reject(new TypeError("invalid peer certificate: UnknownIssuer")));
  assert.deepEqual(await sendOnce(REQUEST, untrusted), {
    kind: "tls-untrusted",
    host: "team.vault.azure.net",
    unreadRoots: ["CURL_CA_BUNDLE"],
  });
});

test("sendOnce() hands on that it is ended already, and says so", async () => {
  const seen: boolean[] = [];
  const aborted = parts(({ signal }) => {
    seen.push(signal.aborted);
    return Promise.reject(new Error("aborted"));
  }, AbortSignal.abort("time is up"));
  assert.deepEqual(await sendOnce(REQUEST, aborted), { kind: "deadline", host: "team.vault.azure.net" });
  assert.deepEqual(seen, [true]);
});

test("sendOnce() says of a failure over http that it was asked so", async () => {
  const refused = () => Promise.reject(new TypeError("tcp connect error: Connection refused"));
  const at = { ...parts(refused), network: {}, url: new URL("http://127.0.0.1:8080/token") };
  assert.deepEqual(await sendOnce({ ...REQUEST, url: at.url.href }, at), {
    kind: "refused",
    host: "127.0.0.1:8080",
    scheme: "http",
  });
});
