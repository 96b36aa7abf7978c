import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../../src/core/log.ts";
import { azureHttp, type HttpParts } from "../../../../src/azure/http/http.ts";
import { type HttpRequest, isResponse } from "../../../../src/azure/http/message.ts";
import { fakeHost } from "../../../support/host.ts";

const VAULT: HttpRequest = {
  method: "GET",
  url: "https://team.vault.azure.net/secrets/a?api-version=7.6&sig=canary",
  headers: {},
};
const never = (): Promise<never> => new Promise(() => {});

/** A fetch that ends when the request is ended. */
const hanging: HttpParts["host"]["fetch"] = (request) =>
  new Promise((_, reject) => request.signal.addEventListener("abort", () => reject(new Error("aborted"))));

function start(
  parts: Partial<HttpParts["host"]>,
  { signal = new AbortController().signal, leftMs = 0 }: { readonly signal?: AbortSignal; readonly leftMs?: number } =
    {},
) {
  const lines: string[] = [];
  const clock = { ms: 0 };
  const host = fakeHost({ now: () => clock.ms += 7, fetch: never, ...parts });
  const log = makeLog("DEBUG", (line) => lines.push(line));
  return { http: azureHttp({ host, network: { extraRoots: "PEM" }, log, signal, leftMs: () => leftMs }), lines };
}

test("azureHttp() sends the request as it is, without accept-encoding, following no redirect", async () => {
  const sent: unknown[] = [];
  const { http } = start({
    fetch: async (request, network) => {
      const { method, url, redirect } = request;
      sent.push({
        method,
        url,
        redirect,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
        network,
      });
      return new Response("{}", { status: 201, headers: { "x-a": "b" } });
    },
  });
  const headers = { "accept-encoding": "gzip", "x-own": "1", "content-type": "text/plain" };
  const answer = await http.send({ method: "POST", url: "https://login.corp/t", headers, body: "a=b" });
  assert.deepEqual(sent, [{
    method: "POST",
    url: "https://login.corp/t",
    redirect: "manual",
    headers: { "x-own": "1", "content-type": "text/plain" },
    body: "a=b",
    network: { extraRoots: "PEM" },
  }]);
  assert.ok(isResponse(answer));
  assert.deepEqual([answer.status, answer.body, answer.headers.get("x-a")], [201, "{}", "b"]);
});

test("azureHttp() logs method, address, status, time and request id, never a value, header or body", async () => {
  let [id, region] = ["0e3f9b1c-7d2a-4f10-9c1e-5a1b2c3d4e5f", "westeurope"];
  const { http, lines } = start({
    fetch: () =>
      Promise.resolve(
        new Response("canary", {
          status: 403,
          headers: { "x-ms-request-id": id, "x-ms-keyvault-region": region, "x-other": "canary" },
        }),
      ),
  });
  const line = "mlflow-auth: debug: GET https://team.vault.azure.net/secrets/a?api-version=…&sig=… 403 7 ms";
  await http.send({ ...VAULT, headers: { authorization: "Bearer canary" } });
  [id, region] = ["said-canary", "region canary"];
  await http.send(VAULT);
  assert.deepEqual(lines, [`${line} 0e3f9b1c-7d2a-4f10-9c1e-5a1b2c3d4e5f westeurope`, line]);
});

test("azureHttp() gives the reason why there is no answer, and remembers it until the host answers", async () => {
  const answers = [
    () => Promise.reject(new TypeError("dns error: failed to lookup address canary")),
    () => Promise.resolve(new Response("{}")),
  ];
  const { http, lines } = start({ fetch: () => (answers.shift() ?? never)() });
  const failure = { kind: "dns", host: "team.vault.azure.net" };
  assert.deepEqual(await http.send(VAULT), failure);
  assert.deepEqual(http.lastFailure(), failure);
  assert.doesNotMatch(lines.join("\n"), /canary/);
  await http.send(VAULT);
  assert.equal(http.lastFailure(), undefined);
});

test("azureHttp() ends a request that takes too long", async () => {
  const waited: number[] = [];
  const clock = { ms: 0 };
  const { http } = start({
    fetch: hanging,
    workedMs: () => clock.ms,
    after: (ms, run) => {
      waited.push(ms);
      queueMicrotask(() => {
        clock.ms += ms;
        run();
      });
      return () => {};
    },
  });
  assert.deepEqual(await http.send(VAULT), { kind: "timeout", host: "team.vault.azure.net" });
  await http.send({ ...VAULT, timeoutMs: 1234 });
  assert.deepEqual(waited, [5000, 1234]);
});

test("azureHttp() ends every request when time is up, and keeps the failure before it as the cause", async () => {
  const stop = new AbortController();
  const answers: HttpParts["host"]["fetch"][] = [() => Promise.reject(new Error("connection reset")), hanging];
  const { http } = start({ fetch: (request) => (answers.shift() ?? never)(request) }, { signal: stop.signal });
  await http.send(VAULT);
  const waiting = http.send(VAULT);
  stop.abort();
  assert.deepEqual(await waiting, { kind: "deadline", host: "team.vault.azure.net" });
  assert.deepEqual(http.lastFailure(), { kind: "reset", host: "team.vault.azure.net" });
});

test("azureHttp() ends a request whose own signal aborts", async () => {
  const own = new AbortController();
  const { http } = start({ fetch: hanging });
  const waiting = http.send({ ...VAULT, signal: own.signal });
  own.abort();
  assert.deepEqual(await waiting, { kind: "deadline", host: "team.vault.azure.net" });
});

test("azureHttp() takes a web page in place of an answer for a proxy's", async () => {
  const headers = { "content-type": "text/html; charset=utf-8" };
  const { http } = start({ fetch: () => Promise.resolve(new Response("<html>", { status: 403, headers })) });
  await http.send(VAULT);
  assert.deepEqual(http.lastFailure(), { kind: "proxy", host: "team.vault.azure.net" });
});

test("azureHttp() measures how far the clock is ahead", async () => {
  const headers = { date: "Thu, 01 Jan 1970 00:00:10 GMT" };
  const { http } = start({ now: () => 70_000, fetch: () => Promise.resolve(new Response("", { headers })) });
  assert.equal(http.skewMs(), undefined);
  await http.send(VAULT);
  assert.equal(http.skewMs(), 60_000);
});

test("azureHttp() hands each early answer over once, and only to who asks the same", async () => {
  let sent = 0;
  const { http } = start({ fetch: () => Promise.resolve(new Response(String(++sent))) });
  const body = async (question: HttpRequest) => {
    const answer = await http.send(question);
    return isResponse(answer) ? answer.body : answer.kind;
  };
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const token = { method: "POST", url: "https://login.corp/t/oauth2/v2.0/token", headers: form, body: "a=1&b=2" };
  http.sendAhead(VAULT);
  http.sendAhead(token);
  assert.equal(await body({ ...VAULT, headers: { Authorization: "Bearer x" } }), "3");
  assert.equal(await body({ ...VAULT, url: "https://team.vault.azure.net/secrets/b" }), "4");
  assert.equal(await body({ ...VAULT, method: "PUT" }), "5");
  assert.equal(await body({ ...token, body: "a=1&b=3" }), "6");
  assert.equal(await body({ ...token, body: "b=2&x-client-SKU=msal&a=1" }), "2");
  assert.equal(await body(token), "7");
  assert.equal(await body(VAULT), "1");
  assert.equal(await body(VAULT), "8");
});

test("azureHttp() hands an early refusal over, and the reason why there was no early answer", async () => {
  const answers = [
    () => Promise.resolve(new Response("no", { status: 403 })),
    () => Promise.reject(new TypeError("dns error: failed to lookup address")),
  ];
  const { http } = start({ fetch: () => (answers.shift() ?? never)() });
  http.sendAhead(VAULT);
  http.sendAhead({ ...VAULT, url: "https://login.corp/t" });
  const refused = await http.send(VAULT);
  assert.deepEqual(isResponse(refused) && [refused.status, refused.body], [403, "no"]);
  assert.deepEqual(await http.send({ ...VAULT, url: "https://login.corp/t" }), { kind: "dns", host: "login.corp" });
  assert.deepEqual(answers, []);
});

test("azureHttp() does not count the time for which it had no processor as the server's", async () => {
  const clock = { ms: 0 };
  const waited: number[] = [];
  const { http } = start({
    fetch: hanging,
    workedMs: () => clock.ms,
    after: (ms, run) => {
      waited.push(ms);
      queueMicrotask(() => {
        clock.ms += ms / 2;
        if (waited.length < 3) run();
      });
      return () => {};
    },
  });
  void http.send(VAULT);
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(waited, [5000, 2500, 1250]);
});

/** Answers with each status in turn; every pause is noted. */
function statuses(list: readonly (readonly [number, Record<string, string>?])[], leftMs: number) {
  const left = [...list];
  const pauses: number[] = [];
  const { http, lines } = start({
    fetch: () => {
      const [status = 200, headers = {}] = left.shift() ?? [];
      return Promise.resolve(new Response("", { status, headers }));
    },
    sleep: (ms) => Promise.resolve(void pauses.push(Math.round(ms))),
    randomHex: () => "80000000",
  }, { leftMs });
  return { http, lines, pauses };
}

test("azureHttp() asks again where it is told to wait, and says so, until there is another answer", async () => {
  const { http, lines, pauses } = statuses([[429, { "retry-after": "2" }], [429], [503], [200]], 15_000);
  const answer = await http.send(VAULT);
  assert.deepEqual([isResponse(answer) && answer.status, pauses], [200, [2250, 500, 800]]);
  assert.equal(http.busy(), undefined);
  assert.match(lines.join("\n"), /again in 2250 ms/);
});

test("azureHttp() gives up at once where the pause is longer than the time that is left, and knows who asked for it", async () => {
  const { http, pauses } = statuses([[429, { "retry-after": "60" }]], 15_000);
  const answer = await http.send(VAULT);
  assert.deepEqual([isResponse(answer) && answer.status, pauses], [429, []]);
  assert.deepEqual(http.busy(), { host: "team.vault.azure.net", status: 429, retryAfterMs: 60_000 });
});

test("azureHttp() gives what came of a request before, where time is up in the middle of one more try", async () => {
  const refused = () => Promise.reject(new TypeError("tcp connect error: Connection refused"));
  const unavailable = () =>
    Promise.resolve(new Response("", { status: 503, headers: { date: new Date(0).toUTCString() } }));
  for (const [first, expected] of [[refused, "refused"], [unavailable, 503]] as const) {
    const deadline = new AbortController();
    let tries = 0;
    let nowMs = 0;
    const { http } = start({
      now: () => nowMs,
      fetch: () => {
        if (++tries === 1) return first();
        nowMs = 60_000;
        deadline.abort("time is up");
        return Promise.reject(new Error("aborted"));
      },
      sleep: () => Promise.resolve(),
      randomHex: () => "80000000",
    }, { signal: deadline.signal, leftMs: 15_000 });
    const seen = await http.send(VAULT);
    assert.deepEqual([isResponse(seen) ? seen.status : seen.kind, tries], [expected, 2]);
    // The clock was right when that answer came.
    assert.equal(http.skewMs(), expected === 503 ? 0 : undefined);
  }
});

test("azureHttp() knows who made it wait for most of the time, once there is none left", async () => {
  for (const [pauseSec, blamed] of [["8", 429], ["1", undefined]] as const) {
    const clock = { ms: 0 };
    const left = [429, 200];
    const http = azureHttp({
      host: fakeHost({
        fetch: () =>
          Promise.resolve(new Response("", { status: left.shift() ?? 200, headers: { "retry-after": pauseSec } })),
        workedMs: () => clock.ms,
        sleep: (ms) => Promise.resolve(void (clock.ms += ms)),
        randomHex: () => "00000000",
      }),
      network: {},
      log: makeLog("ERROR", () => {}),
      signal: new AbortController().signal,
      leftMs: () => 15_000 - clock.ms,
    });
    await http.send(VAULT);
    assert.equal(http.busy(), undefined);
    clock.ms = 15_000;
    assert.equal(http.busy()?.status, blamed);
  }
});

test("azureHttp() knows whom it waits for", async () => {
  const { http } = start({ fetch: hanging });
  assert.equal(http.waitingFor(), undefined);
  void http.send(VAULT);
  assert.equal(http.waitingFor(), "team.vault.azure.net");
  await Promise.resolve();
});
