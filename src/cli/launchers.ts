/** A command that writes the environment it is given to a disk. */
interface Launcher {
  readonly name: string;
  /** Whether these arguments make it do so. */
  readonly writes: (args: readonly string[]) => boolean;
  /** What is so, and what to run instead; in one line. */
  readonly line: string;
}

/** What holds a credential, MLflow's or Azure's. */
const CREDENTIAL =
  /\b(MLFLOW_TRACKING_(TOKEN|USERNAME|PASSWORD)|AZURE_CLIENT_SECRET|AZURE_CLIENT_CERTIFICATE_PASSWORD)\b/;

/** The value of an option, written as `--name=value`, `--name value` or `-n value`. */
function valuesOf(args: readonly string[], option: string): readonly string[] {
  return args.flatMap((arg, at) => {
    if (arg === option) return args[at + 1] ?? "";
    return arg.startsWith(`${option}=`) ? arg.slice(option.length + 1) : [];
  });
}

/** sbatch hands on everything unless `--export` says something else; a list hands on what it names, or `ALL`. */
function exportsAll(args: readonly string[]): boolean {
  const last = valuesOf(args, "--export").at(-1);
  if (last === undefined) return true;
  return last.split(",").some((item) => /^all$/i.test(item) || CREDENTIAL.test(item));
}

const INSIDE = "write mlflow-auth exec into the job instead";

const LAUNCHERS: readonly Launcher[] = [
  {
    name: "sbatch",
    writes: exportsAll,
    line: "sbatch writes its environment to the controller's disk, the credential and AZURE_CLIENT_SECRET included: " +
      "run sbatch --export=NONE without mlflow-auth, and write the settings and mlflow-auth exec into the script",
  },
  ...["at", "batch"].map((name) => ({
    name,
    // These two only look.
    writes: (args: readonly string[]) => !args.some((arg) => /^-[lrdcV]/.test(arg)),
    line: `${name} writes its environment to a file below /var/spool until the job has run: ` +
      `run echo 'mlflow-auth exec -- <command>' | ${name === "at" ? "at <time>" : "batch"} without it`,
  })),
  {
    name: "qsub",
    writes: (args) => args.includes("-V") || valuesOf(args, "-v").some((value) => CREDENTIAL.test(value)),
    line: "qsub -V and -v write variables to the cluster's database, and qstat -j shows them to every user: " +
      `leave them out, and ${INSIDE}`,
  },
  {
    name: "ray",
    writes: ([first, second, ...rest]) => first === "job" && second === "submit" && CREDENTIAL.test(rest.join(" ")),
    line: "ray job submit writes the variables of a runtime_env to log files that every user can read: " +
      "start the nodes with mlflow-auth exec -- ray start instead",
  },
];

/**
 * Says that a command would write the credential to a disk, so that people hear of it before anything is read.
 *
 * @param argv the command and its arguments
 * @returns one line that says what is so and what to run instead, or `undefined`
 *
 * @example
 * ```ts
 * import { launcherWarning } from "./launchers.ts";
 * import assert from "node:assert/strict";
 *
 * assert.match(launcherWarning(["sbatch", "train.sbatch"]) ?? "", /^sbatch writes its environment/);
 * assert.equal(launcherWarning(["sbatch", "--export=NONE", "train.sbatch"]), undefined);
 * assert.equal(launcherWarning(["srun", "python", "train.py"]), undefined);
 * ```
 */
export function launcherWarning([command = "", ...args]: readonly string[]): string | undefined {
  const name = command.slice(command.lastIndexOf("/") + 1);
  return LAUNCHERS.find((launcher) => launcher.name === name && launcher.writes(args))?.line;
}
