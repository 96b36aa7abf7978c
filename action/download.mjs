// @ts-check
// A process of its own, as Node reads the proxy variables at start only: node download.mjs <url> <path>
import { writeFile } from "node:fs/promises";
import process from "node:process";

const ATTEMPTS = 3;
const TIMEOUT_MS = 300_000;

const [url = "", path = ""] = process.argv.slice(2);
for (let attempt = 1;; attempt++) {
  const failure = await download();
  if (failure === undefined) break;
  if (!failure.isPassing || attempt === ATTEMPTS) {
    process.stderr.write(failure.reason);
    process.exitCode = 1;
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, attempt * 1000));
}

/** @returns {Promise<{ readonly reason: string, readonly isPassing: boolean } | undefined>} why it failed */
async function download() {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.status !== 200) {
      await response.body?.cancel();
      const isPassing = response.status === 429 || response.status >= 500;
      return { reason: `it answered ${response.status}`, isPassing };
    }
    if (response.body === null) return { reason: "its answer is empty", isPassing: false };
    await writeFile(path, response.body);
    return undefined;
  } catch (error) {
    return { reason: reasonOf(error), isPassing: true };
  }
}

/**
 * @param {unknown} error
 * @returns {string}
 */
function reasonOf(error) {
  if (!(error instanceof Error)) return "it failed";
  // fetch says only that it failed; its cause says why.
  const cause = error.cause instanceof Error && "code" in error.cause ? error.cause.code : undefined;
  const code = cause ?? ("code" in error ? error.code : undefined);
  return typeof code === "string" ? code : error.name;
}
