import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { platformOf } from "../../../../action/platform.mjs";
import { TARGETS } from "../../../../scripts/build/build.ts";
import { utf8 } from "../../../../scripts/release/packed_file.ts";
import { platformTag } from "../../../../scripts/release/platform_tag.ts";
import { executableOf, PLATFORMS } from "../../../../scripts/release/platforms.ts";

test("PLATFORMS has a row for every target, in the same order", () => {
  assert.deepEqual(PLATFORMS.map(({ target }) => target), [...TARGETS]);
});

test("the action looks for the archive and the executable that a release has for each platform", () => {
  const systems = { linux: "Linux", darwin: "macOS", win32: "Windows" } as const;
  for (const platform of PLATFORMS) {
    for (const cpu of platform.cpus) {
      const machine = { os: systems[platform.os], arch: cpu.toUpperCase(), isMusl: platform.libc === "musl" };
      const { archive, program } = platformOf(machine);
      const end = platform.os === "win32" ? "zip" : "tar.gz";
      assert.deepEqual({ archive, program }, {
        archive: `mlflow-auth-${platform.target}.${end}`,
        program: executableOf(platform),
      });
    }
  }
});

/** The start of a Mach-O file: a header, one command of another kind, then the one that says the version. */
function macho(command: number, words: readonly number[]): Uint8Array {
  const numbers = [0xfeedfacf, 0, 0, 2, 2, 0, 0, 0, 0x19, 16, 0, 0, command, 8 + 4 * words.length, ...words];
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  for (const [index, number] of numbers.entries()) view.setUint32(4 * index, number, true);
  return new Uint8Array(view.buffer);
}

test("platformTag() takes the newest symbol of glibc, as a number", () => {
  const program = utf8("GLIBC_2.9\0GLIBC_2.27\0GLIBC_2.3.4\0GLIBC_2.17");
  assert.equal(platformTag({ os: "linux", cpus: ["x64"] }, program), "manylinux_2_27_x86_64");
  assert.equal(platformTag({ os: "linux", cpus: ["arm64"] }, program), "manylinux_2_27_aarch64");
  assert.throws(() => platformTag({ os: "linux", cpus: ["x64"] }, utf8("static")), /names no symbol of glibc/);
});

test("platformTag() takes the oldest macOS from either load command, without its minor version from 11 on", () => {
  const build = macho(0x32, [1, (12 << 16) | (3 << 8), 0, 0]);
  assert.equal(platformTag({ os: "darwin", cpus: ["arm64"] }, build), "macosx_12_0_arm64");
  const old = macho(0x24, [(10 << 16) | (15 << 8), 0]);
  assert.equal(platformTag({ os: "darwin", cpus: ["x64"] }, old), "macosx_10_15_x86_64");
  assert.throws(() => platformTag({ os: "darwin", cpus: ["x64"] }, macho(0x1b, [0])), /which macOS it needs/);
  assert.throws(() => platformTag({ os: "darwin", cpus: ["x64"] }, utf8("GLIBC_2.27")), /is not Mach-O/);
});

test("platformTag() names musl's line for its programs", () => {
  assert.equal(platformTag({ os: "linux", cpus: ["x64"], libc: "musl" }, utf8("")), "musllinux_1_2_x86_64");
  assert.equal(platformTag({ os: "linux", cpus: ["arm64"], libc: "musl" }, utf8("")), "musllinux_1_2_aarch64");
});

test("platformTag() has one tag for Windows, whose packages run on both processors", () => {
  assert.equal(platformTag({ os: "win32", cpus: ["x64", "arm64"] }, utf8("MZ")), "win_amd64");
});

test("the Dockerfile takes the archives of Linux, and the installers know every other", () => {
  const read = (path: string): string => readFileSync(new URL(`../../../../${path}`, import.meta.url), "utf8");
  const archives = (os: string): readonly string[] =>
    PLATFORMS.filter((platform) => platform.os === os).map(({ target }) => target).sort();
  const added = [...read("Dockerfile").matchAll(/^ADD mlflow-auth-(.*)\.tar\.gz \/$/gm)].map(([, target]) => target);
  assert.deepEqual(added.sort(), archives("linux").filter((target) => !target.endsWith("-musl")));
  const installer = read("install.sh");
  const ends = [...installer.matchAll(/echo "\$machine(-.*)"/g)].map(([, end]) => end);
  const machines = ["x86_64", "aarch64"];
  assert.deepEqual(
    ends.flatMap((end) => machines.map((machine) => `${machine}${end}`)).sort(),
    [...archives("linux"), ...archives("darwin")].sort(),
  );
  assert.deepEqual(
    [...read("install.ps1").matchAll(/'mlflow-auth-(.*)\.zip'/g)].map(([, target]) => target),
    archives("win32"),
  );
});
