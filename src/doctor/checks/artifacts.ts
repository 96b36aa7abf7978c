import { type Note, ok, skip, warn } from "../finding.ts";
import type { Answer } from "../tracking/answer.ts";
import { withServer } from "../tracking/with_server.ts";
import type { Check } from "./check.ts";

/** Looks whether artifacts go through the server, with the credential, or past it. */
export const artifacts: Check = {
  name: "artifacts",
  doc: "The tracking server passes artifacts on",
  run: (subject) =>
    withServer(subject, async ({ unchecked, unsigned, signed, signIn }) => {
      if (await unchecked() !== undefined) return [skip('"server" could not be checked')];
      const { base } = await unsigned();
      await signIn();
      const { artifacts } = await (await signed()).more();
      return [artifacts === undefined ? skip("the server did not list them in time") : artifactsNote(artifacts, base)];
    }),
};

/**
 * What the list of artifacts tells.
 *
 * @param answer to the probe `artifacts`
 * @param base the tracking server's URL
 * @returns one note
 *
 * @example
 * ```ts
 * import { artifactsNote } from "./artifacts.ts";
 * import assert from "node:assert/strict";
 *
 * const answer = { status: 403, type: "text/html", text: "Permission denied" };
 * assert.equal(artifactsNote(answer, new URL("https://mlflow.example")).code, "mlflow-forbidden");
 * ```
 */
export function artifactsNote(answer: Pick<Answer, "status" | "text">, base: URL): Note {
  if (answer.status === 200) return ok("the server passes artifacts on");
  const isOff = answer.status === 503 && /serve-artifacts|Artifact serving is disabled/.test(answer.text);
  // Servers from before MLflow 1.24, and gateways that let nothing else through, do not know the path.
  if (isOff || answer.status === 404) {
    return ok("the server passes no artifacts on: clients need access of their own to the artifact storage");
  }
  if (answer.status === 403) {
    return warn("mlflow-forbidden", {
      message:
        `Cannot list artifacts of tracking server "${base.host}": it knows the user, who has no permission (HTTP 403)`,
      remedy: "ask the server's administrator for a permission, if runs shall log artifacts",
    });
  }
  return warn("mlflow-failed", {
    message: `Cannot list artifacts of tracking server "${base.host}": it failed to answer (HTTP ${answer.status})`,
    remedy: "look into the server's log",
  });
}
