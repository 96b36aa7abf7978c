import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { SECRETS } from "./azure/world.ts";

/** A small tracking server that runs. */
export interface TrackingServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, for `MLFLOW_TRACKING_URI`. */
  readonly url: string;
  /** Names of the runs that were created. */
  readonly runs: readonly string[];
}

const basic = JSON.parse(SECRETS["mlflow-basic"]) as { readonly username: string; readonly password: string };

/** The header values that it accepts: the secrets of the stand-in's vaults. */
const ACCEPTED: ReadonlySet<string> = new Set([
  `Bearer ${(JSON.parse(SECRETS.mlflow) as { readonly token: string }).token}`,
  `Bearer ${SECRETS["mlflow-plain"]}`,
  `Basic ${btoa(`${basic.username}:${basic.password}`)}`,
]);

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

/**
 * Starts a server that speaks as much of MLflow as a demonstration needs: it takes the stand-in's credentials, refuses everything
 * else as MLflow does, and creates runs.
 *
 * @returns the server; `await using` closes it
 */
export async function startTrackingServer(): Promise<TrackingServer> {
  const runs: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await bodyOf(request);
    const path = new URL(request.url ?? "/", "http://127.0.0.1").pathname;
    const json = (value: unknown): void => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    if (path === "/health") return void response.writeHead(200, { "content-type": "text/plain" }).end("OK");
    if (!ACCEPTED.has(request.headers.authorization ?? "")) {
      const headers = { "content-type": "text/html; charset=utf-8", "www-authenticate": 'Basic realm="mlflow"' };
      return void response.writeHead(401, headers).end("You are not authenticated. Please see the documentation.");
    }
    switch (path) {
      case "/version":
        return void response.writeHead(200, { "content-type": "text/plain" }).end("3.8.1");
      case "/api/2.0/mlflow/experiments/search":
        return json({ experiments: [{ experiment_id: "0", name: "Default", lifecycle_stage: "active" }] });
      case "/api/2.0/mlflow-artifacts/artifacts":
        return json({ files: [] });
      case "/api/2.0/mlflow/runs/create": {
        const { run_name: name = "run" } = JSON.parse(text) as { readonly run_name?: string };
        runs.push(name);
        return json({ run: { info: { run_id: `run-${runs.length}`, run_name: name, status: "RUNNING" } } });
      }
      default:
        response.writeHead(404, { "content-type": "text/html" }).end("<!doctype html><title>404 Not Found</title>");
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The port has no number");
  return {
    url: `http://127.0.0.1:${address.port}`,
    runs,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
