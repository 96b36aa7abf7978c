// A training that logs through npm's `mlflow`, which is told its endpoint and no credential.
const { createInterface } = require("node:readline");
const MLflow = require("mlflow");

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
async function stage(name) {
  console.log(`STAGE ${name}`);
  if ((await lines.next()).done) process.exit(3);
}

(async () => {
  const { Runs, Metrics } = new MLflow({ endpoint: process.env.MLFLOW_TRACKING_URI });
  const { run } = await Runs.create({ experiment_id: "0", start_time: Date.now() });
  const { run_id } = run.info;
  console.log(`RUN_ID=${run_id}`);
  const log = (step) => Runs.logMetric({ run_id, key: "loss", value: 1 / (step + 1), timestamp: Date.now(), step });
  await Runs.logBatch({ run_id, metrics: [], params: [{ key: "before", value: "1" }], tags: [] });
  for (let step = 0; step < 10; step++) await log(step);
  await stage("first");
  for (let step = 10; step < 20; step++) await log(step);
  await stage("second");
  await Runs.setTag({ run_id, key: "after", value: "yes" });
  const { metrics } = await Metrics.getHistory({ run_id, metric_key: "loss" });
  await Runs.update({ run_id, status: "FINISHED", end_time: Date.now() });
  console.log(`FAILURES=${metrics.length === 20 ? 0 : 1}`);
  process.exit(0);
})().catch((error) => {
  console.log(`FAILED ${error}`);
  process.exit(1);
});
