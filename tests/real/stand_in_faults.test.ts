import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Azure, overlap, startAzure } from "../support/azure/start_azure.ts";
import type { Fault } from "../support/azure/faults.ts";

const SECRET = "https://team.vault.azure.net/secrets/mlflow?api-version=7.6";

/** What a program sees of one request through the proxy, in a word where it fails. */
async function see(azure: Azure, url: string, signal?: AbortSignal): Promise<unknown> {
  const proxy = { url: String(azure.env["HTTPS_PROXY"]) };
  const client = Deno.createHttpClient({ caCerts: [await Deno.readTextFile(azure.caPath)], proxy });
  try {
    const response = await fetch(url, { client, ...(signal === undefined ? {} : { signal }) });
    const { headers, status } = response;
    const text = await response.text();
    const skewSec = Math.round((Date.parse(String(headers.get("date"))) - Date.now()) / 1000);
    return {
      status,
      type: headers.get("content-type"),
      retryAfter: headers.get("retry-after"),
      late: skewSec < -60,
      text,
    };
  } catch (error) {
    const text = `${error} ${error instanceof Error ? error.cause : ""}`;
    return /tunnel|reset|closed|reading a body|due to timeout|invalid peer certificate|InvalidContentType/.exec(text)
      ?.[0] ??
      text;
  } finally {
    client.close();
  }
}

const UNAUTHORIZED =
  '{"error":{"code":"Unauthorized","message":"AKV10000: Request is missing a Bearer or PoP token."}}';
const USUAL = {
  status: 401,
  type: "application/json; charset=utf-8",
  retryAfter: null,
  late: false,
  text: UNAUTHORIZED,
};
const THROTTLED =
  "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached";

const FAULTS: readonly (readonly [Fault, unknown])[] = [
  [{ kind: "reset" }, "closed"],
  [{ kind: "truncate" }, "reading a body"],
  [{ kind: "hang" }, "due to timeout"],
  [{ kind: "delay", ms: 1 }, USUAL],
  [{ kind: "date", offsetMs: -600_000 }, { ...USUAL, late: true }],
  [{ kind: "answer", status: 503, headers: { "retry-after": "2" }, body: "busy" }, {
    ...USUAL,
    status: 503,
    type: "text/plain",
    retryAfter: "2",
    text: "busy",
  }],
  [{ kind: "throttle", retryAfterSec: 3 }, {
    ...USUAL,
    status: 429,
    retryAfter: "3",
    text: JSON.stringify({ error: { code: "Throttled", message: THROTTLED } }),
  }],
];

for (const [fault, seen] of FAULTS) {
  test(`The stand-in has a fault once: ${fault.kind}`, async () => {
    await using azure = await startAzure();
    azure.world.faults.push({ ...fault, service: "vault", times: 1 });
    const first = await see(azure, SECRET, fault.kind === "hang" ? AbortSignal.timeout(2000) : undefined);
    assert.deepEqual([first, await see(azure, SECRET)], [seen, USUAL]);
  });
}

test("The stand-in shows a page of somebody in between", async () => {
  await using azure = await startAzure();
  azure.world.faults.push({ kind: "html", status: 403 });
  const { status, type } = Object(await see(azure, SECRET));
  assert.deepEqual({ status, type }, { status: 403, type: "text/html; charset=utf-8" });
});

for (const vaultTls of ["expired", "not-yet-valid", "wrong-name", "untrusted", "plain"] as const) {
  test(`The stand-in's vault has a bad certificate, and Entra ID a good one: ${vaultTls}`, async () => {
    await using azure = await startAzure({ vaultTls });
    const entra = Object(await see(azure, "https://login.microsoftonline.com/common/discovery/instance")).status;
    const vault = vaultTls === "plain" ? "InvalidContentType" : "invalid peer certificate";
    assert.deepEqual([await see(azure, SECRET), entra], [vault, 400]);
  });
}

test("The proxy refuses and counts whatever is not the stand-in's", async () => {
  await using azure = await startAzure();
  const strangers = ["https://example.com/", "https://other.vault.azure.net/", "https://team.vault.azure.net:8443/"];
  const seen = await Promise.all(strangers.map((url) => see(azure, url)));
  const plain = Object(await see(azure, "http://example.com/")).status;
  assert.deepEqual({ seen, plain }, { seen: ["tunnel", "tunnel", "tunnel"], plain: 403 });
  assert.deepEqual(azure.refused.toSorted(), [
    "example.com:443",
    "http://example.com/",
    "other.vault.azure.net:443",
    "team.vault.azure.net:8443",
  ]);
  assert.deepEqual(azure.requests, []);
});

test("The log says which requests were open at once", async () => {
  await using azure = await startAzure();
  azure.world.faults.push({ kind: "delay", ms: 500 });
  await see(azure, SECRET);
  assert.equal(overlap(azure.requests), 1);
  await Promise.all([see(azure, SECRET), see(azure, SECRET)]);
  assert.deepEqual([overlap(azure.requests), azure.requests.length], [2, 3]);
});
