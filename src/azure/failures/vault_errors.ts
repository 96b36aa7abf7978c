import { AuthError, type ErrorCode } from "../../core/errors.ts";
import { morePatience } from "./busy_errors.ts";
import { vaultName } from "../entra/clouds.ts";
import type { VaultContext } from "./failure_context.ts";

/** An answer of Key Vault that is no secret. */
export interface VaultRefusal {
  readonly status: number;
  /** The error's code, such as `Forbidden`. */
  readonly code: string | undefined;
  /** The inner error's code, such as `ForbiddenByRbac`. */
  readonly inner: string | undefined;
  /** Address that the vault saw, where it says so. */
  readonly address: string | undefined;
}

interface Row {
  readonly fits: (refusal: VaultRefusal) => boolean;
  readonly code: ErrorCode;
  /** Ends the sentence `Cannot read secret "…" from "…": …`. */
  readonly is: string | ((context: VaultContext) => string);
  readonly remedy: (context: VaultContext, refusal: VaultRefusal) => string;
}

const nameOf = ({ vault }: VaultContext): string => vaultName(vault.host) ?? "<vault>";
const idOf = (context: VaultContext): string =>
  `"$(az keyvault show --name ${nameOf(context)} --query id --output tsv)"`;
const whoIs = ({ token, clientId }: VaultContext): string =>
  token?.objectId ?? token?.appId ?? clientId ?? "<object id>";
const grant = (context: VaultContext): string =>
  `az role assignment create --role "Key Vault Secrets User" --assignee ${whoIs(context)} --scope ${idOf(context)}`;
const inner = (...codes: readonly string[]) => (refusal: VaultRefusal): boolean =>
  codes.includes(refusal.inner ?? "") || codes.includes(refusal.code ?? "");

/**
 * The refusals of Key Vault that have their own remedy; the first that fits counts.
 * https://learn.microsoft.com/azure/key-vault/general/rest-error-codes
 */
export const VAULT_ROWS: readonly Row[] = [
  {
    fits: inner("ForbiddenByRbac"),
    code: "vault-forbidden",
    is: "access denied",
    remedy: grant,
  },
  {
    fits: inner("AccessDenied"),
    code: "vault-access-policy",
    is: "no access policy lets the identity read secrets",
    remedy: (context) =>
      `az keyvault set-policy --name ${nameOf(context)} --object-id ${whoIs(context)} --secret-permissions get`,
  },
  {
    fits: inner("ForbiddenByFirewall"),
    code: "vault-firewall",
    is: "the vault's firewall refuses this address",
    remedy: (context, { address }) =>
      `run it inside an allowed network, or: az keyvault network-rule add --name ${nameOf(context)} --ip-address ${
        address ?? "<your address>"
      }`,
  },
  {
    fits: inner("ForbiddenByConnection"),
    code: "vault-private",
    is: "the vault is reached through its private endpoint only",
    remedy: (context) =>
      `run it inside the vault's network, or: az keyvault update --name ${
        nameOf(context)
      } --public-network-access Enabled`,
  },
  {
    fits: inner("SecretDisabled"),
    code: "secret-disabled",
    is: "the secret is disabled",
    remedy: ({ vault }) =>
      `set MLFLOW_AZURE_SECRET_VERSION to another version, or: az keyvault secret set-attributes --id ${vault.origin}/secrets/${vault.name}${
        vault.version === undefined ? "" : `/${vault.version}`
      } --enabled true`,
  },
  {
    fits: ({ status }) => status === 403,
    code: "vault-forbidden",
    is: "access denied",
    remedy: grant,
  },
  {
    fits: ({ status }) => status === 404,
    code: "secret-not-found",
    is: ({ vault }) =>
      vault.version === undefined
        ? "there is no such secret, or it is deleted"
        : `it has no version ${vault.version}, or there is no such secret`,
    remedy: ({ vault }) => {
      if (vault.version !== undefined) {
        return `look up its versions: az keyvault secret list-versions --id ${vault.origin}/secrets/${vault.name} --query "[].id"`;
      }
      const called = vaultName(vault.host);
      if (called === undefined) return `look it up: az keyvault secret list --id ${vault.origin} --query "[].name"`;
      return `look it up: az keyvault secret list --vault-name ${called} --query "[].name"; if it was deleted: ` +
        `az keyvault secret recover --vault-name ${called} --name ${vault.name}`;
    },
  },
  {
    fits: ({ status }) => status === 429,
    code: "vault-throttled",
    is: "the vault is asked too often",
    remedy: morePatience,
  },
  {
    fits: ({ status }) => status === 401,
    code: "vault-token-rejected",
    is: "the vault does not accept the token",
    remedy: (context) =>
      `check that the tenant and the cloud are the vault's: az keyvault show --name ${nameOf(context)} ` +
      "--query properties.tenantId",
  },
];

/**
 * The error for an answer of Key Vault that is no secret.
 *
 * @param refusal the answer's status and codes
 * @param context the names to fill in
 * @returns the error; `vault-failed` for an answer without a row
 *
 * @see https://learn.microsoft.com/azure/key-vault/general/rest-error-codes
 */
export function explainVault(
  refusal: VaultRefusal,
  context: VaultContext & { readonly cause?: unknown },
): AuthError {
  const { vault, cause } = context;
  const row = VAULT_ROWS.find((candidate) => candidate.fits(refusal));
  const is = typeof row?.is === "function" ? row.is(context) : row?.is;
  const code = refusal.inner ?? refusal.code;
  const status = `status ${refusal.status}`;
  const seen = is === undefined
    ? `the vault answered with ${status}${code === undefined ? "" : ` (${code})`}`
    : `${is} (${code ?? status})`;
  return new AuthError(row?.code ?? "vault-failed", {
    message: `Cannot read secret "${vault.name}" from "${vault.host}": ${seen}`,
    remedy: row?.remedy(context, refusal) ?? "try again; if it stays, see https://status.azure.com",
    cause,
  });
}
