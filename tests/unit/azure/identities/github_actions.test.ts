import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { githubActions, githubRequest, readGithubAnswer } from "../../../../src/azure/identities/github_actions.ts";
import { fakeHost } from "../../../support/host.ts";

test("githubRequest() asks for Entra's audience, and shows the job's token", () => {
  assert.deepEqual(githubRequest(new URL("https://gh.example/id/1?api-version=2.0"), "canary"), {
    method: "GET",
    url: "https://gh.example/id/1?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange",
    headers: { accept: "application/json", authorization: "Bearer canary" },
  });
});

test("readGithubAnswer() gives the token", () => assert.equal(readGithubAnswer(200, '{"value":"t"}'), "t"));

for (
  const [status, body] of [[403, "canary"], [200, "canary"], [200, "{}"], [200, '{"value":5}'], [200, '{"value":""}'], [
    200,
    "null",
  ]] as const
) {
  test(`readGithubAnswer() refuses ${status} ${body} without repeating it`, () => {
    assert.throws(() => readGithubAnswer(status, body), (error: Error) => {
      assert.deepEqual([error.name, Reflect.get(error, "code")], ["AuthError", "github-oidc-refused"]);
      assert.doesNotMatch(error.message, /canary/);
      return true;
    });
  });
}

test("githubActions is configured in a job with the permission, and only possible in one without it", async () => {
  const principal = { AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "c" };
  const job = { ACTIONS_ID_TOKEN_REQUEST_URL: "https://gh", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "canary" };
  const detect = async (env: Readonly<Record<string, string>>) =>
    (await githubActions.detect({ settings: readSettings({ env }).settings, host: fakeHost({ env }) })).is;
  assert.deepEqual([
    await detect({ ...principal, ...job }),
    await detect({ ...principal, GITHUB_ACTIONS: "true" }),
    await detect({ ...job, GITHUB_ACTIONS: "true" }),
    await detect(principal),
  ], ["configured", "possible", "absent", "absent"]);
});
