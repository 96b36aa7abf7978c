import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Finding } from "../../../src/doctor/finding.ts";
import type { Report } from "../../../src/doctor/report.ts";
import { firstBuild } from "../../support/run_program.ts";
import { findSecret } from "../../support/canary.ts";
import type { GateCase, Setup, Variables } from "./gate_case.ts";
import type { Stage } from "./stage.ts";

const CLIENT = "import mlflow; mlflow.search_experiments(max_results=1)";
const AT_ONCE = 4;
const build = firstBuild();

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function start(argv: readonly string[], env: Variables): Promise<Ended> {
  const [command = "", ...args] = argv;
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => stdout += String(chunk));
  child.stderr.on("data", (chunk) => stderr += String(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ status: code ?? 255, stdout, stderr }));
  });
}

let secrets = 0;

/** A secret of its own for each setup, so that many run at once. */
async function environment(stage: Stage, { uri, env, secret }: Setup): Promise<Variables> {
  const name = `gate-${++secrets}`;
  const [vault] = stage.azure.world.vaults;
  const [like] = vault?.secrets.get("mlflow") ?? [];
  if (vault === undefined || like === undefined) throw new Error("The stand-in has no secret to copy");
  vault.secrets.set(name, [{ ...like, value: secret ?? stage.texts.token }]);
  return {
    PATH: "/usr/bin:/bin",
    HOME: stage.azure.folder,
    ...stage.azure.env,
    ...stage.azure.vault({ secret: name }),
    ...await stage.azure.identity("client-secret"),
    MLFLOW_TRACKING_URI: uri ?? "",
    // A failure shows at its first time.
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: "0",
    MLFLOW_DISABLE_TELEMETRY: "true",
    ...env,
  };
}

interface Outcome {
  readonly client: boolean;
  readonly says: string;
}

async function client(stage: Stage, env: Variables): Promise<Outcome> {
  const ended = await start([...build.command, "exec", "--", stage.python, "-c", CLIENT], env);
  return { client: ended.status === 0, says: (ended.stderr.trim().split("\n").at(-1) ?? "").slice(0, 160) };
}

interface Row extends Outcome {
  readonly name: string;
  readonly code: string;
  readonly doctorFails: boolean;
  readonly remedied?: boolean;
  readonly notShown: boolean;
  readonly problems: readonly string[];
}

async function judge(stage: Stage, one: GateCase, setup: Setup): Promise<Row> {
  const env = await environment(stage, setup);
  const [doctor, outcome] = await Promise.all([start([...build.command, "doctor", "--json"], env), client(stage, env)]);
  const problems: string[] = [];
  if (findSecret(doctor.stdout + doctor.stderr) !== undefined) problems.push("doctor shows a secret");
  let findings: readonly Finding[] = [];
  try {
    findings = (JSON.parse(doctor.stdout) as Report).findings;
  } catch {
    problems.push(`doctor printed no report: ${doctor.stderr.slice(0, 300)}`);
  }
  const failed = findings.filter(({ status }) => status === "fail");
  const told = [...failed, ...findings.filter(({ status }) => status === "warn")];
  const code = failed[0]?.code ?? "pass";
  const doctorFails = failed.length > 0;
  if (code !== one.expect) problems.push(`doctor says ${code} ${failed[0]?.message ?? ""}, not ${one.expect}`);
  if (one.warns !== undefined && !told.some((finding) => finding.code === one.warns)) {
    problems.push(`doctor does not warn of ${one.warns}`);
  }
  const warnedOfTrust = one.warns === "tls-untrusted" && one.remedy !== undefined;
  if (doctorFails === outcome.client && !warnedOfTrust) {
    problems.push(
      `doctor ${doctorFails ? "fails" : "passes"}, the client ${
        outcome.client ? "succeeds" : `fails: ${outcome.says}`
      }`,
    );
  }
  if (new Set(failed.map((finding) => finding.code)).size > 1) {
    problems.push(`doctor contradicts itself: ${failed.map((finding) => finding.code).join(", ")}`);
  }
  const { remedy } = one;
  if (remedy !== undefined && !told.some((finding) => remedy.says.test(finding.remedy ?? ""))) {
    problems.push(`no remedy says ${remedy.says}: ${told.map((finding) => finding.remedy).join(" | ")}`);
  }
  const row = { name: one.name, code, doctorFails, ...outcome, notShown: one.notShown === true, problems };
  if (remedy?.done === undefined) return row;
  const mended = await environment(stage, remedy.done(stage));
  const after = await client(stage, mended);
  if (!after.client) problems.push(`the remedy, done, does not end the failure: ${after.says}`);
  return { ...row, remedied: after.client };
}

function table(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.name,
    row.code + (row.notShown ? " (not shown)" : ""),
    row.client ? "succeeds" : "fails",
    row.remedied === undefined ? "-" : row.remedied ? "ended it" : "did not",
  ]);
  const head = ["case", "doctor", "client", "remedy done"];
  const widths = head.map((_, at) => Math.max(...[head, ...cells].map((row) => row[at]?.length ?? 0)));
  return [head, ...cells].map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ").trimEnd()).join(
    "\n",
  );
}

/** What came of the cases. */
export interface Judged {
  /** A row for each case, and a count, to print. */
  readonly table: string;
  /** A line for everything that is not as it should be. */
  readonly wrong: readonly string[];
}

/**
 * Lets doctor and MLflow's own client meet each case, does its remedy, and lets the client meet it again.
 *
 * @param stage the servers and gates
 * @param cases what to meet, in the order of the table
 * @returns what came of them
 */
export async function judgeAll(stage: Stage, cases: readonly GateCase[]): Promise<Judged> {
  const both = join(stage.azure.folder, "both.pem");
  await writeFile(both, await readFile(stage.pem("ca"), "utf8") + await readFile(stage.azure.caPath, "utf8"));
  const rows: Row[] = [];
  const skipped: string[] = [];
  const waiting = [...cases];
  const work = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const setup = one.setup(stage);
      if (setup === undefined) {
        skipped.push(one.name);
        continue;
      }
      rows.push(await judge(stage, one, setup));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const order = cases.map(({ name }) => name);
  rows.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const shown = rows.filter((row) => !row.notShown);
  const agreed = shown.filter((row) => row.doctorFails !== row.client).length;
  const done = rows.filter((row) => row.remedied !== undefined);
  const count =
    `cases: ${rows.length}; agreements: ${agreed} of ${shown.length} (credential not shown: ${
      rows.length - shown.length
    }); ` +
    `remedies that ended the failure: ${done.filter((row) => row.remedied).length} of ${done.length}; ` +
    `without the gate: ${skipped.length}${skipped.length === 0 ? "" : ` (${skipped.join(", ")})`}`;
  const wrong = rows.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem.slice(0, 300)}`));
  return { table: `${table(rows)}\n${count}`, wrong };
}
