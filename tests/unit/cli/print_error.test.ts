import assert from "node:assert/strict";
import { test } from "node:test";
import { asAuthError, formatError, hasColours } from "../../../src/cli/print_error.ts";
import { AuthError } from "../../../src/core/errors.ts";
import { OPEN_FILES } from "../../../src/core/error_code.ts";
import { recordingSink } from "../../support/host.ts";

const error = new AuthError("vault-forbidden", { message: "Cannot read: no", remedy: "az role" });

test("formatError() gives three lines", () => {
  const lines =
    "mlflow-auth: Cannot read: no\n  try:  az role\n  more: mlflow-auth explain vault-forbidden  (docs/errors.md#vault-forbidden)\n";
  assert.equal(formatError(error, { colours: false }), lines);
});

test("formatError() colours the words in front alone", () => {
  assert.equal(
    formatError(error, { colours: true }),
    "\x1b[31mmlflow-auth:\x1b[0m Cannot read: no\n  \x1b[32mtry:\x1b[0m  az role\n  \x1b[2mmore:\x1b[0m mlflow-auth explain vault-forbidden  (docs/errors.md#vault-forbidden)\n",
  );
});

test("asAuthError() keeps an AuthError", () => assert.equal(asAuthError(error), error));

test("asAuthError() says of a file that is one too many for the process what to raise", () => {
  const refused = new AuthError("setting-invalid", {
    message: "Cannot use it: a cannot be read (EMFILE)",
    remedy: "x",
  });
  for (const thrown of [refused, Object.assign(new Error("open"), { code: "EMFILE" })]) {
    const { code, message, remedy } = asAuthError(thrown);
    assert.deepEqual([code, message, remedy], ["open-files-limit", `Cannot go on: ${OPEN_FILES.is}`, "ulimit -n 64"]);
  }
  const told = new AuthError("open-files-limit", { message: `Cannot read it: ${OPEN_FILES.is}`, remedy: "x" });
  assert.equal(asAuthError(told), told);
});

test("asAuthError() shows nothing of an unexpected failure but its kind", () => {
  const shown = [new TypeError("canary"), "canary", { canary: 1 }].map((thrown) => {
    const { code, message } = asAuthError(thrown);
    return { code, message };
  });
  assert.deepEqual(shown, [
    { code: "internal", message: "Cannot go on: an unexpected failure in mlflow-auth (TypeError)" },
    { code: "internal", message: "Cannot go on: an unexpected failure in mlflow-auth (string)" },
    { code: "internal", message: "Cannot go on: an unexpected failure in mlflow-auth (object)" },
  ]);
});

test("hasColours() obeys NO_COLOR, FORCE_COLOR, TERM and the terminal, in this order", () => {
  const terminal = recordingSink(true);
  const pipe = recordingSink(false);
  assert.deepEqual(
    [
      hasColours(terminal, {}),
      hasColours(pipe, {}),
      hasColours(terminal, { NO_COLOR: "1", FORCE_COLOR: "1" }),
      hasColours(terminal, { NO_COLOR: "" }),
      hasColours(pipe, { FORCE_COLOR: "1" }),
      hasColours(terminal, { FORCE_COLOR: "0" }),
      hasColours(terminal, { TERM: "dumb" }),
    ],
    [true, false, false, true, true, false, false],
  );
});
