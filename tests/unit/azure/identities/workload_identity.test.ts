import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import type { TokenContext } from "../../../../src/azure/identities/identity.ts";
import {
  connectWorkloadIdentity,
  federatedTokenUnreadable,
  workloadIdentity,
} from "../../../../src/azure/identities/workload_identity.ts";
import { fakeHost } from "../../../support/host.ts";

const env = { AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "c", AZURE_FEDERATED_TOKEN_FILE: "/var/token" };
const { settings } = readSettings({ env });
const contextWith = (files: Readonly<Record<string, string>>): TokenContext => ({
  settings,
  host: fakeHost({ files }),
  authority: { url: "https://login.corp", host: "login.corp", custom: true },
  http: {
    send: () => Promise.reject(),
    sendAhead: () => {},
    lastFailure: () => undefined,
    busy: () => undefined,
    waitingFor: () => undefined,
    skewMs: () => undefined,
  },
  hooks: {},
  log: makeLog("ERROR", () => {}),
  options: {
    authorityHost: "https://login.corp",
    httpClient: { sendRequest: () => Promise.reject() },
    retryOptions: { maxRetries: 0 },
    disableInstanceDiscovery: true,
    additionallyAllowedTenants: [],
  },
  signal: new AbortController().signal,
  askAhead: undefined,
  leave: () => Promise.resolve(),
  keep: (error) => error,
});

test("workloadIdentity is configured by its file, and needs tenant and client id", async () => {
  const at = (own: Readonly<Record<string, string>>) => ({
    settings: readSettings({ env: own }).settings,
    host: fakeHost(),
  });
  assert.deepEqual(await workloadIdentity.detect(at(env)), {
    is: "configured",
    reason: "AZURE_FEDERATED_TOKEN_FILE is set",
  });
  assert.equal((await workloadIdentity.detect(at({}))).is, "absent");
  await assert.rejects(workloadIdentity.detect(at({ AZURE_FEDERATED_TOKEN_FILE: "x" })), {
    code: "identity-incomplete",
  });
});

test("connectWorkloadIdentity() refuses a token file that is missing or empty before any request", async () => {
  await assert.rejects(connectWorkloadIdentity(contextWith({})), {
    code: "federated-token-unreadable",
    message: 'Cannot read the federated token file "/var/token": there is no such file',
  });
  await assert.rejects(connectWorkloadIdentity(contextWith({ "/var/token": " \n" })), {
    message: 'Cannot read the federated token file "/var/token": it is empty',
  });
});

test("federatedTokenUnreadable() names the file and the reason", () => {
  assert.equal(federatedTokenUnreadable("/a", "EACCES").message, 'Cannot read the federated token file "/a": EACCES');
});
