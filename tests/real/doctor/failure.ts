import type { ErrorCode } from "../../../src/core/errors.ts";
import type { IdentityName } from "../../support/azure/identity_env.ts";
import type { Azure, AzureOptions } from "../../support/azure/start_azure.ts";
import { CASES } from "../python_sdk/cases.ts";

/** A world in which something fails, and the code by which the program has to name it. */
export interface Failure {
  /** In plain words, the rest of "… names …". */
  readonly name: string;
  readonly code: ErrorCode;
  /** Who the program is to Azure; a service principal with a secret unless asked for otherwise. */
  readonly identity?: IdentityName | "nobody";
  readonly secret?: string;
  /** Variables over those of the stand-in and the identity; an empty one counts as not set. */
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: AzureOptions;
  /** Changes the world, and may add variables. */
  readonly arrange?: (azure: Azure) => Variables | void | Promise<Variables | void>;
  /** Arguments, `doctor --json` by default; other commands say the code on stderr. */
  readonly args?: readonly string[];
  /** Whether no request may reach Azure. */
  readonly silent?: boolean;
  /** Why this machine cannot bring it about. */
  readonly skip?: string | false;
  /** Runs the program through a shell: `"$@"` stands for it. */
  readonly shell?: string;
}

/** Variables by name. */
export type Variables = Readonly<Record<string, string>>;

/** What the stand-in is held to Microsoft's SDK for: refusals of Entra ID, managed identity endpoints and Key Vault. */
export const AZURE_FAILURES: readonly Failure[] = CASES.flatMap((one): readonly Failure[] => {
  const { ours, identity, arrange, options, secret, name } = one;
  // What needs a mount namespace or another cloud, the suite of the identities runs.
  if (ours === undefined || identity === "arc" || one.cloud !== undefined || one.direct === true) return [];
  return [{
    name,
    code: ours,
    identity,
    ...(secret === undefined ? {} : { secret }),
    ...(options === undefined ? {} : { options }),
    env: one.env ?? {},
    arrange: async (azure) => {
      const env = { ...await azure.identity(identity), ...one.env };
      await arrange?.(azure, env);
      return env;
    },
  }];
});
