import "../support/guard.ts";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { releaseNotes } from "../../scripts/release/release_notes.ts";
import { programBuilds } from "../support/builds.ts";
import { skipUnless } from "../support/skip.ts";
import { FACTS } from "./install/release_folder.ts";
import { which } from "./shells/run.ts";

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
/** A row of the README's table: the build, and what it needs. */
const rowOf = (build: string): string => README.split("\n").find((line) => line.startsWith(`| ${build} `)) ?? "";
const noObjdump = skipUnless(
  process.platform === "linux" && which("objdump") !== undefined,
  "objdump is not there: apt-get install binutils",
);

const objdump = (option: string, program: string): string =>
  execFileSync("objdump", [option, program], { encoding: "utf8", maxBuffer: 64 << 20 });

/** The newest version of glibc that a program asks for, such as `2.27`. */
function glibcOf(program: string): string {
  const versions = [...objdump("-T", program).matchAll(/GLIBC_(\d+)\.(\d+)/g)];
  const newest = versions.map(([, major, minor]) => [Number(major), Number(minor)] as const)
    .reduce((one, other) => one[0] * 1000 + one[1] > other[0] * 1000 + other[1] ? one : other, [0, 0] as const);
  return newest.join(".");
}

for (const { name, command: [program], skip } of programBuilds()) {
  if (name === "source") continue;
  test(`README and the release notes name the glibc and the libraries that the ${name} build asks for`, {
    skip: skip || noObjdump,
  }, () => {
    const needed = [...objdump("-p", program).matchAll(/NEEDED +(\S+)/g)].map(([, library = ""]) => library);
    const outside = needed.filter((library) => !/^(?:lib(?:c|m|dl|rt|pthread)\.so|ld-linux)/.test(library));
    const notes = releaseNotes(FACTS, "");
    const glibc = `glibc ${glibcOf(program)}`;
    const row = rowOf(name === "deno" ? "Deno (default)" : "Bun");
    assert.ok(row.includes(`${glibc}${name === "deno" ? " and libgcc_s" : ""}:`), `${glibc} is not in ${row}`);
    assert.ok(notes.includes(name === "deno" ? `${glibc} and libgcc_s` : `the Bun build: ${glibc})`), notes);
    assert.deepEqual(outside, name === "deno" ? ["libgcc_s.so.1"] : []);
  });
}
