import "../support/guard.ts";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { debianProgram } from "../support/debian.ts";
import { tryPython } from "../support/python.ts";
import { skipIfError, skipUnless } from "../support/skip.ts";
import { HAS_TOKEN, makeBench, program, until, WORKER } from "./launchers/bench.ts";
import { startSlurm } from "./launchers/slurm.ts";

const { path, skip } = program();
const isRoot = process.getuid?.() === 0;
const needs = (isThere: boolean, what: string) =>
  skip || skipUnless(isRoot && isThere, `${what} is not there: as root on Debian the test installs it`);

test("exec and Slurm: srun hands the credential to every task, and only sbatch without --export=NONE writes it down", {
  skip: needs(
    ["slurmctld", "slurmd", "srun", "munged"].every((name) =>
      debianProgram(name, "slurmctld", "slurmd", "slurm-client", "munge")
    ),
    "Slurm",
  ),
}, async () => {
  await using bench = await makeBench();
  const env = await startSlurm(bench);
  const one = await bench.workers([path, "exec", "--no-cache", "--", "srun", "-n", "8", ...WORKER], env);
  assert.deepEqual(one, { with: 8, requests: 3 });
  const each = await bench.workers(["srun", "-n", "8", path, "exec", "--", ...WORKER], env);
  assert.deepEqual(each, { with: 8, requests: 3 });
  assert.deepEqual(await bench.leaks(), []);

  const { AZURE_CLIENT_SECRET: _, ...certified } = { ...bench.env, ...await bench.azure.identity("certificate") };
  const names = Object.keys(certified).filter((name) => /^(AZURE|MLFLOW|HTTPS_PROXY|NO_PROXY|HOME)/.test(name));
  const settings = names.map((name) => `export ${name}='${certified[name as keyof typeof certified]}'`);
  const job = join(bench.folder, "job.sh");
  const line = `'${path}' exec --no-cache -- srun --export=ALL -n 8 sh -c '${WORKER[2]}'`;
  await writeFile(job, ["#!/bin/bash", ...settings, "unset AZURE_CLIENT_SECRET", line, ""].join("\n"), { mode: 0o755 });
  const output = join(bench.folder, "job.out");
  const submitted = await bench.run(["sbatch", "--export=NONE", "--ntasks=8", "--wait", "--output", output, job], env);
  const lines = (await readFile(output, "utf8")).split("\n");
  assert.equal(submitted.status, 0, `${submitted.stderr}${lines.join("\n").slice(0, 2000)}`);
  assert.equal(lines.filter((each) => each === HAS_TOKEN).length, 8, lines.join("\n").slice(0, 2000));
  assert.deepEqual(await bench.leaks(), []);

  // What the warning is about; and a search that finds nothing above finds it here.
  const warned = await bench.run([path, "exec", "--", "sbatch", "--hold", "--output", output, job], env);
  assert.match(warned.stderr, /^mlflow-auth: warning: sbatch writes its environment to the controller's disk/);
  await until(async () => (await bench.leaks()).some((each) => each.includes("/state/")), "the job's environment");
});

test("exec and OpenMPI: mpirun hands the credential to every rank, and writes it nowhere", {
  skip: needs(debianProgram("mpirun", "openmpi-bin"), "OpenMPI"),
}, async () => {
  await using bench = await makeBench();
  const mpirun = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", "8"];
  // Shared memory in a file, so that it is searched too.
  const env = { OMPI_MCA_orte_tmpdir_base: join(bench.folder, "tmp") };
  const before = await bench.leaks("/dev/shm");
  assert.deepEqual(await bench.workers([path, "exec", "--no-cache", "--", ...mpirun, ...WORKER], env), {
    with: 8,
    requests: 3,
  });
  assert.deepEqual(await bench.workers([...mpirun, path, "exec", "--", ...WORKER], env), { with: 8, requests: 3 });
  assert.deepEqual([await bench.leaks(), await bench.leaks("/dev/shm")], [[], before]);
});

/** at's spool has one place: a mount namespace gives it another one. */
const AT = `
mount --bind "$SPOOL" /var/spool/cron/atjobs
echo 0 > "$SPOOL/.SEQ"
chown -R daemon:daemon "$SPOOL"; chmod 1770 "$SPOOL"; chmod 600 "$SPOOL/.SEQ"
mount -t tmpfs none /run
atd -f & atd=$!
for _ in $(seq 100); do [ -s /run/atd.pid ] && break; sleep 0.1; done
eval "$SUBMIT"
for _ in $(seq 300); do [ -s "$RESULT" ] && break; sleep 0.1; done
cp -a "$SPOOL/." "$KEPT/"
kill "$atd"
`;
const canMount = (): boolean => spawnSync("unshare", ["-m", "true"]).status === 0 && existsSync("/var/spool/cron");

test(
  "exec and at: a job that reads the credential itself leaves nothing in the spool, and exec warns of the other way",
  {
    skip: needs(debianProgram("atd", "at") && canMount(), "at, or a mount namespace"),
  },
  async () => {
    await using bench = await makeBench();
    const inFolder = (name: string) => join(bench.folder, name);
    for (const name of ["spool", "kept", "spool-2", "kept-2"]) await bench.run(["mkdir", inFolder(name)]);
    const settings = Object.entries({ ...bench.env, MLFLOW_AUTH_CACHE: "off" }).map(([name, value]) =>
      `export ${name}='${value}'`
    );
    const file = join(bench.azure.folder, "settings.sh");
    await writeFile(file, `${settings.join("\n")}\n`, { mode: 0o600 });
    const job = `. ${file} && ${path} exec -- sh -c '${WORKER[2]}' > ${inFolder("result")} 2>&1`;
    const PATH = bench.env["PATH"] ?? "";
    await writeFile(inFolder("job"), `${job}\n`);
    const done = await new Deno.Command("unshare", {
      args: ["-m", "sh", "-c", AT],
      clearEnv: true,
      env: {
        PATH,
        SPOOL: inFolder("spool"),
        KEPT: inFolder("kept"),
        RESULT: inFolder("result"),
        SUBMIT: `at now < ${inFolder("job")}`,
      },
      stdin: "null",
      cwd: bench.folder,
    }).output();
    assert.equal((await readFile(inFolder("result"), "utf8")).trim(), HAS_TOKEN, new TextDecoder().decode(done.stderr));
    assert.deepEqual(await bench.leaks(), []);

    // The other way: what is submitted for later lies there.
    const { stderr } = await bench.run(["unshare", "-m", "sh", "-c", AT], {
      SPOOL: inFolder("spool-2"),
      KEPT: inFolder("kept-2"),
      RESULT: inFolder("job"),
      SUBMIT: `'${path}' exec -- at -f ${inFolder("job")} now + 1 hour`,
    });
    assert.match(stderr, /mlflow-auth: warning: at writes its environment to a file below \/var\/spool/);
    assert.equal((await bench.leaks(inFolder("kept-2"))).length, 1);
  },
);

const DASK = `
import hashlib, os
from distributed import Client, LocalCluster

def digest():
    return hashlib.sha256(os.environ.get("MLFLOW_TRACKING_TOKEN", "none").encode()).hexdigest()[:16]

if __name__ == "__main__":
    options = dict(n_workers=4, threads_per_worker=1, dashboard_address=None, host="127.0.0.1")
    with LocalCluster(local_directory=os.environ["TMPDIR"], **options) as cluster, Client(cluster) as client:
        for one in client.run(digest).values():
            print(one)
`;

const dask = await tryPython("distributed");

test("exec and Dask: every worker of a LocalCluster has the credential, and none writes it down", {
  skip: skip || (process.platform === "linux" ? skipIfError(dask) : "Linux is needed"),
}, async () => {
  await using bench = await makeBench();
  await writeFile(join(bench.folder, "train.py"), DASK);
  const seen = await bench.workers([path, "exec", "--no-cache", "--", String(dask), "train.py"]);
  assert.deepEqual(seen, { with: 4, requests: 3 });
  assert.deepEqual(await bench.leaks(), []);
});
