import { AuthError } from "../../core/errors.ts";
import { explainBusy } from "./busy_errors.ts";
import { explainEntra } from "./entra_errors.ts";
import { type FailureContext, hasVault } from "./failure_context.ts";
import { explainIdentity } from "./identity_errors.ts";
import { explainNetwork } from "./network_errors.ts";
import { explainOdd } from "./odd_errors.ts";
import { explainTool } from "./tool_errors.ts";
import { toolRunIn } from "../sign_in/tool_token.ts";
import { explainVault, type VaultRefusal } from "./vault_errors.ts";

/** An error and those below it, the outermost first. */
function chainOf(error: unknown): readonly object[] {
  const chain: object[] = [];
  let current = error;
  while (typeof current === "object" && current !== null && chain.length < 8) {
    chain.push(current);
    current = "cause" in current ? current.cause : undefined;
  }
  return chain;
}

const read = (value: object | undefined, key: string): unknown =>
  value === undefined ? undefined : Reflect.get(value, key);
const objectAt = (value: object | undefined, key: string): object | undefined => {
  const member = read(value, key);
  return typeof member === "object" && member !== null ? member : undefined;
};
const wordAt = (value: object | undefined, key: string): string | undefined => {
  const member = read(value, key);
  return typeof member === "string" && /^[A-Za-z0-9_]{1,64}$/.test(member) ? member : undefined;
};
const messageOf = (error: object): string => "message" in error ? String(error.message) : "";
const textOf = (chain: readonly object[]): string => chain.map(messageOf).join("\n");

function aadsts(chain: readonly object[]): number | undefined {
  const inText = /AADSTS(\d{4,8})/.exec(textOf(chain))?.[1];
  const number = inText ?? chain.map((error) => read(error, "errorNo")).find((one) => one !== undefined);
  return number === undefined || !/^\d{4,8}$/.test(String(number)) ? undefined : Number(number);
}

/**
 * Reads what Key Vault said from the SDK's error.
 *
 * @param error an error of `@azure/keyvault-secrets`
 * @returns the answer's status and codes, or `undefined` if it is not such an error
 */
export function refusalOf(error: unknown): VaultRefusal | undefined {
  const [top] = chainOf(error);
  const status = read(top, "statusCode");
  if (typeof status !== "number") return undefined;
  const body = objectAt(objectAt(top, "details"), "error");
  const innermost = objectAt(body, "innerError") ?? objectAt(body, "innererror");
  const address = /\b\d{1,3}(?:\.\d{1,3}){3}\b/.exec(/client address: ?(\S+)/i.exec(messageOf(top ?? {}))?.[1] ?? "");
  return {
    status,
    code: wordAt(body, "code") ?? wordAt(top, "code"),
    inner: wordAt(innermost, "code"),
    address: address?.[0],
  };
}

/** An answer of the vault of which nothing but the status is known. */
const wordless = (status: number): VaultRefusal => ({ status, code: undefined, inner: undefined, address: undefined });

function explainChallenge(
  is: string,
  { doing, cause }: Pick<FailureContext, "doing"> & { readonly cause: unknown },
): AuthError {
  return new AuthError("vault-challenge", {
    message: `${doing}: its challenge ${is}`,
    remedy: "check the vault's URL, and what stands between: az keyvault list --query '[].properties.vaultUri'",
    cause,
  });
}

function explainSdk(error: unknown, context: FailureContext): AuthError | undefined {
  const { doing, vault, tenantId } = context;
  const text = textOf(chainOf(error));
  if (/challenge (resource|origin|contains)/i.test(text)) {
    return explainChallenge("names another service", { doing, cause: error });
  }
  const own = /acquire tokens for tenant ([0-9a-zA-Z.-]{1,64})/.exec(text)?.[1]?.replace(/\.$/, "");
  if (own === undefined) return undefined;
  return new AuthError("tenant-mismatch", {
    message: `Cannot get a token for "${vault?.host ?? own}": it belongs to tenant ${own}` +
      (tenantId === undefined ? "" : `, the ${context.identity.title} to tenant ${tenantId}`),
    remedy: `use an identity of the vault's tenant: export AZURE_TENANT_ID=${own}`,
    cause: error,
  });
}

/**
 * Says what a failure of Entra ID, Key Vault or the way to them means. Nothing of what they sent is repeated but codes and ids.
 *
 * @param error what the SDK threw
 * @param context the names to fill in
 * @returns the error for people
 *
 * @see https://learn.microsoft.com/azure/key-vault/general/rest-error-codes
 */
export function explainFailure(error: unknown, context: FailureContext): AuthError {
  const chain = chainOf(error);
  const known = chain.find((one) => one instanceof AuthError);
  if (known !== undefined) return known;
  const withCause = { ...context, cause: error };

  const run = toolRunIn(chain);
  if (run !== undefined) return explainTool(run, withCause);

  // What such an answer says besides is about nothing that could be mended.
  const busy = explainBusy(withCause);
  if (busy?.code === "entra-throttled") return busy;

  // What the SDK made of an answer that is none of the service's says less than the answer.
  const isOfVault = chain[0] !== undefined && "request" in chain[0];
  const odd = isOfVault ? context.odd.vault : context.odd.token ?? context.odd.vault;
  if (odd !== undefined) return busy ?? explainOdd(odd, withCause);

  const number = aadsts(chain);
  if (number !== undefined) return explainEntra(number, withCause);

  const { doing } = context;
  const refusal = hasVault(withCause) ? refusalOf(error) : undefined;
  if (hasVault(withCause) && refusal !== undefined && isOfVault && context.network?.kind !== "proxy") {
    return explainVault(refusal, withCause);
  }

  const sdk = explainSdk(error, context);
  if (sdk !== undefined) return sdk;

  if (busy !== undefined) return busy;
  if (hasVault(withCause) && context.outOfTime && context.busy?.host === withCause.vault.host) {
    return explainVault(wordless(context.busy.status), withCause);
  }
  const identity = explainIdentity(textOf(chain), withCause);
  if (identity !== undefined) return identity;
  if (context.network !== undefined) return explainNetwork(context.network, { doing, cause: error });
  if (/endpoints_resolution_error/.test(textOf(chain))) return explainEntra(90002, withCause);
  if (hasVault(withCause) && refusal !== undefined) return explainVault(refusal, withCause);
  // The SDK could not read the challenge, or what was said of the token: whatever it threw, that is what there is to know.
  if (hasVault(withCause) && context.vaultStatus === 401) {
    if (context.token === undefined) return explainChallenge("cannot be read", withCause);
    return explainVault(wordless(401), withCause);
  }
  return new AuthError("internal", {
    message: `${doing}: an unexpected ${error instanceof Error ? error.name : "value"} was thrown`,
    remedy: "report it, with the output of: mlflow-auth doctor --log-level DEBUG",
    cause: error,
  });
}
