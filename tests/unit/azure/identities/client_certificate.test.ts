import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { checkCertificateDates, clientCertificate } from "../../../../src/azure/identities/client_certificate.ts";
import { fakeHost } from "../../../support/host.ts";

const DAY = 86_400_000;
const dates = { notBeforeMs: 10 * DAY, notAfterMs: 100 * DAY };
const check = (nowMs: number) => checkCertificateDates(dates, { path: "app.pem", nowMs });

test("checkCertificateDates() says nothing of a certificate that is good for more than 14 days", () => {
  assert.deepEqual([check(10 * DAY), check(86 * DAY)], [undefined, undefined]);
});

test("checkCertificateDates() warns of one that expires within 14 days", () => {
  assert.equal(check(86 * DAY + 1), 'the certificate in "app.pem" expires on 1970-04-11');
});

test("checkCertificateDates() refuses one that has expired or is not valid yet", () => {
  assert.throws(() => check(100 * DAY + 1), {
    code: "certificate-date",
    message: 'Cannot use the certificate file "app.pem": the certificate expired on 1970-04-11',
  });
  assert.throws(() => check(10 * DAY - 1), {
    code: "certificate-date",
    message: 'Cannot use the certificate file "app.pem": the certificate is valid from 1970-01-11 on',
  });
});

test("clientCertificate is configured by its file, and needs tenant and client id", async () => {
  const detect = (env: Readonly<Record<string, string>>) =>
    clientCertificate.detect({ settings: readSettings({ env }).settings, host: fakeHost() });
  const file = { AZURE_CLIENT_CERTIFICATE_PATH: "app.pem" };
  assert.equal((await detect({ ...file, AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "c" })).is, "configured");
  assert.equal((await detect({})).is, "absent");
  await assert.rejects(detect(file), { code: "identity-incomplete" });
});
