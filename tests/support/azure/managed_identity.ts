import { Buffer } from "node:buffer";
import { type Asked } from "./asked.ts";
import { audienceFor } from "./audience.ts";
import { accessToken } from "./entra.ts";
import type { ManagedIdentity, World } from "./world.ts";

/** Paths of the endpoints on the stand-in's plain http port, by the place that has such an endpoint. */
export const ENDPOINTS = {
  imds: "/metadata/identity/oauth2/token",
  appService: "/msi/token",
  arc: "/arc/metadata/identity/oauth2/token",
  cloudShell: "/cloudshell/oauth2/token",
  azureMl: "/azureml/token",
} as const;

/** What a process outside the core does for it: writing Arc's key, and reading it again. */
export interface Keys {
  readonly write: (path: string, content: string) => Promise<void>;
}

/**
 * Answers as the managed identity endpoints do, each with its own demands.
 *
 * @param world what Azure knows
 * @param asked the request; its path is matched without regard to case, as MSAL lowers it
 * @param keys where Arc's agent keeps its key
 * @returns the answer
 */
export async function answerManagedIdentity(
  world: World,
  asked: Asked,
  { keys }: { readonly keys: Keys },
): Promise<Response> {
  const query = new URLSearchParams([...asked.url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  switch (asked.url.pathname.toLowerCase().replace(/\/$/, "")) {
    case ENDPOINTS.imds:
      return imds(world, asked, { query });
    case ENDPOINTS.appService:
      return appService(world, asked, { query });
    case ENDPOINTS.arc:
      return await arc(world, asked, { query, keys });
    case ENDPOINTS.cloudShell:
      return cloudShell(world, asked);
    case ENDPOINTS.azureMl:
      return azureMl(world, asked, { query });
    default:
      return Response.json({ error: "not_found" }, { status: 404 });
  }
}

interface Asking {
  readonly query: URLSearchParams;
}

function imds(world: World, asked: Asked, { query }: Asking): Response {
  const bad = (error: string, description: string) =>
    Response.json({ error, error_description: description }, { status: 400 });
  if (asked.method !== "GET") return Response.json({ error: "Method Not Allowed" }, { status: 405 });
  if (asked.headers.get("metadata")?.toLowerCase() !== "true") {
    return bad("invalid_request", "Required metadata header not specified");
  }
  if (asked.headers.has("x-forwarded-for")) return bad("invalid_request", "Request contains a X-Forwarded-For header");
  if (query.get("api-version") !== "2018-02-01") {
    return Response.json({ error: "Bad request. api-version is invalid or was not specified in the request." }, {
      status: 400,
    });
  }
  const resource = query.get("resource");
  if (resource === null) return bad("invalid_request", "Required audience parameter not specified");
  const identity = find(world, query, ["client_id", "object_id", "msi_res_id", "mi_res_id"]);
  if (identity === undefined) return bad("invalid_request", "Identity not found");
  return grant(world, { identity, resource, asked, seconds: true });
}

function appService(world: World, asked: Asked, { query }: Asking): Response {
  const fail = (statusCode: number, message: string) =>
    Response.json({ statusCode, message, correlationId: crypto.randomUUID() }, { status: statusCode });
  if (asked.headers.get("x-identity-header") !== world.identityHeader) {
    return fail(401, "Unauthorized: X-IDENTITY-HEADER is wrong.");
  }
  if (query.get("api-version") !== "2019-08-01") return fail(400, "The requested API version is not supported.");
  const resource = query.get("resource");
  if (resource === null) return fail(400, "The resource parameter is missing.");
  const identity = find(world, query, ["client_id", "principal_id", "mi_res_id"]);
  if (identity === undefined) {
    return fail(
      400,
      "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
    );
  }
  return grant(world, { identity, resource, asked });
}

async function arc(world: World, asked: Asked, { query, keys }: Asking & { readonly keys: Keys }): Promise<Response> {
  const fail = (status: number, error: string, headers: HeadersInit = {}) =>
    Response.json({ error }, { status, headers });
  if (asked.headers.get("metadata")?.toLowerCase() !== "true") return fail(400, "Missing Metadata header");
  if (!["2019-11-01", "2020-06-01"].includes(query.get("api-version") ?? "")) {
    return fail(400, "Unsupported api-version");
  }
  const resource = query.get("resource");
  if (resource === null) return fail(400, "Missing resource");
  if (["client_id", "object_id", "msi_res_id"].some((name) => query.has(name))) {
    return fail(400, "Only the system identity");
  }
  if (world.systemIdentity === undefined) return fail(400, "Identity not found");
  // The key proves that the caller may read a file of root's: here it is the same for the whole run.
  const content = Buffer.from(world.identityHeader).toString("base64");
  if (asked.headers.get("authorization") === `Basic ${content}`) {
    return grant(world, { identity: world.systemIdentity, resource, asked, seconds: true });
  }
  const path = `${world.arcKeyFolder}/${crypto.randomUUID()}.key`;
  await keys.write(path, content);
  return fail(401, "Unauthorized", { "www-authenticate": `Basic realm=${path}` });
}

function cloudShell(world: World, asked: Asked): Response {
  const resource = new URLSearchParams(asked.body).get("resource");
  if (asked.method !== "POST" || asked.headers.get("metadata")?.toLowerCase() !== "true" || resource === null) {
    return Response.json({ error: { code: "BadRequest", message: "Required metadata header or resource missing" } }, {
      status: 400,
    });
  }
  if (world.systemIdentity === undefined) return Response.json({ error: { code: "NotFound" } }, { status: 404 });
  return grant(world, { identity: world.systemIdentity, resource, asked, seconds: true });
}

function azureMl(world: World, asked: Asked, { query }: Asking): Response {
  const resource = query.get("resource");
  if (asked.headers.get("secret") !== world.identityHeader) {
    return Response.json({ error: "Unauthorized" }, { status: 401 });
  }
  if (query.get("api-version") !== "2017-09-01" || resource === null) {
    return Response.json({ error: "BadRequest" }, { status: 400 });
  }
  const identity = find(world, query, ["clientid"]);
  if (identity === undefined) return Response.json({ error: "Identity not found" }, { status: 400 });
  return grant(world, { identity, resource, asked });
}

function find(world: World, query: URLSearchParams, names: readonly string[]): ManagedIdentity | undefined {
  const name = names.find((one) => query.has(one));
  if (name === undefined) return world.systemIdentity;
  const wanted = query.get(name)?.toLowerCase();
  return world.userIdentities.find(({ clientId, objectId, resourceId }) =>
    [clientId, objectId, resourceId.toLowerCase()].includes(wanted ?? "")
  );
}

interface Granted {
  readonly identity: ManagedIdentity;
  readonly resource: string;
  readonly asked: Asked;
  /** Whether the answer says `expires_in` too. */
  readonly seconds?: boolean;
}

/** What an endpoint passes on of Entra ID's refusal of a resource. */
function notFor(number: number, resource: string): Response {
  return Response.json({
    error: number === 500011 ? "invalid_resource" : "invalid_grant",
    error_description: number === 500011
      ? `AADSTS500011: The resource principal named ${resource} was not found in the tenant named Contoso.`
      : `AADSTS${number}: The identity is not assigned to a role for the application '${resource}'.`,
  }, { status: 400 });
}

function grant(world: World, { identity, resource, asked, seconds = false }: Granted): Response {
  const tenant = world.tenants.find(({ id }) => id === identity.tenantId);
  const audience = tenant === undefined ? 500011 : audienceFor(tenant, { resource, principal: identity.objectId });
  if (typeof audience === "number") return notFor(audience, resource);
  const now = Math.floor(asked.nowMs / 1000);
  const token = accessToken(world, {
    tenantId: identity.tenantId,
    clientId: identity.clientId,
    objectId: identity.objectId,
    audience,
    nowMs: asked.nowMs,
  });
  const lifetime = String(world.tokenLifetimeSec);
  return Response.json({
    access_token: token,
    client_id: identity.clientId,
    expires_on: String(now + world.tokenLifetimeSec),
    ...(seconds ? { expires_in: lifetime, ext_expires_in: lifetime, not_before: String(now) } : {}),
    resource,
    token_type: "Bearer",
  });
}
