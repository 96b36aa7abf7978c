import "../../support/guard.ts";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { startAzure } from "../../support/azure/start_azure.ts";
import { tryPython } from "../../support/python.ts";
import { firstBuild, healthyEnv } from "../../support/run_program.ts";
import { skipIfError } from "../../support/skip.ts";
import { pooled } from "../shells/run.ts";
import { runApart } from "./run_apart.ts";

/** Addresses that one reader may take for another host than the next one does. */
const ADDRESSES: readonly string[] = [
  "https://good.example",
  "https://good.example/team",
  "http://good.example:5000",
  "https://GOOD.example",
  "https://good.example.",
  "https://evil.example",
  "https://evil.example/good.example",
  "https://good.example@evil.example",
  "https://good.example:x@evil.example/",
  "https://evil.example#@good.example",
  "https://evil.example?@good.example",
  "https://good.example\\@evil.example",
  "https://evil.example\\@good.example",
  "https://evil.example\\.good.example",
  " https://evil.example",
  "\thttps://evil.example",
  "ht\ttps://evil.example",
  "https://evil.ex\nample",
  "https:\\\\evil.example",
  "https:/evil.example",
  "https:evil.example",
  "https:///evil.example",
  "//evil.example",
  "HTTPS://evil.example",
  "https://good.example%2eevil.example",
  "https://evil%2eexample",
  "https://good.example%00.evil.example",
  "https://good\u2024example",
  "https://good\u3002example",
  "https://\uff47ood.example",
  "https://evil.example\u3002",
  "https://xn--good-9sa.example",
  "https://go\u00f6d.example",
  "https://[::1]:5000",
  "https://[::ffff:127.0.0.1]:5000",
  "http://0x7f.1:5000",
  "http://2130706433:5000",
  "http://127.1:5000",
  "http://good.example:80@evil.example:81",
  "https://good.example:443:444",
  "https://good.example,evil.example",
  "https://good.example;evil.example",
  "https://good.example|evil.example",
  "https://u:p@good.example",
  "https://good.example/..//evil.example",
  "https://good.example//evil.example/x",
  "https://good.example/@evil.example",
  "https://evil.example:@good.example",
  "https://a@b@evil.example",
  "https://good.example\u200b.evil.example",
  "https://ev\u00adil.example",
  "https://*.good.example",
  "https://sub.good.example",
  "https://goodXexample",
  "http://good.example:5000/;@evil.example",
];

const PATTERNS = "good.example,*.good.example,::1";
const ALLOWED = /^(.*\.)?good\.example$|^::1$/i;
const VARIABLES = ["MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI"] as const;
const SCRIPT = fileURLToPath(new URL("./connects_to.py", import.meta.url));

type Hosts = Readonly<Record<string, Readonly<Record<typeof VARIABLES[number], readonly string[]>>>>;

const build = firstBuild();
const python = await tryPython("mlflow");
const noPython = skipIfError(python);

/** Asks MLflow's client, in a folder of its own. */
function connections(): Hosts {
  const here = mkdtempSync(join(tmpdir(), "mlflow-auth-client-"));
  try {
    const text = execFileSync(String(python), [SCRIPT], {
      cwd: here,
      env: { HOME: here, PATH: "/usr/bin:/bin" },
      input: JSON.stringify(ADDRESSES),
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    });
    return JSON.parse(text) as Hosts;
  } finally {
    rmSync(here, { recursive: true, force: true });
  }
}

test("MLflow's own client connects to no host that the allow list does not name, whatever the address looks like", {
  skip: build.skip || noPython,
}, async () => {
  await using azure = await startAzure();
  const healthy = await healthyEnv(azure);
  const hosts = connections();
  const counts = { runs: 0, started: 0, connected: 0 };
  const wrong = await pooled(
    ADDRESSES.flatMap((address) =>
      VARIABLES.map((name) => async () => {
        const env = {
          ...healthy,
          MLFLOW_TRACKING_URI: "https://good.example",
          MLFLOW_SECRETS_ALLOWED_HOSTS: PATTERNS,
          [name]: address,
        };
        const { status, leaks } = await runApart(["exec", "--", "true"], { build, env });
        const reached = hosts[address]?.[name] ?? ["nothing was asked"];
        counts.runs += 1;
        counts.connected += reached.length > 0 ? 1 : 0;
        counts.started += status === 0 ? 1 : 0;
        if (leaks.length > 0) return [`${name}=${address}: ${leaks}`];
        const others = reached.filter((host) => !ALLOWED.test(host));
        return status === 0 && others.length > 0 ? [`${name}=${address}: started, and connects to ${others}`] : [];
      })
    ),
  );
  console.log(`${ADDRESSES.length} addresses in ${VARIABLES.length} variables: ${JSON.stringify(counts)}`);
  assert.ok(counts.started > 0 && counts.started < counts.runs && counts.connected > 0);
  assert.deepEqual(wrong.flat(), []);
});
