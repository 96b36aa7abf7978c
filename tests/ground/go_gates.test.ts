import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { freePort, startPart } from "../support/gates/part.ts";
import { goProgram, withoutGo } from "../support/go.ts";
import { pythonWith } from "../support/python.ts";
import { firstBuild } from "../support/run_program.ts";
import { skipUnless } from "../support/skip.ts";
import type { GateCase } from "../real/gates/gate_case.ts";
import { judgeAll } from "../real/gates/judge.ts";
import { REAL_CASES } from "../real/gates/real_cases.ts";
import { type Stage, startStage } from "../real/gates/stage.ts";

// Gates that Go builds, newer than any system's: doctor's verdict and the outcome of MLflow's client at each.

const CADDY = { from: "github.com/caddyserver/caddy/v2/cmd/caddy", version: "v2.11.9" };
const OAUTH2_PROXY = { from: "github.com/oauth2-proxy/oauth2-proxy/v7", version: "v7.15.6" };
const skip = firstBuild().skip || skipUnless(
  await pythonWith("mlflow").then(() => true, () => false),
  "no Python with MLflow",
);
const caddy = skip === false ? goProgram(CADDY) : undefined;
const oauth2Proxy = skip === false ? goProgram(OAUTH2_PROXY) : undefined;

test("doctor and MLflow's client agree at Go's Caddy", {
  skip: skip || skipUnless(caddy !== undefined, withoutGo(CADDY)),
}, async () => {
  await using stage = await startStage({ caddy: caddy ?? "" });
  assert.notEqual(stage.caddy, undefined);
  const { table, wrong } = await judgeAll(stage, REAL_CASES.filter(({ name }) => name.startsWith("Caddy")));
  console.log(table);
  assert.equal(wrong.length, 0, `\n${wrong.join("\n")}`);
});

/** Two of them in front of an open server: one that takes tokens of the provider, and one that only knows its own pages. */
async function startProxies(stage: Stage, program: string) {
  await using stack = new AsyncDisposableStack();
  const start = async (more: Readonly<Record<string, string>>): Promise<string> => {
    const port = await freePort();
    const options = {
      "provider": "oidc",
      "oidc-issuer-url": stage.provider.issuer,
      "client-id": "urn:mlflow",
      "client-secret": stage.provider.clientSecret,
      "cookie-secret": "0123456789abcdef0123456789abcdef",
      "email-domain": "*",
      "upstream": stage.open.url,
      "http-address": `127.0.0.1:${port}`,
      ...more,
    };
    const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
    const env = { PATH: "/usr/bin:/bin", HOME: stage.azure.folder };
    const url = `http://127.0.0.1:${port}`;
    stack.use(await startPart([program, ...args], { cwd: stage.azure.folder, env, answers: `${url}/ping` }));
    return url;
  };
  const [tokens, pages] = [await start({ "skip-jwt-bearer-tokens": "true" }), await start({})];
  const moved = stack.move();
  return { tokens, pages, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

test("doctor and MLflow's client agree at oauth2-proxy", {
  skip: skip || skipUnless(oauth2Proxy !== undefined, withoutGo(OAUTH2_PROXY)),
}, async () => {
  await using stage = await startStage();
  await using proxies = await startProxies(stage, oauth2Proxy ?? "");
  const token = await stage.provider.token({ audience: "urn:mlflow", email: "ada@example.com" });
  const foreign = await stage.provider.token({ audience: "urn:other", email: "ada@example.com" });
  const secretOf = (text: string): string => JSON.stringify({ token: text });
  const good = { uri: proxies.tokens, secret: secretOf(token) };
  const cases: readonly GateCase[] = [
    { name: "oauth2-proxy, tokens: the provider's", setup: () => good, expect: "pass" },
    {
      name: "oauth2-proxy, tokens: one for another audience",
      setup: () => ({ uri: proxies.tokens, secret: secretOf(foreign) }),
      expect: "mlflow-intercepted",
      remedy: { says: /skip-jwt-bearer-tokens|audience/, done: () => good },
    },
    {
      name: "oauth2-proxy, tokens: none of the provider's",
      setup: () => ({ uri: proxies.tokens }),
      expect: "mlflow-intercepted",
      remedy: { says: /skip-jwt-bearer-tokens|audience/, done: () => good },
    },
    {
      name: "oauth2-proxy, pages: the provider's",
      setup: () => ({ uri: proxies.pages, secret: secretOf(token) }),
      expect: "mlflow-intercepted",
      remedy: { says: /skip-jwt-bearer-tokens/, done: () => good },
    },
  ];
  const { table, wrong } = await judgeAll(stage, cases);
  console.log(table);
  assert.equal(wrong.length, 0, `\n${wrong.join("\n")}`);
});
