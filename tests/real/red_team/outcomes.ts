import type { Azure } from "../../support/azure/start_azure.ts";

/** What a run comes to, by what Azure does. */
export interface Outcome {
  readonly name: string;
  readonly args: readonly string[];
  readonly arrange: (azure: Azure) => void;
  /** Whether standard output is to hold the credential. */
  readonly expectsSecret?: boolean;
  readonly status: number;
}

const RUN = ["exec", "--", "true"] as const;

/** One that succeeds, one that fails at each of the parts that are asked, and commands that print. */
export const OUTCOMES: readonly Outcome[] = [
  { name: "exec succeeds", args: RUN, arrange: () => {}, status: 0 },
  { name: "export prints", args: ["export"], arrange: () => {}, expectsSecret: true, status: 0 },
  {
    name: "Entra ID refuses",
    args: RUN,
    arrange: ({ world }) => void world.faults.push({ kind: "entra", code: 7000215 }),
    status: 125,
  },
  {
    name: "the vault forbids",
    args: RUN,
    arrange: ({ world }) => world.vaults.forEach(({ readers }) => readers.clear()),
    status: 125,
  },
  {
    name: "the vault answers with a page",
    args: RUN,
    arrange: ({ world }) => void world.faults.push({ kind: "html", status: 503, service: "vault" }),
    status: 125,
  },
  { name: "info", args: ["info"], arrange: () => {}, status: 0 },
  { name: "a usage error", args: ["exec", "--tokn=x=canary"], arrange: () => {}, status: 125 },
];
