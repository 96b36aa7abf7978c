import { shownId } from "../../core/shown.ts";
import { isExempt, isNeverProxied } from "../../core/no_proxy.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { Check } from "./check.ts";
import { noVault } from "../no_vault.ts";
import { type Note, ok } from "../finding.ts";
import type { Reach } from "../reach.ts";

/** Looks whether the vault can be reached: name, connection, certificate, and who answers. */
export const network: Check = {
  name: "network",
  doc: "The vault's name resolves, its certificate is trusted, and the vault itself answers",
  run: async ({ steps, settings }) => {
    const none = await noVault(steps);
    if (none !== undefined) return none;
    const { host } = await steps.vault();
    return [reachNote(await steps.reach(), { host, proxy: proxyFor(host, settings) })];
  },
};

/**
 * What reaching the vault showed.
 *
 * @param reach addresses and answer
 * @param context the vault's host, and the proxy that the request went through
 * @returns one note
 *
 * @example
 * ```ts
 * import { reachNote } from "./network.ts";
 * import assert from "node:assert/strict";
 *
 * const reach = { addresses: ["10.0.0.4"], tenant: undefined, skewMs: 0 };
 * const note = reachNote(reach, { host: "team.vault.azure.net", proxy: undefined });
 * assert.equal(note.message, '"team.vault.azure.net" answers, at 10.0.0.4 (a private address)');
 * ```
 */
export function reachNote(
  { addresses, tenant }: Reach,
  { host, proxy }: { readonly host: string; readonly proxy: string | undefined },
): Note {
  const [address] = addresses;
  const where = proxy !== undefined
    ? `, through the proxy "${proxy}"`
    : address === undefined
    ? ""
    : `, at ${address}${isPrivate(address) ? " (a private address)" : ""}`;
  const named = shownId(tenant);
  return ok(`"${host}" answers${where}${named === undefined ? "" : `, vault of tenant ${named}`}`);
}

/** Addresses of private networks: RFC 1918 and RFC 4193. */
function isPrivate(address: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:)/i.test(address);
}

/**
 * The proxy that a request for a host goes through.
 *
 * @param host the host, with or without a port
 * @param settings the proxy variables
 * @returns the proxy's host, or `undefined` for none
 *
 * @example
 * ```ts
 * import { proxyFor } from "./network.ts";
 * import { readSettings } from "../../core/settings/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const env = { HTTPS_PROXY: "http://proxy.example:3128", NO_PROXY: ".vault.azure.net" };
 * const { settings } = readSettings({ env });
 * assert.equal(proxyFor("login.microsoftonline.com", settings), "proxy.example:3128");
 * assert.equal(proxyFor("team.vault.azure.net", settings), undefined);
 * ```
 */
export function proxyFor(host: string, settings: Pick<Settings, "httpsProxy" | "noProxy">): string | undefined {
  const url = new URL(`https://${host}`);
  const { value } = settings.httpsProxy;
  if (value === undefined || isNeverProxied(url, {}) || isExempt(url, settings.noProxy.value ?? "")) return undefined;
  return new URL(value).host;
}
