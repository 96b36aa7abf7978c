/**
 * Carries what connections of loopback send, each way half a round trip later. The first of a connection comes a round trip later still,
 * in place of TCP's handshake. Acknowledgements are the kernel's own and are not delayed.
 *
 * @param options the port that it leads to, and the round trip in milliseconds
 * @returns its port; `await using` closes it
 */
export function delayingRelay(
  { to, rttMs }: { readonly to: number; readonly rttMs: number },
): AsyncDisposable & { readonly port: number } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const carry = async ([from, to]: readonly [Deno.Conn, Deno.Conn], firstMs: number): Promise<void> => {
    let last = Promise.resolve();
    let earliest = performance.now() + firstMs;
    for await (const chunk of from.readable) {
      earliest = Math.max(earliest, performance.now() + rttMs / 2);
      const { promise, resolve } = Promise.withResolvers<void>();
      setTimeout(resolve, earliest - performance.now());
      last = last.then(() => promise).then(async () => {
        for (let at = 0; at < chunk.length;) at += await to.write(chunk.subarray(at));
      });
      last.catch(() => {});
    }
    await last;
    await to.closeWrite();
  };
  const relay = async (near: Deno.Conn): Promise<void> => {
    const far = await Deno.connect({ hostname: "127.0.0.1", port: to });
    for (const conn of [near, far] as const) open.add(conn);
    await Promise.allSettled([carry([near, far], rttMs * 1.5), carry([far, near], 0)]);
    for (const conn of [near, far] as const) {
      open.delete(conn);
      try {
        conn.close();
      } catch {
        // The stream has closed it.
      }
    }
  };
  const accept = (async () => {
    for await (const conn of listener) relay(conn).catch(() => {});
  })();
  return {
    port: (listener.addr as Deno.NetAddr).port,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const conn of open) conn.close();
      await accept.catch(() => {});
    },
  };
}
