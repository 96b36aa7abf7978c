import type { ErrorCode } from "../../../src/core/errors.ts";
import type { GateCase } from "./gate_case.ts";
import type { Stage } from "./stage.ts";

const pair = ({ texts }: Stage) => ({ secret: texts.pair });

/** What becomes of a kind of the stub with a token, and with a pair where that differs. */
const row = (
  kind: string,
  expect: ErrorCode | "pass",
  more: Partial<Pick<GateCase, "warns" | "notShown">> & { readonly says?: RegExp; readonly pair?: true } = {},
): GateCase => {
  const { says, pair: isPair, ...rest } = more;
  return {
    name: `${kind}: ${isPair ? "a pair" : "a token"}`,
    setup: (stage) => ({ uri: `${stage.stub.url}/${kind}`, ...(isPair ? pair(stage) : {}) }),
    expect,
    ...rest,
    ...(says === undefined ? {} : { remedy: { says } }),
  };
};

/** Where the remedy is another secret or another address below the stub, it is done. */
const mended = (
  one: GateCase,
  done: (stage: Stage) => { readonly uri: string; readonly secret?: string },
): GateCase => ({
  ...one,
  remedy: { says: one.remedy?.says ?? /./, done },
});
const usesPair = (kind: string) => (stage: Stage) => ({ uri: `${stage.stub.url}/${kind}`, ...pair(stage) });

/** Answers that no server here gives by itself. */
export const STUB_CASES: readonly GateCase[] = [
  row("fine", "pass"),
  row("fine", "pass", { pair: true }),
  row("fine-as-html", "pass"),
  row("fine-no-experiments", "pass"),
  row("fine-deflate", "pass"),
  row("health-404", "pass"),
  row("health-guarded", "pass"),
  row("version-slow", "pass"),
  row("version-broken", "pass"),
  row("version-endless", "pass"),
  row("user-500", "pass"),
  row("user-top-level", "pass"),
  row("user-slow", "pass"),
  row("artifacts-404", "pass"),
  row("artifacts-500", "pass", { warns: "mlflow-failed" }),
  row("artifacts-never", "pass"),
  row("slow-search", "pass", { warns: "mlflow-slow" }),
  row("open", "pass", { notShown: true, warns: "mlflow-open" }),
  row("basic-page", "mlflow-wrong-scheme"),
  row("basic-page", "mlflow-rejected", { pair: true }),
  row("basic-empty", "mlflow-wrong-scheme"),
  row("basic-empty", "mlflow-rejected", { pair: true }),
  row("basic-and-bearer", "mlflow-rejected"),
  row("basic-and-bearer", "mlflow-rejected", { pair: true }),
  row("bearer-and-basic-lines", "mlflow-rejected"),
  row("bearer-and-basic-lines", "mlflow-rejected", { pair: true }),
  row("negotiate", "mlflow-wrong-scheme", { says: /no token and no password/ }),
  row("ntlm", "mlflow-wrong-scheme", { says: /no token and no password/ }),
  row("digest", "mlflow-wrong-scheme", { says: /no token and no password/ }),
  row("challenge-none-page", "mlflow-intercepted"),
  row("challenge-none-json", "mlflow-rejected"),
  row("challenge-odd", "mlflow-wrong-scheme"),
  row("easyauth-401", "mlflow-rejected", { says: /audience/ }),
  row("easyauth-login", "mlflow-intercepted"),
  row("iap", "mlflow-intercepted", { says: /audience/ }),
  row("cloudflare-access", "mlflow-intercepted"),
  row("oauth2-login", "mlflow-intercepted"),
  row("login-page", "mlflow-intercepted"),
  row("waf-403", "mlflow-intercepted"),
  row("forbidden-scope", "mlflow-forbidden", { says: /scope/ }),
  row("forbidden-token", "mlflow-rejected"),
  row("forbidden-mlflow", "mlflow-forbidden"),
  row("forbidden-json", "mlflow-forbidden"),
  row("forbidden-oidc-auth", "mlflow-forbidden"),
  row("databricks-403", "mlflow-rejected"),
  row("databricks-401", "mlflow-rejected"),
  row("unknown-user", "mlflow-rejected", { says: /create the user/ }),
  row("host-refused", "mlflow-host-blocked"),
  row("proxy-407", "network-proxy"),
  row("throttled", "mlflow-throttled"),
  row("error-500", "mlflow-failed"),
  row("error-500-json", "mlflow-failed"),
  row("error-502", "mlflow-failed"),
  row("error-503", "mlflow-failed"),
  row("error-504", "mlflow-failed"),
  row("error-400-tls-port", "mlflow-wrong-address", { says: /https:/ }),
  row("error-400-go-tls", "mlflow-wrong-address", { says: /https:/ }),
  row("error-431", "mlflow-failed"),
  row("error-405", "mlflow-not-mlflow"),
  row("not-found-page", "mlflow-not-mlflow"),
  row("not-found-json", "mlflow-not-mlflow"),
  row("empty-200", "pass", { notShown: true, warns: "mlflow-not-mlflow" }),
  row("json-200", "pass", { warns: "mlflow-not-mlflow" }),
  row("empty-204", "mlflow-not-mlflow"),
  row("list-200", "mlflow-not-mlflow"),
  row("cut", "mlflow-failed", { says: /./ }),
  row("gzip-that-is-none", "mlflow-failed"),
  row("closed", "mlflow-unreachable"),
  row("moved-301-path", "mlflow-wrong-address", { says: /\/moved-301-path\/new/ }),
  row("moved-308-path", "pass", { warns: "mlflow-wrong-address" }),
].map((one) => {
  if (one.name === "basic-page: a token") return mended(one, usesPair("fine"));
  if (one.name === "moved-301-path: a token") {
    return mended(one, (stage) => ({ uri: `${stage.stub.url}/moved-301-path/new` }));
  }
  return one;
});
