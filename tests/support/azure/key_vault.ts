import { type Asked, bearerOf } from "./asked.ts";
import { CLOUDS } from "./clouds.ts";
import { isSignedBy, readToken, type Token } from "./jwt.ts";
import type { SecretVersion, Vault, World } from "./world.ts";

/** The address from which requests seem to come. */
export const CLIENT_ADDRESS = "203.0.113.9";

const API_VERSIONS = /^(2015-06-01|2016-10-01|7\.[0-6](-preview\.\d)?|2025-\d\d-\d\d|2026-04-01)$/;
const FORBIDDEN_HELP = "For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287";

/**
 * Answers as Key Vault does to one who reads a secret: first its challenge, then the token's checks, the network's rules, the
 * permission, and last the secret.
 *
 * @param world what Azure knows
 * @param asked the request
 * @returns the answer
 */
export function answerKeyVault(world: World, asked: Asked): Response {
  const vault = findVault(world, asked.host);
  const answer = reply(asked);
  if (vault === undefined) return answer(404, failure("VaultNotFound", "The vault does not exist."));
  if (vault.network === "firewall-before-challenge") return answer(403, forbiddenByFirewall(vault, ""));
  const throttled = asked.faults.find((fault) => fault.kind === "throttle");
  if (throttled !== undefined) {
    const after = throttled.retryAfterSec === undefined ? {} : { "retry-after": String(throttled.retryAfterSec) };
    const reason =
      "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached";
    return answer(429, failure("Throttled", reason), after);
  }
  const challenge = { "www-authenticate": challengeOf(vault, asked) };
  const text = bearerOf(asked);
  if (text === undefined) {
    return answer(401, failure("Unauthorized", "AKV10000: Request is missing a Bearer or PoP token."), challenge);
  }
  const token = readToken(text);
  const wrong = token === undefined ? MALFORMED : checkToken(world, token, { vault, nowMs: asked.nowMs });
  if (token === undefined || wrong !== undefined) {
    return answer(401, failure("Unauthorized", wrong ?? MALFORMED), challenge);
  }
  const caller = `appid=${token.claims["appid"]};oid=${token.claims["oid"]};iss=${token.claims["iss"]}`;
  if (vault.network === "firewall") return answer(403, forbiddenByFirewall(vault, caller));
  if (vault.network === "private-only") return answer(403, forbiddenByConnection(vault, caller));
  return readSecret(vault, { asked, caller, objectId: String(token.claims["oid"]), answer });
}

const MALFORMED = "[BearerReadAccessTokenFailed] Error validating token: 'S2S12005'.";

interface Reading {
  readonly asked: Asked;
  readonly caller: string;
  readonly objectId: string;
  readonly answer: ReturnType<typeof reply>;
}

function readSecret(vault: Vault, { asked, caller, objectId, answer }: Reading): Response {
  const version = asked.url.searchParams.get("api-version");
  if (version === null) return answer(400, failure("BadParameter", "api-version must be specified"));
  if (!API_VERSIONS.test(version)) {
    const message =
      `The specified version (${version}) is not recognized. Consider using the latest supported version (7.6).`;
    return answer(400, failure("BadParameter", message));
  }
  if (asked.method !== "GET") return answer(405, failure("BadRequest", "Method not allowed"));
  const [, , name = "", id = ""] = asked.url.pathname.split("/").map(decodeURIComponent);
  if (!/^[0-9a-zA-Z-]{1,127}$/.test(name)) {
    return answer(400, failure("BadParameter", `The request URI contains an invalid name: ${name}`));
  }
  if (!vault.readers.has(objectId)) return answer(403, forbidden(vault, { caller, name }));
  const versions = vault.secrets.get(name.toLowerCase()) ?? [];
  const found = id === "" ? versions.at(-1) : versions.find((one) => one.id === id.toLowerCase());
  if (found === undefined) {
    const message = `A secret with (name/id) ${id === "" ? name : `${name}/${id}`} was not found in this key vault. ` +
      "If you recently deleted this secret you may be able to recover it using the correct recovery command. " +
      "For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182";
    return answer(404, failure("SecretNotFound", message));
  }
  if (!found.enabled) {
    return answer(403, failure("Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled"));
  }
  return answer(200, bundle(vault, { name: name.toLowerCase(), found }));
}

function bundle(vault: Vault, { name, found }: { readonly name: string; readonly found: SecretVersion }): unknown {
  return {
    value: found.value,
    ...(found.contentType === undefined ? {} : { contentType: found.contentType }),
    id: `https://${hostOf(vault)}/secrets/${name}/${found.id}`,
    attributes: {
      enabled: true,
      ...(found.notBefore === undefined ? {} : { nbf: found.notBefore }),
      ...(found.expires === undefined ? {} : { exp: found.expires }),
      created: found.created,
      updated: found.updated,
      recoveryLevel: "Recoverable+Purgeable",
      recoverableDays: 90,
    },
    tags: found.tags,
  };
}

function checkToken(
  world: World,
  token: Token,
  { vault, nowMs }: { readonly vault: Vault; readonly nowMs: number },
): string | undefined {
  const cloud = CLOUDS[vault.cloud];
  if (token.header["kid"] !== world.signingKey.id || !isSignedBy(token, world.signingKey.publicKey)) {
    return "AKV10046: Unable to resolve the key used for signature validation.";
  }
  const audience = String(token.claims["aud"]);
  if (audience.replace(/\/$/, "") !== cloud.resource) {
    return `AKV10022: Invalid audience. Expected ${cloud.resource}, found: ${audience}.`;
  }
  const issuer = `${cloud.issuer}${vault.tenantId}/`;
  if (token.claims["iss"] !== issuer || token.claims["tid"] !== vault.tenantId) {
    return `AKV10032: Invalid issuer. Expected one of ${issuer}, found ${token.claims["iss"]}.`;
  }
  const now = nowMs / 1000;
  if (now > Number(token.claims["exp"])) return "[TokenExpired] Error validating token: 'IDX10223'.";
  if (now < Number(token.claims["nbf"]) - 300) {
    return "[BearerReadAccessTokenFailed] Error validating token: 'IDX10222'.";
  }
  return undefined;
}

function challengeOf(vault: Vault, asked: Asked): string {
  const cloud = CLOUDS[vault.cloud];
  const fault = asked.faults.find((one) => one.kind === "challenge");
  const authority = `https://${cloud.authorities[0]}/${fault?.tenant ?? vault.tenantId}`;
  return fault?.header ?? `Bearer authorization="${authority}", resource="${fault?.resource ?? cloud.resource}"`;
}

function forbidden(vault: Vault, { caller, name }: { readonly caller: string; readonly name: string }): unknown {
  if (vault.access === "access-policy") {
    const who = `The user, group or application '${caller}' does not have secrets get permission on key vault`;
    return failure("Forbidden", `${who} '${placeOf(vault)}'. ${FORBIDDEN_HELP}`, "AccessDenied");
  }
  const resource =
    "/subscriptions/77777777-ffff-4fff-8fff-777777777777/resourcegroups/ml/providers/microsoft.keyvault/vaults/" +
    `${vault.name}/secrets/${name}`;
  return failure(
    "Forbidden",
    [
      "Caller is not authorized to perform action on resource.",
      "If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.",
      `Caller: ${caller}`,
      "Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'",
      `Resource: '${resource}'`,
      "Assignment: (not found)",
      "DenyAssignmentId: null",
      "DecisionReason: null ",
      `Vault: ${placeOf(vault)}`,
      "",
    ].join("\r\n"),
    "ForbiddenByRbac",
  );
}

function forbiddenByFirewall(vault: Vault, caller: string): unknown {
  const lines = [
    "Client address is not authorized and caller is not a trusted service.",
    `Client address: ${CLIENT_ADDRESS}`,
    `Caller: ${caller}`,
    `Vault: ${placeOf(vault)}`,
  ];
  return failure("Forbidden", lines.join("\r\n"), "ForbiddenByFirewall");
}

function forbiddenByConnection(vault: Vault, caller: string): unknown {
  const lines = [
    "Public network access is disabled and request is not from a trusted service nor via an approved private link.",
    `Caller: ${caller}`,
    `Vault: ${placeOf(vault)}`,
  ];
  return failure("Forbidden", lines.join("\r\n"), "ForbiddenByConnection");
}

function failure(code: string, message: string, inner?: string): unknown {
  return { error: { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) } };
}

function reply(asked: Asked): (status: number, body: unknown, more?: Readonly<Record<string, string>>) => Response {
  const id = asked.headers.get("x-ms-client-request-id");
  return (status, body, more = {}) =>
    Response.json(body, {
      status,
      headers: {
        "cache-control": "no-cache",
        "pragma": "no-cache",
        "content-type": "application/json; charset=utf-8",
        "expires": "-1",
        "x-ms-keyvault-region": "westeurope",
        ...(id === null ? {} : { "x-ms-client-request-id": id }),
        "x-ms-request-id": crypto.randomUUID(),
        "x-ms-keyvault-service-version": "1.9.2824.1",
        "x-ms-keyvault-network-info": `conn_type=Ipv4;addr=${CLIENT_ADDRESS};act_addr_fam=InterNetwork;`,
        "x-content-type-options": "nosniff",
        "strict-transport-security": "max-age=31536000;includeSubDomains",
        ...more,
      },
    });
}

function findVault(world: World, host: string): Vault | undefined {
  if (host === "localhost" || host === "127.0.0.1") {
    return world.vaults.find(({ name }) => name === world.loopbackVault);
  }
  return world.vaults.find((vault) => hostOf(vault) === host);
}

/** @returns the host of a vault under its real name */
export function hostOf(vault: Pick<Vault, "name" | "cloud">): string {
  return `${vault.name}.${CLOUDS[vault.cloud].vaultSuffix}`;
}

function placeOf(vault: Vault): string {
  return `${vault.name};location=westeurope`;
}
