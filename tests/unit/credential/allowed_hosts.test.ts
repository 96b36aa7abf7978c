import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../src/core/settings/read_settings.ts";
import { checkTrackingHost, isAllowedHost } from "../../../src/credential/allowed_hosts.ts";

const allowed: readonly (readonly [string, string])[] = [
  ["https://mlflow.corp", "mlflow.corp"],
  ["https://MLFLOW.corp:5000/x", "mlflow.CORP"],
  ["https://a.b.corp", "*.corp"],
  ["https://ml1.corp", "ml?.corp"],
  ["https://anything", "*"],
  ["https://mlflow.corp:5000", "mlflow.corp:5000"],
  ["https://mlflow.corp", "mlflow.corp:443"],
  ["http://[::1]:5000", "::1"],
  ["http://[::1]:5000", "[::1]"],
];
const refused: readonly (readonly [string, string])[] = [
  ["https://corp", "*.corp"],
  ["https://mlflow.corp.evil.example", "mlflow.corp"],
  ["https://xmlflow.corp", "mlflow.corp"],
  ["https://mlflowxcorp", "mlflow.corp"],
  ["https://ml12.corp", "ml?.corp"],
  ["https://mlflow.corp:8443", "mlflow.corp:5000"],
  ["https://mlflow.corp", ""],
  ["https://a+b.corp", "a{1}.corp"],
];

for (const [url, pattern] of allowed) {
  test(`isAllowedHost() lets ${pattern} allow ${url}`, () =>
    assert.ok(isAllowedHost(new URL(url), ["nobody", pattern])));
}
for (const [url, pattern] of refused) {
  test(`isAllowedHost() does not let ${JSON.stringify(pattern)} allow ${url}`, () => {
    assert.ok(!isAllowedHost(new URL(url), [pattern]));
  });
}

const check = (env: Readonly<Record<string, string>>) => () => checkTrackingHost(readSettings({ env }).settings, env);

test("checkTrackingHost() allows every host without a list", () => check({ MLFLOW_TRACKING_URI: "https://any" })());

test("checkTrackingHost() does not care for URIs that are not http(s)", () => {
  for (const uri of ["databricks", "sqlite:///mlflow.db", "file:///tmp/x"]) {
    check({ MLFLOW_SECRETS_ALLOWED_HOSTS: "mlflow.corp", MLFLOW_TRACKING_URI: uri })();
  }
});

test("checkTrackingHost() names the host that is not allowed, and no user", () => {
  const env = {
    MLFLOW_SECRETS_ALLOWED_HOSTS: "mlflow.corp",
    MLFLOW_TRACKING_URI: "https://ada:pw@evil.example:8443/x",
  };
  assert.throws(check(env), {
    code: "host-not-allowed",
    message: 'Cannot hand a credential to "evil.example:8443": MLFLOW_SECRETS_ALLOWED_HOSTS does not name it',
    remedy: "add evil.example to MLFLOW_SECRETS_ALLOWED_HOSTS, or correct MLFLOW_TRACKING_URI",
  });
});

test("checkTrackingHost() names the option that holds the list", () => {
  const env = { MLFLOW_TRACKING_URI: "https://evil.example" };
  const { settings } = readSettings({ env, flags: { "--allowed-hosts": "mlflow.corp" } });
  assert.throws(() => checkTrackingHost(settings, env), {
    code: "host-not-allowed",
    message: 'Cannot hand a credential to "evil.example": --allowed-hosts does not name it',
    remedy: "add evil.example to --allowed-hosts, or correct MLFLOW_TRACKING_URI",
  });
});

test("checkTrackingHost() looks at every variable that names a server of MLflow", () => {
  const names = [
    "MLFLOW_REGISTRY_URI",
    "MLFLOW_DEPLOYMENTS_TARGET",
    "MLFLOW_GATEWAY_URI",
    "MLFLOW_WORKSPACE_STORE_URI",
  ];
  for (const name of names) {
    const env = { MLFLOW_SECRETS_ALLOWED_HOSTS: "mlflow.corp", [name]: "https://evil.example" };
    assert.throws(check(env), {
      code: "host-not-allowed",
      remedy: `add evil.example to MLFLOW_SECRETS_ALLOWED_HOSTS, or correct ${name}`,
    });
  }
});

test("checkTrackingHost() refuses a control character wherever it stands: Python drops some, also from a scheme", () => {
  const odd = [
    "ht\ttps://evil.example",
    "\u0001https://evil.example",
    "https:\n//evil.example",
    "htt\rps://mlflow.corp",
  ];
  for (const uri of [...odd, "https://mlflow.corp/\u007f", "databricks\u0000", "\u0085https://mlflow.corp"]) {
    const env = { MLFLOW_SECRETS_ALLOWED_HOSTS: "*", MLFLOW_TRACKING_URI: uri };
    assert.throws(check(env), { code: "setting-invalid" }, JSON.stringify(uri));
  }
});

test("checkTrackingHost() refuses every host where the list is set and empty", () => {
  for (const list of ["", " ", ","]) {
    const env = { MLFLOW_SECRETS_ALLOWED_HOSTS: list, MLFLOW_TRACKING_URI: "https://mlflow.corp" };
    assert.throws(check(env), { code: "host-not-allowed" }, JSON.stringify(list));
  }
});

test("checkTrackingHost() refuses a URI whose host clients read differently", () => {
  for (
    const uri of [
      "https://mlflow.corp\\@evil.example",
      "https://mlflow.corp\t.evil.example",
      " https://evil.example",
      "https://",
    ]
  ) {
    const env = { MLFLOW_SECRETS_ALLOWED_HOSTS: "mlflow.corp,*", MLFLOW_TRACKING_URI: uri };
    assert.throws(check(env), { code: "setting-invalid" }, JSON.stringify(uri));
  }
});
