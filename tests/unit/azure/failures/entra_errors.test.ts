import assert from "node:assert/strict";
import { test } from "node:test";
import { ENTRA_ROWS, explainEntra } from "../../../../src/azure/failures/entra_errors.ts";
import { CONTEXT } from "../../../support/failure_context.ts";

const CLIENT = CONTEXT.clientId;

const expected: readonly (readonly [number, string, string, string])[] = [
  [
    7000215,
    "entra-secret-wrong",
    `the client secret of application ${CLIENT} is wrong`,
    `az ad app credential reset --id ${CLIENT} --append`,
  ],
  [
    7000222,
    "entra-secret-expired",
    `the client secret of application ${CLIENT} has expired`,
    `az ad app credential reset --id ${CLIENT} --append`,
  ],
  [
    90002,
    "entra-tenant-unknown",
    `there is no tenant ${CONTEXT.tenantId} in this cloud`,
    "az account show --query tenantId",
  ],
  [
    900023,
    "entra-tenant-unknown",
    `there is no tenant ${CONTEXT.tenantId} in this cloud`,
    "az account show --query tenantId",
  ],
  [
    700016,
    "entra-app-unknown",
    `tenant ${CONTEXT.tenantId} has no application ${CLIENT}`,
    `az ad sp show --id ${CLIENT}`,
  ],
  [
    700027,
    "entra-certificate-unknown",
    `the certificate is not registered with application ${CLIENT}`,
    "openssl x509 -in app.pem -out app.crt",
  ],
  [700024, "entra-assertion-expired", "the assertion is outside its time range", "timedatectl"],
  [
    700023,
    "entra-assertion-audience",
    "the assertion was made for another authority or application",
    `az ad app show --id ${CLIENT}`,
  ],
  [
    700021,
    "entra-assertion-audience",
    "the assertion was made for another authority or application",
    "(login.microsoftonline.com)",
  ],
  [
    700213,
    "entra-federation-mismatch",
    `no federated credential of application ${CLIENT} has the subject of the assertion`,
    "federated-credential list",
  ],
  [
    7002138,
    "entra-federation-mismatch",
    `no federated credential of application ${CLIENT} has the subject of the assertion`,
    "upper and lower case",
  ],
  [
    700211,
    "entra-federation-mismatch",
    `no federated credential of application ${CLIENT} has the issuer of the assertion`,
    "federated-credential list",
  ],
  [
    700212,
    "entra-federation-mismatch",
    `no federated credential of application ${CLIENT} has the audience of the assertion`,
    "api://AzureADTokenExchange",
  ],
  [
    70021,
    "entra-federation-mismatch",
    `no federated credential of application ${CLIENT} matches the assertion`,
    "federated-credential list",
  ],
  [
    500011,
    "entra-resource-unknown",
    `tenant ${CONTEXT.tenantId} has no application that is called https://vault.azure.net`,
    "az ad sp create --id <application id>",
  ],
  [
    501051,
    "entra-not-assigned",
    `application ${CLIENT} has no role at https://vault.azure.net, which asks for one`,
    "/appRoleAssignedTo --body @role.json",
  ],
  [
    50105,
    "entra-not-assigned",
    `application ${CLIENT} has no role at https://vault.azure.net, which asks for one`,
    "docs/entra.md",
  ],
  [
    65001,
    "entra-consent-missing",
    `nobody has consented that application ${CLIENT} may use https://vault.azure.net`,
    `az ad app permission admin-consent --id ${CLIENT}`,
  ],
  [
    1000002,
    "entra-consent-missing",
    `application ${CLIENT} has a sign-in that a person has to confirm`,
    "az login --scope https://vault.azure.net/.default",
  ],
  [
    53003,
    "entra-refused",
    "it refuses the service principal with a client secret",
    "https://login.microsoftonline.com/error?code=53003",
  ],
];
for (const [number, code, is, remedy] of expected) {
  test(`explainEntra() explains AADSTS${number}`, () => {
    const error = explainEntra(number, CONTEXT);
    assert.deepEqual([error.code, error.message], [
      code,
      `Cannot get a token from "login.microsoftonline.com": ${is} (AADSTS${number})`,
    ]);
    assert.ok(error.remedy.includes(remedy), error.remedy);
  });
}

test("ENTRA_ROWS has each number once, and every one is tested here", () => {
  const numbers = ENTRA_ROWS.flatMap((row) => row.numbers);
  assert.equal(new Set(numbers).size, numbers.length);
  const untested = numbers.filter((number) => !expected.some(([one]) => one === number));
  assert.deepEqual(untested, [7002137, 700222]);
});

test("explainEntra() names the application that a token was asked for, by its id where the scope has it", () => {
  const scope = "api://33333333-aaaa-4000-8000-000000000000/.default";
  const { message, remedy } = explainEntra(500011, { ...CONTEXT, vault: undefined, scope });
  assert.match(message, /that is called api:\/\/33333333-aaaa-4000-8000-000000000000 \(AADSTS500011\)$/);
  assert.match(remedy, /az ad sp create --id 33333333-aaaa-4000-8000-000000000000$/);
});

test("explainEntra() blames the clock for an assertion out of time where it is wrong", () => {
  const error = explainEntra(700024, { ...CONTEXT, skewMs: -3_600_000 });
  assert.deepEqual([error.code, error.message], [
    "clock-skew",
    'Cannot get a token from "login.microsoftonline.com": this machine\'s clock is 60 min behind (AADSTS700024)',
  ]);
  assert.equal(explainEntra(700024, { ...CONTEXT, skewMs: 59_000 }).code, "entra-assertion-expired");
});

test("explainEntra() has workload identity's token file renewed", () => {
  const identity = { name: "workload-identity", title: "workload identity" };
  assert.match(explainEntra(700024, { ...CONTEXT, identity }).remedy, /ls -l \/var\/token$/);
});

test("explainEntra() has words for what is not known", () => {
  const unknown = { ...CONTEXT, clientId: undefined, tenantId: undefined, certificate: undefined };
  for (const { numbers: [number = 0] } of ENTRA_ROWS) {
    const { message, remedy } = explainEntra(number, unknown);
    assert.doesNotMatch(`${message} ${remedy}`, /undefined/);
  }
});
