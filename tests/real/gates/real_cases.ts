import type { GateCase } from "./gate_case.ts";
import type { Stage } from "./stage.ts";

const at =
  (pick: (stage: Stage) => string | undefined, more: (stage: Stage) => object = () => ({})) => (stage: Stage) => {
    const uri = pick(stage);
    return uri === undefined ? undefined : { uri, ...more(stage) };
  };
const pair = ({ texts }: Stage) => ({ secret: texts.pair });
const oidc = ({ oidcToken }: Stage) => ({ secret: JSON.stringify({ token: oidcToken }) });
const trusting = ({ pem }: Stage) => ({ env: { MLFLOW_TRACKING_SERVER_CERT_PATH: pem("ca") } });

/** Real MLflow servers, and the real gates that stand in front of them. */
export const REAL_CASES: readonly GateCase[] = [
  { name: "MLflow, bearer: the token", setup: at((s) => s.bearer.url), expect: "pass" },
  { name: "MLflow, bearer: a slash at the end", setup: at((s) => `${s.bearer.url}/`), expect: "pass" },
  { name: "MLflow, basic-auth: the pair", setup: at((s) => s.basic.url, pair), expect: "pass" },
  { name: "MLflow, open", setup: at((s) => s.open.url), expect: "pass", notShown: true, warns: "mlflow-open" },
  { name: "MLflow without artifacts", setup: at((s) => s.bare.url), expect: "pass" },
  {
    name: "MLflow, bearer: another token",
    setup: at((s) => s.bearer.url, ({ texts }) => ({ secret: texts.wrongToken })),
    expect: "mlflow-rejected",
    remedy: { says: /store a token that the server accepts/, done: (s) => ({ uri: s.bearer.url }) },
  },
  {
    name: "MLflow, basic-auth: another password",
    setup: at((s) => s.basic.url, ({ texts }) => ({ secret: texts.wrongPair })),
    expect: "mlflow-rejected",
    remedy: { says: /store the user's current password/, done: (s) => ({ uri: s.basic.url, ...pair(s) }) },
  },
  {
    name: "MLflow, basic-auth: a token",
    setup: at((s) => s.basic.url),
    expect: "mlflow-wrong-scheme",
    remedy: { says: /"username": "…", "password"/, done: (s) => ({ uri: s.basic.url, ...pair(s) }) },
  },
  {
    name: "MLflow, bearer: a pair",
    setup: at((s) => s.bearer.url, pair),
    expect: "mlflow-wrong-scheme",
    remedy: { says: /"token": "…"/, done: (s) => ({ uri: s.bearer.url }) },
  },
  {
    name: "MLflow: a path below which there is nothing",
    setup: at((s) => `${s.bearer.url}/team`),
    expect: "mlflow-not-mlflow",
    remedy: { says: /correct the address/, done: (s) => ({ uri: s.bearer.url }) },
  },
  {
    name: "MLflow: a Host header that it refuses",
    setup: at((s) => s.blocked.url),
    expect: "mlflow-host-blocked",
    remedy: { says: /--allowed-hosts ".*localhost/ },
  },
  {
    name: "MLflow, workspaces: none named",
    setup: at((s) => s.workspaces.url),
    expect: "pass",
  },
  {
    name: "MLflow, workspaces: an unknown one",
    setup: at((s) => s.workspaces.url, () => ({ env: { MLFLOW_WORKSPACE: "nowhere" } })),
    expect: "mlflow-workspace",
    remedy: { says: /unset MLFLOW_WORKSPACE/, done: (s) => ({ uri: s.workspaces.url }) },
  },
  {
    name: "MLflow, workspaces: an unknown one, and another token",
    setup: at(
      (s) => s.workspaces.url,
      ({ texts }) => ({ env: { MLFLOW_WORKSPACE: "nowhere" }, secret: texts.wrongToken }),
    ),
    expect: "mlflow-workspace",
  },
  {
    name: "MLflow without workspaces: one named",
    setup: at((s) => s.bearer.url, () => ({ env: { MLFLOW_WORKSPACE: "team" } })),
    expect: "mlflow-workspace",
    remedy: { says: /unset MLFLOW_WORKSPACE/, done: (s) => ({ uri: s.bearer.url }) },
  },
  {
    name: "nginx, auth_basic: the pair",
    setup: at((s) => s.nginx?.basic, pair),
    expect: "pass",
  },
  {
    name: "nginx, auth_basic: a token",
    setup: at((s) => s.nginx?.basic),
    expect: "mlflow-wrong-scheme",
    remedy: { says: /"username": "…", "password"/, done: (s) => ({ uri: s.nginx?.basic ?? "", ...pair(s) }) },
  },
  {
    name: "nginx, auth_basic: another password",
    setup: at((s) => s.nginx?.basic, ({ texts }) => ({ secret: texts.wrongPair })),
    expect: "mlflow-rejected",
    remedy: { says: /password/, done: (s) => ({ uri: s.nginx?.basic ?? "", ...pair(s) }) },
  },
  { name: "nginx, auth_request: the token", setup: at((s) => s.nginx?.request), expect: "pass" },
  {
    name: "nginx, auth_request: another token",
    setup: at((s) => s.nginx?.request, ({ texts }) => ({ secret: texts.wrongToken })),
    expect: "mlflow-rejected",
    remedy: { says: /token/, done: (s) => ({ uri: s.nginx?.request ?? "" }) },
  },
  {
    name: "nginx, auth_request: a pair",
    setup: at((s) => s.nginx?.request, pair),
    expect: "mlflow-wrong-scheme",
    remedy: { says: /"token": "…"/, done: (s) => ({ uri: s.nginx?.request ?? "" }) },
  },
  { name: "nginx, TLS: trusted", setup: at((s) => s.nginx?.tls, trusting), expect: "pass" },
  {
    name: "nginx: http at its TLS port",
    setup: at((s) => s.nginx?.tlsPlain),
    expect: "mlflow-wrong-address",
    remedy: { says: /export MLFLOW_TRACKING_URI=https:/, done: (s) => ({ uri: s.nginx?.tls ?? "", ...trusting(s) }) },
  },
  {
    name: "nginx, ssl_verify_client: no certificate",
    setup: at((s) => s.nginx?.mutual, trusting),
    expect: "mlflow-client-certificate",
    remedy: {
      says: /export MLFLOW_TRACKING_CLIENT_CERT_PATH=/,
      done: (s) => ({
        uri: s.nginx?.mutual ?? "",
        env: { MLFLOW_TRACKING_SERVER_CERT_PATH: s.pem("ca"), MLFLOW_TRACKING_CLIENT_CERT_PATH: s.pem("client") },
      }),
    },
  },
  {
    name: "nginx, ssl_verify_client: another authority's certificate",
    setup: at((s) => s.nginx?.mutual, ({ pem }) => ({
      env: { MLFLOW_TRACKING_SERVER_CERT_PATH: pem("ca"), MLFLOW_TRACKING_CLIENT_CERT_PATH: pem("other-client") },
    })),
    expect: "mlflow-client-certificate",
    remedy: { says: /authority/ },
  },
  {
    name: "nginx: a redirect to https",
    setup: at((s) => s.nginx?.toHttps, trusting),
    expect: "mlflow-wrong-address",
    remedy: { says: /export MLFLOW_TRACKING_URI=https:/, done: (s) => ({ uri: s.nginx?.tls ?? "", ...trusting(s) }) },
  },
  {
    name: "nginx: a redirect to another path",
    setup: at((s) => s.nginx?.toPath),
    expect: "mlflow-wrong-address",
    remedy: { says: /\/team/, done: (s) => ({ uri: `${s.nginx?.toPath}/team` }) },
  },
  { name: "nginx: the upstream is gone", setup: at((s) => s.nginx?.gone), expect: "mlflow-failed" },
  {
    name: "nginx: a rewritten Host header",
    setup: at((s) => s.nginx?.hostRewritten),
    expect: "mlflow-host-blocked",
    remedy: { says: /proxy/ },
  },
  {
    name: "Caddy, basicauth: the pair",
    setup: at((s) => s.caddy?.basic, pair),
    expect: "pass",
  },
  {
    name: "Caddy, basicauth: a token",
    setup: at((s) => s.caddy?.basic),
    expect: "mlflow-wrong-scheme",
    remedy: { says: /"username"/, done: (s) => ({ uri: s.caddy?.basic ?? "", ...pair(s) }) },
  },
  { name: "Caddy, forward_auth: the token", setup: at((s) => s.caddy?.forward), expect: "pass" },
  {
    name: "Caddy, forward_auth: another token",
    setup: at((s) => s.caddy?.forward, ({ texts }) => ({ secret: texts.wrongToken })),
    expect: "mlflow-rejected",
    remedy: { says: /token/, done: (s) => ({ uri: s.caddy?.forward ?? "" }) },
  },
  { name: "mlflow-oidc-auth: the provider's token", setup: at((s) => s.oidc?.url, oidc), expect: "pass" },
  {
    name: "mlflow-oidc-auth: another token",
    setup: at((s) => s.oidc?.url),
    expect: "mlflow-rejected",
    remedy: { says: /token/, done: (s) => ({ uri: s.oidc?.url ?? "", ...oidc(s) }) },
  },
  {
    name: "mlflow-oidc-auth: a pair",
    setup: at((s) => s.oidc?.url, pair),
    expect: "mlflow-rejected",
    remedy: { says: /token|password/, done: (s) => ({ uri: s.oidc?.url ?? "", ...oidc(s) }) },
  },
];
