import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Bench, freePorts, until } from "./bench.ts";

/**
 * Starts Slurm, with munge, in a bench's folder: one node of sixteen processors that are not there.
 *
 * @param bench where its files go; its daemons end with it
 * @returns variables that lead Slurm's commands to it
 */
export async function startSlurm(bench: Bench): Promise<Readonly<Record<string, string>>> {
  const folder = join(bench.folder, "slurm");
  const at = (name: string) => join(folder, name);
  await mkdir(at("state"), { recursive: true });
  await mkdir(at("spool"));
  await writeFile(at("munge.key"), randomBytes(128), { mode: 0o400 });
  const files = ["key-file=munge.key", "socket=munge.socket", "pid-file=munge.pid", "log-file=munge.log"];
  const options = [...files, "seed-file=munge.seed"].map((pair) => {
    const [name = "", file = ""] = pair.split("=");
    return `--${name}=${at(file)}`;
  });
  bench.daemon(["munged", "--foreground", "--force", ...options]);
  await until(() => existsSync(at("munge.socket")), "munge");
  const [controller, node] = await freePorts(2);
  await writeFile(
    at("slurm.conf"),
    [
      "ClusterName=test",
      "SlurmctldHost=localhost(127.0.0.1)",
      `SlurmctldPort=${controller}`,
      `SlurmdPort=${node}`,
      "AuthType=auth/munge",
      `AuthInfo=socket=${at("munge.socket")}`,
      "CredType=cred/munge",
      "SlurmUser=root",
      "SlurmdUser=root",
      `StateSaveLocation=${at("state")}`,
      `SlurmdSpoolDir=${at("spool")}`,
      `SlurmctldPidFile=${at("slurmctld.pid")}`,
      `SlurmdPidFile=${at("slurmd.pid")}`,
      `SlurmctldLogFile=${at("slurmctld.log")}`,
      `SlurmdLogFile=${at("slurmd.log")}`,
      "SlurmctldDebug=debug",
      "SlurmdDebug=debug",
      "ProctrackType=proctrack/linuxproc",
      "TaskPlugin=task/none",
      "MpiDefault=none",
      "JobAcctGatherType=jobacct_gather/none",
      "SelectType=select/cons_tres",
      "SlurmdParameters=config_overrides",
      "ReturnToService=2",
      "NodeName=node1 NodeHostname=localhost NodeAddr=127.0.0.1 CPUs=16 RealMemory=1000 State=UNKNOWN",
      "PartitionName=all Nodes=node1 Default=YES State=UP OverSubscribe=FORCE:8",
      "",
    ].join("\n"),
  );
  const env = { SLURM_CONF: at("slurm.conf") };
  bench.daemon(["slurmctld", "-D", "-f", at("slurm.conf")], env);
  bench.daemon(["slurmd", "-D", "-N", "node1", "-f", at("slurm.conf")], env);
  await until(async () => {
    const { stdout } = await bench.run(["sinfo", "-h", "-o", "%T"], env);
    return stdout.trim() === "idle";
  }, "a node that is idle");
  return env;
}
