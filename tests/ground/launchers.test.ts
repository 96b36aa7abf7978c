import "../support/guard.ts";
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { debianProgram } from "../support/debian.ts";
import { pythonWith } from "../support/python.ts";
import { skipUnless } from "../support/skip.ts";
import { freePorts, makeBench, program, until } from "../real/launchers/bench.ts";

const { path, skip } = program();
const linux = skip || skipUnless(process.platform === "linux", "Linux is needed");

const DIGEST = `
import hashlib, os

def digest(*_):
    return hashlib.sha256(os.environ.get("MLFLOW_TRACKING_TOKEN", "none").encode()).hexdigest()[:16]
`;

const RAY = `${DIGEST}
import ray
import sys

options = {"address": sys.argv[1]} if len(sys.argv) > 1 else {"num_cpus": 4, "_temp_dir": os.environ["TMPDIR"]}
ray.init(include_dashboard=False, log_to_driver=False, **options)
worker = ray.remote(digest)
for one in ray.get([worker.remote() for _ in range(8)]):
    print(one)
ray.shutdown()
`;

const SPARK = `${DIGEST}
from pyspark.sql import SparkSession

folder = os.environ["TMPDIR"]
options = {"spark.local.dir": folder, "spark.eventLog.enabled": "true", "spark.eventLog.dir": "file://" + folder,
           "spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
builder = SparkSession.builder.master("local[4]")
for name, value in options.items():
    builder = builder.config(name, value)
spark = builder.getOrCreate()
for one in spark.sparkContext.parallelize(range(8), 8).map(digest).collect():
    print(one)
spark.stop()
`;

/** Ray's own usage report and its own token are off, and it stays on loopback. */
const RAY_ENV = { RAY_USAGE_STATS_ENABLED: "0", RAY_DISABLE_IMPORT_WARNING: "1", RAY_AUTH_MODE: "disabled" };

/** Whether somebody listens on a port of loopback. */
async function listens(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    // Not yet.
    return false;
  }
}

test("exec and Ray: workers that the driver or the node starts have the credential, and none writes it down", {
  skip: linux,
}, async () => {
  await using bench = await makeBench();
  const python = await pythonWith("ray");
  const ray = join(python, "..", "ray");
  await writeFile(join(bench.folder, "train.py"), RAY);
  const own = await bench.workers([path, "exec", "--no-cache", "--", python, "train.py"], RAY_ENV);
  assert.deepEqual(own, { with: 8, requests: 3 });
  const [port = 0] = await freePorts(1);
  const head = ["start", "--head", "--block", "--node-ip-address=127.0.0.1", `--port=${port}`, "--num-cpus=4"];
  const more = ["--include-dashboard=false", `--temp-dir=${join(bench.folder, "h")}`];
  bench.daemon([path, "exec", "--", ray, ...head, ...more], RAY_ENV);
  await until(() => listens(port), "Ray's head");
  const seen = await bench.workers([python, "train.py", `127.0.0.1:${port}`], RAY_ENV);
  assert.deepEqual(seen, { with: 8, requests: 0 });
  assert.deepEqual(await bench.leaks(), []);
});

test("exec and Spark: every Python worker has the credential, and neither the event log nor a local folder has it", {
  skip: linux ||
    skipUnless(
      debianProgram("java", "openjdk-17-jre-headless"),
      "Java is not there: as root on Debian the test installs it",
    ),
}, async () => {
  await using bench = await makeBench();
  const python = await pythonWith("pyspark", [3, 11]);
  await writeFile(join(bench.folder, "train.py"), SPARK);
  const env = { PYSPARK_PYTHON: python, SPARK_LOCAL_IP: "127.0.0.1" };
  const seen = await bench.workers([path, "exec", "--no-cache", "--", python, "train.py"], env);
  assert.deepEqual(seen, { with: 8, requests: 3 });
  assert.deepEqual(await bench.leaks(), []);
});
