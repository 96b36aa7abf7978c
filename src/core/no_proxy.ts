// Which hosts no proxy may see, by NO_PROXY and by what they are. One reading of that list for every runtime.

const ENDPOINTS = ["IDENTITY_ENDPOINT", "MSI_ENDPOINT", "IMDS_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST"] as const;

type Bytes = readonly number[];

/** An address as bytes; `undefined` for a name. */
function bytesOf(host: string): Bytes | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) {
    const parts = host.split(".").map(Number);
    return parts.every((part) => part < 256) ? parts : undefined;
  }
  // A URL writes an address of version 6 in one way, with `::` at most once.
  if (!host.includes(":") || !URL.canParse(`http://[${host}]`)) return undefined;
  const [head = "", tail] = new URL(`http://[${host}]`).hostname.slice(1, -1).split("::");
  const words = (text: string): readonly number[] =>
    text === "" ? [] : text.split(":").map((word) => parseInt(word, 16));
  const [first, last] = [words(head), words(tail ?? "")];
  const all = tail === undefined ? first : [...first, ...Array(8 - first.length - last.length).fill(0), ...last];
  return all.flatMap((word) => [word >> 8, word & 255]);
}

function isWithin(
  address: Bytes | undefined,
  { network, bits }: { network: Bytes | undefined; bits: number },
): boolean {
  if (address === undefined || network === undefined || address.length !== network.length) return false;
  if (bits > address.length * 8) return false;
  return address.every((byte, at) => {
    const mask = 0xff00 >> Math.min(8, Math.max(0, bits - at * 8)) & 0xff;
    return (byte & mask) === ((network[at] ?? 0) & mask);
  });
}

interface Target {
  /** In small letters, without brackets and without a dot at the end. */
  readonly host: string;
  readonly port: string;
}

function targetOf(url: URL): Target {
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  return { host: url.hostname.toLowerCase().replace(/^\[(.*)\]$/, "$1").replace(/\.$/, ""), port };
}

/** One item of the list: a name, an address or a network, some with a port. */
function covers(item: string, { host, port }: Target): boolean {
  if (item === "*") return true;
  const [, network = "", bits] = /^\[?([0-9a-f.:]+)\]?\/(\d{1,3})$/.exec(item) ?? [];
  if (bits !== undefined) return isWithin(bytesOf(host), { network: bytesOf(network), bits: Number(bits) });
  // An address of version 6 has colons of its own: a port stands behind brackets, or behind the only colon.
  const [, named = item, onPort] = /^(\[.*\]|[^:]*):(\d+)$/.exec(item) ?? [];
  if (onPort !== undefined && onPort !== port) return false;
  const name = named.replace(/^\[(.*)\]$/, "$1").replace(/^\*?\./, "").replace(/\.$/, "");
  if (name === "") return false;
  const address = bytesOf(host);
  if (address !== undefined) return isWithin(address, { network: bytesOf(name), bits: address.length * 8 });
  return host === name || host.endsWith(`.${name}`);
}

/**
 * Says whether a list as NO_PROXY has it exempts a host.
 *
 * @param url where a request goes
 * @param list names, each for itself and all below it (with or without `.` or `*.` in front), addresses, networks such as `10.0.0.0/8`,
 * any of them with a port, or `*`; with commas or blanks between them, in any case
 * @returns whether no proxy may see the request
 *
 * @example
 * ```ts
 * import { isExempt } from "./no_proxy.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(isExempt(new URL("https://team.vault.azure.net"), "corp, .VAULT.azure.net"));
 * assert.ok(!isExempt(new URL("https://evilvault.azure.net"), "vault.azure.net"));
 * ```
 */
export function isExempt(url: URL, list: string): boolean {
  const target = targetOf(url);
  return list.toLowerCase().split(/[\s,]+/).some((item) => item !== "" && covers(item, target));
}

/**
 * Says whether no proxy may see a host whatever NO_PROXY says: this machine, and the endpoints of managed identity, which answer
 * with tokens to who asks from here.
 *
 * @param url where a request goes
 * @param env the environment, which may name such endpoints
 * @returns true for a host that is asked directly
 *
 * @example
 * ```ts
 * import { isNeverProxied } from "./no_proxy.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(isNeverProxied(new URL("http://169.254.169.254/metadata"), {}));
 * assert.ok(isNeverProxied(new URL("http://10.0.0.4/x"), { AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://10.0.0.4:2579" }));
 * assert.ok(!isNeverProxied(new URL("https://team.vault.azure.net"), {}));
 * ```
 */
export function isNeverProxied(url: URL, env: Readonly<Record<string, string | undefined>>): boolean {
  const { host } = targetOf(url);
  const named = ENDPOINTS.flatMap((name) => {
    const value = env[name] ?? "";
    return URL.canParse(value) ? targetOf(new URL(value)).host : [];
  });
  return host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^127\.[\d.]+$/.test(host) ||
    host === "169.254.169.254" || named.includes(host);
}
