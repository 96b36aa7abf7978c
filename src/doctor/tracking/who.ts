import type { Answer } from "./answer.ts";
import { jsonOf } from "./evidence.ts";

/**
 * Reads who the server takes the client for.
 *
 * @param answer to the probe `user`
 * @returns the user's name, or `undefined` where the server is older than 3.13, has no users, or gives no plain name
 *
 * @example
 * ```ts
 * import { readUser } from "./who.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(readUser({ status: 200, text: '{"user":{"id":1,"username":"admin"}}' }), "admin");
 * assert.equal(readUser({ status: 200, text: '{"username":"ada@example.com"}' }), "ada@example.com");
 * assert.equal(readUser({ status: 404, text: "<!doctype html>" }), undefined);
 * ```
 */
export function readUser(answer: Pick<Answer, "status" | "text">): string | undefined {
  const json = answer.status === 200 ? jsonOf(answer) : undefined;
  const user = json?.["user"];
  const name = (typeof user === "object" && user !== null && "username" in user ? user.username : undefined) ??
    json?.["username"];
  // The name comes from outside: a terminal gets plain characters alone.
  return typeof name === "string" && /^[\p{L}\p{N} ._@+\\-]{1,128}$/u.test(name) ? name : undefined;
}

/**
 * Reads the server's version.
 *
 * @param answer to the probe `version`
 * @returns such as `3.17.2`, or `undefined`
 *
 * @example
 * ```ts
 * import { readVersion } from "./who.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(readVersion({ status: 200, text: "3.17.2" }), "3.17.2");
 * ```
 */
export function readVersion(answer: Pick<Answer, "status" | "text">): string | undefined {
  return answer.status === 200 ? /^\s*(\d+\.\d+[\w.+-]{0,30})\s*$/.exec(answer.text)?.[1] : undefined;
}
