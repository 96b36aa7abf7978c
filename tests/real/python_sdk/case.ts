import type { ErrorCode } from "../../../src/core/errors.ts";
import type { CloudName } from "../../support/azure/clouds.ts";
import type { IdentityName } from "../../support/azure/identity_env.ts";
import type { Azure, AzureOptions } from "../../support/azure/start_azure.ts";

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
