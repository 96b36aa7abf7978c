import { artifacts } from "./artifacts.ts";
import type { Check } from "./check.ts";
import { cache } from "./cache.ts";
import { ci } from "./ci.ts";
import { clock } from "./clock.ts";
import { credential } from "./credential.ts";
import { identity } from "./identity.ts";
import { misspelled } from "./misspelled.ts";
import { network } from "./network.ts";
import { proxyVariables } from "./proxy_variables.ts";
import { secret } from "./secret.ts";
import { server } from "./server.ts";
import { settings } from "./settings.ts";
import { shadows } from "./shadows.ts";
import { signIn } from "./sign_in.ts";
import { token } from "./token.ts";
import { trackingUri } from "./tracking_uri.ts";
import { vault } from "./vault.ts";

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
  cache,
  server,
  signIn,
  artifacts,
];
