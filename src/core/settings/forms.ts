import { decoded, shellsOwn, unresolved } from "./as_pasted.ts";
import { isDomain, isGuid, secretLook } from "../shown.ts";
import { Secret } from "../secret.ts";
import { vaultReference } from "./vault_reference.ts";

// What the text of a setting may look like. Each gives the value or throws a TypeError that ends `Cannot use "NAME": …`.

/** Any text. */
export const text = (value: string): string => value;
/** A text that must not be seen. */
export const secret = (value: string): Secret => new Secret(value);

/** A template that nobody filled in would only be told later, by somebody who does not know it for one. */
function filledIn(value: string): string {
  const reference = unresolved(value);
  if (reference !== undefined) throw new TypeError(`it holds a reference that nobody resolved: ${reference}`);
  return value;
}

/** A name, a list or another short text. */
export const word = (value: string): string => filledIn(value);

/** A name within Key Vault; not a secret, which would become a part of an address. */
export function name(value: string): string {
  const look = secretLook(value);
  if (look !== undefined) throw new TypeError(`it holds ${look}, not a name`);
  return filledIn(value);
}

/** A name of Key Vault as it may be shown; of what can be none, nothing. */
export const shownName = (value: string): string => /^[0-9A-Za-z-]{1,127}$/.test(value) ? value : "[not a name]";

/** A word of letters as it may be shown; of another text nothing. */
export const shownWord = (value: string): string => /^[A-Za-z-]{1,32}$/.test(value) ? value : "[not a word]";

/** The path of a file; not the content of one. */
export function path(value: string): string {
  const look = secretLook(value);
  if (look !== undefined) throw new TypeError(`it holds ${look}, not the path of one`);
  return filledIn(value);
}

/** The path of a file that is read here, where nothing replaces what a shell does. */
export function wholePath(value: string): string {
  const home = shellsOwn(path(value));
  if (home !== undefined) {
    throw new TypeError(`it begins with ${home}, which a shell alone replaces: write the whole path`);
  }
  return value;
}

/** An id of Entra ID; not a secret of the same application. */
export function id(value: string): string {
  const look = secretLook(value);
  if (look !== undefined) throw new TypeError(`it holds ${look}, not an id`);
  return filledIn(value);
}

/** An Azure region: it becomes part of the name of the host that is asked. */
export function region(value: string): string {
  if (!/^[A-Za-z0-9]{1,40}$/.test(filledIn(value))) {
    throw new TypeError("expected the name of a region, such as westeurope");
  }
  return value;
}

/** A tenant, by its id or by one of its domains. */
export function tenant(value: string): string {
  if (!isGuid(id(value)) && !isDomain(value)) throw new TypeError("expected a GUID or a domain");
  return value;
}

/**
 * One of some words, in any case.
 *
 * @param words the words, as the value is given back
 * @param aliases other spellings of them
 * @returns the form
 */
export function oneOf<const T extends string>(
  words: readonly T[],
  aliases: Readonly<Record<string, T>> = {},
): (value: string) => T {
  const known = new Map<string, T>([
    ...words.map((word) => [word.toLowerCase(), word] as const),
    ...Object.entries(aliases).map(([alias, word]) => [alias.toLowerCase(), word] as const),
  ]);
  return (value) => {
    const found = known.get(filledIn(value).trim().toLowerCase());
    if (found === undefined) throw new TypeError(`expected ${words.join(", ")}`);
    return found;
  };
}

const yes = oneOf(["true", "false"], { 1: "true", 0: "false", yes: "true", no: "false", on: "true", off: "false" });
/** A switch: `true`, `1`, `yes`, `on` or their opposites. */
export const flagged = (value: string): boolean => yes(value) === "true";

/** Whole seconds, 1 to 86400. */
export function seconds(value: string): number {
  const number = Number(filledIn(value));
  if (!/^\d+$/.test(value.trim()) || number < 1 || number > 86400) {
    throw new TypeError("expected whole seconds, 1 to 86400");
  }
  return number;
}

/** Items with commas between them; empty ones are dropped. */
export function list(value: string): readonly string[] {
  return filledIn(value).split(",").map((item) => item.trim()).filter((item) => item !== "");
}

/** A URL of any scheme. */
export function url(value: string): URL {
  if (!URL.canParse(filledIn(value).trim())) throw new TypeError("expected a URL");
  return new URL(value.trim());
}

/** A URL, or a host by itself; not a secret, of which one would be made. */
export function hostOrUrl(value: string): URL {
  if (value.includes("://")) return url(value);
  if (!/^[\w.:/[\]-]+$/.test(value.trim())) throw new TypeError("expected a host or a URL");
  return url(`https://${value.trim()}`);
}

/** An http or https URL. */
export function httpUrl(value: string): URL {
  const parsed = url(value);
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:") {
    throw new TypeError("expected a URL that begins with https://");
  }
  return parsed;
}

/** A vault's URL, in any of the forms that {@link vaultReference} knows. */
export const vaultUrl = (value: string): URL => httpUrl(vaultReference(value));

const PROXY_SCHEMES = ["http", "https", "socks5", "socks5h"];

/**
 * The URL of a proxy, as people write it: without a scheme it is an http proxy, the password may be missing, and a user name may hold
 * a backslash or an `@`. A runtime would drop such a URL without a word, and send requests past the proxy.
 */
export function proxyUrl(value: string): string {
  const [, scheme = "http", userinfo, host = ""] =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:(.*)@)?([^@]*?)\/?$/is.exec(filledIn(value).trim()) ?? [];
  const { length } = /^(?:\[[0-9a-f:.]+\]|[^\s:/?#@\\[\]~{}"]+)(?::\d{1,5})?$/i.exec(host)?.[0] ?? "";
  if (length === 0) throw new TypeError("expected the URL of a proxy, http://HOST:PORT");
  if (!PROXY_SCHEMES.includes(scheme.toLowerCase())) {
    throw new TypeError("a proxy of its scheme cannot be used: expected http://HOST:PORT");
  }
  const [user = "", ...password] = (userinfo ?? "").toWellFormed().split(":");
  const who = [user, password.join(":")].map((text) => encodeURIComponent(decoded(text))).join(":");
  const whole = `${scheme.toLowerCase()}://${userinfo === undefined ? "" : `${who}@`}${host}`;
  if (!URL.canParse(whole)) throw new TypeError("expected the URL of a proxy, http://HOST:PORT");
  return whole;
}

/** An HTTP field name (RFC 9110, section 5.1). */
export function headerName(value: string): string {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(value)) throw new TypeError("expected an HTTP field name");
  return value;
}

const NOT_A_URL = "[not a URL]";

/** A tracking URI as it may be shown: of what is no URL only the words that MLflow knows; `user:password` reads as one. */
export function shownUri(value: string): string {
  if (/^(?:databricks(?:-uc)?|uc)$/.test(value)) return value;
  return /^(?!file:)[a-z][a-z0-9+.-]*:(?!\/)/i.test(value) ? NOT_A_URL : plainUrl(value);
}

/** A vault as it may be shown: one whose suffix the cloud decides by its name alone. */
export const shownVault = (value: URL): string =>
  value.hostname === "localhost"
    ? plainUrl(value)
    : plainUrl(value).replace(/^https:\/\/([0-9a-z-]+)(?:\/$|(?=\/))/, "$1");

/** A URL without its user name, password, query and fragment. */
export function plainUrl(value: URL | string): string {
  if (typeof value === "string" && !URL.canParse(value)) return NOT_A_URL;
  const shown = new URL(value);
  // A slash in a password ends the host there: what is left of it stands in the path.
  if (/@|%40/.test(shown.pathname) || /[^\w.:[\]-]/.test(shown.hostname)) return NOT_A_URL;
  shown.username =
    shown.password =
    shown.search =
    shown.hash =
      "";
  // The key of a proxy of ours is part of the address where it is to be in the URL.
  return shown.href.replace(/\/mlflow-auth-[\w-]{43}/, "/[redacted]");
}
