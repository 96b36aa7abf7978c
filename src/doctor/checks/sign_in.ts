import { type Note, ok, skip, warn } from "../finding.ts";
import type { Answer } from "../tracking/answer.ts";
import { evidenceOf } from "../tracking/evidence.ts";
import { withServer } from "../tracking/with_server.ts";
import { readUser, readVersion } from "../tracking/who.ts";
import type { Check } from "./check.ts";

/** A search that takes longer is worth a word, though MLflow's client waits for 120 s. */
const SLOW_MS = 10_000;

/** Looks whether the server takes the credential, and no request without it. */
export const signIn: Check = {
  name: "sign-in",
  doc: "The tracking server takes the credential, and nobody without one",
  run: (subject) =>
    withServer(subject, async ({ unsigned, unchecked, signed, signIn }) => {
      if (await unchecked() !== undefined) return [skip('"server" could not be checked')];
      const { base, isOpen } = await unsigned();
      await signIn();
      const { more, tookMs, search } = await signed();
      if (isOpen && evidenceOf(search).body === "experiments") return [openNote(base)];
      return [signedNote({ search, ...await more() }, base), ...slowNotes(base, tookMs)];
    }),
};

function openNote(base: URL): Note {
  return warn("mlflow-open", {
    message:
      `Cannot prove the credential to tracking server "${base.host}": it answers to anybody without one, so it was not shown`,
    remedy: "start the server with --app-name basic-auth, or name the address that asks for a credential",
  });
}

/**
 * What the answers to the credential tell of the user and the server.
 *
 * @param answers to the search, and to what else was asked as far as it came
 * @param base the tracking server's address
 * @returns one note: a warning where the client would take the answer, but MLflow does not answer so
 *
 * @example
 * ```ts
 * import { signedNote } from "./sign_in.ts";
 * import assert from "node:assert/strict";
 *
 * const rest = { type: "application/json", end: "whole", redirect: undefined, challenges: [], gateway: undefined } as const;
 * const search = { ...rest, status: 200, text: '{"experiments": []}' };
 * const user = { ...rest, status: 200, text: '{"user": {"username": "ada"}}' };
 * const note = signedNote({ search, user, version: undefined }, new URL("https://mlflow.example"));
 * assert.equal(note.message, 'signed in as "ada"');
 * ```
 */
export function signedNote(
  { search, user, version }: {
    readonly search: Answer;
    readonly user: Answer | undefined;
    readonly version: Answer | undefined;
  },
  base: URL,
): Note {
  if (evidenceOf(search).body !== "experiments") {
    return warn("mlflow-not-mlflow", {
      message: `Cannot tell tracking server "${base.host}" from another API: it answers a search without experiments`,
      remedy: "correct the address, if runs do not arrive; keep the path, if the server stands below one",
    });
  }
  const name = user === undefined ? undefined : readUser(user);
  const release = version === undefined ? undefined : readVersion(version);
  return ok(
    `signed in${name === undefined ? "" : ` as "${name}"`}${release === undefined ? "" : `, MLflow ${release}`}`,
  );
}

function slowNotes(base: URL, tookMs: number): readonly Note[] {
  if (tookMs <= SLOW_MS) return [];
  return [warn("mlflow-slow", {
    message: `Cannot get a quick answer from tracking server "${base.host}": a search took it ${
      Math.round(tookMs / 1000)
    } s`,
    remedy:
      "look into the load of the server and its database; clients wait longer with: export MLFLOW_HTTP_REQUEST_TIMEOUT=600",
  })];
}
