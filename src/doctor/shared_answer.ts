import type { Host } from "../core/host.ts";

/**
 * Lets two who ask the same at once share one answer: the second to ask gets a copy of what the first one gets. Where the first gets
 * none, the second asks for itself, since it may be more patient.
 *
 * @param fetch what sends requests
 * @param fits which requests ask the same
 * @returns what sends requests in its place; from the third on it shares nothing
 *
 * @example
 * ```ts
 * import { shareAnswer } from "./shared_answer.ts";
 * import assert from "node:assert/strict";
 *
 * let sent = 0;
 * const fetch = shareAnswer(() => Promise.resolve(new Response(`${++sent}`)), () => true);
 * const answers = await Promise.all([1, 2, 3].map(() => fetch(new Request("https://team.vault.azure.net/"))));
 * assert.deepEqual(await Promise.all(answers.map((answer) => answer.text())), ["1", "1", "2"]);
 * ```
 */
export function shareAnswer(fetch: Host["fetch"], fits: (request: Request) => boolean): Host["fetch"] {
  let copy: Promise<Response> | undefined;
  let isShared = false;
  return (request, network) => {
    if (isShared || !fits(request)) return fetch(request, network);
    if (copy !== undefined) {
      isShared = true;
      return copy.catch(() => fetch(request, network));
    }
    const sent = fetch(request, network);
    copy = sent.then((response) => response.clone());
    // Nobody may ask for it.
    copy.catch(() => {});
    // The copy is made before anybody reads.
    return copy.then(() => sent, () => sent);
  };
}
