import { ManagedIdentityApplication } from "@azure/msal-node";

export { ManagedIdentityCredential } from "@azure/identity";

/**
 * Forgets the managed identity's tokens of this process: the package keeps them for all of its credentials together, so that a new
 * credential would give an old token.
 */
export function forgetTokens(): void {
  Reflect.set(ManagedIdentityApplication, "nodeStorage", undefined);
}
