import { ci } from "./ci.ts";
import { clock } from "./clock.ts";
import { credential } from "./credential.ts";
import type { Note } from "../finding.ts";
import { identity } from "./identity.ts";
import { misspelled } from "./misspelled.ts";
import { network } from "./network.ts";
import { proxyVariables } from "./proxy_variables.ts";
import { secret } from "./secret.ts";
import { artifacts, server, signIn } from "./server.ts";
import { settings } from "./settings.ts";
import { shadows } from "./shadows.ts";
import type { Subject } from "../subject.ts";
import { token } from "./token.ts";
import { trackingUri } from "./tracking_uri.ts";
import { vault } from "./vault.ts";

/** One thing that `doctor` looks at. */
export interface Check {
  /** Short and stable: findings carry it. */
  readonly name: string;
  /** What is true when it is `ok`, for the docs. */
  readonly doc: string;
  /**
   * Looks. It may throw an `AuthError` in place of a failing note, most often one of a step that it asks for: where an earlier
   * check has told the same failure, the finding becomes `skip`.
   */
  readonly run: (subject: Subject) => Promise<readonly Note[]>;
}

/**
 * Every check, in the order in which a person would look. To add one, write a file with a {@link Check} and name it here: what it
 * needs from a run it takes from `subject.steps`, and what it saw it says with `ok`, `warn`, `failed` or `skip`.
 */
export const CHECKS: readonly Check[] = [
  settings,
  misspelled,
  trackingUri,
  shadows,
  proxyVariables,
  ci,
  network,
  clock,
  identity,
  token,
  vault,
  secret,
  credential,
  server,
  signIn,
  artifacts,
];
