import type { SettingSources } from "../../core/settings/read_settings.ts";
import { Secret } from "../../core/secret.ts";
import type { Credential } from "../../credential/parse.ts";
import type { FreshCredential } from "../../proxy/credential/fresh_credential.ts";

/** What a sidecar is told through its standard input; nothing of it stands in its arguments or on disk. */
export interface Order {
  /** Options and env files, as they were read: some can be read only once, as in `--env-file <(…)`. */
  readonly sources: Omit<SettingSources, "env">;
  readonly key: Secret;
  readonly allowHttp: boolean;
  /** What was just read, so that a vault is asked once. */
  readonly first: FreshCredential;
  /** What {@link https://datatracker.ietf.org/doc/html/rfc8259 JSON} the proxy answers when it is told to end. */
  readonly farewell: Readonly<Record<string, string>>;
}

type Member = Readonly<Record<string, unknown>>;

/**
 * Writes an order as one line, secrets included.
 *
 * @param order the order
 * @returns a line of JSON without its line break
 *
 * @example
 * ```ts
 * import { readOrder, writeOrder } from "./order.ts";
 * import { Secret } from "../../core/secret.ts";
 * import assert from "node:assert/strict";
 *
 * const first = { credential: { kind: "bearer", token: new Secret("t") } } as const;
 * const line = writeOrder({ sources: {}, key: new Secret("k"), allowHttp: false, first, farewell: {} });
 * assert.equal(readOrder(line).key.reveal(), "k");
 * ```
 */
export function writeOrder(order: Order): string {
  const { credential, ...rest } = order.first;
  const shown = credential.kind === "bearer"
    ? { kind: credential.kind, token: credential.token.reveal() }
    : { kind: credential.kind, username: credential.username, password: credential.password.reveal() };
  return JSON.stringify({ ...order, key: order.key.reveal(), first: { ...rest, credential: shown } });
}

/**
 * Reads an order.
 *
 * @param line what {@link writeOrder} wrote, in a process of the same program
 * @returns the order
 * @throws TypeError where it is something else
 */
export function readOrder(line: string): Order {
  const order = memberOf(JSON.parse(line));
  const first = memberOf(order["first"]);
  return {
    sources: memberOf(order["sources"]) as Order["sources"],
    key: new Secret(textOf(order["key"])),
    allowHttp: order["allowHttp"] === true,
    first: { ...first, credential: credentialOf(memberOf(first["credential"])) },
    farewell: memberOf(order["farewell"]) as Order["farewell"],
  };
}

function credentialOf(credential: Member): Credential {
  if (credential["kind"] === "bearer") return { kind: "bearer", token: new Secret(textOf(credential["token"])) };
  return {
    kind: "basic",
    username: textOf(credential["username"]),
    password: new Secret(textOf(credential["password"])),
  };
}

function memberOf(value: unknown): Member {
  if (typeof value !== "object" || value === null) throw new TypeError("not an order of this program");
  return value as Member;
}

function textOf(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("not an order of this program");
  return value;
}
