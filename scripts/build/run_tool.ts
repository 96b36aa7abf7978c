/** How a tool ended, and what it said. */
export interface Ran {
  readonly status: number;
  readonly text: string;
}

/**
 * Runs a program to its end.
 *
 * @param program its name or path
 * @param args its arguments
 * @param options variables to set, whether it gets no others, and the folder that it works in
 * @returns how it ended, and all that it said
 */
export async function run(
  program: string,
  args: readonly string[],
  { env = {}, clearEnv = false, cwd }: {
    readonly env?: Readonly<Record<string, string>>;
    readonly clearEnv?: boolean;
    readonly cwd?: string;
  } = {},
): Promise<Ran> {
  const where = cwd === undefined ? {} : { cwd };
  const options = { args: [...args], env: { ...env }, clearEnv, stdin: "null" as const, ...where };
  const { code, stdout, stderr } = await new Deno.Command(program, options).output();
  const decoder = new TextDecoder();
  return { status: code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/**
 * The end of what a tool said.
 *
 * @param text all of it
 * @returns its last lines
 */
export const tail = (text: string): string => text.trim().split("\n").slice(-8).join("\n");
