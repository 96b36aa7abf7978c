import type { ErrorCode } from "../../../src/core/errors.ts";
import type { CloudName } from "../../support/azure/clouds.ts";
import type { IdentityName } from "../../support/azure/identity_env.ts";
import { type Azure, type AzureOptions, startAzure } from "../../support/azure/start_azure.ts";
import { IDS, SECRETS } from "../../support/azure/world.ts";
import { ACCEPTED } from "./accepted.ts";
import { REFUSED_BY_ENTRA } from "./refused_by_entra.ts";
import { REFUSED_BY_VAULT } from "./refused_by_vault.ts";

/** What comes back where the secret is read. */
export interface Read {
  readonly value: string;
  readonly version: string;
}

/** What Microsoft's SDK for Python reports where it is not read, and what this program has to report. */
export interface Refused {
  /** Class of the SDK's exception. */
  readonly type: string;
  readonly status?: number;
  /** Key Vault's `error.code`. */
  readonly code?: string;
  /** Key Vault's `error.innererror.code`. */
  readonly inner?: string;
  /** The number after `AADSTS`. */
  readonly aadsts?: number;
}

/** A world, and what comes of reading a secret in it. */
export interface Case {
  /** In plain words, the rest of "reads with …" or "refuses …". */
  readonly name: string;
  readonly identity: IdentityName;
  readonly cloud?: CloudName;
  readonly secret?: string;
  /** Variables over those of the identity. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it goes to `https://localhost:PORT` instead of Azure's real names. */
  readonly direct?: boolean;
  readonly options?: AzureOptions;
  /** Changes the world, or the files at which the variables point. */
  readonly arrange?: (azure: Azure, env: Readonly<Record<string, string>>) => void | Promise<void>;
  /** What the SDK gives. */
  readonly want: Read | Refused;
  /** The code with which this program ends; of its warning where the secret is read; none where it reads without a word. */
  readonly ours?: ErrorCode;
}

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
