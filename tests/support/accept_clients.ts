/** Something on loopback that takes connections. */
export interface Accepting {
  readonly port: number;
  /** Notes a connection, such as one that is made for a client; it is ended at the end. */
  readonly add: (connection: Deno.Conn) => void;
  /** Ends a connection, once. */
  readonly end: (connection: Deno.Conn) => void;
  readonly close: () => Promise<void>;
}

/**
 * Takes connections on a port of loopback.
 *
 * @param serve what is done with each; when it is done, or fails, the connection is ended
 * @returns where it listens; close it at the end
 */
export function acceptClients(serve: (client: Deno.Conn) => Promise<void>): Accepting {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const end = (connection: Deno.Conn): void => {
    if (!open.delete(connection)) return;
    try {
      connection.close();
    } catch {
      // A pipe that has ended has closed it.
    }
  };
  const loop = (async () => {
    for (;;) {
      const client = await listener.accept().catch((error: unknown) => {
        // The listener was closed; any other failure is that of a client who has gone already.
        if (error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted) return null;
        return undefined;
      });
      if (client === null) return;
      if (client === undefined) continue;
      open.add(client);
      // A client may vanish at any byte: that is its right, and no failure of who serves it.
      serve(client).catch(() => {}).finally(() => end(client));
    }
  })();
  return {
    port: listener.addr.port,
    add: (connection) => void open.add(connection),
    end,
    close: async () => {
      listener.close();
      for (const connection of [...open]) end(connection);
      await loop;
    },
  };
}
