import type { Asked } from "./asked.ts";
import { cloudOf, GITHUB_HOST, PIPELINES_HOST } from "./clouds.ts";
import { answerEntra } from "./entra.ts";
import { befalling, type Fault, type Service } from "./faults.ts";
import { answerKeyVault } from "./key_vault.ts";
import { answerManagedIdentity, ENDPOINTS, type Keys } from "./managed_identity.ts";
import { answerGithub, answerPipelines, GITHUB_PATH, PIPELINES_PATH } from "./oidc_issuers.ts";
import type { World } from "./world.ts";

/** An answer, and the faults that befell the request: those of the connection are for the server to carry out. */
export interface Answered {
  readonly service: Service;
  readonly response: Response;
  readonly faults: readonly Fault[];
}

/**
 * Azure as one function: a request in, an answer out, nothing else but what the world says.
 *
 * @param world what Azure knows
 * @param request a request whose URL says under which name it was made
 * @param options the time in milliseconds since the Unix epoch, and where Azure Arc's keys are written
 * @returns the answer
 * @example
 * ```ts
 * import { azure } from "./azure.ts";
 * import { makeSigningKeys, makeWorld } from "./world.ts";
 * import assert from "node:assert/strict";
 *
 * const nowMs = 1_800_000_000_000;
 * const request = new Request("https://team.vault.azure.net/secrets/mlflow?api-version=7.6");
 * const world = makeWorld(nowMs, await makeSigningKeys());
 * const { response } = await azure(world, request, { nowMs, keys: { write: async () => {} } });
 * assert.equal(response.status, 401);
 * ```
 */
export async function azure(
  world: World,
  request: Request,
  { nowMs, keys }: { readonly nowMs: number; readonly keys: Keys },
): Promise<Answered> {
  const url = new URL(request.url);
  const service = serviceOf(url);
  const signed = request.headers.has("authorization");
  const faults = befalling(world.faults, { service, path: url.pathname, signed, nowMs });
  const asked: Asked = {
    method: request.method,
    url,
    host: url.hostname.toLowerCase(),
    headers: request.headers,
    body: await request.text(),
    nowMs,
    faults,
  };
  const answered = (response: Response): Answered => ({ service, response, faults });
  for (const fault of faults) {
    if (fault.kind === "html") return answered(page(fault.status));
    if (fault.kind === "answer") {
      const own = typeof fault.body === "string"
        ? fault.body
        : fault.body instanceof Uint8Array
        ? new Uint8Array(fault.body)
        : undefined;
      const body = own ?? (fault.body === undefined ? null : JSON.stringify(fault.body));
      const type = own === undefined ? "application/json; charset=utf-8" : "text/plain";
      return answered(
        new Response(body, { status: fault.status, headers: { "content-type": type, ...fault.headers } }),
      );
    }
  }
  return answered(await answerOf(world, asked, { service, keys }));
}

async function answerOf(
  world: World,
  asked: Asked,
  { service, keys }: { readonly service: Service; readonly keys: Keys },
): Promise<Response> {
  switch (service) {
    case "entra":
      return answerEntra(world, asked);
    case "vault":
      return answerKeyVault(world, asked);
    case "managed-identity":
      return await answerManagedIdentity(world, asked, { keys });
    case "github":
      return answerGithub(world, asked);
    case "pipelines":
      return answerPipelines(world, asked);
    case "unknown":
      return Response.json({ error: "not_found" }, { status: 404 });
  }
}

/** Under a real name the host decides, on loopback the path. Plain http is for managed identity alone. */
function serviceOf({ protocol, hostname, pathname }: URL): Service {
  const path = pathname.toLowerCase().replace(/\/$/, "");
  if (protocol === "http:") {
    return Object.values(ENDPOINTS).some((one) => one === path) ? "managed-identity" : "unknown";
  }
  const cloud = cloudOf(hostname);
  if (cloud !== undefined) return cloud.authorities.includes(hostname) ? "entra" : "vault";
  if (hostname === GITHUB_HOST || pathname === GITHUB_PATH) return "github";
  if (hostname === PIPELINES_HOST || pathname === PIPELINES_PATH) return "pipelines";
  return pathname.startsWith("/secrets") ? "vault" : "entra";
}

function page(status: number): Response {
  const body =
    "<!DOCTYPE html>\n<html><head><title>Access denied</title></head><body><h1>Blocked by your organization</h1></body></html>\n";
  return new Response(body, {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "via": "1.1 proxy.contoso.example" },
  });
}
