import type { EntraCode } from "./entra_errors.ts";

/** A part of Azure. */
export type Service = "entra" | "vault" | "managed-identity" | "github" | "pipelines" | "unknown";

/** What goes wrong with a request. */
export type Mishap =
  /** The answer comes this much later. */
  | { readonly kind: "delay"; readonly ms: number }
  /** No answer ever comes; the connection stays open. */
  | { readonly kind: "hang" }
  /** The answer begins, and goes on by one byte a second without an end. */
  | { readonly kind: "dribble" }
  /** The connection breaks without an answer. */
  | { readonly kind: "reset" }
  /** The connection breaks in the middle of the answer's body. */
  | { readonly kind: "truncate" }
  /** A page of somebody in between comes back. */
  | { readonly kind: "html"; readonly status: number }
  /** This answer comes back. A body that is neither text nor bytes is sent as JSON. */
  | {
    readonly kind: "answer";
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  }
  /** The answer's `Date` is off by this much. */
  | { readonly kind: "date"; readonly offsetMs: number }
  /** Entra ID refuses with this code. */
  | { readonly kind: "entra"; readonly code: EntraCode }
  /** The vault is asked too often; without seconds there is no `Retry-After`. */
  | { readonly kind: "throttle"; readonly retryAfterSec?: number }
  /** The vault's challenge says something else than it should. */
  | { readonly kind: "challenge"; readonly tenant?: string; readonly resource?: string; readonly header?: string };

/** A mishap and the requests that it befalls. */
export type Fault = Mishap & {
  /** Only this part of Azure; all when it is not given. */
  readonly service?: Service;
  /** Only paths that match. */
  readonly path?: RegExp;
  /** Only requests that show a token, or only those that show none. */
  readonly signed?: boolean;
  /** Requests that it befalls before it is over; all when it is not given. Counted down as it happens. */
  times?: number;
  /** Only requests beyond so many in so many milliseconds, as a service counts that throttles. */
  readonly beyond?: { readonly requests: number; readonly ms: number };
};

/** When each fault with a limit let a request pass, in milliseconds. */
const passed = new WeakMap<Fault, number[]>();

/** Whether a limit lets one more request pass now; if so, it is counted. */
function passes(fault: Fault, { requests, ms }: NonNullable<Fault["beyond"]>, nowMs: number): boolean {
  const within = (passed.get(fault) ?? []).filter((atMs) => nowMs - atMs < ms);
  const free = within.length < requests;
  if (free) within.push(nowMs);
  passed.set(fault, within);
  return free;
}

/**
 * Takes the mishaps that befall a request, and counts them.
 *
 * @param faults the world's faults
 * @param request what is asked
 * @returns the ones that fit, in order; one that is over is no longer among them
 */
export function befalling(
  faults: readonly Fault[],
  request: { readonly service: Service; readonly path: string; readonly signed: boolean; readonly nowMs: number },
): readonly Fault[] {
  return faults.filter((fault) => {
    if (fault.service !== undefined && fault.service !== request.service) return false;
    if (fault.path !== undefined && !fault.path.test(request.path)) return false;
    if (fault.signed !== undefined && fault.signed !== request.signed) return false;
    if (fault.beyond !== undefined && passes(fault, fault.beyond, request.nowMs)) return false;
    if (fault.times === undefined) return true;
    if (fault.times <= 0) return false;
    fault.times -= 1;
    return true;
  });
}
