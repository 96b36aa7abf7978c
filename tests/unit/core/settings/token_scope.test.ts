import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenScope } from "../../../../src/core/settings/token_scope.ts";

const ID = "11111111-1111-4111-8111-111111111111";

const taken: readonly (readonly [text: string, scope: string])[] = [
  [`api://${ID}/.default`, `api://${ID}/.default`],
  [`api://${ID}`, `api://${ID}/.default`],
  [ID, `${ID}/.default`],
  [`${ID}/.default`, `${ID}/.default`],
  [`api://${ID}/mlflow`, `api://${ID}/mlflow/.default`],
  ["https://mlflow.contoso.example", "https://mlflow.contoso.example/.default"],
  ["https://management.azure.com/", "https://management.azure.com//.default"],
  ["https://management.azure.com//.default", "https://management.azure.com//.default"],
  [` api://${ID} \n`, `api://${ID}/.default`],
];

for (const [text, scope] of taken) {
  test(`tokenScope() takes ${JSON.stringify(text)}`, () => assert.equal(tokenScope(text), scope));
}

const refused: readonly (readonly [text: string, says: RegExp])[] = [
  [`api://${ID}/user_impersonation`, new RegExp(`an application asks for api://${ID}/\\.default$`)],
  [`api://${ID}/.default offline_access`, /^expected one scope/],
  [`api://a/.default,api://b/.default`, /^expected one scope/],
  ["mlflow", /^expected an Application ID URI/],
  ["/.default", /^expected an Application ID URI/],
  ["https://mlflow.example/?a=b", /^expected an Application ID URI/],
  ["https://me@mlflow.example", /^expected an Application ID URI/],
];

for (const [text, says] of refused) {
  test(`tokenScope() refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => tokenScope(text), { name: "TypeError", message: says });
  });
}
