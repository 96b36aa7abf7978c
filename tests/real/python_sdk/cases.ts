import { type Azure, type AzureOptions, startAzure } from "../../support/azure/start_azure.ts";
import { IDS, SECRETS } from "../../support/azure/world.ts";
import { ACCEPTED } from "./accepted.ts";
import type { Case, Read } from "./case.ts";
import { REFUSED_BY_ENTRA } from "./refused_by_entra.ts";
import { REFUSED_BY_VAULT } from "./refused_by_vault.ts";

/** What the secret `mlflow` is, in its newest version. */
export const LATEST: Read = { value: SECRETS.mlflow, version: IDS.versions[1] };

/** Every case: the SDK has to give `want`, this program `ours`. */
export const CASES: readonly Case[] = [...ACCEPTED, ...REFUSED_BY_ENTRA, ...REFUSED_BY_VAULT];

/**
 * Starts the world of a case.
 *
 * @param one the case
 * @param shared keys of `makeSigningKeys()` and a certificate of `makeClientCertificate()`, which take long to make
 * @returns the stand-in, to close at the end, and the variables for the child
 */
export async function prepare(
  one: Case,
  shared: Pick<AzureOptions, "keys" | "principal">,
): Promise<{ readonly azure: Azure; readonly env: Readonly<Record<string, string>> }> {
  const azure = await startAzure({ ...one.options, ...shared });
  const cloud = one.cloud ?? "public";
  const env = {
    ...azure.vault({ cloud, secret: one.secret ?? "mlflow" }),
    ...(one.direct === true ? azure.direct : azure.env),
    ...await azure.identity(one.identity, cloud),
    ...one.env,
  };
  await one.arrange?.(azure, env);
  return { azure, env };
}
