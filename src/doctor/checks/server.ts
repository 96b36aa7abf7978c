import { AuthError } from "../../core/errors.ts";
import type { Check } from "./check.ts";
import { failed, type Note, ok, skip, warn } from "../finding.ts";
import { readUser, readVersion } from "../tracking/probe_verdict.ts";
import { refusal } from "../tracking/server_refusal.ts";
import type { ServerSteps } from "../tracking/server_steps.ts";
import type { Subject } from "../subject.ts";

/** Looks whether an MLflow server answers, without showing it the credential. */
export const server: Check = {
  name: "server",
  doc: "An MLflow server answers at the tracking URI",
  run: (subject) =>
    withServer(subject, async ({ base, unsigned, signIn }) => {
      const { verdict, search } = await unsigned();
      if (verdict !== "redirected") return [ok(`"${base.host}" answers as MLflow does`)];
      // What guards the server may let the credential through; if it does not, this is where to look.
      try {
        await signIn();
      } catch (error) {
        throw error instanceof AuthError && error.code.startsWith("mlflow-")
          ? error
          : refusal("intercepted", { base, ...search });
      }
      return [ok(`"${base.host}" answers as MLflow does, behind a gateway`)];
    }),
};

/** Looks whether the server takes the credential, and no request without it. */
export const signIn: Check = {
  name: "sign-in",
  doc: "The tracking server takes the credential, and nobody without one",
  run: (subject) =>
    withServer(subject, async ({ base, unsigned, signed, signIn }) => {
      const { verdict } = await unsigned();
      if (verdict === "open") return [openNote(base)];
      await signIn();
      const { user, version } = await signed();
      const name = readUser(user);
      const release = readVersion(version);
      return [ok(
        `signed in${name === undefined ? "" : ` as "${name}"`}${release === undefined ? "" : `, MLflow ${release}`}`,
      )];
    }),
};

function openNote(base: URL): Note {
  return failed(
    new AuthError("mlflow-open", {
      message: `Cannot prove the credential to tracking server "${base.host}": it answers to anybody without one`,
      remedy: "start the server with --app-name basic-auth, or name the address that asks for a credential",
    }),
  );
}

/** Looks whether artifacts go through the server, with the credential, or past it. */
export const artifacts: Check = {
  name: "artifacts",
  doc: "The tracking server passes artifacts on",
  run: (subject) =>
    withServer(subject, async ({ base, unsigned, signed, signIn }) => {
      if ((await unsigned()).verdict !== "open") await signIn();
      return [artifactsNote((await signed()).artifacts, base)];
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
 * import { artifactsNote } from "./server.ts";
 * import assert from "node:assert/strict";
 *
 * const answer = { status: 403, type: "text/html", text: "Permission denied" };
 * assert.equal(artifactsNote(answer, new URL("https://mlflow.example")).code, "mlflow-forbidden");
 * ```
 */
export function artifactsNote(answer: { readonly status: number; readonly text: string }, base: URL): Note {
  if (answer.status === 200) return ok("the server passes artifacts on");
  if (answer.status === 503 && /serve-artifacts|Artifact serving is disabled/.test(answer.text)) {
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

function withServer(
  { steps }: Pick<Subject, "steps">,
  look: (server: ServerSteps) => Promise<readonly Note[]>,
): Promise<readonly Note[]> {
  if (steps.server !== undefined) return look(steps.server);
  return Promise.resolve([skip("no tracking server is named (MLFLOW_TRACKING_URI or --dry-run)")]);
}
