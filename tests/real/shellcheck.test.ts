import "../support/guard.ts";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { docsTexts } from "../docs/blocks.ts";
import type { Block } from "../docs/blocks_of.ts";
import { skipUnless } from "../support/skip.ts";
import { which } from "./shells/run.ts";

const program = which("shellcheck");
const skip = skipUnless(program !== undefined, "shellcheck is not there: install the package of that name");

/** What shellcheck must not say of a block, each with the reason. */
const EXPECTED: Readonly<Record<string, string>> = {
  SC2034: "a file of settings, or of a script that goes on elsewhere, sets what others read",
  SC2155: "a line for a prompt: a command that fails says so there",
};

/** What shellcheck has to say of a script. */
function lint({ language, text }: Pick<Block, "language" | "text">): string {
  const args = ["--norc", "--format=gcc", `--shell=${language}`, `--exclude=${Object.keys(EXPECTED).join(",")}`, "-"];
  try {
    return execFileSync(program ?? "", args, { input: text, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    return String((error as { readonly stdout?: string }).stdout);
  }
}

test("shellcheck finds nothing in the scripts of the docs", { skip }, async () => {
  const scripts = (await docsTexts()).filter(({ language }) => language === "sh" || language === "bash");
  const said = scripts.flatMap((script) => {
    const fault = lint(script);
    return fault === "" ? [] : [`${script.path}:${script.line}\n${fault}`];
  });
  console.log(`shellcheck: ${scripts.length - said.length} of ${scripts.length} blocks clean`);
  assert.deepEqual(said, []);
  assert.ok(scripts.length > 100);
});

test("shellcheck finds nothing in install.sh and .ci/run", { skip }, () => {
  const files = ["install.sh", ".ci/run"].map((name) =>
    readFileSync(new URL(`../../${name}`, import.meta.url), "utf8")
  );
  const said = files.map((text) => lint({ language: text.startsWith("#!/usr/bin/env bash") ? "bash" : "sh", text }));
  assert.deepEqual(said, ["", ""]);
});

test("shellcheck is heard where it finds something", { skip }, () => {
  assert.match(lint({ language: "sh", text: 'rm -rf "$FOLDER/" $1\n' }), /SC2086/);
});
