import { AuthError } from "../../core/errors.ts";
import { Secret } from "../../core/secret.ts";
import { showPath } from "../../core/shown.ts";
import { checkCredentialsFile, findShadows, type Shadows } from "../../credential/shadows.ts";
import type { Credential } from "../../credential/parse.ts";
import type { Check } from "./check.ts";
import { failed, type Note, ok, warn } from "../finding.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Looks for what would win over the credential: files that exec cannot take away, and variables that it does. */
export const shadows: Check = {
  name: "shadows",
  doc: "Nothing else would win over the credential in an MLflow client",
  run: async ({ settings, host, steps }) => {
    const found = await findShadows(settings.trackingUri.value, host);
    const notes = [
      // Only a token loses to the file, so the kind of credential decides; it is waited for only where there is such a file.
      ...(found.credentialsFile === undefined ? [] : fileNotes(found, await steps.credential().catch(() => undefined))),
      ...netrcNotes(found, settings.trackingUri.value),
      ...variableNotes(host.env),
    ];
    return notes.length > 0 ? notes : [ok("no file and no variable would win over the credential")];
  },
};

function fileNotes(found: Shadows, credential: Credential | undefined): readonly Note[] {
  if (credential?.kind === "basic") return [];
  try {
    checkCredentialsFile({ kind: "bearer", token: credential?.token ?? new Secret("") }, found);
    return [];
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    return [failed(error, credential === undefined ? "warn" : "fail")];
  }
}

function netrcNotes({ netrc }: Shadows, trackingUri: string | undefined): readonly Note[] {
  if (netrc === undefined) return [];
  const server = trackingUri === undefined ? "" : " for the tracking server";
  return [warn("netrc-wins", {
    message: `Cannot rely on the credential in Python clients: entry "${netrc.entry}" of "${
      showPath(netrc.path)
    }" wins${server}`,
    remedy: `remove the entry from ${showPath(netrc.path)}, or: NETRC=/dev/null mlflow-auth exec -- <command>`,
  })];
}

/** Variables that exec removes, but that a client started without it obeys. */
const RIVALS: readonly (readonly [name: string, effect: string])[] = [
  ["MLFLOW_TRACKING_AUTH", "a plugin of MLflow signs in instead"],
  ["MLFLOW_TRACKING_AWS_SIGV4", "requests are signed for AWS instead"],
];

/**
 * What the environment holds that a client would prefer to the credential.
 *
 * @param env the environment
 * @returns a note for each rival
 *
 * @example
 * ```ts
 * import { variableNotes } from "./shadows.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(variableNotes({ MLFLOW_TRACKING_AUTH: "entra" })[0]?.code, "environment-shadows");
 * assert.deepEqual(variableNotes({ MLFLOW_TRACKING_AUTH: "" }), []);
 * ```
 */
export function variableNotes(env: Env): readonly Note[] {
  const isSet = (name: string): boolean => !/^(|0|false)$/i.test(env[name] ?? "");
  const notes = RIVALS.filter(([name]) => isSet(name)).map(([name, effect]) => rival(name, effect));
  const pair = ["MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"];
  if (pair.every(isSet) && isSet("MLFLOW_TRACKING_TOKEN")) {
    notes.push(rival(pair.join(" "), "user name and password win over MLFLOW_TRACKING_TOKEN"));
  }
  return notes;
}

function rival(names: string, effect: string): Note {
  return warn("environment-shadows", {
    message: `Cannot rely on the credential outside mlflow-auth exec: "${
      names.replace(" ", '" and "')
    }" set, ${effect}`,
    remedy: `unset ${names}`,
  });
}
