import { AuthError } from "../core/errors.ts";
import { errorCode } from "../core/error_code.ts";
import type { Host } from "../core/host.ts";

/**
 * Writes what a command gives to stdout.
 *
 * @param host whose stdout
 * @param text what to write
 * @throws {AuthError} `output-failed`, unless nobody reads any more: that error keeps its code `EPIPE`
 *
 * @example
 * ```ts
 * import { print } from "./output.ts";
 * import { fakeHost } from "../../tests/support/host.ts";
 * import assert from "node:assert/strict";
 *
 * const host = fakeHost();
 * await print(host, "0.1.0\n");
 * assert.equal(host.stdout.text(), "0.1.0\n");
 * ```
 */
export async function print(host: Pick<Host, "stdout">, text: string): Promise<void> {
  try {
    await host.stdout.write(text);
  } catch (cause) {
    if (errorCode(cause) === "EPIPE") throw cause;
    throw new AuthError("output-failed", {
      message: `Cannot write to "standard output": ${errorCode(cause) ?? "the system refuses it"}`,
      remedy: "check where the output goes, and that there is room: df -h",
      cause,
    });
  }
}

/**
 * Writes to stderr, as far as anybody reads it.
 *
 * @param host whose stderr
 * @param text what to write
 *
 * @example
 * ```ts
 * import { tell } from "./output.ts";
 * import { fakeHost } from "../../tests/support/host.ts";
 * import assert from "node:assert/strict";
 *
 * const host = fakeHost();
 * await tell(host, "mlflow-auth: still waiting\n");
 * assert.equal(host.stderr.text(), "mlflow-auth: still waiting\n");
 * ```
 */
export async function tell(host: Pick<Host, "stderr">, text: string): Promise<void> {
  // A closed stderr must not change how a run ends.
  await host.stderr.write(text).catch(() => {});
}
