import { AuthError } from "../../core/errors.ts";
import type { Host } from "../../core/host.ts";
import type { Check } from "./check.ts";
import { errorOf } from "../error_of.ts";
import { failed, type Note, ok, skip, warn } from "../finding.ts";
import type { Subject } from "../subject.ts";

/** Looks at what a CI job has to be given before it can ask for an OIDC token. */
export const ci: Check = {
  name: "ci",
  doc: "A GitHub Actions or Azure Pipelines job may ask for the OIDC token that it needs",
  run: async (subject) => {
    const { env } = subject.host;
    const isGithub = env["GITHUB_ACTIONS"] === "true";
    if (!isGithub && !/^true$/i.test(env["TF_BUILD"] ?? "")) {
      return [skip("not a job of GitHub Actions or Azure Pipelines")];
    }
    const chosen = await chosenName(subject);
    return [isGithub ? githubNote(chosen, await githubCause(subject.host)) : pipelinesNote(chosen, env)];
  },
};

/** Name of the identity that exec would take, or why it could take none, or why the job cannot be the one that was named. */
async function chosenName({ settings, host, steps }: Subject): Promise<string | AuthError> {
  const error = await errorOf(steps.choice);
  if (error !== undefined) return error;
  const { identity } = await steps.choice();
  const { name } = identity;
  if (name !== "github-actions" || (await identity.detect({ settings, host })).is === "configured") return name;
  return await errorOf(() => identity.confirm?.({ settings, host }) ?? Promise.resolve()) ?? name;
}

/** Why a GitHub job may get no OIDC token. */
export type GithubCause = "dependabot" | "fork" | "permission";

/**
 * Finds out why a GitHub job that may not ask for an OIDC token may not.
 *
 * @param host the job's environment, and the file of its event
 * @returns `dependabot` or `fork`, whose runs never may, else `permission`
 * @see https://docs.github.com/en/actions/reference/security/oidc
 *
 * @example
 * ```ts
 * import { githubCause } from "./ci.ts";
 * import assert from "node:assert/strict";
 *
 * const readText = () => Promise.reject(new Error("no file"));
 * assert.equal(await githubCause({ env: { GITHUB_ACTOR: "dependabot[bot]" }, readText }), "dependabot");
 * ```
 */
export async function githubCause({ env, readText }: Pick<Host, "env" | "readText">): Promise<GithubCause> {
  if (env["GITHUB_ACTOR"] === "dependabot[bot]") return "dependabot";
  const path = env["GITHUB_EVENT_PATH"];
  if (env["GITHUB_EVENT_NAME"] !== "pull_request" || path === undefined) return "permission";
  // An event that cannot be read tells nothing: then the permission is the likelier cause.
  const head = headRepository(await readText(path).catch(() => ""));
  return head === undefined || head === env["GITHUB_REPOSITORY"] ? "permission" : "fork";
}

function headRepository(event: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(event);
  } catch {
    // No event, so no repository.
    return undefined;
  }
  for (const key of ["pull_request", "head", "repo", "full_name"]) {
    value = typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
  }
  return typeof value === "string" ? value : undefined;
}

const REMEDIES: Readonly<Record<GithubCause, string>> = {
  dependabot: "skip the job for Dependabot, which never may:  if: github.actor != 'dependabot[bot]'",
  fork: "skip the job for forks, which never may:  " +
    "if: github.event.pull_request.head.repo.full_name == github.repository",
  permission: "give the job the permission:  permissions: { id-token: write, contents: read }" +
    "  (a reusable workflow needs it in its caller too)",
};

/**
 * What a GitHub job can prove itself with.
 *
 * @param chosen name of the identity, or why there is none
 * @param cause why a job that may not ask for a token may not
 * @returns one note
 *
 * @example
 * ```ts
 * import { githubNote } from "./ci.ts";
 * import { AuthError } from "../../core/errors.ts";
 * import assert from "node:assert/strict";
 *
 * const error = new AuthError("github-oidc-unavailable", { message: "Cannot ask", remedy: "ask" });
 * assert.match(githubNote(error, "fork").remedy ?? "", /^skip the job for forks/);
 * ```
 */
export function githubNote(chosen: string | AuthError, cause: GithubCause): Note {
  if (chosen === "github-actions") return ok("the GitHub job may ask for an OIDC token");
  if (typeof chosen === "string") return ok(`the GitHub job needs no OIDC token: ${chosen} is used`);
  if (chosen.code !== "github-oidc-unavailable") return skip("no identity could be chosen");
  return { ...failed(chosen), remedy: REMEDIES[cause] };
}

/**
 * What an Azure Pipelines job can prove itself with.
 *
 * @param chosen name of the identity, or why there is none
 * @param env the job's environment
 * @returns one note
 * @see https://learn.microsoft.com/azure/devops/pipelines/build/variables
 *
 * @example
 * ```ts
 * import { pipelinesNote } from "./ci.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(pipelinesNote("azure-pipelines", {}).status, "ok");
 * assert.equal(pipelinesNote("managed-identity", { AZURE_CLIENT_ID: "c" }).code, "pipelines-oidc-unavailable");
 * ```
 */
export function pipelinesNote(chosen: string | AuthError, env: Host["env"]): Note {
  if (chosen === "azure-pipelines") return ok("the pipeline may ask for an OIDC token");
  if (chosen instanceof AuthError) {
    return chosen.code === "pipelines-oidc-unavailable" ? failed(chosen) : skip("no identity could be chosen");
  }
  const isSet = (name: string): boolean => (env[name] ?? "") !== "";
  // A client id without a proof is what a service connection leaves to a step that runs outside of its task.
  if (!isSet("AZURE_CLIENT_ID") || chosen !== "managed-identity") {
    return ok(`the pipeline needs no OIDC token: ${chosen} is used`);
  }
  return warn("pipelines-oidc-unavailable", {
    message:
      "Cannot use the service connection: AZURESUBSCRIPTION_SERVICE_CONNECTION_ID or SYSTEM_OIDCREQUESTURI is not set",
    remedy:
      "run the step in the task AzureCLI@2 with azureSubscription, and env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }",
  });
}
