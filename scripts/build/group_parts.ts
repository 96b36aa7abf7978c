/** Parts of a bundle that are read together. */
export interface Group {
  /** Names of the parts that an `import()` elsewhere asks for, the program's own among them. */
  readonly asked: readonly string[];
  /** Names of all its parts. */
  readonly parts: ReadonlySet<string>;
}

type Names = ReadonlySet<string>;

/** Characters of a part that the program reads rather than that two groups become one for it. */
const SMALL = 2048;

/** How a part of a bundle names another, which is there from its start. */
export const STATIC = /(?:^|\})\s*(?:from|import)\s*"\.\/([^"\n]+)"/gm;

/** How a part of a bundle asks for another while it runs. */
export const DYNAMIC = /\bimport\("\.\/([^"\n]+)"\)/g;

const found = (pattern: RegExp, text: string): readonly string[] =>
  [...text.matchAll(pattern)].map(([, name = ""]) => name);

const union = (sets: Iterable<Names>): Names => new Set([...sets].flatMap((set) => [...set]));

const minus = (set: Names, other: Names): Names => new Set([...set].filter((name) => !other.has(name)));

/** What each part names, and what it asks for. */
type Found = ReadonlyMap<string, readonly string[]>;

const findIn = (files: ReadonlyMap<string, string>, pattern: RegExp): Found =>
  new Map([...files].map(([name, text]) => [name, found(pattern, text)]));

/** A part, and those that it names, and so on. */
function closureOf(name: string, named: Found): Names {
  const names = new Set([name]);
  // A name that is met is added to what is gone through.
  for (const one of names) for (const other of named.get(one) ?? []) names.add(other);
  return names;
}

/**
 * Puts the parts of a bundle into groups: what is there from the start, and for each `import()` what it needs beyond what is there
 * whenever it is reached. Those of two that have a part in common are one group, so that no part is in two; a small one is the program's.
 *
 * @param files the bundle's texts by name, as modules
 * @param main name of the one to run
 * @returns the groups; the first is that of the program
 *
 * @example
 * ```ts ignore
 * const [program, other] = groupParts(files, "main.js");
 * [...program.parts]; // ["main.js", "main-1.js"]
 * ```
 */
export function groupParts(files: ReadonlyMap<string, string>, main: string): readonly [Group, ...Group[]] {
  const [named, askedBy] = [findIn(files, STATIC), findIn(files, DYNAMIC)];
  const closures = new Map([main, ...[...askedBy.values()].flat()].map((name) => [name, closureOf(name, named)]));
  const inside = (name: string): Names => closures.get(name) ?? new Set();
  // What is surely there when one is asked for; too much is taken at first, and taken away until it is right for all.
  const there = new Map<string, Names>([...closures.keys()].map((name) => [name, new Set(files.keys())]));
  there.set(main, new Set());
  const around = (name: string): Names => union([inside(name), there.get(name) ?? new Set()]);
  const askers = (name: string): readonly string[] =>
    [...closures.keys()].filter((asker) => [...inside(asker)].some((part) => askedBy.get(part)?.includes(name)));
  settle(() =>
    [...closures.keys()].filter((name) => name !== main).some((name) => {
      const before = there.get(name) ?? new Set();
      const now = askers(name).map(around).reduce((one, other) => one.intersection(other), before);
      there.set(name, now);
      return now.size < before.size;
    })
  );
  const groups = [...closures.keys()].map((name) => ({ asked: [name], there: there.get(name) ?? new Set<string>() }));
  let given: Names = new Set();
  const partsOf = ({ asked, there }: typeof groups[number]): Names =>
    asked.includes(main) ? union([...asked.map(inside), given]) : minus(minus(union(asked.map(inside)), there), given);
  const isSmall = (name: string): boolean => (files.get(name) ?? "").length <= SMALL;
  settle(() => {
    for (const one of groups) {
      const other = groups.find((it) => it !== one && !partsOf(it).isDisjointFrom(partsOf(one)));
      if (other === undefined) continue;
      const common = partsOf(one).intersection(partsOf(other));
      const program = union([inside(main), given, common]);
      if ([...common].every((name) => isSmall(name) && closureOf(name, named).isSubsetOf(program))) {
        given = union([given, common]);
        return true;
      }
      groups.splice(groups.indexOf(other), 1);
      one.asked.push(...other.asked);
      one.there = one.there.intersection(other.there);
      return true;
    }
    return false;
  });
  const [first, ...rest] = groups.map((group) => ({ asked: group.asked, parts: partsOf(group) }));
  if (first === undefined) throw new TypeError(`no such part: ${main}`);
  return [first, ...rest];
}

/** Does something again until it changes nothing. */
function settle(step: () => boolean): void {
  while (step());
}
