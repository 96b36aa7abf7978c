import process from "node:process";

/**
 * Hears of what nobody caught, in place of the runtime, which would print a trace and end with a status of its own.
 *
 * @param end says it, and with which status to end; only the first is heard
 * @returns the same, for whoever catches something at last
 */
export function watchStray(end: (thrown: unknown) => Promise<number>): (thrown: unknown) => Promise<number> {
  let status: Promise<number> | undefined;
  const once = (thrown: unknown): Promise<number> => status ??= end(thrown);
  const stop = (thrown: unknown): void => void once(thrown).then((known) => process.exit(known));
  process.on("unhandledRejection", stop);
  process.on("uncaughtException", stop);
  return once;
}
