import "../support/guard.ts";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startAzure } from "../support/azure/start_azure.ts";
import { programBuilds } from "../support/builds.ts";
import { hasLegacy, makePkcs12, type Pkcs12Options } from "../support/pkcs12.ts";
import { runProgram } from "../support/run_program.ts";
import { skipUnless } from "../support/skip.ts";
import { makeClientCertificate, type Pair } from "../support/tls.ts";

const PASSWORD = "canary-password";
const [own, other, elliptic] = await Promise.all([
  makeClientCertificate(),
  makeClientCertificate(),
  makeClientCertificate({ kind: "ec" }),
]);
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const noOpenssl = skipUnless(hasOpenssl, "openssl is not there: install it");
const noLegacy = noOpenssl === false
  ? skipUnless(hasLegacy(), "OpenSSL has no legacy provider here: install it (Debian: openssl; Fedora: openssl-libs)")
  : noOpenssl;

interface Row {
  readonly name: string;
  readonly file: Pkcs12Options;
  /** What the program is told; the file's own password unless another one is named, `""` for none. */
  readonly told?: string;
  readonly pair?: Pair;
  /** The code of the refusal; without one the file is taken. */
  readonly code?: string;
  readonly legacy?: boolean;
  /** How many of its bytes there are; less than none are missing at the end. */
  readonly size?: number;
}

const secret: Pkcs12Options = { password: PASSWORD };
const flags = (...words: readonly string[]): Pkcs12Options => ({ ...secret, flags: words });
const ROWS: readonly Row[] = [
  { name: "AES, as OpenSSL 3 makes it", file: secret },
  { name: "RC2 and 3DES, as OpenSSL 1 and Windows made it", file: flags("-legacy"), legacy: true },
  { name: "3DES alone", file: flags("-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"), legacy: true },
  {
    name: "AES of 128 bits and a checksum of SHA-1",
    file: flags("-keypbe", "aes-128-cbc", "-certpbe", "aes-192-cbc", "-macalg", "SHA1"),
  },
  { name: "a checksum of SHA-512", file: flags("-macalg", "SHA512") },
  { name: "no checksum", file: flags("-nomac") },
  { name: "nothing encrypted", file: flags("-keypbe", "NONE", "-certpbe", "NONE") },
  { name: "an empty password", file: { password: "" } },
  { name: "an empty password, by RC2 and 3DES", file: { password: "", flags: ["-legacy"] }, legacy: true },
  { name: "a password of other letters", file: { password: "pässwörd-€-canary" } },
  {
    name: "a password of other letters, by RC2 and 3DES",
    file: { password: "pässwörd-€-canary", flags: ["-legacy"] },
    legacy: true,
  },
  { name: "a chain", file: { ...secret, chain: other.certificate } },
  { name: "a name, as Windows gives it", file: flags("-name", "te-9b7f", "-LMK") },
  { name: "a wrong password", file: secret, told: "wrong-canary", code: "certificate-password" },
  {
    name: "a wrong password, by RC2 and 3DES",
    file: flags("-legacy"),
    told: "wrong-canary",
    code: "certificate-password",
    legacy: true,
  },
  {
    name: "a wrong password and no checksum",
    file: flags("-nomac"),
    told: "wrong-canary",
    code: "certificate-password",
  },
  { name: "no password where there is one", file: secret, told: "", code: "certificate-password" },
  { name: "which the end is missing", file: secret, size: -100, code: "certificate-invalid" },
  {
    name: "which only the beginning is there",
    file: flags("-legacy"),
    size: 200,
    code: "certificate-invalid",
    legacy: true,
  },
  { name: "an elliptic key", file: secret, pair: elliptic, code: "certificate-invalid" },
  { name: "no key", file: flags("-nokeys"), code: "certificate-invalid" },
  { name: "no certificate", file: flags("-nocerts"), code: "certificate-invalid" },
];

for (const build of programBuilds()) {
  for (const { name, file, told = file.password, pair = own, code, legacy, size } of ROWS) {
    const skip = build.skip !== false ? build.skip : legacy === true ? noLegacy : noOpenssl;
    test(
      `the ${build.name} build ${
        code === undefined ? "signs in" : "refuses to sign in"
      } with a PKCS#12 file of ${name}`,
      { skip },
      async () => {
        await using azure = await startAzure();
        await azure.register(pair.certificate);
        const path = join(azure.folder, "app.PFX");
        await writeFile(path, (await makePkcs12(pair, file)).subarray(0, size));
        const { AZURE_CLIENT_SECRET: _, ...principal } = await azure.identity("client-secret");
        const env = {
          HOME: azure.folder,
          ...azure.env,
          ...azure.vault(),
          ...principal,
          AZURE_CLIENT_CERTIFICATE_PATH: path,
          AZURE_CLIENT_CERTIFICATE_PASSWORD: told,
          AZURE_CLIENT_SEND_CERTIFICATE_CHAIN: "true",
        };
        const { status, stderr } = await runProgram(["exec", "true"], { env, build });
        if (code === undefined) assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
        else assert.match(stderr, new RegExp(`mlflow-auth explain ${code} `));
      },
    );
  }

  for (const isOld of [false, true]) {
    const skip = build.skip !== false ? build.skip : isOld ? noLegacy : noOpenssl;
    test(
      `the ${build.name} build's lines of openssl read a PKCS#12 file of ${isOld ? "RC2" : "AES"}`,
      { skip },
      async () => {
        await using azure = await startAzure();
        const path = join(azure.folder, "app.pfx");
        await writeFile(path, await makePkcs12(own, isOld ? flags("-legacy") : secret));
        const { AZURE_CLIENT_SECRET: _, ...principal } = await azure.identity("client-secret");
        const given = {
          ...azure.env,
          ...azure.vault(),
          ...principal,
          HOME: azure.folder,
          AZURE_CLIENT_CERTIFICATE_PATH: path,
        };
        const lineAfter = async (password: string): Promise<string> => {
          const env = { ...given, AZURE_CLIENT_CERTIFICATE_PASSWORD: password };
          const { stderr } = await runProgram(["exec", "true"], { env, build });
          return /^ {2}try: .*?(openssl .*?)(?:;|$)/m.exec(stderr)?.[1] ?? stderr;
        };
        // The certificate is registered nowhere; then its password is another one.
        for (const password of [PASSWORD, "wrong-canary"]) {
          const line = await lineAfter(password);
          const asked = line.replace("openssl pkcs12", `openssl pkcs12 -passin pass:${PASSWORD}`);
          const { status, stderr } = spawnSync("sh", ["-c", asked], { cwd: azure.folder, encoding: "utf8" });
          assert.equal(status, 0, `${line}\n${stderr}`);
          assert.equal(line.includes("-legacy"), isOld);
        }
      },
    );
  }
}
