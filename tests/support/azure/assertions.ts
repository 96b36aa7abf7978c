import { Buffer } from "node:buffer";
import type { Details, EntraCode } from "./entra_errors.ts";
import { isSignedBy, readToken, type Token } from "./jwt.ts";
import type { Application, World } from "./world.ts";

/** Why an assertion is refused; `undefined` in its place means that it is accepted. */
export interface Refusal {
  readonly code: EntraCode;
  readonly details: Details;
}

interface Wanted {
  readonly world: World;
  readonly application: Application;
  /** Every text that the assertion may name as its audience. */
  readonly audiences: readonly string[];
  readonly nowMs: number;
}

/** Entra ID lets clocks differ by five minutes. */
const SKEW_MS = 300_000;

/**
 * Checks a client assertion, in Entra ID's order: one signed with the application's own certificate, or one of an issuer that
 * a federated credential of the application names.
 *
 * @param text the form's `client_assertion`
 * @param wanted the application that asks, and what is accepted
 * @returns why it is refused, or `undefined` where it is accepted
 */
export function checkAssertion(text: string, wanted: Wanted): Refusal | undefined {
  const token = readToken(text);
  if (token === undefined) return { code: 50027, details: {} };
  const own = typeof token.header["x5t"] === "string" || typeof token.header["x5t#S256"] === "string";
  const issuer = String(token.claims["iss"]);
  return own && !wanted.world.issuers.has(issuer) ? checkOwn(token, wanted) : checkFederated(token, wanted);
}

function checkOwn(token: Token, { application, audiences, nowMs }: Wanted): Refusal | undefined {
  const clientId = application.clientId;
  const { iss, sub, aud } = token.claims;
  if (iss !== clientId || sub !== clientId) return { code: 700021, details: {} };
  if (!audiences.includes(String(aud))) return { code: 700023, details: {} };
  const thumbprint = thumbprintOf(token);
  const key = application.certificates.find(({ sha1, sha256 }) => thumbprint === sha1 || thumbprint === sha256);
  const refuse = (reason: string): Refusal => ({
    code: 700027,
    details: { reason, clientId, thumbprint: thumbprint.toUpperCase() },
  });
  if (key === undefined) return refuse("The key was not found.");
  if (nowMs > key.notAfterMs || nowMs < key.notBeforeMs) return refuse("The key used is expired.");
  if (!isSignedBy(token, key.publicKey)) {
    return refuse("The key was found, but use of the key to verify the signature failed.");
  }
  return checkTimes(token, nowMs);
}

function checkFederated(token: Token, { world, application, nowMs }: Wanted): Refusal | undefined {
  const issuer = String(token.claims["iss"]);
  const subject = String(token.claims["sub"]);
  const audience = String([token.claims["aud"]].flat()[0]);
  const details = { issuer, subject, audience };
  const same = application.federated.filter((one) => one.issuer === issuer);
  if (same.length === 0) return { code: 700211, details };
  const forAudience = same.filter((one) => one.audience === audience);
  if (forAudience.length === 0) return { code: 700212, details };
  if (!forAudience.some((one) => one.subject === subject)) {
    const differsInCase = forAudience.some((one) => one.subject.toLowerCase() === subject.toLowerCase());
    return { code: differsInCase ? 7002138 : 700213, details };
  }
  const key = world.issuers.get(issuer);
  if (key === undefined || key.id !== token.header["kid"] || !isSignedBy(token, key.publicKey)) {
    const reason = "The key was found, but use of the key to verify the signature failed.";
    return { code: 700027, details: { reason, clientId: application.clientId, thumbprint: "" } };
  }
  return checkTimes(token, nowMs);
}

function checkTimes(token: Token, nowMs: number): Refusal | undefined {
  const untilMs = Number(token.claims["exp"]) * 1000;
  const fromMs = Number(token.claims["nbf"] ?? token.claims["iat"] ?? 0) * 1000;
  if (nowMs <= untilMs + SKEW_MS && nowMs >= fromMs - SKEW_MS) return undefined;
  const iso = (ms: number) => Number.isFinite(ms) ? new Date(ms).toISOString().replace(/\.\d+Z$/, ".0000000Z") : "none";
  return { code: 700024, details: { now: iso(nowMs), from: iso(fromMs), until: iso(untilMs) } };
}

/** Entra ID takes base64url as well as base64 with padding, which MSAL for Python sends. */
function thumbprintOf(token: Token): string {
  return Buffer.from(String(token.header["x5t#S256"] ?? token.header["x5t"]), "base64").toString("hex");
}
