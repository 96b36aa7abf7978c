import "../support/guard.ts";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { ERRORS } from "../../src/core/errors.ts";
import { withoutColours } from "../../src/azure/sign_in/tool_token.ts";
import type { Report } from "../../src/doctor/report.ts";
import { startAzure } from "../support/azure/start_azure.ts";
import { makeSigningKeys, type SigningKeys } from "../support/azure/world.ts";
import { programBuilds } from "../support/builds.ts";
import { findSecret } from "../support/canary.ts";
import { tryPython } from "../support/python.ts";
import { seenTexts, unprinted } from "../support/seen_texts.ts";
import { skipIfError, skipUnless } from "../support/skip.ts";
import { makeClientCertificate, type Pair } from "../support/tls.ts";
import { DEFECT } from "./doctor/defect.ts";
import type { Failure, Variables } from "./doctor/failure.ts";
import { knownFailures } from "./doctor/known_failures.ts";
import { startServers } from "./doctor/server_failures.ts";

const build = programBuilds().find((one) => one.skip === false);
const skip = skipUnless(build !== undefined, "no build of the program is there: deno task compile");
const shared: { keys?: SigningKeys; principal?: Pair } = {};
const noMlflow = skip || skipIfError(await tryPython("mlflow"));
const known = knownFailures(noMlflow);

// Not those of node:test: Deno leaves its after() out where a test is skipped or filtered.
Deno.test.beforeAll(async () => {
  if (build === undefined) return;
  [shared.keys, shared.principal] = await Promise.all([makeSigningKeys(), makeClientCertificate()]);
});

Deno.test.afterAll(known.close);

const FAILURES: readonly Failure[] = [...known.failures, DEFECT];

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function start(argv: readonly string[], env: Variables): Promise<Run> {
  const [command = "", ...args] = argv;
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => stdout += String(chunk));
  child.stderr.on("data", (chunk) => stderr += String(chunk));
  const status = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? (signal === null ? 0 : 255)));
  });
  return { status, stdout, stderr };
}

async function runIn(failure: Failure): Promise<Run> {
  const { keys, principal } = shared;
  const common = { ...(keys === undefined ? {} : { keys }), ...(principal === undefined ? {} : { principal }) };
  await using azure = await startAzure({ ...failure.options, ...common });
  const { identity = "client-secret", secret = "mlflow", args = ["doctor", "--json"], shell } = failure;
  const who = identity === "nobody" ? {} : await azure.identity(identity);
  const more = await failure.arrange?.(azure) ?? {};
  const env: Variables = {
    PATH: "/usr/bin:/bin",
    HOME: azure.folder,
    MLFLOW_SECRETS_LOG_LEVEL: "DEBUG",
    ...azure.env,
    ...azure.vault({ secret }),
    ...who,
    ...more,
    ...failure.env,
  };
  const argv = [...build?.command ?? [], ...args];
  const run = await start(shell === undefined ? argv : ["/bin/sh", "-c", shell, "sh", ...argv], env);
  if (failure.silent === true) assert.deepEqual([azure.requests, azure.refused], [[], []]);
  return run;
}

/** What the program named: findings, and errors with their code and message. */
function namedBy({ stdout, stderr }: Run): readonly { readonly code: string; readonly message: string }[] {
  const report = stdout.startsWith("{") ? JSON.parse(stdout) as Report : undefined;
  const findings = (report?.findings ?? []).filter(({ status }) => status === "fail" || status === "warn");
  for (const { code, remedy } of findings) assert.ok(code !== undefined && (remedy ?? "") !== "");
  // A terminal has colours, and carriage returns.
  const plain = withoutColours(stderr).replaceAll("\r", "");
  const errors = plain.matchAll(/^mlflow-auth: (.*)\n(?: {2}try:.*\n)? {2}more: .*errors\.md#([a-z-]+)\)$/gm);
  return [
    ...findings.map(({ code, message }) => ({ code: `${code}`, message })),
    ...[...errors].map(([, message = "", code = ""]) => ({ code, message })),
  ];
}

const proven = new Set<string>();
/** Messages that were printed, by code. */
const printed = new Map<string, Set<string>>();

for (const failure of FAILURES) {
  test(`${failure.args?.[0] ?? "doctor"} names ${failure.name}: ${failure.code}`, {
    skip: skip || (failure.skip ?? false),
  }, async () => {
    const run = await runIn(failure);
    const named = namedBy(run);
    for (const { code, message } of named) printed.set(code, (printed.get(code) ?? new Set()).add(message));
    const codes = named.map(({ code }) => code);
    assert.ok(codes.includes(failure.code), `named: [${codes.join(", ")}]; ${run.stderr.slice(-1500)}`);
    assert.equal(findSecret(run.stdout + run.stderr), undefined);
    const report = run.stdout.startsWith("{") ? JSON.parse(run.stdout) as Report : undefined;
    if (report !== undefined) assert.equal(run.status, report.status === "fail" ? 1 : 0);
    else assert.notEqual(run.status, 0);
    proven.add(failure.code);
  });
}

test("every code is named in a world of its own", { skip: noMlflow }, () => {
  const codes = ERRORS.map(({ code }) => code);
  const missing = codes.filter((code) => !proven.has(code));
  console.log(`codes with a test through the real path: ${codes.length - missing.length} of ${codes.length}`);
  assert.deepEqual(missing, []);
});

test("what docs/errors.md says is seen is what the program prints", { skip: noMlflow }, async () => {
  const page = await readFile(new URL("../../docs/errors.md", import.meta.url), "utf8");
  const wrong = unprinted(seenTexts(page), printed);
  assert.equal(wrong.length, 0, wrong.join("\n"));
});

test("doctor passes a token and a password at real servers that take them", { skip: noMlflow }, async () => {
  const bearer = await runIn({
    name: "",
    code: "internal",
    arrange: async () => ({ MLFLOW_TRACKING_URI: (await (await known.servers()).bearer).url }),
  });
  const findings = (JSON.parse(bearer.stdout) as Report).findings;
  assert.deepEqual(findings.filter(({ status }) => status === "fail" || status === "warn"), []);
  assert.equal(findings.find(({ check }) => check === "sign-in")?.message, 'signed in as "trainer", MLflow 3.17.2');
  assert.equal(bearer.status, 0);
  const basic = await runIn({
    name: "",
    code: "internal",
    secret: "mlflow-basic",
    arrange: async () => ({ MLFLOW_TRACKING_URI: (await (await known.servers()).basic).url }),
  });
  const signIn = (JSON.parse(basic.stdout) as Report).findings.find(({ check }) => check === "sign-in");
  assert.equal(signIn?.message, 'signed in as "trainer", MLflow 3.17.2');
  assert.equal(basic.status, 0);
});

test("a server of MLflow that does not start takes no test along that needs another one", async () => {
  const stopped: string[] = [];
  await using servers = await startServers(({ auth }) => {
    if (auth === "basic") return Promise.reject(new Error("it did not start"));
    const stop = () => Promise.resolve(void stopped.push(auth));
    const ask = () => Promise.resolve(new Response());
    const url = `http://${auth}.invalid`;
    return Promise.resolve({
      url,
      admin: "",
      folder: "",
      ask,
      setTokens: () => Promise.resolve(),
      stop,
      [Symbol.asyncDispose]: stop,
    });
  });
  await assert.rejects(servers.basic, { message: "it did not start" });
  assert.deepEqual([(await servers.open).url, (await servers.bearer).url], [
    "http://open.invalid",
    "http://bearer.invalid",
  ]);
  assert.match(servers.page, /^http:\/\/127\.0\.0\.1:/);
  await servers[Symbol.asyncDispose]();
  assert.deepEqual(stopped.toSorted(), ["bearer", "open", "open"]);
});
