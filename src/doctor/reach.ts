import { startCountdown } from "../core/countdown.ts";
import { azureHttp } from "../azure/http/http.ts";
import { type HttpResponse, isResponse } from "../azure/http/message.ts";
import { oddAnswer } from "../azure/failures/odd_answer.ts";
import { explainNetwork } from "../azure/failures/network_errors.ts";
import { challengeUrl } from "../azure/vault/key_vault.ts";
import type { Vault } from "../azure/vault/vault.ts";
import type { Network } from "../core/host.ts";
import type { Log } from "../core/log.ts";
import type { DoctorHost } from "./doctor_host.ts";

/** What reaching the vault showed. */
export interface Reach {
  /** Addresses of the vault's host; empty where only a proxy resolves it. */
  readonly addresses: readonly string[];
  /** Tenant that the vault's challenge names. */
  readonly tenant: string | undefined;
  /** Milliseconds by which this machine's clock is ahead of the vault's. */
  readonly skewMs: number | undefined;
}

/**
 * Asks the vault for the secret without showing a token, which it answers with a challenge.
 *
 * @param vault where the secret is
 * @param parts the world, the roots to trust, and a log
 * @returns what that showed
 * @throws {AuthError} `network-…` or `tls-…`
 *
 * @example
 * ```ts
 * import { reachVault } from "./reach.ts";
 * import { locateVault } from "../azure/vault/vault.ts";
 * import { makeLog } from "../core/log.ts";
 * import { readSettings } from "../core/settings/read_settings.ts";
 * import { fakeHost } from "../../tests/support/host.ts";
 * import assert from "node:assert/strict";
 *
 * const env = { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/secrets/mlflow" };
 * const challenge = 'Bearer authorization="https://login.microsoftonline.com/the-tenant", resource="https://vault.azure.net"';
 * const host = fakeHost({
 *   fetch: () => Promise.resolve(new Response("{}", { status: 401, headers: { "www-authenticate": challenge } })),
 *   sleep: () => new Promise<void>(() => {}),
 *   lookup: () => Promise.resolve(["20.0.0.1"]),
 * });
 * const vault = locateVault(readSettings({ env }).settings);
 * const reach = await reachVault(vault, { host, network: {}, log: makeLog("ERROR", () => {}), deadlineSec: 15 });
 * assert.deepEqual(reach, { addresses: ["20.0.0.1"], tenant: "the-tenant", skewMs: undefined });
 * ```
 */
export async function reachVault(
  vault: Vault,
  parts: {
    readonly host: DoctorHost;
    readonly network: Network;
    readonly log: Log;
    /** Seconds that a run may take: the vault is asked as patiently as a run asks it. */
    readonly deadlineSec: number;
  },
): Promise<Reach> {
  const countdown = startCountdown(parts.deadlineSec * 1000, parts.host);
  const http = azureHttp({ ...parts, signal: countdown.signal, leftMs: countdown.leftMs });
  // The words that reading the secret fails with, so that the same failure is told once.
  const doing = `Cannot read secret "${vault.name}" from "${vault.host}"`;
  const url = challengeUrl(vault);
  const [addresses, answer] = await Promise.all([
    // Behind a proxy the name need not resolve here; whether it matters the answer tells.
    parts.host.lookup(new URL(vault.origin).hostname).catch(() => []),
    http.send({ method: "GET", url, headers: { accept: "application/json" } }),
  ]).finally(countdown.stop);
  if (!isResponse(answer)) throw explainNetwork(answer, { doing });
  if (isForeign(url, answer)) throw explainNetwork({ kind: "proxy", host: vault.host }, { doing });
  return { addresses, tenant: readTenant(answer.headers.get("www-authenticate") ?? ""), skewMs: http.skewMs() };
}

/** A demand for a proxy's password, or what reading the secret takes for a page: neither is a vault's. */
const isForeign = (url: string, answer: HttpResponse): boolean =>
  answer.status === 407 || oddAnswer("vault", { url, ...answer })?.body === "page";

/**
 * Reads the tenant from a vault's challenge.
 *
 * @param challenge value of `WWW-Authenticate`
 * @returns the tenant's id, or `undefined` where it names none
 * @see https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses
 *
 * @example
 * ```ts
 * import { readTenant } from "./reach.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(readTenant('Bearer authorization="https://login.microsoftonline.com/the-tenant"'), "the-tenant");
 * ```
 */
export function readTenant(challenge: string): string | undefined {
  const authorization = /authorization(?:_uri)?="([^"]+)"/.exec(challenge)?.[1] ?? "";
  const tenant = URL.canParse(authorization) ? new URL(authorization).pathname.split("/")[1] : undefined;
  return tenant !== undefined && /^[\w.-]{1,64}$/.test(tenant) ? tenant : undefined;
}
