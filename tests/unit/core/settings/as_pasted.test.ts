import assert from "node:assert/strict";
import { test } from "node:test";
import { flawOf, unwrap } from "../../../../src/core/settings/as_pasted.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";

test("readSettings() refuses a reference that nobody resolved, before anything is asked", () => {
  const references = [
    "$(X)",
    "${X}",
    "${{ secrets.X }}",
    "{{X}}",
    "%X%",
    "<X>",
    "__X__",
    "@Microsoft.KeyVault(SecretUri=x)",
  ];
  const names = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "MLFLOW_AZURE_SECRET_NAME", "MLFLOW_AZURE_SECRET_VERSION"];
  for (
    const name of [...names, "AZURE_CLIENT_CERTIFICATE_PATH", "MLFLOW_AUTH_CA_BUNDLE", "MLFLOW_SECRETS_ALLOWED_HOSTS"]
  ) {
    for (const reference of references) {
      const { problems } = readSettings({ env: { [name]: reference } });
      assert.match(problems[0]?.message ?? "", /: it holds a reference that nobody resolved: /, `${name}=${reference}`);
    }
  }
  for (const reference of references.slice(0, -1)) {
    const { problems } = readSettings({ env: { MLFLOW_AZURE_KEY_VAULT_URL: reference } });
    assert.equal(problems[0]?.code, "setting-invalid", reference);
  }
});

test("unwrap() takes one pair of quotes and the white space, and no quote that is part of the value", () => {
  const table = [
    ["mlflow", "mlflow", undefined],
    ['"mlflow"', "mlflow", "stands in quotes"],
    ["“mlflow”", "mlflow", "stands in quotes"],
    ["''a''", "'a'", "stands in quotes"],
    ['"a', '"a', undefined],
    ['"', '"', undefined],
    [" a", "a", "begins with white space"],
    ["a\u00a0", "a", "ends in white space"],
    ["a\r\n", "a", "ends in a line break"],
  ] as const;
  assert.deepEqual(table.map(([text]) => unwrap(text)), table.map(([, text, dropped]) => ({ text, dropped })));
});

test("flawOf() says what is wrong with a secret that was refused, and nothing of one that looks right", () => {
  const table = [
    ["Zq38Q~canary", undefined],
    ["pa$$word{1}%x%<y>", undefined],
    ["canary\n", "ends in a line break"],
    ["'canary'", "stands in quotes"],
    ["${{ secrets.X }}", "is a reference that nobody resolved: ${{ … }}"],
    [
      "@Microsoft.KeyVault(SecretUri=https://team.vault.azure.net/secrets/a)",
      "is a reference that nobody resolved: @Microsoft.KeyVault(…)",
    ],
    ["11111111-aaaa-4000-8000-000000000000", "is a GUID: the id of a secret, not its value"],
  ] as const;
  assert.deepEqual(table.map(([text]) => flawOf(text)), table.map(([, flaw]) => flaw));
});
