/** People who are made anew together, with all accounts they own or owned; nobody of another wave has or had any of these. */
export interface Wave {
  readonly users: readonly string[];
  readonly accounts: readonly string[];
  /** Of their documents. */
  readonly bytes: number;
}

export interface Tie {
  readonly account: string;
  readonly user: string;
}

/** A forest: each node's parent, which is the node itself at a root. */
function rootOf(parents: Map<string, string>, node: string): string {
  let root = node;
  for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root))
    root = parent;
  // The way is shortened, so that the next one who asks is there at once.
  for (let at = node; at !== root;) {
    const next = parents.get(at) ?? root;
    parents.set(at, root);
    at = next;
  }
  return root;
}

/**
 * Cuts people and accounts into waves of at most `mostBytes`; whoever shares an account, through however many others, is never parted,
 * though that may be more. `bytes`: of each account's documents; accounts without a tie are a wave's like any other.
 */
export function cutIntoWaves(
  ties: readonly Tie[],
  bytes: ReadonlyMap<string, number>,
  mostBytes: number,
): readonly Wave[] {
  // An account and a person may have the same name.
  const parents = new Map<string, string>();
  for (const account of bytes.keys()) parents.set(`a ${account}`, `a ${account}`);
  for (const { account, user } of ties) {
    for (const node of [`a ${account}`, `u ${user}`]) if (!parents.has(node)) parents.set(node, node);
    parents.set(rootOf(parents, `u ${user}`), rootOf(parents, `a ${account}`));
  }
  const families = new Map<string, { users: string[]; accounts: string[]; bytes: number }>();
  for (const node of [...parents.keys()].toSorted()) {
    const root = rootOf(parents, node);
    const family = families.get(root) ?? { users: [], accounts: [], bytes: 0 };
    families.set(root, family);
    const name = node.slice(2);
    (node.startsWith('u') ? family.users : family.accounts).push(name);
    if (node.startsWith('a')) family.bytes += bytes.get(name) ?? 0;
  }
  const waves: { users: string[]; accounts: string[]; bytes: number }[] = [];
  for (const family of families.values()) {
    const wave = waves.at(-1);
    if (wave === undefined || wave.bytes + family.bytes > mostBytes) waves.push(family);
    else {
      wave.users.push(...family.users);
      wave.accounts.push(...family.accounts);
      wave.bytes += family.bytes;
    }
  }
  return waves;
}
