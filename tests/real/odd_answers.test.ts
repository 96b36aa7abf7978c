import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError } from "../../src/core/errors.ts";
import { makeLog } from "../../src/core/log.ts";
import { readSettings } from "../../src/core/settings/read_settings.ts";
import { resolveCredential } from "../../src/credential/resolve.ts";
import { CHECKS } from "../../src/doctor/checks/checks.ts";
import { diagnose } from "../../src/doctor/diagnose.ts";
import type { Finding } from "../../src/doctor/finding.ts";
import { makeSubject } from "../../src/doctor/subject.ts";
import { fakeHost } from "../support/host.ts";
import { firstBuild } from "../support/run_program.ts";
import { COMBINATIONS, runCompiled } from "./odd_answers/compiled.ts";
import { type FuzzedService, type OddResponse, RESPONSES, SERVICES } from "./odd_answers/combinations.ts";

// Whatever a service sends: nothing of it is a defect of ours, the service that sent it is blamed, and doctor's findings agree.

const VAULT = { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net", MLFLOW_AZURE_SECRET_NAME: "mlflow" };
const CHALLENGE =
  'Bearer authorization="https://login.microsoftonline.com/11111111-aaaa-4aaa-8aaa-111111111111", resource="https://vault.azure.net"';
const json = (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify(value), { status, headers: { "content-type": "application/json", ...headers } });

/** As Azure answers when all is well. */
function healthy(url: URL, isSigned: boolean): Response {
  if (url.pathname.startsWith("/secrets/")) {
    return isSigned
      ? json({
        value: "token-value",
        id: `${url.origin}/secrets/mlflow/0123456789abcdef0123456789abcdef`,
        attributes: {},
      })
      : json({ error: { code: "Unauthorized" } }, 401, { "www-authenticate": CHALLENGE });
  }
  if (/oidc/i.test(url.href)) return json({ value: "e30.e30.x", oidcToken: "e30.e30.x" });
  return json({ access_token: "e30.e30.x", token_type: "Bearer", expires_in: 3600, expires_on: "1999999999" });
}

function answerOf({ status, type, body }: OddResponse): Response {
  const headers = type === "" ? {} : { "content-type": type };
  return new Response(status === 204 || body === "" ? null : body, { status, headers });
}

function worldOf(service: FuzzedService, odd: OddResponse) {
  let nowMs = Date.UTC(2026, 0, 2);
  const env = { ...VAULT, ...service.env };
  return fakeHost({
    env,
    now: () => nowMs,
    workedMs: () => nowMs,
    after: () => () => {},
    sleep: (ms, signal) => {
      nowMs += ms;
      // A pause between two requests passes at once; a limit on all of them is never reached.
      return ms < 10_000 && signal?.aborted !== true ? Promise.resolve() : new Promise(() => {});
    },
    lookup: () => Promise.resolve(["20.0.0.1"]),
    readText: () => Promise.reject(Object.assign(new Error("none"), { code: "ENOENT" })),
    fetch: (request) => {
      const url = new URL(request.url);
      const isSigned = request.headers.has("authorization");
      return Promise.resolve(service.fits(url, isSigned) ? answerOf(odd) : healthy(url, isSigned));
    },
  });
}

const nameOf = (service: FuzzedService, { status, bodyName, type }: OddResponse): string =>
  `${service.name}: ${status}, ${bodyName}, ${type === "" ? "no type" : type}`;

async function resolved(service: FuzzedService, odd: OddResponse): Promise<string> {
  const host = worldOf(service, odd);
  const { settings } = readSettings({ env: host.env });
  try {
    await resolveCredential(settings, { host, log: makeLog("ERROR", () => {}) });
    return "resolved";
  } catch (error) {
    if (!(error instanceof AuthError)) return `threw ${String(error)}`;
    if (/canary/.test(`${error.message} ${error.remedy}`)) return "repeats the answer";
    if (error.code === "internal") return `internal ${error.message} ${String(error.cause)}`.slice(0, 300);
    return service.blames.test(error.code) ? "blamed" : `blames ${error.code} ${error.message}`;
  }
}

test("no answer of any service is a defect of ours, and the service that sent it is blamed", async () => {
  let runs = 0;
  const wrong: string[] = [];
  for (const service of SERVICES) {
    for (const odd of RESPONSES) {
      runs += 1;
      const end = await resolved(service, odd);
      if (end !== "blamed" && end !== "resolved") wrong.push(`${nameOf(service, odd)}: ${end}`);
    }
  }
  console.log(`combinations in-process: ${runs}; internal: ${wrong.filter((one) => /: internal /.test(one)).length}`);
  assert.ok(runs >= 2_000);
  assert.equal(wrong.length, 0, `${wrong.length}\n${wrong.slice(0, 40).join("\n")}`);
});

/** Failures that tell of two services for one answer. */
function contradiction(findings: readonly Finding[], service: FuzzedService): string | undefined {
  const codes = [...new Set(findings.filter(({ status }) => status === "fail").map(({ code }) => `${code}`))];
  if (codes.includes("internal")) return "internal";
  const foreign = codes.filter((code) => !service.blames.test(code));
  if (foreign.length > 0) return `blames ${foreign.join(", ")}`;
  return codes.length > 1 ? `tells ${codes.join(" and ")}` : undefined;
}

test("doctor's findings tell one failure of one service for each answer", async () => {
  const wrong: string[] = [];
  let runs = 0;
  // Every fifth: each body and each status with each media type.
  for (const service of SERVICES) {
    for (const odd of RESPONSES.filter((_, at) => at % 5 === 0)) {
      runs += 1;
      const host = worldOf(service, odd);
      const log = makeLog("ERROR", () => {});
      const subject = makeSubject({ ...readSettings({ env: host.env }), variables: () => [], host, log });
      const findings = await diagnose(subject, { checks: CHECKS, host, deadlineMs: 60_000 });
      const flaw = contradiction(findings, service);
      if (flaw !== undefined) wrong.push(`${nameOf(service, odd)}: ${flaw}`);
    }
  }
  console.log(`combinations through doctor's checks: ${runs}; contradictions: ${wrong.length}`);
  assert.equal(wrong.length, 0, `${wrong.length}\n${wrong.slice(0, 40).join("\n")}`);
});

test("the compiled program's exec and doctor say the same of 100 of them", { skip: firstBuild().skip }, async () => {
  const every = Math.floor(COMBINATIONS.length / 100);
  const some = COMBINATIONS.filter((_, at) => at % every === every - 1).slice(0, 100);
  const flaws = await runCompiled(some);
  console.log(`combinations through the compiled program: ${some.length}; flaws: ${flaws.length}`);
  assert.equal(some.length, 100);
  assert.equal(flaws.length, 0, `\n${flaws.join("\n")}`);
});
