/**
 * Sets aside what a script declares and no quick run uses: most of Microsoft's packages. V8 reads a function that was never called by its
 * name alone, and makes nothing of it; a class costs something for each of its methods with every run.
 *
 * @module
 */
import { type AnyNode, parse } from "acorn";
import { USED } from "./launch/used.ts";

/** A statement at the top of a script that may as well be run when what it declares is first used. */
interface Declaration {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Where a script names what a {@link Declaration} declares. */
interface Reference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** `{ name }`, which stands for `{ name: name }`. */
  readonly short: boolean;
  /** Whether it is read by a call alone, or when an object is made. */
  readonly late: boolean;
}

/** What was found in a script. */
interface Found {
  /** Where the script begins behind its directives, such as `"use strict"`. */
  readonly start: number;
  /** In the order of the script; `undefined` stands for statements that have to stay where they are. */
  readonly statements: readonly (Declaration | undefined)[];
  readonly references: readonly Reference[];
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, "type") === "string";

/** The nodes right below one, each with the name of the member that holds it. */
const below = (node: AnyNode): readonly (readonly [string, AnyNode])[] =>
  Object.entries(node).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).filter(isNode).map((one) => [key, one] as const)
  );

/** Whether a name stands at a place of a node where it is no reference to anything: a member's, a key's, a label's, `new.target`'s. */
function isMereName(node: AnyNode, key: string): boolean {
  switch (node.type) {
    case "MemberExpression":
      return key === "property" && !node.computed;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      return key === "key" && !node.computed;
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
      return key === "label";
    case "MetaProperty":
      return true;
    default:
      return false;
  }
}

const isFunction = ({ type }: AnyNode): boolean =>
  type === "FunctionDeclaration" || type === "FunctionExpression" || type === "ArrowFunctionExpression";

/** Whether a part of a node is evaluated when an object of its class is made. */
const isOfObject = (node: AnyNode, key: string): boolean =>
  node.type === "PropertyDefinition" && key === "value" && !node.static;

/**
 * Whether running a node later could make a difference: it does something, or reads what may change. What only a call would run does
 * not count.
 */
function acts(node: AnyNode, changing: (name: string) => boolean): boolean {
  if (isFunction(node)) return false;
  switch (node.type) {
    case "AssignmentExpression":
    case "AwaitExpression":
    case "CallExpression":
    case "ImportExpression":
    case "NewExpression":
    case "SpreadElement":
    case "StaticBlock":
    case "TaggedTemplateExpression":
    case "UpdateExpression":
    case "YieldExpression":
      return true;
    case "BinaryExpression":
      return /^in/.test(node.operator) || acts(node.left, changing) || acts(node.right, changing);
    case "UnaryExpression":
      return node.operator === "delete" || acts(node.argument, changing);
    case "Identifier":
      return changing(node.name);
    case "MemberExpression":
      // What another script gives does not change.
      return node.computed || node.object.type !== "Identifier" || !node.object.name.startsWith("import_");
    default:
      return below(node).some(([key, child]) =>
        !isMereName(node, key) && !isOfObject(node, key) && acts(child, changing)
      );
  }
}

/** How the bundler keeps a package in CommonJS: as a function, which nothing calls yet. */
const PACKAGE = /^(?:\(0, \w+\.__commonJS\w*\)|__commonJS\w*)\(\{/;

/** How the bundler adds the members of a module to the empty object that the statement before declares. */
const MEMBERS = /^(?:\(0, \w+\.__export\w*\)|__export\w*)\((\w+), /;

/** All names that a pattern binds. */
function bound(pattern: AnyNode | null | undefined): readonly string[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern.name];
    case "Property":
      return bound(pattern.value);
    case "AssignmentPattern":
      return bound(pattern.left);
    case "RestElement":
      return bound(pattern.argument);
    case "ArrayPattern":
      return pattern.elements.flatMap(bound);
    case "ObjectPattern":
      return pattern.properties.flatMap(bound);
    default:
      return [];
  }
}

/** Names that a node itself binds or changes. */
function taken(node: AnyNode): readonly string[] {
  switch (node.type) {
    case "VariableDeclarator":
    case "ClassDeclaration":
    case "ClassExpression":
      return bound(node.id);
    case "FunctionDeclaration":
    case "FunctionExpression":
      return [...bound(node.id), ...node.params.flatMap(bound)];
    case "ArrowFunctionExpression":
      return node.params.flatMap(bound);
    case "CatchClause":
      return bound(node.param);
    case "AssignmentExpression":
    case "ForInStatement":
    case "ForOfStatement":
      return bound(node.left);
    case "UpdateExpression":
      return bound(node.argument);
    default:
      return [];
  }
}

/** What a statement declares, where it may be moved. */
function declared(
  statement: AnyNode,
  { before, text, changing }: {
    readonly before: AnyNode | undefined;
    readonly text: string;
    readonly changing: (name: string) => boolean;
  },
): Declaration | undefined {
  const { start, end } = statement;
  const members = MEMBERS.exec(text.slice(start, end))?.[1];
  if (members !== undefined && before?.type === "VariableDeclaration") {
    return before.declarations.some(({ id }) => bound(id).includes(members))
      ? { name: members, start, end }
      : undefined;
  }
  if (statement.type === "FunctionDeclaration") return { name: statement.id?.name ?? "", start, end };
  if (statement.type !== "VariableDeclaration" || statement.declarations.length !== 1) return undefined;
  const [{ id, init } = {}] = statement.declarations;
  if (id?.type !== "Identifier" || init == null) return undefined;
  const moves = PACKAGE.test(text.slice(init.start, init.end)) || !acts(init, changing);
  return moves ? { name: id.name, start, end } : undefined;
}

function look(text: string): Found {
  const { body } = parse(text, { ecmaVersion: "latest", sourceType: "script" });
  const times = new Map<string, number>();
  const count = (node: AnyNode): void => {
    for (const name of taken(node)) times.set(name, (times.get(name) ?? 0) + 1);
    for (const [, child] of below(node)) count(child);
  };
  for (const statement of body) count(statement);
  // One that something else is called too, or that is changed, is left alone.
  const changing = (name: string): boolean => (times.get(name) ?? 0) > 1;
  const statements = body.map((statement, at) => {
    const found = declared(statement, { before: body[at - 1], text, changing });
    return found === undefined || changing(found.name) ? undefined : found;
  });
  const names = new Set(statements.flatMap((one) => one?.name ?? []));
  const references: Reference[] = [];
  const collect = (
    node: AnyNode,
    { own, short, late }: Pick<Reference, "short" | "late"> & { readonly own: string | undefined },
  ): void => {
    if (node.type === "Identifier") {
      const { name, start, end } = node;
      if (names.has(name) && name !== own) references.push({ name, start, end, short, late });
      return;
    }
    for (const [key, child] of below(node)) {
      if (isMereName(node, key) || (key === "id" && child.type === "Identifier")) continue;
      const short = node.type === "Property" && node.shorthand;
      collect(child, { own, short, late: late || isFunction(node) || isOfObject(node, key) });
    }
  };
  for (const [at, statement] of body.entries()) {
    collect(statement, { own: statements[at]?.name, short: false, late: false });
  }
  const start = body.find((statement) => !("directive" in statement))?.start ?? text.length;
  return { start, statements, references };
}

/** A text with some places of it written anew. */
function rewritten(
  text: string,
  places: readonly { readonly start: number; readonly end: number; readonly by: string }[],
): string {
  let [made, at] = ["", 0];
  for (const { start, end, by } of places.toSorted((one, other) => one.start - other.start)) {
    made += text.slice(at, start) + by;
    at = end;
  }
  return made + text.slice(at);
}

/** An expression in the place of a name. The comma keeps a call from having a receiver. */
const referring = ({ name, short }: Reference, [first, last]: readonly [string, string]): string =>
  `${short ? `${name}: ` : ""}(${first}, ${last})`;

/**
 * Makes of a script one that notes what is used of what may be set aside.
 *
 * @param text the script, as the bundler writes it
 * @param script its name
 * @returns the same program; it adds lines of its name and that of a declaration to the global set {@link USED}
 */
export function noting(text: string, script: string): string {
  const { start, references } = look(text);
  const places = references.map((reference) => ({
    ...reference,
    by: referring(reference, [`globalThis.${USED}.add("${script} ${reference.name}")`, reference.name]),
  }));
  return rewritten(text, [{ start, end: start, by: `globalThis.${USED} ??= new Set();\n` }, ...places]);
}

/**
 * Puts each run of declarations that are not used into a function, which runs them when the first of them is used.
 *
 * @param text a script, as the bundler writes it
 * @param used the names that a quick run uses
 * @returns the same program
 *
 * @example
 * ```ts
 * import { setAside } from "./set_aside.ts";
 * import assert from "node:assert/strict";
 *
 * const text = setAside("class A {}\nvar B = class {};\nnew A(); later(() => new B());", new Set(["A"]));
 * assert.match(text, /later\(\(\) => new \(0, __aside_0\(\)\._0\)\(\)\);$/);
 * ```
 */
export function setAside(text: string, used: ReadonlySet<string>): string {
  const { start, statements, references } = look(text);
  const groups: Declaration[][] = [];
  let last: Declaration[] | undefined;
  for (const statement of statements) {
    if (statement === undefined || used.has(statement.name)) last = undefined;
    else if (last === undefined) groups.push(last = [statement]);
    else last.push(statement);
  }
  if (groups.length === 0) return text;
  const groupOf = new Map(groups.flatMap((group, at) => group.map(({ name }) => [name, at] as const)));
  const startOf = (at: number): number => groups[at]?.[0]?.start ?? 0;
  const endOf = (at: number): number => groups[at]?.at(-1)?.end ?? 0;
  const isIn = (at: number, { start }: Reference): boolean => start >= startOf(at) && start < endOf(at);
  const outside = references.filter((reference) => {
    const at = groupOf.get(reference.name);
    return at !== undefined && !isIn(at, reference);
  });
  /** The groups that are made before another one is. */
  const madeBefore = groups.map((_, at) =>
    new Set(
      outside.filter((reference) => !reference.late && isIn(at, reference)).map(({ name }) => groupOf.get(name) ?? at),
    )
  );
  for (const wanted of madeBefore) for (const at of wanted) madeBefore[at]?.forEach((more) => wanted.add(more));
  // Of groups that each need another one first, none could be made: functions are there before what they stand among.
  const rounds = groups.filter((_, at) => madeBefore[at]?.has(at) === true).flat();
  if (rounds.length > 0) return setAside(text, new Set([...used, ...rounds.map(({ name }) => name)]));
  const memberOf = new Map([...new Set(outside.map(({ name }) => name))].map((name, at) => [name, `_${at}`]));
  const places = outside.map((reference) => {
    const { name } = reference;
    return { ...reference, by: referring(reference, ["0", `__aside_${groupOf.get(name)}().${memberOf.get(name)}`]) };
  });
  // Functions by their own declarations: one may be called before the script has come to where it stands.
  const edges = groups.flatMap((group, at) => {
    const [start, end] = [startOf(at), endOf(at)];
    const given = [...new Set(group.map(({ name }) => name))].filter((name) => memberOf.has(name));
    const members = given.map((name) => `${memberOf.get(name)}: ${name}`).join(", ");
    return [
      { start, end: start, by: `function __aside_${at}() { return __made[${at}] ??= (() => {\n` },
      { start: end, end, by: `\nreturn { ${members} };\n})(); }` },
    ];
  });
  return rewritten(text, [{ start, end: start, by: "var __made = [];\n" }, ...places, ...edges]);
}
