import "../../support/guard.ts";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { main } from "../../../src/cli/run.ts";
import { SETTINGS } from "../../../src/core/settings/settings.ts";
import { startAzure } from "../../support/azure/start_azure.ts";
import { programBuilds } from "../../support/builds.ts";
import { fakeHost } from "../../support/host.ts";
import { healthyEnv } from "../../support/run_program.ts";
import { pooled } from "../shells/run.ts";
import { leakIn } from "./forms.ts";
import { runApart } from "./run_apart.ts";

const PEM = `-----BEGIN PRIVATE KEY-----\n${
  Buffer.from("canary".repeat(12)).toString("base64")
}\n-----END PRIVATE KEY-----\n`;
const claims = Buffer.from(JSON.stringify({ sub: "token-canary", aud: "canary" })).toString("base64url");

/** What people have in the clipboard, pasted where something else belongs. */
const PASTED: Readonly<Record<string, string>> = {
  "a URL with a password": "https://ada:password-canary@host.example/x",
  "a PEM": PEM,
  "a PEM in base64": Buffer.from(PEM).toString("base64"),
  "a token": `eyJhbGciOiJub25lIn0.${claims}.c2lnbmF0dXJlIG9mIHRoZSB0b2tlbg`,
  "a client secret": "Zq38Q~canary-canary-canary-canary-canary1",
  "the secret's own JSON": '{"token": "token-canary"}',
};

const COMMANDS: readonly (readonly string[])[] = [
  ["info"],
  ["info", "--json"],
  ["exec", "--log-level", "DEBUG", "--", "true"],
  ["export", "--log-level", "DEBUG", "--format", "json"],
  ["cache", "list"],
];

/** Command lines with a secret where a word was meant. */
const MISTAKES: readonly (readonly string[])[] = [
  ["exec", "--token=canary", "--", "true"],
  ["exec", "--tokn=x=canary", "--", "true"],
  ["exec", "-pcanary", "--", "true"],
  ["export", "--format", "canary"],
  ["export", "--format=canary"],
  ["exec", "--log-level", "canary-canary-canary-canary", "--", "true"],
  ["doctor", "--dry-run", "ftp://ada:canary@host.example"],
  ["doctor", "--json=canary"],
  ["proxy", "--listen", "ada:canary@127.0.0.1:1"],
];

/** A secret in each variable and option of each setting. */
const PLACES = SETTINGS.flatMap((row) =>
  Object.entries(PASTED).flatMap(([what, text]) => [
    ...row.names.map((name) => ({ name, what, env: { [name]: text }, words: [] as readonly string[] })),
    // The option of the cache is a switch.
    ...(row.flag === undefined || row.key === "cache"
      ? []
      : [{ name: row.flag, what, env: {}, words: [row.flag, text] }]),
  ])
);

const HEALTHY = {
  MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/",
  MLFLOW_AZURE_SECRET_NAME: "mlflow",
  AZURE_TENANT_ID: "00000000-0000-4000-8000-000000000001",
  AZURE_CLIENT_ID: "00000000-0000-4000-8000-000000000002",
  AZURE_CLIENT_SECRET: "s",
};

test("no command shows a secret that stands in the place of a setting", async () => {
  const wrong: string[] = [];
  let runs = 0;
  for (const { name, what, env, words } of PLACES) {
    for (const [command = "", ...rest] of COMMANDS) {
      if (words.length > 0 && !["exec", "export"].includes(command)) continue;
      const host = fakeHost({
        env: { ...HEALTHY, ...env },
        fetch: () => Promise.reject(new TypeError("dns error: failed to lookup address information")),
        readText: () => Promise.reject(Object.assign(new Error("none"), { code: "ENOENT" })),
      });
      await main([command, ...words, ...rest], host);
      runs += 1;
      const form = leakIn(host.stdout.text() + host.stderr.text());
      if (form !== undefined) wrong.push(`${what} in ${name}, ${command}: ${form}`);
    }
  }
  console.log(`${PLACES.length} places, ${runs} runs`);
  assert.deepEqual(wrong, []);
});

for (const build of programBuilds().filter(({ name }) => name !== "source")) {
  test(`the program shows no secret that stands in the place of a setting or a word: ${build.name}`, {
    skip: build.skip,
  }, async () => {
    await using azure = await startAzure();
    const healthy = await healthyEnv(azure);
    // Each place once: what is pasted goes round.
    const kinds = Object.keys(PASTED);
    const places = PLACES.filter(({ what }, index) => what === kinds[Math.floor(index / kinds.length) % kinds.length]);
    const runs = [
      ...places.map(({ env, words, name, what }) => ({
        name: `${what} in ${name}`,
        env,
        args: ["exec", ...words, "--", "true"],
      })),
      ...places.filter(({ words }) => words.length === 0).map(({ env, name, what }) => ({
        name: `${what} in ${name}`,
        env,
        args: ["info"],
      })),
      ...MISTAKES.map((args) => ({ name: "a mistake", env: {}, args })),
    ];
    const wrong = await pooled(runs.map(({ name, env, args }) => async () => {
      const { leaks, files } = await runApart(args, {
        build,
        env: { ...healthy, ...env, MLFLOW_AUTH_DEADLINE_SEC: "3" },
      });
      return [...leaks, ...files.map((path) => `wrote ${path}`)].map((one) => `${name}, ${args[0]}: ${one}`);
    }));
    console.log(`${build.name}: ${runs.length} runs`);
    assert.deepEqual(wrong.flat(), []);
  });
}
