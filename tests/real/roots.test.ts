import "../support/guard.ts";
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { type Azure, startAzure } from "../support/azure/start_azure.ts";
import { programBuilds } from "../support/builds.ts";
import { healthyEnv, runProgram } from "../support/run_program.ts";
import { skipUnless } from "../support/skip.ts";
import { makeAuthority } from "../support/tls.ts";
import { has } from "./exec/tools.ts";

// Files and folders of root certificates as people have them, in every build, against a vault whose root is one of them.

const TOKEN = ["exec", "--", "sh", "-c", 'printf %s "$MLFLOW_TRACKING_TOKEN"'] as const;
const DAMAGED = "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n";

/** A place of roots: the variable, what is there, and what is warned of. */
const PLACES: readonly (readonly [what: string, variable: string, make: (pem: string) => string, warning?: RegExp])[] =
  [
    ["a bundle with a damaged block", "SSL_CERT_FILE", (pem) => DAMAGED + pem, /certificate 1 of .* cannot be read/],
    ["escaped line ends", "MLFLOW_AUTH_CA_BUNDLE", (pem) => pem.replaceAll("\n", "\\n")],
    ["an indented block", "REQUESTS_CA_BUNDLE", (pem) => pem.replaceAll(/^/gm, "  ")],
    ["a trusted certificate", "NODE_EXTRA_CA_CERTS", trusted],
  ];

/** What `openssl x509 -trustout` writes: the certificate with an empty list of uses behind it. */
function trusted(pem: string): string {
  const [, base64 = ""] = /-----BEGIN CERTIFICATE-----([^-]*)-----END/.exec(pem) ?? [];
  const bytes = `${atob(base64.replaceAll(/\s/g, ""))}\x30\x00`;
  return `-----BEGIN TRUSTED CERTIFICATE-----\n${btoa(bytes)}\n-----END TRUSTED CERTIFICATE-----\n`;
}

async function bench(azure: Azure) {
  const { MLFLOW_AUTH_CA_BUNDLE: bundle = "", ...env } = await healthyEnv(azure);
  return { env, pem: await Deno.readTextFile(bundle) };
}

for (const build of programBuilds()) {
  const { skip } = build;

  test(`${build.name} trusts the roots of every file and folder that people have`, { skip }, async () => {
    await using azure = await startAzure();
    const { env, pem } = await bench(azure);
    for (const [what, variable, make, warning = /^$/] of PLACES) {
      const path = join(azure.folder, "roots.pem");
      await writeFile(path, make(pem));
      const ran = await runProgram(TOKEN, { build, env: { ...env, [variable]: path } });
      assert.equal(ran.stdout, "mlflow-token-canary", `${what}: ${ran.stderr}`);
      assert.match(ran.stderr, warning, what);
    }
    const folder = join(azure.folder, "certs");
    await mkdir(folder);
    await writeFile(join(folder, "README"), "no certificate");
    await writeFile(join(folder, "5f3a1b2c.0"), pem);
    for (
      const [name, value] of [["REQUESTS_CA_BUNDLE", folder], [
        "SSL_CERT_DIR",
        `${azure.folder}/none:${folder}`,
      ]] as const
    ) {
      await mkdir(join(azure.folder, "none"), { recursive: true });
      const ran = await runProgram(TOKEN, { build, env: { ...env, [name]: value } });
      assert.equal(ran.stdout, "mlflow-token-canary", `${name}: ${ran.stderr}`);
    }
  });

  test(`${build.name} says which roots it did not read, and refuses a place without any`, { skip }, async () => {
    await using azure = await startAzure();
    const { env, pem } = await bench(azure);
    const path = join(azure.folder, "own.pem");
    await writeFile(path, pem);
    const untrusted = await runProgram(TOKEN, { build, env: { ...env, CURL_CA_BUNDLE: path } });
    assert.equal(untrusted.status, 125);
    assert.match(
      untrusted.stderr,
      /is not trusted \(set, but not read: CURL_CA_BUNDLE\)\n {2}try: {2}export MLFLOW_AUTH_CA_BUNDLE="\$CURL_CA_BUNDLE"/,
    );
    for (
      const [text, is] of [["", "is empty"], [DAMAGED, "the certificate of .* cannot be read"], [
        "text",
        "holds no certificate",
      ]] as const
    ) {
      await writeFile(path, text);
      const refused = await runProgram(TOKEN, { build, env: { ...env, SSL_CERT_FILE: path } });
      assert.match(refused.stderr, new RegExp(`^mlflow-auth: Cannot use "SSL_CERT_FILE": .*${is}`));
    }
    assert.deepEqual(azure.requests, []);
  });
}

/** Programs of README.md's first lines that ask other servers, with the variable that README.md names for their roots. */
const INSTALLERS: readonly (readonly [variable: string, command: (url: string) => readonly [string, ...string[]]])[] = [
  // npm itself may be set to other roots, which then count alone.
  ["NODE_EXTRA_CA_CERTS", (url) => ["node", "-e", `fetch("${url}").then(() => {}, () => process.exit(1))`]],
  ["DENO_CERT", (url) => [Deno.execPath(), "eval", `await (await fetch("${url}")).text()`]],
];

for (const [variable, command] of INSTALLERS) {
  test(`${variable} lets what README.md names it for trust a root of one's own`, {
    skip: skipUnless(has("node"), "Node is not installed"),
  }, async () => {
    const authority = await makeAuthority("a proxy that inspects TLS");
    const { key, certificate: cert } = await authority.server(["127.0.0.1"]);
    const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-roots-"));
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", key, cert, onListen: () => {}, onError: () => new Response() },
      () => Response.json({}),
    );
    try {
      const path = join(folder, "root.pem");
      await writeFile(path, authority.certificate);
      const [program, ...args] = command(`https://127.0.0.1:${server.addr.port}/`);
      const env = { PATH: process.env["PATH"] ?? "", HOME: folder, DENO_DIR: folder };
      const ends = await Promise.all([{}, { [variable]: path }].map(async (more) => {
        const { success } = await new Deno.Command(program, {
          args,
          env: { ...env, ...more },
          clearEnv: true,
          stdout: "null",
          stderr: "null",
        }).output();
        return success;
      }));
      assert.deepEqual(ends, [false, true]);
      assert.ok((await readFile(new URL("../../README.md", import.meta.url), "utf8")).includes(`\`${variable}=<PEM`));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}
