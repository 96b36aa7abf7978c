import assert from "node:assert/strict";
import type { Mlflow } from "../../support/mlflow.ts";

/** What a server holds of a run. */
export interface LoggedRun {
  readonly status: string;
  readonly params: Readonly<Record<string, string>>;
  /** Values of the metric `loss`, by step. */
  readonly losses: readonly number[];
  /** Texts of its artifacts, by path. */
  readonly artifacts: Readonly<Record<string, string>>;
}

/** What `train.py` logs when nothing is asked of it. */
export const WHOLE_RUN: LoggedRun = {
  status: "FINISHED",
  params: { lr: "0.1" },
  losses: [1, 1 / 2, 1 / 3],
  artifacts: { "model.txt": "weights\n" },
};

/**
 * Reads a run back from its server, as the server's administrator.
 *
 * @param server where it was logged
 * @param id the run's id
 * @returns what the server holds
 */
export async function readRun(server: Mlflow, id: string): Promise<LoggedRun> {
  const [{ run }, { metrics }, { files = [] }] = await Promise.all([
    json(server, `/api/2.0/mlflow/runs/get?run_id=${id}`),
    json(server, `/api/2.0/mlflow/metrics/get-history?run_id=${id}&metric_key=loss`),
    json(server, `/api/2.0/mlflow/artifacts/list?run_id=${id}`),
  ]);
  const artifacts = await Promise.all(files.map(async ({ path }) => {
    const experiment = run.info.experiment_id;
    return [path, await text(server, `/api/2.0/mlflow-artifacts/artifacts/${experiment}/${id}/artifacts/${path}`)];
  }));
  return {
    status: run.info.status,
    params: Object.fromEntries((run.data.params ?? []).map(({ key, value }) => [key, value])),
    losses: [...metrics].sort((one, other) => Number(one.step) - Number(other.step)).map(({ value }) => value),
    artifacts: Object.fromEntries(artifacts),
  };
}

/** The parts of MLflow's answers that are read. */
interface Answer {
  readonly run: {
    readonly info: { readonly status: string; readonly experiment_id: string };
    readonly data: { readonly params?: readonly { readonly key: string; readonly value: string }[] };
  };
  readonly metrics: readonly { readonly value: number; readonly step: string }[];
  readonly files?: readonly { readonly path: string }[];
}

async function json(server: Mlflow, path: string): Promise<Answer> {
  return JSON.parse(await text(server, path)) as Answer;
}

async function text(server: Mlflow, path: string): Promise<string> {
  const response = await server.ask(path);
  const body = await response.text();
  assert.equal(response.status, 200, `${path}: ${body.slice(0, 200)}`);
  return body;
}
