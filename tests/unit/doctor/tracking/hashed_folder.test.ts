import assert from "node:assert/strict";
import { test } from "node:test";
import { readHashedFolder, subjectHash } from "../../../../src/doctor/tracking/hashed_folder.ts";
import { fakeHost } from "../../../support/host.ts";

// openssl req -x509 -subj "/C=DE/O=mlflow-auth Test  Ä/CN=Root Of  Tests" -utf8; openssl x509 -subject_hash says c22cc5c3
const PEM = `-----BEGIN CERTIFICATE-----
MIIDazCCAlOgAwIBAgIUX3bHGPiI0IQqqpx9s63hK/lLj08wDQYJKoZIhvcNAQEL
BQAwRTELMAkGA1UEBhMCREUxHTAbBgNVBAoMFG1sZmxvdy1hdXRoIFRlc3QgIMOE
MRcwFQYDVQQDDA5Sb290IE9mICBUZXN0czAeFw0yNjExMzAwNDI2NTZaFw0yNjEy
MzAwNDI2NTZaMEUxCzAJBgNVBAYTAkRFMR0wGwYDVQQKDBRtbGZsb3ctYXV0aCBU
ZXN0ICDDhDEXMBUGA1UEAwwOUm9vdCBPZiAgVGVzdHMwggEiMA0GCSqGSIb3DQEB
AQUAA4IBDwAwggEKAoIBAQDZv7QgGoxX6BGvd/aLoPW3NquhUp249KOzZvm5523m
C5819EBBU0Gs2NFlkUofzzHpe42JNtWF5xpGYZhGsz27z5a6jzy/Zg9jkyyYM+EC
iXUKA7VFw6WY8KpmDbtVdZoL7LqS2lIRz/m/wgIj1z9ZzGq3U+oL9RWGeHNN2aVB
Tvprt81HT0qusKi/m40v5+VBzyyHC2ALQF51soOGXNCAicvFjalgTCsk/yaNEhnd
ko1xXJZG/qfrV2uejURo/Vnfh5+Tyr479FGPfC2LjQhROLQgDlHYBJ535kC7zBQ7
CEFkEVWZrQr2ZhUHd2d8jcbGEDZVdA128c0V4TI1XnhZAgMBAAGjUzBRMB0GA1Ud
DgQWBBSqlBXIoVo8yw/VKvHcflEky2KgMDAfBgNVHSMEGDAWgBSqlBXIoVo8yw/V
KvHcflEky2KgMDAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQCR
goNw55OLj4JEEaTJTvkP28PPLC3nJvOcvUP32h0h/0PmDjZB8Ge8yAW8kxl2BFzj
0r+Z+jsuRFuyc3xdoYSJRodm8Wb/qXZGjo+I7LfQsooUhrn64ABdLg0ir/schH9w
cLGuLCPQPE9OL965hXq9XFpMiM/5s4DFs/ii91qbjD9rRiE/B7ZVN3kDqmm4itHS
mQVpsm6JpwiwgQIB5ghOjOUQMM+3UEo5CWnJ/JbzNrDDCq/bGQJZSjHWnYvAfEfA
Q3vRE+DY/C6Le09UYKJYEz19n5B77IkpRG9fa+DllAHPB9lHOKQDr6HhcIiT2Cs4
KUoCpzZ5tlvcQN1ZrchP
-----END CERTIFICATE-----
`;
const HASH = "c22cc5c3";

test("subjectHash() gives what openssl x509 -subject_hash prints, for capitals, blanks and letters beyond Latin", async () => {
  assert.equal(await subjectHash(PEM), HASH);
  assert.equal(await subjectHash("no certificate"), undefined);
});

async function found(files: Readonly<Record<string, string>>): Promise<number> {
  const host = fakeHost({
    files: Object.fromEntries(Object.entries(files).map(([name, text]) => [`/d/${name}`, text])),
  });
  return (await readHashedFolder("/d", { names: Object.keys(files), host })).length;
}

test("readHashedFolder() finds what OpenSSL finds: by the hash of the name, from .0 on", async () => {
  assert.deepEqual([
    await found({ [`${HASH}.0`]: PEM, "README": "x" }),
    await found({ [`${HASH}.0`]: "damaged", [`${HASH}.1`]: PEM }),
    await found({ [`${HASH}.1`]: PEM }),
    await found({ "ca.pem": PEM }),
    await found({ "aea383c5.0": PEM }),
    await found({}),
  ], [1, 1, 0, 0, 0, 0]);
});
