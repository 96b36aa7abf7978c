import "../support/guard.ts";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeSigningKeys } from "../support/azure/world.ts";
import { tryPython } from "../support/python.ts";
import { firstBuild } from "../support/run_program.ts";
import { skipIfError } from "../support/skip.ts";
import { makeClientCertificate } from "../support/tls.ts";
import { knownFailures } from "./doctor/known_failures.ts";
import { OUTCOMES, OWN_STATE } from "./remedies/known_states.ts";
import { azWords } from "./remedies/lines.ts";
import { SETTING_STATES } from "./remedies/setting_states.ts";
import { isOf, remedyTexts } from "./remedies/remedy_texts.ts";
import type { State } from "./remedies/state.ts";
import { type Seen, tryLines } from "./remedies/try_lines.ts";
import { TYPED_STATES } from "./remedies/typed_states.ts";

// The measure: every line of shell that a remedy holds is run in the state that printed it, and then the failure is gone, or the next
// step is reached. What only Azure could run is read by the Azure CLI's own parser; what leads elsewhere is counted.
// `REMEDIES=<pattern>` tries the states whose names match.

const AT_ONCE = 3;
const build = firstBuild();
const { skip } = build;
const pattern = new RegExp(Deno.env.get("REMEDIES") ?? ".");
const known = knownFailures(skip || skipIfError(await tryPython("mlflow")));
const STATES: readonly State[] = [
  ...known.failures.filter(({ name }) => !OWN_STATE.includes(name)).map((failure) => ({
    ...failure,
    ...OUTCOMES[failure.name],
  })),
  ...TYPED_STATES,
  ...SETTING_STATES,
].filter(({ name }) => pattern.test(name));

interface Result {
  readonly seen?: Seen;
  readonly error?: unknown;
}

const results = new Map(STATES.map(({ name }) => [name, Promise.withResolvers<Result>()]));

// Not those of node:test: Deno leaves its after() out where a test is skipped or filtered.
Deno.test.beforeAll(async () => {
  if (skip !== false) return;
  const [keys, principal] = await Promise.all([makeSigningKeys(), makeClientCertificate()]);
  const waiting = STATES.filter((state) => (state.skip ?? false) === false);
  const work = async (): Promise<void> => {
    for (let state = waiting.shift(); state !== undefined; state = waiting.shift()) {
      const result = await tryLines(state, { keys, principal, build }).then(
        (seen) => ({ seen }),
        (error) => ({ error }),
      );
      results.get(state.name)?.resolve(result);
    }
  };
  for (let at = 0; at < AT_ONCE; at++) void work();
});

Deno.test.afterAll(known.close);

const seen: Seen[] = [];

for (const { name, skip: own = false } of STATES) {
  test(`what is said to try of ${name} ends it`, { skip: skip || own }, async () => {
    const { seen: one, error } = await (results.get(name)?.promise ?? Promise.reject(new Error("Not tried")));
    if (one === undefined) throw error;
    seen.push(one);
    const faults = one.tried.flatMap(({ line, fault }) => fault === undefined ? [] : [`${line}\n    ${fault}`]);
    assert.deepEqual(faults, []);
  });
}

const AZ = fileURLToPath(new URL("./remedies/az_parse.py", import.meta.url));

/** What the Azure CLI's parser says to command lines; `null` for those it understands. */
async function readByAz(python: string, lines: readonly (readonly string[])[]): Promise<readonly (string | null)[]> {
  const child = spawn(python, [AZ], { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk) => output += String(chunk));
  child.stdin.end(lines.map((words) => `${JSON.stringify(words)}\n`).join(""));
  await new Promise((resolve) => child.once("close", resolve));
  return output.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as string | null);
}

const azurePython = skip === false ? await tryPython("azure_cli") : new Error("no build");
const skipAz = skip !== false ? skip : skipIfError(azurePython);

test("the Azure CLI's own parser understands every line of it that is said to try", { skip: skipAz }, async () => {
  const words = seen.flatMap(({ tried }) => tried.flatMap(({ line }) => azWords(line)));
  const texts = [...new Set(words.map((line) => JSON.stringify(line)))];
  const faults = await readByAz(String(azurePython), texts.map((text) => JSON.parse(text) as readonly string[]));
  assert.equal(faults.length, texts.length);
  assert.deepEqual(texts.flatMap((text, at) => faults[at] === null ? [] : [`${text}: ${faults[at]}`]), []);
  // A parser that took everything would say nothing.
  const [wrong] = await readByAz(String(azurePython), [["keyvault", "secret", "show", "--nonsense"]]);
  assert.notEqual(wrong, null);
});

test("the lines are counted", { skip }, () => {
  const tried = seen.flatMap((one) => one.tried.map((line) => ({ ...line, state: one.state })));
  const of = (kind: string): readonly string[] => tried.filter((one) => one.kind === kind).map(({ line }) => line);
  const words = seen.flatMap(({ remedies, tried }) => tried.length === 0 ? remedies : []);
  const printed = seen.flatMap(({ remedies }) => remedies);
  const texts = remedyTexts();
  const unseen = texts.filter((text) => !printed.some((remedy) => isOf(remedy, text)));
  console.log([
    `lines run: ${of("run").length}; read by the Azure CLI's parser: ${of("az").length}; ` +
    `listed: ${of("listed").length}; remedies in words alone: ${words.length}; states: ${seen.length}`,
    `texts of the source that hold a line: ${texts.length}; printed by a state: ${texts.length - unseen.length}`,
    ...unseen.map(({ path, text }) => `  never printed: ${text}  (${path})`),
    ...[...new Set(of("listed"))].map((line) => `  listed: ${line}`),
    ...[...new Set(words)].map((remedy) => `  words: ${remedy}`),
  ].join("\n"));
  if (pattern.source !== ".") return;
  assert.ok(of("run").length >= 130 && unseen.length <= texts.length / 3);
});
