import type { Identity } from "../azure/identities/identity.ts";
import { readTokenFacts, type TokenFacts } from "../azure/entra/token_facts.ts";

/** Sees the tokens that an identity gets, and keeps nothing of them but what they say. */
export interface TokenWatch {
  /** The same identity, watched. */
  readonly watch: (identity: Identity) => Identity;
  /** What the last token says, once there is one. */
  readonly facts: () => TokenFacts | undefined;
}

/**
 * Makes a watch, so that `doctor` can tell what a token says without asking for one of its own.
 *
 * @returns the watch
 *
 * @example
 * ```ts
 * import { watchTokens } from "./watch_tokens.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(watchTokens().facts(), undefined);
 * ```
 */
export function watchTokens(): TokenWatch {
  let facts: TokenFacts | undefined;
  return {
    watch: (identity) => ({
      ...identity,
      connect: async (context) => {
        const source = await identity.connect(context);
        return {
          getToken: async (scopes, options) => {
            const token = await source.getToken(scopes, options);
            if (token !== null) facts = readTokenFacts(token);
            return token;
          },
        };
      },
    }),
    facts: () => facts,
  };
}
