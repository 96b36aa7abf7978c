/**
 * Gives up what takes too long; what comes of it later is disposed of.
 *
 * @param made what takes a while
 * @param options the milliseconds that it may take, and how to dispose of it
 * @returns what came of it in time
 * @throws {Error} with the code `ETIMEDOUT`
 */
export function within<T>(
  made: Promise<T>,
  { timeoutMs, dispose }: { readonly timeoutMs: number; readonly dispose: (late: T) => void },
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    reject(Object.assign(new Error("the connection timed out"), { code: "ETIMEDOUT" }));
  }, timeoutMs);
  made.then((value) => late ? dispose(value) : resolve(value), reject).finally(() => clearTimeout(timer));
  return promise;
}
