import { test } from "node:test";
import assert from "node:assert/strict";
import { azurePipelines } from "../../../../src/shell/formats/azure_pipelines.ts";
import { changesOf, NOWHERE, randomValues, TRICKY } from "../../../support/values.ts";

const SET = "##vso[task.setvariable variable=";

/** How the agent reads the data of a command: the codes one after the other, the one for % last. */
function read(text: string): string {
  const data = text.slice(text.indexOf("]") + 1, -1);
  return data.replaceAll("%3B", ";").replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%5D", "]")
    .replaceAll("%AZP25", "%");
}

test("azure-pipelines escapes % first, and blanks only what has a value", () => {
  const context = { ...NOWHERE, env: { A: "old" } };
  assert.equal(
    azurePipelines.print(changesOf({ T: "%;]%3B" }, ["A", "B"]), context),
    `${SET}A;issecret=true]\n${SET}T;issecret=true]%AZP25%3B%5D%AZP253B\n`,
  );
});

test("azure-pipelines comes back as the agent reads it", () => {
  const values = [...TRICKY, ...randomValues(20260103, 2000)].filter((value) => !/[\r\n]|\$\(/.test(value));
  assert.deepEqual(values.map((value) => read(azurePipelines.print(changesOf({ T: value }), NOWHERE))), values);
});

test("azure-pipelines leaves % alone where the agent does not decode it, and refuses its codes", () => {
  const context = { ...NOWHERE, env: { DECODE_PERCENTS: "False" } };
  assert.equal(azurePipelines.print(changesOf({ T: "5%;" }), context), `${SET}T;issecret=true]5%%3B\n`);
  assert.throws(() => azurePipelines.print(changesOf({ T: "%3B" }), context), {
    code: "format-cannot-hold",
    message:
      'Cannot print "T" in format "azure-pipelines": the value holds a percent code, and DECODE_PERCENTS is false',
  });
});

test("azure-pipelines refuses line breaks, which it would show, and macros, which it would expand", () => {
  const message = (reason: string) => ({
    code: "format-cannot-hold",
    message: `Cannot print "T" in format "azure-pipelines": the value holds ${reason}`,
    remedy: "mlflow-auth export --format json",
  });
  assert.throws(() => azurePipelines.print(changesOf({ T: "a\rb" }), NOWHERE), message("a line break"));
  assert.throws(
    () => azurePipelines.print(changesOf({ T: "$(a)" }), NOWHERE),
    message("a dollar sign before a parenthesis"),
  );
});

test("azure-pipelines unsets by emptying, and prints nothing on failure", () => {
  assert.deepEqual([azurePipelines.unset?.(["A"], NOWHERE), azurePipelines.failure], [`${SET}A;issecret=true]\n`, ""]);
});
