import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../../../src/cli/run.ts";
import { launcherWarning } from "../../../src/cli/launchers.ts";
import { fakeHost } from "../../support/host.ts";

const WARNED = [
  "sbatch train.sbatch",
  "/usr/bin/sbatch --nodes 2 train.sbatch",
  "sbatch --export=ALL train.sbatch",
  "sbatch --export ALL,X=1 train.sbatch",
  "sbatch --export=NONE --export=MLFLOW_TRACKING_TOKEN train.sbatch",
  "at now",
  "at -f job.sh 02:00",
  "batch",
  "qsub -V job.sh",
  "qsub -N name -v MLFLOW_TRACKING_TOKEN job.sh",
  "qsub -v A=1,AZURE_CLIENT_SECRET job.sh",
  'ray job submit --runtime-env-json={"env_vars":{"MLFLOW_TRACKING_TOKEN":"x"}} -- python train.py',
];

const QUIET = [
  "sbatch --export=NONE train.sbatch",
  "sbatch --export none train.sbatch",
  "sbatch --export=NIL train.sbatch",
  "sbatch --export=PATH,HOME train.sbatch",
  "srun python train.py",
  "at -l",
  "at -r 3",
  "at -c 3",
  "qsub job.sh",
  "qsub -v A=1 job.sh",
  "ray job submit -- python train.py",
  "ray start --head",
  "ray job logs MLFLOW_TRACKING_TOKEN",
  "mpirun -n 8 python train.py",
  "cat at",
  "/opt/at/bin/python -V",
];

test("launcherWarning() speaks of what writes its environment to a disk, in one line, and of nothing else", () => {
  const lineOf = (command: string) => launcherWarning(command.split(" "));
  assert.deepEqual(WARNED.filter((command) => lineOf(command) === undefined), []);
  assert.deepEqual(QUIET.filter((command) => lineOf(command) !== undefined), []);
  for (const command of WARNED) assert.match(lineOf(command) ?? "", /^[^\n]+: [^\n]+$/);
});

test("launcherWarning() names what to run instead", () => {
  assert.match(launcherWarning(["sbatch", "x"]) ?? "", /AZURE_CLIENT_SECRET.*sbatch --export=NONE/);
  assert.match(launcherWarning(["batch"]) ?? "", /\| batch/);
});

test("exec warns of a launcher before anything is read, unless only errors are wanted", async () => {
  const host = fakeHost();
  await main(["exec", "--", "sbatch", "train.sbatch"], host);
  const [first = "", second = ""] = host.stderr.text().split("\n");
  assert.match(first, /^mlflow-auth: warning: sbatch writes its environment/);
  assert.match(second, /^mlflow-auth: Cannot find the vault/);
  const quiet = fakeHost({ env: { MLFLOW_SECRETS_LOG_LEVEL: "ERROR" } });
  await main(["exec", "--", "sbatch", "train.sbatch"], quiet);
  assert.match(quiet.stderr.text(), /^mlflow-auth: Cannot find the vault/);
});
