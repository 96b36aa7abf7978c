import { type Asked, bearerOf } from "./asked.ts";
import { signToken } from "./jwt.ts";
import type { World } from "./world.ts";

/** Path of a GitHub job's token endpoint; its URL carries `?api-version=2.0`, to which `&audience=` is added. */
export const GITHUB_PATH = "/idtoken/0001/0002";
/** Path of an Azure Pipelines job's token endpoint. */
export const PIPELINES_PATH = "/contoso/0003/_apis/distributedtask/hubs/build/plans/0004/jobs/0005/oidctoken";

/** @returns an assertion of one of the world's issuers, signed with its key and valid for ten minutes */
export function assertion(
  world: World,
  { issuer, subject, audience, nowMs }: {
    readonly issuer: string;
    readonly subject: string;
    readonly audience: string;
    readonly nowMs: number;
  },
): string {
  const key = world.issuers.get(issuer);
  if (key === undefined) throw new Error(`The world has no issuer "${issuer}"`);
  const now = Math.floor(nowMs / 1000);
  const claims = {
    iss: issuer,
    sub: subject,
    aud: audience,
    jti: crypto.randomUUID(),
    iat: now,
    nbf: now,
    exp: now + 600,
  };
  const token = signToken(key, claims);
  world.issued.push(token);
  return token;
}

/** Answers as GitHub does to a job that asks for its OIDC token. */
export function answerGithub(world: World, asked: Asked): Response {
  const { searchParams, pathname } = asked.url;
  if (pathname !== GITHUB_PATH || asked.method !== "GET") return problem(404, "The requested resource does not exist.");
  if (bearerOf(asked) !== world.github.requestToken) return problem(401, "The token is missing or wrong.");
  if (searchParams.get("api-version") !== "2.0") return problem(400, "No api-version was supplied for the request.");
  const { issuer, subject, allowed } = world.github;
  if (!allowed) return problem(403, "Resource not accessible by integration");
  const audience = searchParams.get("audience") ?? "https://github.com/contoso";
  const value = assertion(world, { issuer, subject, audience, nowMs: asked.nowMs });
  return Response.json({ count: value.length, value });
}

/** Answers as Azure Pipelines does to a job that asks for a service connection's OIDC token. */
export function answerPipelines(world: World, asked: Asked): Response {
  const { searchParams, pathname } = asked.url;
  if (pathname !== PIPELINES_PATH || asked.method !== "POST") return problem(404, "The resource cannot be found.");
  if (bearerOf(asked) !== world.pipelines.accessToken) {
    // Without the header that says not to, a browser would be led to sign in.
    if (asked.headers.get("x-tfs-fedauthredirect") !== "Suppress") {
      return new Response(null, {
        status: 302,
        headers: { location: "https://spsprodweu1.vssps.visualstudio.com/_signin" },
      });
    }
    return problem(401, "TF400813: The user is not authorized to access this resource.");
  }
  if (!searchParams.has("api-version")) return problem(400, "No api-version was supplied for the request.");
  const subject = world.pipelines.connections.get(searchParams.get("serviceConnectionId") ?? "");
  if (subject === undefined) {
    return problem(404, "The service connection does not exist or has not been authorized for use.");
  }
  const { issuer } = world.pipelines;
  return Response.json({
    oidcToken: assertion(world, { issuer, subject, audience: "api://AzureADTokenExchange", nowMs: asked.nowMs }),
  });
}

function problem(status: number, message: string): Response {
  return Response.json({ $id: "1", message, typeName: "Microsoft.VisualStudio.Services.WebApi.VssServiceException" }, {
    status,
  });
}
