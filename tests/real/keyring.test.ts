import "../support/guard.ts";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { programBuilds } from "../support/builds.ts";
import { debianProgram } from "../support/debian.ts";
import { skipUnless } from "../support/skip.ts";
import { makePlace, type Place, skipKeyring } from "./keyring/place.ts";

const OTHER = "54321";
const TOKEN = ["sh", "-c", 'printf %s "$MLFLOW_TRACKING_TOKEN"'];
const CONFINE = fileURLToPath(new URL("keyring/confine.py", import.meta.url));

const root = process.getuid?.() === 0;
const works = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

const python = debianProgram("python3", "python3-minimal");
const needsRoot = skipUnless(root, "root is needed to become another user");

/** How the second run is started, and how many requests it makes. */
const SECOND: readonly (readonly [what: string, wrap: readonly string[], requests: number, skip: string | false])[] = [
  ["finds it from another shell", ["sh", "-c", '"$@"', "sh"], 0, false],
  ["finds it from a session of its own", ["setsid", "-w"], 0, false],
  [
    "finds it from a new session keyring",
    ["python3", CONFINE, "session"],
    0,
    skipUnless(python, "python3 is not there"),
  ],
  [
    "finds it through sudo",
    ["sudo", "-n", "-E", "-u", `#${process.getuid?.()}`],
    0,
    skipUnless(root && debianProgram("sudo", "sudo"), "root and sudo are needed"),
  ],
  ["never finds another user's", ["setpriv", `--reuid=${OTHER}`, `--regid=${OTHER}`, "--clear-groups"], 3, needsRoot],
  [
    "does not find it in a user namespace",
    ["unshare", "-U"],
    3,
    skipUnless(works("unshare", "-U", "true"), "user namespaces are off"),
  ],
  [
    "goes on where the calls are not permitted",
    ["python3", CONFINE, "eperm"],
    3,
    skipUnless(python, "python3 is not there"),
  ],
  [
    "goes on where there are no such calls",
    ["python3", CONFINE, "enosys"],
    3,
    skipUnless(python, "python3 is not there"),
  ],
  [
    "goes on where the quota is used up",
    ["python3", CONFINE, "quota"],
    3,
    needsRoot || skipUnless(python, "python3 is not there"),
  ],
  [
    "keeps to its own end where the kernel's clock is not ours",
    ["unshare", "-T", "--boottime", "400"],
    3,
    skipUnless(works("unshare", "-T", "--boottime", "400", "true"), "time namespaces are off"),
  ],
];

for (const build of programBuilds().filter(({ name }) => name !== "source")) {
  test(`exec of the ${build.name} build asks nobody where the kernel keeps the credential`, {
    skip: build.skip || skipKeyring,
  }, async () => {
    await using at = await makePlace(build);
    const exec = [at.program, "exec", "--", ...TOKEN];
    const seen = [
      await at.run(exec),
      await at.run(exec),
      await at.run([at.program, "exec", "--fresh", "--", ...TOKEN]),
    ];
    const expected = { status: 0, stdout: "mlflow-token-canary", stderr: "" };
    assert.deepEqual(seen, [3, 0, 3].map((requests) => ({ ...expected, requests })));
    assert.equal((await at.run([at.program, "exec", "--no-cache", "--", ...TOKEN])).requests, 3);
    const exported = await at.run([at.program, "export", "--format", "json"]);
    assert.deepEqual([exported.status, exported.requests], [0, 0]);
    await at.run([at.program, "cache", "clear"]);
    assert.equal((await at.run(exec)).requests, 3);
  });

  for (const [what, wrap, requests, skip] of SECOND) {
    test(`exec of the ${build.name} build ${what}`, { skip: build.skip || skipKeyring || skip }, async () => {
      await using at = await makePlace(build);
      const exec = [at.program, "exec", "--", ...TOKEN];
      await at.run(exec);
      for (let time = 0; time < (requests === 0 || wrap.includes("python3") ? 2 : 1); time++) {
        const { stderr, ...ran } = await at.run([...wrap, ...exec]);
        assert.deepEqual({ ...ran, stderr }, { status: 0, stdout: "mlflow-token-canary", stderr: "", requests });
      }
      // What was kept by a clock that is ahead is from the future here.
      assert.equal((await at.run(exec)).requests, wrap.includes("--boottime") ? 3 : 0);
    });
  }
}

const { skip: noBuild } = programBuilds()[0] ?? { skip: "no build" };
const skip = noBuild || skipKeyring;
const [deno] = programBuilds();

async function leftSeconds(at: Place): Promise<readonly number[]> {
  const { stdout } = await at.run([at.program, "cache", "list", "--json"]);
  return (JSON.parse(stdout).kept as readonly { readonly leftSeconds: number }[]).map((one) => one.leftSeconds);
}

test("exec keeps a credential until the secret or the token ends, and not what ends at once", { skip }, async () => {
  await using at = await makePlace(deno!);
  const secret = at.azure.world.vaults.flatMap(({ secrets }) => secrets.get("mlflow") ?? []);
  const now = Math.floor(Date.now() / 1000);
  const jwt = (exp: number) => `e30.${btoa(JSON.stringify({ exp })).replaceAll("=", "")}.canary`;
  const left: (readonly number[])[] = [];
  for (
    const change of [
      { expires: now + 100 },
      { value: jwt(now + 160) },
      { value: jwt(now + 50) },
      { expires: now - 100 },
    ]
  ) {
    const before = secret.map((one) => ({ ...one }));
    for (const one of secret) Object.assign(one, change);
    await at.run([at.program, "cache", "clear"]);
    await at.run([at.program, "exec", "--", "true"]);
    left.push(await leftSeconds(at));
    secret.forEach((one, index) => Object.assign(one, { expires: undefined }, before[index]));
  }
  assert.deepEqual(left.map((each) => each.map((sec) => sec > 0 && sec <= 100)), [[true], [true], [], []]);
});

test("exec reads again when the time to live is over", { skip }, async () => {
  await using at = await makePlace(deno!);
  const exec = [at.program, "exec", "--", ...TOKEN];
  const env = { MLFLOW_AZURE_TTL_SEC: "6" };
  assert.equal((await at.run(exec, env)).requests, 3);
  await new Promise((resolve) => setTimeout(resolve, 6_100));
  assert.equal((await at.run(exec, env)).requests, 3);
});

test("doctor reads anew, says what is kept, and drops what is no longer the vault's", { skip }, async () => {
  await using at = await makePlace(deno!);
  const found = async () => {
    const { stdout } = await at.run([at.program, "doctor", "--json"]);
    const findings = JSON.parse(stdout).findings as readonly { check: string; code?: string; status: string }[];
    return findings.filter(({ check, code }) => check === "cache" && code !== "cache-shared").map(({ code, status }) =>
      code ?? status
    );
  };
  await at.run([at.program, "exec", "--", "true"]);
  assert.deepEqual(await found(), ["ok"]);
  for (const { secrets } of at.azure.world.vaults) {
    for (const one of secrets.get("mlflow") ?? []) one.value = "rotated-token-canary";
  }
  assert.equal((await at.run([at.program, "exec", "--", ...TOKEN])).stdout, "mlflow-token-canary");
  assert.deepEqual(await found(), ["cache-stale"]);
  assert.equal((await at.run([at.program, "exec", "--", ...TOKEN])).stdout, "rotated-token-canary");
});

test("exec refuses what it refuses without a request before it looks at what is kept", { skip }, async () => {
  await using at = await makePlace(deno!);
  await at.run([at.program, "exec", "--", "true"]);
  const refused = {
    disabled: { MLFLOW_SECRETS_AUTH_ENABLE: "vault" },
    "host-not-allowed": { MLFLOW_SECRETS_ALLOWED_HOSTS: "one.example", MLFLOW_TRACKING_URI: "https://two.example" },
    "identity-incomplete": { AZURE_TENANT_ID: "" },
  };
  for (const [code, env] of Object.entries(refused)) {
    const { status, stdout, stderr } = await at.run([at.program, "exec", "--", "echo", "started"], env);
    assert.deepEqual([status, stdout, /docs\/errors\.md#([\w-]+)|explain (\S+)/.exec(stderr)?.slice(1).find(Boolean)], [
      125,
      "",
      code,
    ]);
  }
});
