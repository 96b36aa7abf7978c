import assert from "node:assert/strict";
import { test } from "node:test";
import { execError } from "../../../../src/cli/commands/exec.ts";

test("execError() tells what is not found from what cannot be run", () => {
  const errors = [
    execError("x", { kind: "not-found", reason: "no such file or directory" }),
    execError("x", { kind: "not-runnable", reason: "permission denied" }),
    execError("x", { kind: "too-large", reason: "argument list too long" }),
    execError("x", { kind: "too-large", reason: "argument list too long", variable: "MLFLOW_TRACKING_TOKEN" }),
  ];
  assert.deepEqual(errors.map(({ code, message, remedy }) => [code, message, remedy]), [
    [
      "command-not-found",
      'Cannot run "x": no such file or directory',
      "check its name, and that PATH holds its folder",
    ],
    ["command-not-runnable", 'Cannot run "x": permission denied', 'check it with: ls -l "$(command -v x)"'],
    ["environment-too-large", 'Cannot run "x": argument list too long', "shorten the arguments or the environment"],
    [
      "environment-too-large",
      'Cannot run "x": argument list too long (MLFLOW_TRACKING_TOKEN)',
      "shorten or unset MLFLOW_TRACKING_TOKEN",
    ],
  ]);
});
