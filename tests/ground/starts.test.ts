import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { atOnce, type OneOfMany } from "../support/at_once.ts";
import type { Fault } from "../support/azure/faults.ts";
import type { IdentityName } from "../support/azure/identity_env.ts";
import { type ProgramBuild, programBuilds } from "../support/builds.ts";
import { debianProgram } from "../support/debian.ts";
import { skipUnless } from "../support/skip.ts";
import { makePlace, type Place, skipKeyring } from "../real/keyring/place.ts";

// Many starts of a job at once on one node: all get the credential, with the requests of one.

const python = debianProgram("python3", "python3-minimal");
const CONFINE = fileURLToPath(new URL("../real/keyring/confine.py", import.meta.url));
const TOKEN = ["sh", "-c", 'printf %s "$MLFLOW_TRACKING_TOKEN"'];

/** How many ended in which way: the credential, or the code of the error. */
function ways(ends: readonly OneOfMany[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status, stdout, stderr } of ends) {
    const code = /docs\/errors\.md#([\w-]+)/.exec(stderr)?.[1];
    const way = status === 0 && stdout === "mlflow-token-canary" ? "started" : `${status} ${code ?? stderr}`;
    counts[way] = (counts[way] ?? 0) + 1;
  }
  return counts;
}

interface Starts {
  readonly many: number;
  readonly wrap?: readonly string[];
  readonly options?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `exec` so many times at once, with nothing kept before. */
async function starts(at: Place, { many, wrap = [], options = [], env = at.env }: Starts) {
  await at.run([at.program, "cache", "clear"]);
  const before = at.azure.requests.length;
  const ends = await atOnce([...wrap, at.program, "exec", ...options, "--", ...TOKEN], { many, env });
  return { ends, ways: ways(ends), requests: at.azure.requests.length - before };
}

const compiled = programBuilds().filter(({ name }) => name !== "source");

for (const build of compiled) {
  const skip = build.skip || skipKeyring;

  for (const many of [64, 256]) {
    test(`${many} starts of the ${build.name} build at once read once`, { skip }, async () => {
      await using at = await makePlace(build);
      const seen = await starts(at, { many });
      assert.deepEqual([seen.ways, seen.requests], [{ started: many }, 3]);
    });
  }

  test(`64 starts of the ${build.name} build at once all start where the kernel keeps nothing`, {
    skip: skip || skipUnless(python, "python3 is not there"),
  }, async () => {
    await using at = await makePlace(build);
    assert.deepEqual((await starts(at, { many: 64, wrap: ["python3", CONFINE, "eperm"] })).ways, { started: 64 });
  });

  test(`64 starts of the ${build.name} build at once all start without the cache`, { skip }, async () => {
    await using at = await makePlace(build);
    assert.deepEqual((await starts(at, { many: 64, options: ["--no-cache"] })).ways, { started: 64 });
  });
}

const MANY = 32;

/** Services that throttle, and the codes that a start without the cache may end with. */
const LIMITS: readonly {
  readonly what: string;
  readonly identity: IdentityName;
  readonly fault: Fault;
  readonly codes: RegExp;
}[] = [
  {
    what: "a vault with 16 requests in 10 s",
    identity: "client-secret",
    fault: { kind: "throttle", service: "vault", path: /^\/secrets/, beyond: { requests: 16, ms: 10_000 } },
    codes: /^125 vault-throttled$/,
  },
  {
    what: "a vault with 16 requests in 10 s that says when to come back",
    identity: "client-secret",
    fault: {
      kind: "throttle",
      retryAfterSec: 10,
      service: "vault",
      path: /^\/secrets/,
      beyond: { requests: 16, ms: 10_000 },
    },
    codes: /^125 vault-throttled$/,
  },
  {
    what: "a metadata service with 20 requests in a second",
    identity: "imds",
    fault: { kind: "answer", status: 429, service: "managed-identity", beyond: { requests: 20, ms: 1_000 } },
    codes: /^125 managed-identity-busy$/,
  },
  {
    what: "a metadata service with 2 requests in a second",
    identity: "imds",
    fault: { kind: "answer", status: 429, service: "managed-identity", beyond: { requests: 2, ms: 1_000 } },
    codes: /^125 managed-identity-busy$/,
  },
  {
    what: "Entra ID with 16 requests in 60 s",
    identity: "client-secret",
    fault: {
      kind: "answer",
      status: 429,
      headers: { "retry-after": "60" },
      service: "entra",
      beyond: { requests: 16, ms: 60_000 },
    },
    codes: /^125 entra-throttled$/,
  },
];

async function throttled(build: ProgramBuild | undefined, { identity, fault }: (typeof LIMITS)[number]) {
  const at = await makePlace(build ?? assert.fail());
  at.azure.world.faults.push({ ...fault });
  const env = {
    ...Object.fromEntries(Object.entries(at.env).filter(([name]) => !/^AZURE_(TENANT|CLIENT)_/.test(name))),
    ...await at.azure.identity(identity),
    ...identity === "imds" ? { AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential" } : {},
  };
  return { at, env };
}

for (const limit of LIMITS) {
  const { what, codes } = limit;
  const skip = compiled[0]?.skip || skipKeyring;

  test(`${MANY} starts at once with the cache get by with ${what}`, { skip }, async () => {
    const { at, env } = await throttled(compiled[0], limit);
    await using _ = at;
    const seen = await starts(at, { many: MANY, env });
    assert.deepEqual([seen.ways, seen.requests], [{ started: MANY }, 3]);
  });

  test(`${MANY} starts at once without it start or are told as throttled by ${what}`, { skip }, async () => {
    const { at, env } = await throttled(compiled[0], limit);
    await using _ = at;
    const seen = await starts(at, { many: MANY, env, options: ["--no-cache"] });
    const other = Object.keys(seen.ways).filter((way) => way !== "started" && !codes.test(way));
    assert.deepEqual(other, []);
    const lastMs = Math.max(...seen.ends.map(({ endedMs }) => endedMs));
    console.log(what, seen.ways, `${seen.requests} requests`, `last after ${Math.round(lastMs)} ms`);
  });
}
