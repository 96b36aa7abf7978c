import { connectionTokens, staysOpen, valuesOf } from "../http1/fields.ts";
import { type Framing, requestFraming } from "../http1/framing.ts";
import type { KeyCheck } from "./key_check.ts";
import type { Field, ParsedHead } from "../http1/llhttp.ts";
import { refusal, type Reply } from "./reply.ts";

/** A request that may be forwarded. */
export interface Admitted {
  readonly kind: "forward";
  readonly method: string;
  /** The target as it was received, without the key. */
  readonly target: string;
  /** Whether the key was the first segment of the target. */
  readonly keyInTarget: boolean;
  readonly minor: 0 | 1;
  readonly fields: readonly Field[];
  readonly framing: Framing;
  /** Whether the client waits for `100 Continue` before it sends the body. */
  readonly expectsContinue: boolean;
  /** Whether the client keeps its connection. */
  readonly keep: boolean;
}

/** What becomes of a request: forwarded, answered by the proxy, or asked of the proxy itself. */
export type Decision =
  | Admitted
  | { readonly kind: "reply"; readonly reply: Reply }
  | { readonly kind: "own"; readonly ask: "ready" | "live" | "end" };

/** What the proxy lets in. */
export interface Gate {
  readonly key: KeyCheck;
  /** Names that `Host` and `Origin` may have, in lower case, IPv6 in brackets. */
  readonly hostNames: ReadonlySet<string>;
  /** Whether the two probes are answered under any `Host`, as beyond loopback. */
  readonly anyHostProbes: boolean;
  /** Where a browser without the key is sent. */
  readonly upstreamUrl: string;
}

const PROBES: ReadonlyMap<string, "ready" | "live"> = new Map([["/-/ready", "ready"], ["/-/live", "live"]]);

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

const answer = (status: number, message: string, fields?: NonNullable<Reply["fields"]>): Decision => ({
  kind: "reply",
  reply: refusal(status, message, fields === undefined ? {} : { fields }),
});

/** The host of `Host`, without its port; `undefined` where it is none. */
function hostOf(value: string): string | undefined {
  return /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/.exec(value.toLowerCase())?.[1];
}

/** A page of another site, or of a sandbox, has another origin than this proxy. */
function isForeign(origin: string, names: ReadonlySet<string>): boolean {
  const host = /^https?:\/\/(.+)$/i.exec(origin)?.[1];
  return host === undefined || !names.has(hostOf(host) ?? "");
}

/** A protocol that the proxy would have to switch to. */
function upgradeOf(fields: readonly Field[]): string | undefined {
  if (!connectionTokens(fields).includes("upgrade")) return undefined;
  return valuesOf(fields, "upgrade").flatMap((value) => value.split(",")).map((name) => name.trim())
    .find((name) => /^(?:websocket|h2c)$/i.test(name));
}

/** What is wrong with a request, whoever sends it. */
function flawOf({ method, target, fields }: ParsedHead, framing: Framing | undefined): Decision | undefined {
  if (framing === undefined) return answer(400, "Cannot read the request: the end of its body is ambiguous");
  if (valuesOf(fields, "authorization").length > 1) {
    return answer(400, "Cannot read the request: it has two Authorization fields");
  }
  if (!target.startsWith("/")) return answer(400, "Cannot forward the request: its target is not a path");
  // A server that answers TRACE would show the credential (RFC 9110, section 9.3.8).
  if (method === "TRACE" || method === "CONNECT") return answer(405, `Cannot forward "${method}": it is not passed on`);
  const upgrade = upgradeOf(fields);
  if (upgrade !== undefined) return answer(501, `Cannot switch to "${upgrade}": only HTTP/1.1 is passed on`);
  const expects = valuesOf(fields, "expect");
  if (expects.length > 1 || !/^(?:100-continue)?$/i.test(expects[0] ?? "")) {
    return answer(417, 'Cannot meet "Expect": only 100-continue is understood');
  }
  return undefined;
}

/** Who may ask at all: pages of other sites, and names that other sites give this address, may not. */
function strangerOf(fields: readonly Field[], gate: Gate): Decision | undefined {
  const [host, ...more] = valuesOf(fields, "host");
  if (host === undefined || more.length > 0) return answer(400, "Cannot read the request: it needs one Host field");
  if (!gate.hostNames.has(hostOf(host) ?? "")) {
    return answer(403, "Cannot answer under this Host: it is not a name of the proxy");
  }
  const origins = valuesOf(fields, "origin");
  if (origins.some((origin) => isForeign(origin, gate.hostNames))) {
    return answer(403, "Cannot answer a page of another origin: the proxy serves this machine's programs");
  }
  return undefined;
}

/** A person who clicks on MLflow's "View run" link: the browser has no key, and the server's own page is what is wanted. */
function isBrowser({ method, target, fields }: ParsedHead): boolean {
  if (method !== "GET" || target !== "/") return false;
  const host = valuesOf(fields, "host").map(hostOf)[0] ?? "";
  return LOOPBACK.has(host) &&
    valuesOf(fields, "accept").some((value) => /(?:^|[,\s])text\/html(?:$|[,;\s])/i.test(value));
}

/**
 * Decides what becomes of a request, before anything is sent to the tracking server.
 *
 * @param head the request's head
 * @param gate the key, and the names under which the proxy answers
 * @returns the decision
 *
 * @example
 * ```ts
 * import { admit } from "./admit.ts";
 * import { makeKeyCheck } from "./key_check.ts";
 * import { Secret } from "../../core/secret.ts";
 * import assert from "node:assert/strict";
 *
 * const gate = {
 *   key: makeKeyCheck(new Secret("k")),
 *   hostNames: new Set(["127.0.0.1"]),
 *   anyHostProbes: false,
 *   upstreamUrl: "https://mlflow.example/",
 * };
 * const fields = [{ name: "Host", key: "host", value: "127.0.0.1:5000" }];
 * const head = { method: "GET", target: "/version", status: 0, reason: "", minor: 1, fields } as const;
 * const decision = admit(head, gate);
 * assert.equal(decision.kind === "reply" && decision.reply.status, 401);
 * ```
 */
export function admit(head: ParsedHead, gate: Gate): Decision {
  const framing = requestFraming(head);
  const flaw = flawOf(head, framing);
  if (flaw !== undefined || framing === undefined) return flaw ?? answer(400, "Cannot read the request");
  const probe = head.method === "GET" ? PROBES.get(head.target) : undefined;
  if (probe !== undefined && gate.anyHostProbes) return { kind: "own", ask: probe };
  const stranger = strangerOf(head.fields, gate);
  if (stranger !== undefined) return stranger;
  if (probe !== undefined) return { kind: "own", ask: probe };
  const rest = gate.key.inTarget(head.target);
  if (rest === undefined && !valuesOf(head.fields, "authorization").some(gate.key.inHeader)) {
    if (isBrowser(head)) return { kind: "reply", reply: { ...MOVED, fields: [["Location", gate.upstreamUrl]] } };
    return answer(401, "Cannot pass the proxy: its key is missing or wrong", [
      ["WWW-Authenticate", 'Bearer realm="mlflow-auth"'],
    ]);
  }
  const target = rest ?? head.target;
  if (target.startsWith("/-/")) {
    if (target === "/-/end" && head.method === "POST") return { kind: "own", ask: "end" };
    return answer(404, "Cannot answer: the proxy has no such page of its own");
  }
  return {
    kind: "forward",
    method: head.method,
    target,
    keyInTarget: rest !== undefined,
    minor: head.minor,
    fields: head.fields,
    framing,
    expectsContinue: framing.kind !== "none" && head.minor === 1 && valuesOf(head.fields, "expect").length > 0,
    keep: staysOpen(head),
  };
}

const MOVED: Reply = { status: 302, body: {} };
