import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync, inflateRawSync } from "node:zlib";
import { packageFoldersOf } from "../../../../scripts/release/bundled_packages.ts";
import { packRelease, type Program, type Sources } from "../../../../scripts/release/pack_release.ts";
import { sha256, utf8 } from "../../../../scripts/release/packed_file.ts";
import { type Platform, PLATFORMS } from "../../../../scripts/release/platforms.ts";
import { wheel } from "../../../../scripts/release/wheel.ts";

const FACTS = {
  version: "1.2.3",
  repository: "me/mlflow-auth",
  committedAt: "2026-01-31T12:00:00Z",
  license: "MIT License",
};
const SOURCES: Sources = {
  launcher: "#!/usr/bin/env node\n",
  installers: { "install.sh": "repository='@repository@'\nreleased='@version@'\n" },
  dockerfile: "FROM scratch\n",
  actionSums: '{ "1.2.2": { "a": "b" } }',
  packages: [
    { name: "@a/b", version: "4.5.6", license: "(MIT OR Zlib)", sha512: "00ff", terms: "MIT" },
    { name: "c", version: "7.8.9", license: "see file", sha512: undefined, terms: "see file" },
  ],
  runtimeNotices: { deno: "Deno @version@", bun: "Bun @version@" },
};
const DENO = { name: "deno", version: "2.9.6" } as const;

function platform(npm: string): Platform {
  const found = PLATFORMS.find((one) => one.npm === npm);
  assert.ok(found);
  return found;
}

const PROGRAMS: readonly Program[] = [
  { platform: platform("linux-x64"), runtime: DENO, bytes: utf8("GLIBC_2.27") },
  { platform: platform("win32-x64"), runtime: DENO, bytes: utf8("MZ") },
  { platform: platform("linux-x64"), runtime: { name: "bun", version: "1.4.5" }, bytes: utf8("GLIBC_2.17") },
  { platform: platform("linux-x64-musl"), runtime: { name: "bun", version: "1.4.5" }, bytes: utf8("musl") },
];

const files = new Map([...packRelease(PROGRAMS, FACTS, SOURCES)].map(({ path, bytes }) => [path, bytes]));
const bytesOf = (path: string): Uint8Array => files.get(path) ?? assert.fail(`${path} is not in the release`);
const textOf = (path: string): string => new TextDecoder().decode(bytesOf(path));
const jsonOf = (path: string): Readonly<Record<string, unknown>> => JSON.parse(textOf(path));
const LINUX = "mlflow-auth-x86_64-unknown-linux-gnu.tar.gz";
const WINDOWS = "mlflow-auth-x86_64-pc-windows-msvc.zip";
const BUN = "mlflow-auth-bun-x86_64-unknown-linux-gnu.tar.gz";
const MUSL = "mlflow-auth-x86_64-unknown-linux-musl.tar.gz";

test("packRelease() makes archives of every program, and packages of those of Deno and of musl", () => {
  assert.deepEqual([...files.keys()], [
    LINUX,
    "mlflow_auth-1.2.3-py3-none-manylinux_2_27_x86_64.whl",
    "npm-linux-x64-1.2.3.tgz",
    WINDOWS,
    "mlflow_auth-1.2.3-py3-none-win_amd64.whl",
    "npm-win32-x64-1.2.3.tgz",
    BUN,
    MUSL,
    "mlflow_auth-1.2.3-py3-none-musllinux_1_2_x86_64.whl",
    "npm-linux-x64-musl-1.2.3.tgz",
    "npm-mlflow-auth-1.2.3.tgz",
    "mlflow-auth.spdx.json",
    "mlflow-auth.rb",
    "mlflow-auth.json",
    "Dockerfile",
    "install.sh",
    "SHA256SUMS",
    "action-sha256sums.json",
  ]);
});

test("packRelease() gives the same bytes twice", () => {
  const again = new Map([...packRelease(PROGRAMS, FACTS, SOURCES)].map(({ path, bytes }) => [path, bytes]));
  assert.deepEqual(again, files);
});

test("packRelease() lists the checksum of every file, and adds those of the archives to the action's", () => {
  const listed = [...files].filter(([path]) => path !== "SHA256SUMS" && path !== "action-sha256sums.json");
  const lines = listed.map(([path, bytes]) => `${sha256(bytes)}  ${path}`);
  assert.deepEqual(textOf("SHA256SUMS").split("\n").filter((line) => line !== "").sort(), [...lines].sort());
  assert.deepEqual(jsonOf("action-sha256sums.json"), {
    "1.2.2": { a: "b" },
    "1.2.3": { [LINUX]: sha256(bytesOf(LINUX)), [WINDOWS]: sha256(bytesOf(WINDOWS)), [MUSL]: sha256(bytesOf(MUSL)) },
  });
});

test("packRelease() fills the release into the installer", () => {
  assert.equal(textOf("install.sh"), "repository='me/mlflow-auth'\nreleased='1.2.3'\n");
});

test("spdx() says which archive has which runtime, and what is inside of the program", () => {
  const { packages, relationships, creationInfo } = jsonOf("mlflow-auth.spdx.json") as {
    readonly packages: readonly Readonly<Record<string, unknown>>[];
    readonly relationships: readonly Readonly<Record<string, string>>[];
    readonly creationInfo: unknown;
  };
  assert.deepEqual(creationInfo, {
    created: "2026-01-31T12:00:00Z",
    creators: ["Tool: mlflow-auth-release-1.2.3"],
  });
  assert.deepEqual(packages.map(({ name, versionInfo, licenseDeclared }) => [name, versionInfo, licenseDeclared]), [
    ["mlflow-auth", "1.2.3", "MIT"],
    [LINUX, "1.2.3", "MIT"],
    [WINDOWS, "1.2.3", "MIT"],
    [BUN, "1.2.3", "MIT"],
    [MUSL, "1.2.3", "MIT"],
    ["deno", "2.9.6", "MIT"],
    ["bun", "1.4.5", "NOASSERTION"],
    ["@a/b", "4.5.6", "(MIT OR Zlib)"],
    ["c", "7.8.9", "NOASSERTION"],
  ]);
  assert.deepEqual(packages.find(({ name }) => name === "@a/b"), {
    SPDXID: "SPDXRef-npm--a-b-4.5.6",
    name: "@a/b",
    versionInfo: "4.5.6",
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    licenseConcluded: "NOASSERTION",
    copyrightText: "NOASSERTION",
    licenseDeclared: "(MIT OR Zlib)",
    checksums: [{ algorithm: "SHA512", checksumValue: "00ff" }],
    externalRefs: [
      { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: "pkg:npm/%40a/b@4.5.6" },
    ],
  });
  const ids = packages.map(({ SPDXID }) => SPDXID);
  assert.equal(new Set(ids).size, ids.length);
  const named = relationships.map((one) =>
    `${one["spdxElementId"]} ${one["relationshipType"]} ${one["relatedSpdxElement"]}`
  );
  assert.ok(named.includes(`SPDXRef-archive-${BUN.replaceAll("_", "-")} CONTAINS SPDXRef-runtime-bun-1.4.5`));
  assert.ok(named.includes("SPDXRef-mlflow-auth CONTAINS SPDXRef-npm--a-b-4.5.6"));
});

test("homebrewFormula() has a block for each system that the release has, and no other", () => {
  const formula = textOf("mlflow-auth.rb");
  assert.deepEqual(formula.split("\n").filter((line) => /on_|url|sha256/.test(line)), [
    "  on_linux do",
    "    on_intel do",
    `      url "https://github.com/me/mlflow-auth/releases/download/v1.2.3/${LINUX}"`,
    `      sha256 "${sha256(bytesOf(LINUX))}"`,
  ]);
});

test("scoopManifest() downloads the archive for Windows, and knows where the next one will be", () => {
  const url = `https://github.com/me/mlflow-auth/releases/download/v1.2.3/${WINDOWS}`;
  assert.deepEqual(jsonOf("mlflow-auth.json"), {
    version: "1.2.3",
    description: "Runs MLflow clients with a credential kept in Azure Key Vault",
    homepage: "https://github.com/me/mlflow-auth",
    license: "MIT",
    architecture: { "64bit": { url, hash: sha256(bytesOf(WINDOWS)) } },
    bin: "mlflow-auth.exe",
    checkver: "github",
    autoupdate: {
      architecture: { "64bit": { url: url.replace("v1.2.3", "v$version") } },
      hash: { url: "$baseurl/SHA256SUMS" },
    },
  });
});

/** The text of a file of a .tgz, which has one block of header before it. */
function inTarball(path: string, name: string): string {
  const tar = new Uint8Array(gunzipSync(bytesOf(path)));
  const field = (from: number, to: number): string =>
    new TextDecoder().decode(tar.slice(from, to)).replaceAll("\0", "").trim();
  for (let at = 0; at < tar.length;) {
    const size = parseInt(field(at + 124, at + 136), 8);
    if (field(at, at + 100) === name) return field(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return assert.fail(`${name} is not in ${path}`);
}

test("mainPackage() has one optional dependency for each platform, of the same version, and no install script", () => {
  const manifest = JSON.parse(inTarball("npm-mlflow-auth-1.2.3.tgz", "package/package.json"));
  assert.deepEqual(manifest.optionalDependencies, {
    "@mlflow-auth/linux-x64": "1.2.3",
    "@mlflow-auth/linux-x64-musl": "1.2.3",
    "@mlflow-auth/win32-x64": "1.2.3",
  });
  assert.deepEqual([manifest.scripts, manifest.dependencies], [undefined, undefined]);
  assert.deepEqual(manifest.bin, { "mlflow-auth": "bin/mlflow-auth.mjs" });
});

test("platformPackage() is for its own system alone", () => {
  const of = (path: string): unknown => {
    const { name, os, cpu, libc, scripts } = JSON.parse(inTarball(path, "package/package.json"));
    return { name, os, cpu, libc, scripts };
  };
  const scripts = undefined;
  assert.deepEqual(of("npm-linux-x64-1.2.3.tgz"), {
    name: "@mlflow-auth/linux-x64",
    os: ["linux"],
    cpu: ["x64"],
    libc: ["glibc"],
    scripts,
  });
  assert.deepEqual(of("npm-win32-x64-1.2.3.tgz"), {
    name: "@mlflow-auth/win32-x64",
    os: ["win32"],
    cpu: ["x64", "arm64"],
    libc: undefined,
    scripts,
  });
});

test("wheel() holds the executable, and a RECORD of every file", () => {
  const { bytes } = wheel({ platform: platform("linux-x64"), bytes: utf8("GLIBC_2.27"), terms: [] }, FACTS);
  const view = new DataView(bytes.buffer);
  const entries: (readonly [path: string, text: string])[] = [];
  for (let at = 0; view.getUint32(at, true) === 0x04034b50;) {
    const [packed, name] = [view.getUint32(at + 18, true), view.getUint16(at + 26, true)];
    const start = at + 30 + name;
    const text = inflateRawSync(bytes.slice(start, start + packed)).toString("utf8");
    entries.push([new TextDecoder().decode(bytes.slice(at + 30, start)), text]);
    at = start + packed;
  }
  const record = entries.at(-1)?.[1] ?? "";
  assert.deepEqual(entries.map(([path]) => path), [
    "mlflow_auth-1.2.3.data/scripts/mlflow-auth",
    "mlflow_auth-1.2.3.dist-info/METADATA",
    "mlflow_auth-1.2.3.dist-info/WHEEL",
    "mlflow_auth-1.2.3.dist-info/RECORD",
  ]);
  assert.deepEqual(record.split("\n").map((line) => line.split(",")[0]), [...entries.map(([path]) => path), ""]);
  assert.equal(
    record.split("\n")[0],
    "mlflow_auth-1.2.3.data/scripts/mlflow-auth,sha256=pZxqO9mq97c5scBTxYuRyAh9fXyWoQbXpfcQKR2Yqo8,10",
  );
});

test("wheel() writes a draft's version as Python has it", () => {
  const named = (version: string): string =>
    wheel({ platform: platform("win32-x64"), bytes: utf8("MZ"), terms: [] }, { ...FACTS, version }).path;
  assert.equal(named("1.2.3-rc.4"), "mlflow_auth-1.2.3rc4-py3-none-win_amd64.whl");
  assert.equal(named("1.2.3-alpha.1"), "mlflow_auth-1.2.3a1-py3-none-win_amd64.whl");
  assert.throws(() => named("1.2"), /neither 1\.2\.3 nor 1\.2\.3-rc\.1/);
});

test("packageFoldersOf() finds scoped packages, copies of one version, and paths of Windows", () => {
  assert.deepEqual(
    packageFoldersOf([
      "C:\\cache\\npm\\host\\ms\\2.1.3\\index.js",
      "/c/npm/host/@azure/core/1.0.0_1/src/a.ts",
      "/c/npm/host/@azure/core/1.0.0_1/src/b.ts",
      "/project/src/main.ts",
    ]),
    [
      { name: "@azure/core", version: "1.0.0", folder: "/c/npm/host/@azure/core/1.0.0_1" },
      { name: "ms", version: "2.1.3", folder: "C:/cache/npm/host/ms/2.1.3" },
    ],
  );
});
