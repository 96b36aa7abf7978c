import type { Authority } from "../entra/authority.ts";
import type { Identity } from "../identities/identity.ts";
import type { Busy } from "../http/http.ts";
import type { CertificateFile } from "../pkcs12/certificate_line.ts";
import type { NetworkFailure } from "../http/network_failure.ts";
import type { TokenFacts } from "../entra/token_facts.ts";
import type { OddAnswer } from "./odd_answer.ts";
import type { Vault } from "../vault/vault.ts";

/** What is known when something failed: the names that a message or a remedy fills in. */
export interface FailureContext {
  /** Begins the sentence, as in `Cannot read secret "mlflow" from "team.vault.azure.net"`. */
  readonly doing: string;
  /** The vault; `undefined` where the token itself is what is wanted. */
  readonly vault: Pick<Vault, "host" | "name" | "version" | "origin"> | undefined;
  /** The scope that a token was asked for, where there is no vault. */
  readonly scope?: string | undefined;
  readonly identity: Pick<Identity, "name" | "title">;
  readonly authority: Pick<Authority, "host">;
  readonly tenantId: string | undefined;
  readonly clientId: string | undefined;
  /** What is wrong with the client secret as it was set, as in `AZURE_CLIENT_SECRET ends in a line break`. */
  readonly secretFlaw?: string | undefined;
  /** The certificate's file, once it was read. */
  readonly certificate: CertificateFile | undefined;
  readonly federatedTokenFile: string | undefined;
  /** The last request without an answer. */
  readonly network: NetworkFailure | undefined;
  /** Who said last that it is asked too often, or that it is not ready. */
  readonly busy: Busy | undefined;
  /** The last answer of the vault, and of who gives tokens, that was none of their own. */
  readonly odd: { readonly vault: OddAnswer | undefined; readonly token: OddAnswer | undefined };
  /** Status of the vault's last answer. */
  readonly vaultStatus: number | undefined;
  /** Whether everything together took too long. */
  readonly outOfTime: boolean;
  /** Seconds that everything together may take. */
  readonly deadlineSec: number;
  /** Milliseconds that this machine's clock is ahead. */
  readonly skewMs: number | undefined;
  /** What the token says, once there was one. */
  readonly token: TokenFacts | undefined;
}

/** The same, where a vault is read. */
export type VaultContext = FailureContext & { readonly vault: NonNullable<FailureContext["vault"]> };

/**
 * Tells a failure of reading a vault from one of getting a token alone.
 *
 * @param context what is known
 * @returns true where there is a vault
 */
export function hasVault<T extends FailureContext>(context: T): context is T & VaultContext {
  return context.vault !== undefined;
}
