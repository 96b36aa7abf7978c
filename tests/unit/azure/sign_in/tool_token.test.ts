import assert from "node:assert/strict";
import { test } from "node:test";
import { AZ } from "../../../../src/azure/identities/azure_cli.ts";
import { AZD } from "../../../../src/azure/identities/azure_developer_cli.ts";
import { PWSH } from "../../../../src/azure/identities/azure_powershell.ts";
import {
  connectTool,
  readToolToken,
  toolRunIn,
  withoutColours,
  withRun,
} from "../../../../src/azure/sign_in/tool_token.ts";

const AT = Date.UTC(2026, 0, 2);
const SECONDS = AT / 1000;

test("readToolToken() finds the answer of each tool among colours and warnings", () => {
  const answers = [
    [AZ, `{"accessToken": "t", "expiresOn": "2030-01-01 00:00:00.000000", "expires_on": ${SECONDS}, "tenant": "x"}`],
    [
      AZ,
      `\u001b[33mWARNING: {old} version\u001b[0m\r\n{\n  \u001b[94m"accessToken"\u001b[0m: "t", "expires_on": ${SECONDS}\n}\nbye`,
    ],
    [AZ, `{"note": 1}\n{"accessToken": "t", "expiresOn": "2026-01-02T00:00:00Z"}`],
    [AZD, `{"token": "t", "expiresOn": "2026-01-02T00:00:00Z"}`],
    [PWSH, `WARNING: x\n{"token":"t","expires":${SECONDS}}`],
  ] as const;
  for (const [tool, stdout] of answers) {
    assert.deepEqual(
      readToolToken(tool, stdout),
      { token: "t", expiresOnTimestamp: AT, tokenType: "Bearer" },
      stdout,
    );
  }
});

test("readToolToken() takes nothing without a token or an end for an answer", () => {
  for (
    const stdout of [
      "",
      "{",
      "{}",
      "[]",
      '{"accessToken": ""}',
      '{"accessToken": "t"}',
      '{"accessToken": 1, "expires_on": 1}',
    ]
  ) {
    assert.equal(readToolToken(AZ, stdout), undefined, stdout);
  }
});

test("withoutColours() leaves the text of coloured and linked words", () => {
  assert.equal(
    withoutColours("\u001b[31;1mERROR\u001b[0m: \u001b]8;;https://x\u0007link\u001b]8;;\u0007"),
    "ERROR: link",
  );
});

test("toolRunIn() finds how a tool ended below what it led to", () => {
  const run = { is: "late", afterMs: 13_000 } as const;
  assert.deepEqual(toolRunIn([new Error("outer"), withRun(run)]), run);
  assert.equal(toolRunIn([new Error("outer")]), undefined);
  assert.equal(typeof connectTool(AZ), "function");
});

test("the tools ask for the resource and the tenant that are wanted, each in its own words", () => {
  const wanted = { scope: "https://vault.azure.net/.default", tenantId: "t-1", claims: "{}" };
  assert.deepEqual(AZ.ask(wanted), [
    ...["account", "get-access-token", "--output", "json", "--resource", "https://vault.azure.net", "--tenant", "t-1"],
  ]);
  assert.deepEqual(AZD.ask(wanted), [
    ...["auth", "token", "--output", "json", "--no-prompt", "--scope", wanted.scope, "--tenant-id", "t-1"],
    ...["--claims", "e30="],
  ]);
  const script = PWSH.ask({ scope: "api://o'x/.default", tenantId: undefined }).at(-1) ?? "";
  assert.match(script, /ResourceUrl = 'api:\/\/o''x'/);
  assert.doesNotMatch(script, /TenantId/);
});
