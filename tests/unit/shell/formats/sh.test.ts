import { test } from "node:test";
import assert from "node:assert/strict";
import { AuthError } from "../../../../src/core/errors.ts";
import { sh } from "../../../../src/shell/formats/sh.ts";
import { changesOf, NOWHERE, randomValues, TRICKY } from "../../../support/values.ts";

const REMOVED = ["MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"];
const print = (value: string): string => sh.print(changesOf({ MLFLOW_TRACKING_TOKEN: value }, REMOVED), NOWHERE);

/** What a POSIX shell makes of the line: the code inside the armour, its printf undone, its single quotes read. */
function read(text: string): readonly (readonly string[])[] {
  const armour = /^eval "`printf '([A-Za-z0-9\\]*)'`"\n$/.exec(text);
  const code = armour === null ? text.slice(0, -1) : printf(armour[1] ?? "");
  return splitAnd(code).map((command) =>
    Array.from(
      command.matchAll(/(?:\\'|'[^']*'|[^ '])+/g),
      ([word]) => word.replace(/\\'|'([^']*)'/g, (quoted, inside) => inside ?? quoted.slice(1)),
    )
  );
}

function printf(format: string): string {
  assert.match(format, /^(?:[A-Za-z0-9]|\\[0-3][0-7][0-7])*$/);
  const bytes = Array.from(
    format.matchAll(/\\([0-7]{3})|(.)/g),
    ([, octal, plain]) => octal === undefined ? (plain ?? "").charCodeAt(0) : parseInt(octal, 8),
  );
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes));
}

function splitAnd(code: string): readonly string[] {
  return Array.from(code.matchAll(/((?:'[^']*'|\\'|[^'])+?)(?: && |$)/gy), ([, command]) => command ?? "");
}

test("sh prints a token as readable code", () => {
  assert.equal(
    print("eyJ0.e30.x-_"),
    "unset MLFLOW_TRACKING_USERNAME MLFLOW_TRACKING_PASSWORD && export MLFLOW_TRACKING_TOKEN='eyJ0.e30.x-_'\n",
  );
});

test("sh armours every variable as soon as one value is not plain", () => {
  const text = sh.print(changesOf({ U: "me", P: "it's" }, ["T"]), NOWHERE);
  assert.equal(
    text,
    "eval \"`printf '" +
      String
        .raw`unset\040T\040\046\046\040export\040U\075\047me\047\040\046\046\040export\040P\075\047it\047\134\047\047s\047` +
      "'`\"\n",
  );
  assert.deepEqual(read(text), [["unset", "T"], ["export", "U=me"], ["export", "P=it's"]]);
});

test("sh comes back byte for byte, in an alphabet that no unquoted eval can break", () => {
  const wrong = [...TRICKY, ...randomValues(20260101, 5000)].filter((value) => {
    const text = print(value);
    const commands = read(text);
    const expected = [["unset", ...REMOVED], ["export", `MLFLOW_TRACKING_TOKEN=${value}`]];
    const calm = /^[A-Za-z0-9_.=& '-]+\n$/.test(text) || /^[A-Za-z0-9 "`'\\]+\n$/.test(text);
    // Splitting and joining by blanks changes nothing if there are no two in a row and none at the ends.
    const splits = text.slice(0, -1).split(/[ \t\n]+/).join(" ") + "\n" === text;
    return JSON.stringify(commands) !== JSON.stringify(expected) || !calm || !splits;
  });
  assert.deepEqual(wrong.slice(0, 5), []);
});

test("sh leaves out unset where nothing is removed", () => {
  assert.equal(sh.print(changesOf({ T: "t" }), NOWHERE), "export T='t'\n");
});

test("sh refuses an empty value, a NUL and a lone surrogate, and names a format that holds them", () => {
  const refusals = ["", "a\0b", "a\ud800"].map((value) => {
    try {
      return print(value);
    } catch (error) {
      return error instanceof AuthError ? [error.code, error.message, error.remedy] : error;
    }
  });
  const start = 'Cannot print "MLFLOW_TRACKING_TOKEN" in format "sh": ';
  const remedy = "mlflow-auth export --format json";
  assert.deepEqual(refusals, [
    ["format-cannot-hold", `${start}the value is empty`, remedy],
    ["format-cannot-hold", `${start}the value holds a NUL`, remedy],
    ["format-cannot-hold", `${start}the value is not valid Unicode`, remedy],
  ]);
});

test("sh unsets with one command, and fails with false", () => {
  assert.deepEqual([sh.unset?.(["A", "B"], NOWHERE), sh.failure], ["unset A B\n", "false\n"]);
});
