import type { Asked } from "./asked.ts";
import { checkAssertion } from "./assertions.ts";
import { type Audience, audienceFor } from "./audience.ts";
import { type Cloud, cloudOf, CLOUDS } from "./clouds.ts";
import { type Details, entraAnswer, type EntraCode, entraRefusal } from "./entra_errors.ts";
import { signToken } from "./jwt.ts";
import type { Application, Tenant, World } from "./world.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * Answers as Entra ID does: instance discovery, a tenant's OpenID configuration and keys, and the token endpoint.
 *
 * @param world what Azure knows
 * @param asked the request
 * @returns the answer
 */
export function answerEntra(world: World, asked: Asked): Response {
  const [, name = "", ...rest] = asked.url.pathname.split("/").map(decodeURIComponent);
  const path = rest.join("/");
  if (name === "common" && path === "discovery/instance") return discoverInstance(asked);
  const refuse = (code: EntraCode, details: Details = {}) =>
    entraRefusal(code, { nowMs: asked.nowMs, tenant: name, ...details });
  const tenant = findTenant(world, { name, host: asked.host });
  if (tenant === undefined) return refuse(/^[0-9a-f-]{36}$|\./i.test(name) ? 90002 : 900023);
  const cloud = CLOUDS[tenant.cloud];
  const at = `${asked.url.origin}/${tenant.id}`;
  if (path === "v2.0/.well-known/openid-configuration") return entraAnswer(200, configuration(at, cloud));
  if (path === "discovery/v2.0/keys") return entraAnswer(200, { keys: [publicJwk(world)] });
  if (path !== "oauth2/v2.0/token") return entraAnswer(404, { error: "not_found" });
  if (asked.method !== "POST") return refuse(900144, { reason: "grant_type" });
  const injected = asked.faults.find((fault) => fault.kind === "entra");
  const form = new URLSearchParams(asked.body);
  const clientId = form.get("client_id") ?? "";
  if (injected !== undefined) return refuse(injected.code, { clientId, scope: form.get("scope") ?? "", ...NOTHING });
  return issue(world, { form, tenant, asked, refuse });
}

const NOTHING: Details = { subject: "", issuer: "", audience: "", thumbprint: "", reason: "The key was not found." };

interface Grant {
  readonly form: URLSearchParams;
  readonly tenant: Tenant;
  readonly asked: Asked;
  readonly refuse: (code: EntraCode, details?: Details) => Response;
}

function issue(world: World, { form, tenant, asked, refuse }: Grant): Response {
  if (!asked.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded")) {
    return refuse(900144, { reason: "grant_type" });
  }
  if (form.get("grant_type") !== "client_credentials") return refuse(70003);
  const clientId = form.get("client_id");
  if (clientId === null) return refuse(900144, { reason: "client_id" });
  const application = tenant.applications.find((one) => one.clientId === clientId.toLowerCase());
  if (application === undefined) return refuse(700016, { clientId, tenant: tenant.name });
  const unproven = prove(world, { application, form, tenant, asked, refuse });
  if (unproven !== undefined) return unproven;
  // MSAL asks for its own scopes along with the one that is wanted.
  const scopes = (form.get("scope") ?? "").split(" ")
    .filter((scope) => !["", "openid", "profile", "offline_access"].includes(scope));
  const scope = scopes.join(" ");
  if (scope === "") return refuse(900144, { reason: "scope" });
  if (scopes.length > 1) return refuse(70011, { scope });
  if (!scope.endsWith("/.default")) return refuse(1002012, { scope });
  const resource = scope.slice(0, -"/.default".length);
  const audience = audienceFor(tenant, { resource, principal: application.objectId });
  if (typeof audience === "number") return refuse(audience, { scope: resource, tenant: tenant.name, clientId });
  const token = accessToken(world, {
    tenantId: tenant.id,
    clientId: application.clientId,
    objectId: application.objectId,
    audience,
    nowMs: asked.nowMs,
    origin: asked.url.origin,
  });
  const lifetime = world.tokenLifetimeSec;
  return entraAnswer(200, {
    token_type: "Bearer",
    expires_in: lifetime,
    ext_expires_in: lifetime,
    access_token: token,
  });
}

interface Proof extends Pick<Grant, "form" | "tenant" | "asked" | "refuse"> {
  readonly application: Application;
}

function prove(world: World, { application, form, tenant, asked, refuse }: Proof): Response | undefined {
  const clientId = application.clientId;
  const secret = form.get("client_secret");
  const assertion = form.get("client_assertion");
  if (secret !== null) {
    const known = application.secrets.find(({ value }) => value === secret);
    if (known === undefined) return refuse(7000215, { clientId });
    return known.expiresAtMs < asked.nowMs ? refuse(7000222, { clientId }) : undefined;
  }
  if (assertion === null || form.get("client_assertion_type") !== ASSERTION_TYPE) return refuse(7000218);
  const names = [tenant.id, ...tenant.domains];
  const origins = [asked.url.origin, ...CLOUDS[tenant.cloud].authorities.map((host) => `https://${host}`)];
  // On loopback an assertion for the real authority is one for another authority.
  const own = cloudOf(asked.host) === undefined ? [asked.url.origin] : origins;
  const audiences = own.flatMap((origin) =>
    names.flatMap((
      name,
    ) => [`${origin}/${name}/oauth2/v2.0/token`, `${origin}/${name}/oauth2/token`, `${origin}/${name}/v2.0`])
  );
  const refusal = checkAssertion(assertion, { world, application, audiences, nowMs: asked.nowMs });
  return refusal === undefined ? undefined : refuse(refusal.code, refusal.details);
}

/** Whom an access token is about, and whom it is for. */
export interface Subject {
  readonly tenantId: string;
  readonly clientId: string;
  readonly objectId: string;
  readonly audience: Audience;
  readonly nowMs: number;
  /** Origin of the authority that was asked; the public cloud's where none was. */
  readonly origin?: string;
}

/** @returns a signed access token, as Entra ID issues it: of version 1.0 for Key Vault, of either for an API */
export function accessToken(world: World, subject: Subject): string {
  const { tenantId, clientId, objectId, audience, nowMs, origin = "https://login.microsoftonline.com" } = subject;
  const now = Math.floor(nowMs / 1000);
  const legacy = `${issuerOf(world, tenantId)}${tenantId}/`;
  const own = audience.version === 2
    ? { iss: `${origin}/${tenantId}/v2.0`, azp: clientId, azpacr: "1", ver: "2.0" }
    : { iss: legacy, appid: clientId, appidacr: "1", idp: legacy, ver: "1.0" };
  const token = signToken(world.signingKey, {
    aud: audience.name,
    iat: now,
    nbf: now,
    exp: now + world.tokenLifetimeSec + 1,
    aio: "k2RgYFhc",
    idtyp: "app",
    oid: objectId,
    ...(audience.roles === undefined ? {} : { roles: audience.roles }),
    sub: objectId,
    tid: tenantId,
    uti: crypto.randomUUID().replaceAll("-", "").slice(0, 22),
    ...own,
  });
  world.issued.push(token);
  return token;
}

function issuerOf(world: World, tenantId: string): string {
  return CLOUDS[world.tenants.find(({ id }) => id === tenantId)?.cloud ?? "public"].issuer;
}

function findTenant(
  world: World,
  { name, host }: { readonly name: string; readonly host: string },
): Tenant | undefined {
  const wanted = name.toLowerCase();
  const cloud = cloudOf(host)?.name;
  return world.tenants.find((tenant) =>
    (tenant.id === wanted || tenant.domains.includes(wanted)) && (cloud === undefined || cloud === tenant.cloud)
  );
}

function discoverInstance(asked: Asked): Response {
  const endpoint = asked.url.searchParams.get("authorization_endpoint") ?? "";
  const match = /^https:\/\/([^/]+)\/([^/]+)\//.exec(endpoint);
  const known = match?.[1] !== undefined &&
    (cloudOf(match[1]) !== undefined || /^(localhost|127\.0\.0\.1):/.test(match[1]));
  if (match === null || !known) {
    return entraAnswer(400, {
      error: "invalid_instance",
      error_description: "AADSTS50049: Unknown or invalid instance.",
      error_codes: [50049],
    });
  }
  const metadata = Object.values(CLOUDS).map(({ authorities }) => ({
    preferred_network: authorities[0],
    preferred_cache: authorities[0],
    aliases: authorities,
  }));
  return entraAnswer(200, {
    tenant_discovery_endpoint: `https://${match[1]}/${match[2]}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata,
  });
}

function configuration(at: string, cloud: Cloud): unknown {
  return {
    token_endpoint: `${at}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    jwks_uri: `${at}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: `${at}/v2.0`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${at}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${at}/oauth2/v2.0/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${at}/oauth2/v2.0/logout`,
    tenant_region_scope: "EU",
    cloud_instance_name: cloud.authorities[0].replace(/^login\.(partner\.)?/, ""),
  };
}

function publicJwk(world: World): unknown {
  return { ...world.signingKey.publicKey.export({ format: "jwk" }), kid: world.signingKey.id, use: "sig" };
}
