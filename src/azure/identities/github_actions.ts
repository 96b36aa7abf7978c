import { AuthError } from "../../core/errors.ts";
import { connectAssertion } from "../sign_in/client_assertion.ts";
import { type HttpRequest, isResponse } from "../http/message.ts";
import type { Identity, TokenContext } from "./identity.ts";
import { unset } from "../sign_in/incomplete.ts";
import { isLoopback } from "../../core/host_name.ts";
import { explainNetwork } from "../failures/network_errors.ts";
import { tenantOf } from "../sign_in/tenant.ts";

const AUDIENCE = "api://AzureADTokenExchange";
const PERMISSION = "give the job the permission:  permissions: { id-token: write, contents: read }" +
  "; a fork's or Dependabot's pull request never has it";

/**
 * The request for a GitHub Actions job's OIDC token.
 *
 * @param url what `ACTIONS_ID_TOKEN_REQUEST_URL` says
 * @param token what `ACTIONS_ID_TOKEN_REQUEST_TOKEN` says
 * @returns the request
 *
 * @see https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
export function githubRequest(url: URL, token: string): HttpRequest {
  const asked = new URL(url);
  asked.searchParams.set("audience", AUDIENCE);
  return { method: "GET", url: asked.href, headers: { accept: "application/json", authorization: `Bearer ${token}` } };
}

/**
 * Reads GitHub's answer.
 *
 * @param status the answer's status
 * @param body the answer's body
 * @returns the OIDC token
 * @throws {AuthError} `github-oidc-refused`
 */
export function readGithubAnswer(status: number, body: string): string {
  const refused = (is: string): AuthError =>
    new AuthError("github-oidc-refused", {
      message: `Cannot get an OIDC token from GitHub for "${AUDIENCE}": ${is}`,
      remedy: PERMISSION,
    });
  if (status !== 200) throw refused(`it answered ${status}`);
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    throw refused("it answered with something else than JSON");
  }
  const value = typeof answer === "object" && answer !== null && "value" in answer ? answer.value : undefined;
  if (typeof value !== "string" || value === "") throw refused("its answer holds no token");
  return value;
}

async function assertion({ settings, http }: TokenContext): Promise<string> {
  const url = settings.oidcRequestUrl.value;
  const token = settings.oidcRequestToken.value;
  if (url === undefined || token === undefined) throw unavailable();
  if (url.protocol !== "https:" && !isLoopback(url.hostname)) {
    throw new AuthError("setting-invalid", {
      message: 'Cannot use "ACTIONS_ID_TOKEN_REQUEST_URL": a token is asked for over https only',
      remedy: "leave the variable as the job has it: unset it in your own files",
    });
  }
  const answer = await http.send(githubRequest(url, token.reveal()));
  if (!isResponse(answer)) throw explainNetwork(answer, { doing: "Cannot get an OIDC token from GitHub" });
  return readGithubAnswer(answer.status, answer.body);
}

function unavailable(): AuthError {
  return new AuthError("github-oidc-unavailable", {
    message: 'Cannot get an OIDC token from GitHub: "ACTIONS_ID_TOKEN_REQUEST_URL" and its token are not set',
    remedy: PERMISSION,
  });
}

/**
 * A GitHub Actions job that shows a token which GitHub made for it, a fresh one each time.
 *
 * @see https://docs.github.com/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-azure
 */
export const githubActions: Identity = {
  name: "github-actions",
  title: "GitHub Actions job",
  sdkNames: [],
  group: "prod",
  needs: "AZURE_TENANT_ID and AZURE_CLIENT_ID, and a job with the permission id-token: write",
  detect: ({ settings, host }) => {
    const own = unset({ AZURE_TENANT_ID: settings.tenantId.value, AZURE_CLIENT_ID: settings.clientId.value });
    const job = unset({
      ACTIONS_ID_TOKEN_REQUEST_URL: settings.oidcRequestUrl.value,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: settings.oidcRequestToken.value,
    });
    if (own.length === 0 && job.length === 0) {
      return Promise.resolve({ is: "configured", reason: "the job may ask for an OIDC token" });
    }
    const isJob = host.env.GITHUB_ACTIONS === "true";
    const missing = [...own, ...job].join(" and ");
    if (isJob && own.length === 0) return Promise.resolve({ is: "possible", reason: `${missing} not set` });
    return Promise.resolve({ is: "absent", reason: `${missing} not set` });
  },
  // A job that names a tenant and an application and has nothing else to show means this identity.
  confirm: () => Promise.reject(unavailable()),
  tenant: tenantOf,
  connect: (context) => connectAssertion(context, () => assertion(context)),
};
