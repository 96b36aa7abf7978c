import type { GateCase } from "./gate_case.ts";
import type { Stage } from "./stage.ts";

const bad = (name: string, uri: (url: string) => string, says: RegExp): GateCase => ({
  name: `address: ${name}`,
  setup: ({ bearer }) => ({ uri: uri(bearer.url) }),
  expect: "setting-invalid",
  remedy: { says, done: ({ bearer }) => ({ uri: bearer.url }) },
});
const line = /^export MLFLOW_TRACKING_URI=http:\/\/127\.0\.0\.1:\d+$/;
const tls = (name: string, setup: GateCase["setup"], rest: Omit<GateCase, "name" | "setup">): GateCase => ({
  name: `TLS: ${name}`,
  setup,
  ...rest,
});
const ca = ({ pem }: Stage) => ({ MLFLOW_TRACKING_SERVER_CERT_PATH: pem("ca") });
const withClient = (stage: Stage, file: Parameters<Stage["pem"]>[0]) => ({
  env: { ...ca(stage), MLFLOW_TRACKING_CLIENT_CERT_PATH: stage.pem(file) },
});

/** Addresses as people write them, and TLS in every state. */
export const ADDRESS_CASES: readonly GateCase[] = [
  bad("a blank at its end", (url) => `${url} `, line),
  bad("a line end at its end", (url) => `${url}\n`, line),
  bad("a fragment", (url) => `${url}/#/experiments/0`, line),
  bad("a query", (url) => `${url}/?workspace=x`, line),
  bad("a backslash", (url) => `${url}\\team`, /export MLFLOW_TRACKING_URI=http:\/\/127\.0\.0\.1:\d+\/team/),
  bad("no host", () => "http:///team", /export MLFLOW_TRACKING_URI=/),
  bad("a port out of range", () => "http://127.0.0.1:99999", /export MLFLOW_TRACKING_URI=/),
  bad("one slash behind the scheme", (url) => url.replace("//", "/"), line),
  bad("no scheme", (url) => url.replace("http://", ""), line),
  {
    name: "address: the scheme in capitals",
    setup: (s) => ({ uri: s.bearer.url.replace("http", "HTTP") }),
    expect: "pass",
  },
  {
    name: "address: a port on which nothing listens",
    setup: () => ({ uri: "http://127.0.0.1:9" }),
    expect: "mlflow-unreachable",
    remedy: { says: /mlflow server --host 127\.0\.0\.1 --port 9/ },
  },
  {
    name: "address: a name that does not resolve",
    setup: () => ({ uri: "http://mlflow.invalid" }),
    expect: "mlflow-unreachable",
  },
  {
    name: "address: https where there is no TLS",
    setup: (s) => ({ uri: s.bearer.url.replace("http", "https") }),
    expect: "tls-failed",
    remedy: { says: /export MLFLOW_TRACKING_URI=http:\/\/127/, done: ({ bearer }) => ({ uri: bearer.url }) },
  },
  { name: "address: a server of mail", setup: (s) => ({ uri: s.noise }), expect: "mlflow-unreachable" },
  {
    name: "address: a local folder's database",
    setup: () => ({ uri: "sqlite:///:memory:" }),
    expect: "pass",
    warns: "mlflow-uri-unsupported",
  },
  tls("a private authority, named for MLflow", (s) => ({ uri: s.tls.private, env: ca(s) }), { expect: "pass" }),
  tls(
    "a private authority, by REQUESTS_CA_BUNDLE",
    (s) => ({ uri: s.tls.private, env: { REQUESTS_CA_BUNDLE: s.pem("ca") } }),
    { expect: "pass" },
  ),
  tls("a private authority, by CURL_CA_BUNDLE", (s) => ({ uri: s.tls.private, env: { CURL_CA_BUNDLE: s.pem("ca") } }), {
    expect: "pass",
  }),
  ...["MLFLOW_TRACKING_SERVER_CERT_PATH", "REQUESTS_CA_BUNDLE"].map((name) =>
    tls(`a folder that OpenSSL reads, by ${name}`, (s) => ({ uri: s.tls.private, env: { [name]: s.folders.hashed } }), {
      expect: "pass",
    })
  ),
  tls(
    "a folder that OpenSSL does not read",
    (s) => ({ uri: s.tls.private, env: { MLFLOW_TRACKING_SERVER_CERT_PATH: s.folders.plain } }),
    {
      expect: "setting-invalid",
      remedy: {
        says: /openssl rehash/,
        done: (s) => ({ uri: s.tls.private, env: { MLFLOW_TRACKING_SERVER_CERT_PATH: s.folders.hashed } }),
      },
    },
  ),
  {
    name: "address: without TLS, and roots that are not there",
    setup: (s) => ({ uri: s.bearer.url, env: { MLFLOW_TRACKING_SERVER_CERT_PATH: "/nowhere/ca.pem" } }),
    expect: "pass",
  },
  tls("TLS 1.3 alone", (s) => ({ uri: s.tls.modern, env: ca(s) }), { expect: "pass" }),
  tls("a private authority, unknown", (s) => ({ uri: s.tls.private }), {
    expect: "tls-untrusted",
    remedy: { says: /export MLFLOW_TRACKING_SERVER_CERT_PATH=/, done: (s) => ({ uri: s.tls.private, env: ca(s) }) },
  }),
  tls(
    "the wrong file for MLflow",
    (s) => ({ uri: s.tls.private, env: { MLFLOW_TRACKING_SERVER_CERT_PATH: s.pem("self") } }),
    {
      expect: "tls-untrusted",
      remedy: { says: /root/, done: (s) => ({ uri: s.tls.private, env: ca(s) }) },
    },
  ),
  tls(
    "a private authority, by MLFLOW_AUTH_CA_BUNDLE alone",
    (s) => ({ uri: s.tls.private, env: { MLFLOW_AUTH_CA_BUNDLE: s.azure.folder + "/both.pem" } }),
    {
      expect: "pass",
      warns: "tls-untrusted",
      remedy: {
        says: /export MLFLOW_TRACKING_SERVER_CERT_PATH=\S+both\.pem/,
        done: (s) => ({ uri: s.tls.private, env: ca(s) }),
      },
    },
  ),
  tls(
    "a self-signed authority as its own root",
    (s) => ({ uri: s.tls.selfSigned, env: { MLFLOW_TRACKING_SERVER_CERT_PATH: s.pem("self") } }),
    {
      expect: "pass",
      warns: "tls-untrusted",
    },
  ),
  tls("the check switched off", (s) => ({ uri: s.tls.private, env: { MLFLOW_TRACKING_INSECURE_TLS: "true" } }), {
    expect: "pass",
    warns: "tls-untrusted",
  }),
  tls("expired", (s) => ({ uri: s.tls.expired, env: ca(s) }), { expect: "tls-date" }),
  tls("another name", (s) => ({ uri: s.tls.wrongName, env: ca(s) }), { expect: "tls-name" }),
  tls("a client's certificate, TLS 1.2: none", (s) => ({ uri: s.tls.mutual12, env: ca(s) }), {
    expect: "mlflow-client-certificate",
    remedy: {
      says: /MLFLOW_TRACKING_CLIENT_CERT_PATH/,
      done: (s) => ({ uri: s.tls.mutual12, ...withClient(s, "client") }),
    },
  }),
  tls("a client's certificate, TLS 1.3: none", (s) => ({ uri: s.tls.mutual13, env: ca(s) }), {
    expect: "mlflow-client-certificate",
    remedy: {
      says: /MLFLOW_TRACKING_CLIENT_CERT_PATH/,
      done: (s) => ({ uri: s.tls.mutual13, ...withClient(s, "client") }),
    },
  }),
  tls(
    "a client's certificate, TLS 1.2: another authority's",
    (s) => ({ uri: s.tls.mutual12, ...withClient(s, "other-client") }),
    {
      expect: "mlflow-client-certificate",
    },
  ),
  tls(
    "a client's certificate, TLS 1.3: another authority's",
    (s) => ({ uri: s.tls.mutual13, ...withClient(s, "other-client") }),
    {
      expect: "mlflow-client-certificate",
    },
  ),
  tls("a client's certificate without its key", (s) => ({ uri: s.tls.mutual12, ...withClient(s, "client-only") }), {
    expect: "setting-invalid",
    remedy: { says: /key/, done: (s) => ({ uri: s.tls.mutual12, ...withClient(s, "client") }) },
  }),
  tls("a client's certificate that is none", (s) => ({ uri: s.tls.mutual12, ...withClient(s, "no-pem") }), {
    expect: "setting-invalid",
    remedy: { says: /PEM/, done: (s) => ({ uri: s.tls.mutual12, ...withClient(s, "client") }) },
  }),
];
