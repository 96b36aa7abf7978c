/** A node of a tree, as far as it is looked at. */
interface TreeNode {
  readonly type: string;
  readonly text: string;
  readonly isError: boolean;
  readonly isMissing: boolean;
  readonly hasError: boolean;
  readonly startPosition: { readonly row: number };
  readonly children: readonly TreeNode[];
}

interface TreeSitter {
  readonly Parser: {
    new (): { setLanguage(language: unknown): void; parse(text: string): { readonly rootNode: TreeNode } };
    init(options: { readonly locateFile: (name: string, folder: string) => string }): Promise<void>;
  };
  readonly Language: { load(path: string): Promise<unknown> };
}

async function makeParser() {
  // Not by its name: the package's own types bring those of browsers with them, which change those of Deno.
  const name: string = "@vscode/tree-sitter-wasm";
  const { default: { Parser, Language } } = await import(name) as { readonly default: TreeSitter };
  let beside = "";
  await Parser.init({ locateFile: (file, folder) => (beside = folder) + file });
  const parser = new Parser();
  parser.setLanguage(await Language.load(`${beside}tree-sitter-powershell.wasm`));
  return parser;
}

const shared: { parser?: ReturnType<typeof makeParser> } = {};

function faultsIn(node: TreeNode): readonly string[] {
  if (node.isMissing) return [`line ${node.startPosition.row + 1}: without ${node.type}`];
  if (node.isError) return [`line ${node.startPosition.row + 1}: ${JSON.stringify(node.text.slice(0, 80))}`];
  return node.hasError ? node.children.flatMap(faultsIn) : [];
}

/**
 * What the grammar of PowerShell does not take in a text. Nothing is run.
 *
 * @param text a script
 * @returns its places
 */
export async function powershellFaults(text: string): Promise<readonly string[]> {
  const parser = await (shared.parser ??= makeParser());
  return faultsIn(parser.parse(text).rootNode);
}
