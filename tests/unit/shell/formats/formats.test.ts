import { test } from "node:test";
import assert from "node:assert/strict";
import { AuthError } from "../../../../src/core/errors.ts";
import type { Format } from "../../../../src/shell/formats/format.ts";
import { findFormat, FORMATS } from "../../../../src/shell/formats/formats.ts";
import { changesOf, NOWHERE, randomValues, TRICKY } from "../../../support/values.ts";

test("FORMATS have names of their own", () => {
  const names = FORMATS.map(({ name }) => name);
  assert.deepEqual([...new Set(names)], names);
});

test("findFormat() finds each by its name and by the names that people type, and nothing else", () => {
  assert.deepEqual(FORMATS.map(({ name }) => findFormat(name)), FORMATS);
  const typed = ["SH", "bash", "zsh", "ksh", "PowerShell", "env", ".env", "dotenv-like"];
  const names = ["sh", "sh", "sh", "sh", "pwsh", "dotenv", "dotenv", "dotenv"];
  assert.deepEqual(typed.map((name) => findFormat(name)?.name), names);
  assert.deepEqual(["", "nosuch", "toString"].map(findFormat), [undefined, undefined, undefined]);
});

test("FORMATS: what makes a reader fail is a line, and so is what unsets", () => {
  const lines = FORMATS.flatMap(({ failure, unset }) => [failure, unset?.(["A"], NOWHERE) ?? ""]);
  assert.deepEqual(lines.filter((line) => line !== "" && !line.endsWith("\n")), []);
});

test("FORMATS: sh and json, which an error names where a format cannot unset, can", () => {
  assert.deepEqual(["sh", "json"].filter((name) => findFormat(name)?.unset === undefined), []);
});

test("FORMATS: each usage names its format", () => {
  assert.deepEqual(FORMATS.filter(({ name, usage }) => !usage.includes(`mlflow-auth export --format ${name}`)), []);
});

test("FORMATS: each text ends in a newline, and a token is held by all", () => {
  const changes = changesOf({ MLFLOW_TRACKING_TOKEN: "e30.e30.x-_" }, ["MLFLOW_TRACKING_USERNAME"]);
  assert.deepEqual(FORMATS.filter((format) => !format.print(changes, NOWHERE).endsWith("\n")), []);
});

/** The failure of a format for a value, if it refuses it. */
function refusal(format: Format, value: string): unknown {
  try {
    format.print(changesOf({ T: value }), NOWHERE);
    return undefined;
  } catch (error) {
    return error;
  }
}

test("FORMATS: a refusal shows nothing of the value, and names a format that holds it", () => {
  const values = [...TRICKY, ...randomValues(20260104, 1000), "", "a\0canary", "canary\udc00"];
  const wrong = FORMATS.flatMap((format) =>
    values.filter((value) => {
      const error = refusal(format, value);
      if (error === undefined) return false;
      if (!(error instanceof AuthError) || error.code !== "format-cannot-hold") return true;
      const instead = findFormat(error.remedy.split(" ").at(-1) ?? "");
      const shown = value.length > 12 && `${error.message} ${error.remedy}`.includes(value);
      const next = instead === undefined ? error : refusal(instead, value);
      // csh and cmd name a better shell first: that one may still have to name json.
      const leads = next === undefined || (next instanceof AuthError && next.remedy.endsWith(" json"));
      return shown || !leads;
    }).map((value) => [format.name, value])
  );
  assert.deepEqual(wrong, []);
});

test("FORMATS: sh, json, pwsh, github and kubernetes hold every text without NUL", () => {
  const formats = ["sh", "json", "pwsh", "github", "kubernetes", "tcsh", "fish", "elvish", "nu", "xonsh"].map(
    findFormat,
  );
  const refused = formats.filter((format) => format === undefined || TRICKY.some((value) => refusal(format, value)));
  assert.deepEqual(refused, []);
});
