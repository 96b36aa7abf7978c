import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError } from "../../../../src/core/errors.ts";
import { ci, githubCause, githubNote, pipelinesNote } from "../../../../src/doctor/checks/ci.ts";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { makeSubject } from "../../../../src/doctor/subject.ts";
import { fakeHost } from "../../../support/host.ts";

const unavailable = new AuthError("github-oidc-unavailable", { message: "Cannot ask GitHub", remedy: "anything" });
const none = new AuthError("identity-none", { message: "Cannot tell", remedy: "sign in" });

const event = (head: string) => JSON.stringify({ pull_request: { head: { repo: { full_name: head } } } });
const pullRequest = (text: string) =>
  fakeHost({
    env: { GITHUB_EVENT_NAME: "pull_request", GITHUB_EVENT_PATH: "/event.json", GITHUB_REPOSITORY: "corp/ml" },
    files: { "/event.json": text },
  });

test("githubCause() tells Dependabot and forks from a missing permission", async () => {
  assert.equal(await githubCause(fakeHost({ env: { GITHUB_ACTOR: "dependabot[bot]" } })), "dependabot");
  assert.equal(await githubCause(pullRequest(event("mallory/ml"))), "fork");
  assert.equal(await githubCause(pullRequest(event("corp/ml"))), "permission");
  assert.equal(await githubCause(pullRequest("not json")), "permission");
  assert.equal(await githubCause(fakeHost({ env: { GITHUB_EVENT_NAME: "push" } })), "permission");
});

test("githubNote() keeps exec's own error and adds the remedy for the cause", () => {
  const { status, code, message, remedy } = githubNote(unavailable, "dependabot");
  assert.deepEqual({ status, code, message, remedy }, {
    status: "fail",
    code: "github-oidc-unavailable",
    message: "Cannot ask GitHub",
    remedy: "skip the job for Dependabot, which never may:  if: github.actor != 'dependabot[bot]'",
  });
});

test("githubNote() is content with any identity", () => {
  assert.equal(githubNote("github-actions", "permission").message, "the GitHub job may ask for an OIDC token");
  assert.equal(
    githubNote("client-secret", "fork").message,
    "the GitHub job needs no OIDC token: client-secret is used",
  );
  assert.equal(githubNote(none, "fork").status, "skip");
});

test("pipelinesNote() tells a service connection that was left out from one that is not needed", () => {
  assert.equal(pipelinesNote("azure-pipelines", {}).status, "ok");
  assert.equal(pipelinesNote("managed-identity", {}).status, "ok");
  assert.equal(pipelinesNote("managed-identity", { AZURE_CLIENT_ID: "c" }).code, "pipelines-oidc-unavailable");
  assert.equal(pipelinesNote("client-secret", { AZURE_CLIENT_ID: "c" }).status, "ok");
  assert.equal(pipelinesNote(none, {}).status, "skip");
  const token = new AuthError("pipelines-oidc-unavailable", { message: "Cannot use it", remedy: "map it" });
  assert.equal(pipelinesNote(token, {}).code, "pipelines-oidc-unavailable");
});

test("ci is skipped outside of a job", async () => {
  const subject = makeSubject({ ...readSettings({ env: {} }), host: fakeHost(), log: makeLog("ERROR", () => {}) });
  assert.deepEqual(await ci.run(subject), [
    { status: "skip", message: "not checked", reason: "not a job of GitHub Actions or Azure Pipelines" },
  ]);
});

test("ci tells a GitHub job that names itself and may not ask for a token from one that may", async () => {
  const job = { GITHUB_ACTIONS: "true", AZURE_TENANT_ID: "contoso.onmicrosoft.com", AZURE_CLIENT_ID: "app" };
  const said = async (given: Readonly<Record<string, string>>) => {
    const env = { ...job, MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/secrets/mlflow", ...given };
    const settings = readSettings({ env, flags: { "--identity": "github-actions" } });
    const notes = await ci.run(makeSubject({ ...settings, host: fakeHost({ env }), log: makeLog("ERROR", () => {}) }));
    return notes.map(({ status, code, message }) => [status, code ?? message]);
  };
  assert.deepEqual(await said({}), [["fail", "github-oidc-unavailable"]]);
  assert.deepEqual(
    await said({ ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.example/", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "t" }),
    [["ok", "the GitHub job may ask for an OIDC token"]],
  );
});
