import { AuthError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import { Secret } from "../core/secret.ts";
import { assignment } from "../core/settings/setting_name.ts";

/** What an MLflow client accepts: a bearer token, or a user name with a password. */
export type Credential =
  | { readonly kind: "bearer"; readonly token: Secret }
  | { readonly kind: "basic"; readonly username: string; readonly password: Secret };

/** How a secret is to be understood. */
export interface ParseOptions {
  /** Name of the secret, for messages. */
  readonly name: string;
  /** The mode that was set, if one was. */
  readonly mode?: "bearer" | "basic" | undefined;
  /** The variable or option that set it, for messages; its variable by default. */
  readonly modeName?: string | undefined;
}

const WANTED = '{"token": "…"}, {"username": "…", "password": "…"}, or plain text';

/**
 * Turns the text of a secret into a credential.
 *
 * One leading byte-order mark and one trailing newline of the whole text are dropped, as editors and `az --file` add them; a JSON
 * member is never altered.
 *
 * @param text value of the secret: `{"token": "…"}`, `{"username": "…", "password": "…"}`, a token, or `user:password` in basic
 * mode
 * @param options the secret's name and the mode that was set
 * @returns the credential; where an object holds both kinds, the token unless the mode is basic
 * @throws {AuthError} `credential-invalid` for a text that is no credential, `credential-mode` for one that does not fit the mode
 *
 * @example
 * ```ts
 * import { parseCredential } from "./parse.ts";
 * import { Secret } from "../core/secret.ts";
 * import assert from "node:assert/strict";
 *
 * const credential = parseCredential(new Secret('{"username": "ada", "password": "s3cret"}'), { name: "mlflow" });
 * assert.equal(credential.kind === "basic" && credential.username, "ada");
 * ```
 */
export function parseCredential(text: Secret, options: ParseOptions): Credential {
  const value = text.reveal().replace(/^\uFEFF/, "").replace(/\r?\n$/, "");
  if (value === "") {
    throw invalid(options, {
      flaw: "value is empty",
      remedy: "store the token, or a user name with its password, in it",
    });
  }
  const object = parseObject(value, options);
  return object === undefined ? fromPlainText(value, options) : fromObject(object, options);
}

function parseObject(value: string, options: ParseOptions): Readonly<Record<string, unknown>> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    // The parser's own message quotes the text, so it is no cause to keep.
    if (value.startsWith("{")) {
      throw invalid(options, { flaw: "value begins with { but is not valid JSON", remedy: `store it as ${WANTED}` });
    }
    return undefined;
  }
  const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  return isObject ? parsed as Readonly<Record<string, unknown>> : undefined;
}

function fromPlainText(value: string, options: ParseOptions): Credential {
  if (options.mode !== "basic") return bearer(value, options);
  const colon = value.indexOf(":");
  if (colon < 0) {
    throw new AuthError("credential-mode", {
      message: `Cannot use secret "${options.name}": mode is basic but the value is not user:password`,
      remedy: `store user:password in it, or: ${modeRemedy(options, "bearer")}`,
    });
  }
  return basic(value.slice(0, colon), value.slice(colon + 1), options);
}

function fromObject(object: Readonly<Record<string, unknown>>, options: ParseOptions): Credential {
  const token = member(object, "token", options);
  const username = member(object, "username", options);
  const password = member(object, "password", options);
  const hasBasic = username !== undefined && password !== undefined;
  if (options.mode === "basic" && hasBasic) return basic(username, password, options);
  if (options.mode !== "basic" && token !== undefined) return bearer(token, options);
  if (options.mode === undefined && hasBasic) return basic(username, password, options);
  if (options.mode !== undefined && (hasBasic || token !== undefined)) {
    const [held, fitting] = hasBasic ? ["a user name and password", "basic"] as const : ["a token", "bearer"] as const;
    throw new AuthError("credential-mode", {
      message: `Cannot use secret "${options.name}": mode is ${options.mode} but the value holds ${held}`,
      remedy: modeRemedy(options, fitting),
    });
  }
  if (username !== undefined || password !== undefined) {
    const [held, missing] = username === undefined ? ["password", "username"] : ["username", "password"];
    throw invalid(options, {
      flaw: `JSON object holds "${held}", but no "${missing}"`,
      remedy: `store it as ${WANTED}`,
    });
  }
  throw invalid(options, {
    flaw: `JSON object holds ${membersOf(object)}, not a token`,
    remedy: `store it as ${WANTED}`,
  });
}

const modeRemedy = ({ modeName = "MLFLOW_AZURE_AUTH_MODE" }: ParseOptions, mode: "bearer" | "basic"): string =>
  assignment(modeName, mode);

const WANTED_MEMBERS = ["token", "username", "password"] as const;
const OTHER_SPELLINGS =
  /^(?:mlflow|access|bearer|api|auth|tracking)?[_-]?(?:token|user|user[_-]?name|pass|password|passwd|pwd)$/i;

/** Names of members are shown where they are near the ones wanted, so that a misnamed one is seen; any other might be a value. */
function membersOf(object: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(object);
  const near = names.filter((name) =>
    OTHER_SPELLINGS.test(name) || (nearest(name.toLowerCase(), WANTED_MEMBERS)?.distance ?? Infinity) <= 2
  );
  const others = names.length - near.length;
  const counted = others === 0 ? [] : [`${others} other member${others === 1 ? "" : "s"}`];
  return names.length === 0 ? "no members" : [...near.slice(0, 8).map((name) => `"${name}"`), ...counted].join(", ");
}

function member(object: Readonly<Record<string, unknown>>, name: string, options: ParseOptions): string | undefined {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") {
    throw invalid(options, {
      flaw: `"${name}" is not a JSON string`,
      remedy: `put the value of "${name}" in double quotes`,
    });
  }
  return value;
}

function bearer(token: string, options: ParseOptions): Credential {
  const flaw = flawOfToken(token);
  if (flaw !== undefined) {
    throw invalid(options, { flaw: `token ${flaw}`, remedy: "store the token alone, in visible ASCII" });
  }
  return { kind: "bearer", token: new Secret(token) };
}

function basic(username: string, password: string, options: ParseOptions): Credential {
  const flaw = flawOfUsername(username) ?? flawOfPassword(password);
  if (flaw !== undefined) throw invalid(options, { flaw, remedy: "correct the user name and password in the secret" });
  return { kind: "basic", username, password: new Secret(password) };
}

/** RFC 6750 allows less still; visible ASCII is what an HTTP field can carry and what MLflow passes on. */
function flawOfToken(token: string): string | undefined {
  if (token === "") return "is empty";
  const scheme = /^(bearer|basic)\s/i.exec(token)?.[1];
  if (scheme !== undefined) return `starts with '${scheme} '`;
  if (/[\r\n]/.test(token)) return "holds a line break";
  if (/\s/.test(token)) return "holds white space";
  if (/\p{Cc}/u.test(token)) return "holds a control character";
  return /^[\x21-\x7E]+$/.test(token) ? undefined : "holds a character outside ASCII";
}

/** RFC 7617: the first colon ends the user name, and neither part holds control characters; passwords are taken as they are. */
function flawOfUsername(username: string): string | undefined {
  if (username === "") return "user name is empty";
  if (username.includes(":")) return "user name holds a colon";
  if (/\p{Cc}/u.test(username)) return "user name holds a control character";
  return username.isWellFormed() ? undefined : "user name holds half a surrogate pair";
}

function flawOfPassword(password: string): string | undefined {
  if (password === "") return "password is empty";
  if (password.includes("\0")) return "password holds a NUL character";
  return password.isWellFormed() ? undefined : "password holds half a surrogate pair";
}

interface Invalid {
  readonly flaw: string;
  readonly remedy: string;
}

function invalid({ name }: ParseOptions, { flaw, remedy }: Invalid): AuthError {
  return new AuthError("credential-invalid", { message: `Cannot use secret "${name}": ${flaw}`, remedy });
}
