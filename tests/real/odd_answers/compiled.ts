import { spawn } from "node:child_process";
import type { Finding } from "../../../src/doctor/finding.ts";
import type { Report } from "../../../src/doctor/report.ts";
import type { Service } from "../../support/azure/faults.ts";
import type { IdentityName } from "../../support/azure/identity_env.ts";
import { type Azure, startAzure } from "../../support/azure/start_azure.ts";
import { makeSigningKeys } from "../../support/azure/world.ts";
import { findSecret } from "../../support/canary.ts";
import { firstBuild } from "../../support/run_program.ts";
import { BODIES, type OddResponse, RESPONSES, STATUSES, TYPES } from "./combinations.ts";

/** A service of the stand-in that answers oddly, who asks it, and who is blamed. */
interface Asked {
  readonly service: Service;
  readonly identity: IdentityName;
  readonly blames: RegExp;
}

const ENDPOINT = /^(managed-identity-|network-proxy|network-failed|identity-unsupported)/;
const ASKED: readonly Asked[] = [
  { service: "vault", identity: "client-secret", blames: /^(vault-|secret-|credential-|network-|tenant-mismatch)/ },
  { service: "entra", identity: "client-secret", blames: /^(entra-|network-)/ },
  { service: "managed-identity", identity: "imds", blames: ENDPOINT },
  { service: "managed-identity", identity: "app-service-user-assigned", blames: ENDPOINT },
  { service: "github", identity: "github", blames: /^(github-oidc-refused|network-|entra-)/ },
  { service: "pipelines", identity: "pipelines", blames: /^(pipelines-oidc-unavailable|network-|entra-)/ },
];

/** One answer of one service. */
export interface Combination extends Asked {
  readonly odd: OddResponse;
}

/** Every answer of every service of the stand-in. */
export const COMBINATIONS: readonly Combination[] = ASKED.flatMap((asked) =>
  RESPONSES.map((odd) => ({ ...asked, odd }))
);

/**
 * So many of {@link COMBINATIONS} that every pair is among them: each status with each body, and each of both with each service and
 * each media type. All together are asked in-process, in every run of the tests; what the compiled program has of its own, the scripts
 * it is made of and the runtime's requests, differs by one of these or two, and all of them would take it hours.
 */
export const PAIRS: readonly Combination[] = STATUSES.flatMap((status, row) =>
  Object.entries(BODIES).flatMap(([bodyName, body], column) => {
    const asked = ASKED[(row + column) % ASKED.length];
    const type = TYPES[(row + 2 * column) % TYPES.length];
    return asked === undefined || type === undefined ? [] : [{ ...asked, odd: { status, type, bodyName, body } }];
  })
);

function run(args: readonly string[], env: Readonly<Record<string, string>>) {
  const [command, ...words] = firstBuild().command;
  const child = spawn(command, [...words, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => stdout += String(chunk));
  child.stderr.on("data", (chunk) => stderr += String(chunk));
  return new Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }>(
    (resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ status: code ?? 255, stdout, stderr }));
    },
  );
}

async function flawOf(azure: Azure, { service, identity, blames, odd }: Combination): Promise<string | undefined> {
  const { status, type, body } = odd;
  // A body that is no text is sent as JSON; a text goes as it is.
  azure.world.faults.splice(0, Infinity, {
    kind: "answer",
    service,
    status,
    headers: type === "" ? {} : { "content-type": type },
    body: status === 204 ? "" : body,
  });
  const env = {
    PATH: "/usr/bin:/bin",
    HOME: azure.folder,
    ...azure.env,
    ...azure.vault(),
    ...await azure.identity(identity),
    ...(service === "managed-identity" ? { AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential" } : {}),
    MLFLOW_AUTH_DEADLINE_SEC: "3",
  };
  const started = await run(["exec", "--", "true"], env);
  const code = /errors\.md#([a-z-]+)/.exec(started.stderr)?.[1];
  if (findSecret(started.stderr) !== undefined) return "exec shows a secret";
  if (started.status !== 0 && !(code !== undefined && (blames.test(code) || code === "deadline"))) {
    return `exec: ${started.status} ${started.stderr.slice(0, 200)}`;
  }
  const looked = await run(["doctor", "--json"], env);
  let findings: readonly Finding[];
  try {
    findings = (JSON.parse(looked.stdout) as Report).findings;
  } catch {
    return `doctor: no report, ${looked.stderr.slice(0, 200)}`;
  }
  const codes = [...new Set(findings.filter((one) => one.status === "fail").map((one) => `${one.code}`))];
  const wrong = codes.filter((one) => !blames.test(one) && one !== "deadline");
  if (wrong.length > 0 || codes.length > 1) return `doctor: ${codes.join(", ")}`;
  return (codes.length === 0) === (started.status === 0)
    ? undefined
    : `doctor: ${codes.length}, exec: ${started.status}`;
}

/**
 * Runs `exec` and `doctor` of the compiled program in a world for each combination.
 *
 * @param combinations which ones
 * @returns a line for each that is a defect, blames somebody else, or in which the two do not agree
 */
export async function runCompiled(combinations: readonly Combination[]): Promise<readonly string[]> {
  const waiting = [...combinations];
  const flaws: string[] = [];
  const keys = await makeSigningKeys();
  const work = async (): Promise<void> => {
    await using azure = await startAzure({ keys });
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const flaw = await flawOf(azure, one);
      const { service, identity, odd } = one;
      if (flaw !== undefined) {
        flaws.push(`${service}, ${identity}: ${odd.status}, ${odd.bodyName}, ${odd.type}: ${flaw}`);
      }
    }
  };
  await Promise.all([work(), work(), work()]);
  return flaws;
}
