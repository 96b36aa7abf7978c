/** A server that takes whatever it is sent and keeps it. */
export interface Recorder extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Each request as one text: method, URL, headers and body. */
  readonly taken: readonly string[];
}

/**
 * Starts a server that answers everything with an empty object.
 *
 * @returns the server; `await using` stops it
 */
export function startRecorder(): Recorder {
  const taken: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    taken.push(`${request.method} ${request.url} ${JSON.stringify([...request.headers])} ${await request.text()}`);
    return new Response("{}");
  });
  return { url: `http://127.0.0.1:${server.addr.port}`, taken, [Symbol.asyncDispose]: () => server.shutdown() };
}
