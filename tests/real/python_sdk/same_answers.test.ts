import "../../support/guard.ts";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { canBeOnArc, onArc } from "../../support/azure/arc.ts";
import type { AzureOptions } from "../../support/azure/start_azure.ts";
import { makeSigningKeys } from "../../support/azure/world.ts";
import { programBuilds } from "../../support/builds.ts";
import { findSecret } from "../../support/canary.ts";
import { skipUnless } from "../../support/skip.ts";
import { makeClientCertificate } from "../../support/tls.ts";
import type { Case } from "./case.ts";
import { CASES, prepare } from "./cases.ts";

// What Microsoft's SDK reads from the stand-in, this program reads; what the SDK is refused, this program reports by its own code.

const builds = programBuilds();
const build = builds.find(({ skip }) => skip === false) ?? builds[0];
const shared: Pick<AzureOptions, "keys" | "principal">[] = [];

before(async () => {
  const [keys, principal] = await Promise.all([makeSigningKeys(), makeClientCertificate()]);
  shared.push({ keys, principal });
});

for (const one of CASES) {
  const reason = "no unshare(1) that mounts: an Arc machine's key folder cannot be shown to the program alone";
  const skip = build?.skip || (one.identity === "arc" && skipUnless(canBeOnArc(), reason));
  test(`exec ${"value" in one.want ? "reads with" : "reports"} ${one.name}`, { skip }, async () => {
    assert.deepEqual(await answerOf(one), wanted(one));
  });
}

interface Answer {
  readonly status: number;
  readonly token: string;
  /** Code of the error, or `warning`, or nothing. */
  readonly said: string | undefined;
  /** A secret that was seen where it must not be. */
  readonly leaked: string | undefined;
  /** What was asked of hosts that have nothing to do with it. */
  readonly strangers: readonly string[];
}

function wanted(one: Case): Answer {
  const rest = { leaked: undefined, strangers: [] };
  if (!("value" in one.want)) return { status: 125, token: "", said: one.ours, ...rest };
  return {
    status: 0,
    token: JSON.parse(one.want.value).token,
    said: one.ours === undefined ? undefined : "warning",
    ...rest,
  };
}

async function answerOf(one: Case): Promise<Answer> {
  const { azure, env } = await prepare(one, shared[0] ?? {});
  try {
    const argv = [...build?.command ?? [], "exec", "--", "sh", "-c", 'printf %s "$MLFLOW_TRACKING_TOKEN"'];
    const [command = "", ...args] = one.identity === "arc" ? onArc(azure.arcKeys, argv) : argv;
    const output = await new Deno.Command(command, {
      args,
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: azure.folder, MLFLOW_SECRETS_LOG_LEVEL: "DEBUG", ...env },
      clearEnv: true,
      stdin: "null",
    }).output();
    const [token, stderr] = [output.stdout, output.stderr].map((bytes) => new TextDecoder().decode(bytes));
    const warning = /^mlflow-auth: warning: /m.test(stderr ?? "") ? "warning" : undefined;
    return {
      status: output.code,
      token: token ?? "",
      said: /docs\/errors\.md#([a-z-]+)/.exec(stderr ?? "")?.[1] ?? warning,
      leaked: findSecret(stderr ?? ""),
      strangers: [...azure.refused],
    };
  } finally {
    await azure.close();
  }
}
