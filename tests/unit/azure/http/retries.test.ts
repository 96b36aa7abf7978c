import assert from "node:assert/strict";
import { test } from "node:test";
import { type Moment, pauseBefore, retryAfterMs } from "../../../../src/azure/http/retries.ts";

const VAULT = new URL("https://team.vault.azure.net/secrets/mlflow");
const IMDS = new URL("http://127.0.0.1:9/metadata/identity/oauth2/token?api-version=2018-02-01");
const answer = (status: number, headers = {}) => ({ status, headers: new Headers(headers) });
const MOMENT: Moment = { url: VAULT, before: 0, leftMs: 15_000, nowMs: 0, random: 1 };

/** The longest pauses before each time that it is asked again. */
function pauses(seen: Parameters<typeof pauseBefore>[0], url: URL = VAULT): readonly number[] {
  const found: number[] = [];
  for (let before = 0; before < 6; before++) {
    const pause = pauseBefore(seen, { ...MOMENT, url, before });
    if (pause === undefined) break;
    found.push(pause);
  }
  return found;
}

test("pauseBefore() waits for what passes, the longer the more often, and gives up on what fails", () => {
  const limited = [500, 1000, 2000, 4000, 4000, 4000];
  const failing = [400, 800, 1600];
  const seen = {
    throttled: pauses(answer(429)),
    failing: pauses(answer(503)),
    late: pauses(answer(408)),
    refused: pauses({ kind: "refused", host: "h" }),
    reset: pauses({ kind: "reset", host: "h" }),
    silent: pauses({ kind: "timeout", host: "h" }),
    imdsNew: pauses(answer(404), IMDS),
    imdsUpdating: pauses(answer(410), IMDS),
  };
  assert.deepEqual(seen, {
    throttled: limited,
    failing,
    late: failing,
    refused: [200, 400],
    reset: [200, 400],
    silent: [200, 400],
    imdsNew: failing,
    imdsUpdating: limited,
  });
});

test("pauseBefore() never asks again after an answer that asking again does not change", () => {
  for (const status of [200, 302, 400, 401, 403, 404, 407, 410]) assert.deepEqual(pauses(answer(status)), []);
  for (const kind of ["dns", "tls-untrusted", "proxy", "deadline", "failed"] as const) {
    assert.deepEqual(pauses({ kind, host: "h" }), []);
  }
  assert.deepEqual(pauses(answer(400), IMDS), []);
});

test("pauseBefore() waits as long as it is asked to and a little more, or not at all where no time is left for it", () => {
  const asked = answer(429, { "retry-after": "10" });
  assert.equal(pauseBefore(asked, { ...MOMENT, random: 0 }), 10_000);
  assert.equal(pauseBefore(asked, MOMENT), 10_500);
  assert.equal(pauseBefore(asked, { ...MOMENT, leftMs: 10_400 }), undefined);
  assert.equal(pauseBefore(answer(429), { ...MOMENT, before: 3, leftMs: 3_000 }), undefined);
  assert.equal(pauseBefore(answer(429), { ...MOMENT, leftMs: 0, random: 0 }), undefined);
});

test("retryAfterMs() reads seconds, milliseconds and dates, and nothing else", () => {
  const cases: readonly (readonly [Record<string, string>, number | undefined])[] = [
    [{ "retry-after": "0" }, 0],
    [{ "retry-after-ms": "1500", "retry-after": "2" }, 1500],
    [{ "x-ms-retry-after-ms": "20" }, 20],
    [{ "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" }, 0],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "100000000000000" }, 1e17],
    [{ "retry-after": "-5" }, undefined],
    [{}, undefined],
  ];
  for (const [headers, expected] of cases) assert.equal(retryAfterMs(new Headers(headers), 5_000), expected);
});
