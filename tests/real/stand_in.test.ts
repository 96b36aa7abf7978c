import "../support/guard.ts";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { canBeOnArc, onArc } from "../support/azure/arc.ts";
import { type Azure, type AzureOptions } from "../support/azure/start_azure.ts";
import { makeSigningKeys } from "../support/azure/world.ts";
import { tryPython } from "../support/python.ts";
import { skipIfError, skipUnless } from "../support/skip.ts";
import { makeClientCertificate } from "../support/tls.ts";
import type { Case } from "./python_sdk/case.ts";
import { CASES, prepare } from "./python_sdk/cases.ts";

/** The version that the program pins, and the one that the SDK takes by itself. */
const API_VERSIONS = ["7.6", "2026-04-01"] as const;
const SCRIPT = fileURLToPath(new URL("./python_sdk/read_secret.py", import.meta.url));

const python = await tryPython("azure");
const noPython = skipIfError(python);

interface Sdk {
  readonly child: ChildProcess;
  readonly answers: AsyncIterator<string>;
}

const started: (Sdk & { readonly shared: Required<Pick<AzureOptions, "keys" | "principal">> })[] = [];

// Not those of node:test: Deno leaves its after() out where a test is skipped or filtered.
Deno.test.beforeAll(async () => {
  if (noPython !== false) return;
  const [keys, principal] = await Promise.all([makeSigningKeys(), makeClientCertificate()]);
  started.push({ ...start([String(python)]), shared: { keys, principal } });
});

Deno.test.afterAll(() => {
  for (const { child } of started) child.stdin?.end();
});

for (const one of CASES) {
  const name = `Microsoft's SDK ${"value" in one.want ? "reads with" : "reports"} ${one.name}`;
  const reason = "no unshare(1) that mounts: an Arc machine's key folder cannot be shown to the SDK alone";
  const skip = noPython || (one.identity === "arc" && skipUnless(canBeOnArc(), reason));
  test(name, { skip }, async () => {
    for (const apiVersion of "value" in one.want ? API_VERSIONS : ["7.6"]) {
      const { answer, refused } = await readWithSdk(one, apiVersion);
      assert.deepEqual(answer, one.want);
      assert.deepEqual(refused, []);
    }
  });
}

async function readWithSdk(one: Case, apiVersion: string) {
  const [shared] = started;
  assert.ok(shared);
  const { azure, env } = await prepare(one, shared.shared);
  const sdk = one.identity === "arc" ? startOnArc(azure) : shared;
  try {
    const line = {
      env: { ...env, REQUESTS_CA_BUNDLE: azure.caPath },
      identity: one.identity,
      apiVersion,
      verifyChallenge: one.direct !== true,
    };
    sdk.child.stdin?.write(`${JSON.stringify(line)}\n`);
    const { message: _, ...answer } = JSON.parse((await sdk.answers.next()).value ?? "{}");
    return { answer, refused: [...azure.refused] };
  } finally {
    if (sdk !== shared) sdk.child.stdin?.end();
    await azure.close();
  }
}

function startOnArc(azure: Azure): Sdk {
  return start(onArc(azure.arcKeys, [String(python)]));
}

function start([command, ...args]: readonly [string, ...string[]]): Sdk {
  // An environment of its own: nothing of the machine's proxies, certificates or identities.
  const child = spawn(command, [...args, "-I", SCRIPT], {
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:9" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  return { child, answers: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}
